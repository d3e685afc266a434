"""The figure of rates: overall response to complete response, as the criteria have them, in each group, with exact intervals.

A point and a line a group, numbers in a column beside the plot. The chart depends on the number of outcomes and on the groups of the opened
cohort, never on the selection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.bias import FORMED_LATE
from lib.cohort.response_scale import CLINICAL_BENEFIT, OVERALL
from lib.publication.exhibit import Exhibit, Figure, Numbers
from lib.publication.number import p_equals, percent, plural
from lib.publication.options import choice
from lib.publication.palette import GRID, GROUP_SHAPES, INK
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.response.best_response import FOLLOWED, BestOptions, BestResponse, best, definition, notes
from lib.response.rates import (
    COLUMNS,
    EVALUABLE,
    INFUSED,
    TOTAL,
    Rate,
    RateRow,
    by_group,
    colours_of,
    number_rows,
    of_whom,
    rate_words,
    test_lines,
)

ROW_HEIGHT: Final = 20
LABEL: Final = 175  # pixels for the names of groups
SHORT: Final = {OVERALL: "overall", CLINICAL_BENEFIT: "clinical benefit"}
RIGHT: Final = 190  # pixels for the numbers
NAMES: Final = {INFUSED: "All infused", EVALUABLE: "Evaluable", FOLLOWED: "Followed to month 3"}


@dataclass(frozen=True)
class RateOptions(BestOptions):
    """Whom the rates are of."""

    denominator: str = choice(
        INFUSED, NAMES, "Denominator", help="Whom the figure counts; the table shows every denominator that differs."
    )


def rates_figure(result: BestResponse, denominator: str = INFUSED) -> Figure:
    """Every outcome in one denominator."""
    rows = tuple(result.rate(each.name, denominator) for each in result.scale.outcomes)
    rate, outcome = _rows(rows, result)
    colours = (*colours_of(result.grouping), *((INK,) if result.grouping.compares else ()))
    return Figure(
        id="response.rates", title=f"Response rates{by_group(result.grouping)}", chart=rates_chart(len(rows) * (len(colours) + 1), colours),
        tables={
            "rate": rate[rate["percent"].notna()], "outcome": outcome, "grid": pd.DataFrame({"percent": [25.0, 50.0, 75.0, 100.0]}),
            "heading": pd.DataFrame({"text": [_heading(result, rows)]}),
        },
        data=rate[["outcome", "group", "n", "of", "percent", "low", "high"]],
        caption=f"Best response {of_whom(denominator)}: {definition(result)} Points: n/N, %; lines: exact 95 % CI (Clopper-Pearson).",
        alt=_alt(rate), notes=notes(result), n=rows[0].total.of,
        numbers=Numbers(COLUMNS, tuple(found for row in rows for found in number_rows(row, result.grouping))),
        tests=test_lines(rows, result.grouping),
    )  # fmt: skip


def _heading(result: BestResponse, rows: Sequence[RateRow]) -> str:
    """What stands in the figure itself: how many, and the bias of the grouping or the tests; never a p-value beside a bias."""
    of = (
        f"{plural(rows[0].total.of, 'patient')}, {rows[0].denominator}"
        if rows[0].total.of < result.n
        else plural(result.n, "patient")
    )
    if result.grouping.known_after_infusion:
        return f"{of}.\n{FORMED_LATE}"
    tested = [row for row in rows if row.test.p is not None]
    if not result.grouping.compares or not tested:
        return of
    return f"{of}.\n{tested[0].test.name}: " + "; ".join(
        f"{SHORT.get(row.outcome, row.outcome)} {p_equals(row.test.p)}" for row in tested
    )


def _rows(rows: tuple[RateRow, ...], result: BestResponse) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each outcome's name on a line of its own, the groups and all of them under it."""
    rates, outcomes, line = [], [], 0
    for row in rows:
        outcomes.append((line, row.outcome))
        together = ((TOTAL, row.total),) if result.grouping.compares else ()
        for slot, (name, rate) in enumerate((*zip(result.grouping.names, row.groups, strict=True), *together)):
            line += 1
            rates.append((line, row.outcome, name, slot, rate.n, rate.of, *_percent(rate), rate_words(rate)))
        line += 1
    columns = ["row", "outcome", "group", "slot", "n", "of", "percent", "low", "high", "words"]
    frame = pd.DataFrame(rates, columns=columns).astype({"percent": float, "low": float, "high": float})
    return frame, pd.DataFrame(outcomes, columns=["row", "outcome"])


def _percent(rate: Rate) -> tuple[float | None, ...]:
    return tuple(
        None if share is None else 100 * share for share in (rate.share.value, rate.share.low, rate.share.high)
    )


def _alt(rate: pd.DataFrame) -> str:
    listed = "; ".join(
        f"{outcome}: "
        + ", ".join(
            f"{row['group']} {row['n']} of {row['of']}" + (f" ({percent(row['n'] / row['of'])})" if row["of"] else "")
            for row in mine.to_dict("records")
        )
        for outcome, mine in rate.groupby("outcome", sort=False)
    )
    return f"Points with exact confidence intervals of response rates. {listed}."


@cache
def rates_chart(n_rows: int, colours: tuple[str, ...]) -> Specification:
    """The specification for this many rows; `colours` are those of the groups, with INK after them where all are shown together."""
    slots = list(range(len(colours)))
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=False, labelFlush=False)
    share = alt.X(
        "percent:Q", title="Patients, % (exact 95 % CI)", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis
    )
    down = alt.Scale(domain=[-0.6, n_rows - 0.4], nice=False, reverse=True, zero=False)
    row = alt.Y("row:Q", scale=down, axis=None)
    colour = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=slots, range=list(colours)))
    shapes = [GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots]
    shape = alt.Shape("slot:N", legend=None, scale=alt.Scale(domain=slots, range=shapes))
    told = {"outcome": "Outcome", "group": "Group", "words": "Patients"}
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in told.items()]
    rate, ink = table("rate"), alt.ColorValue(INK)
    name = rate.mark_text(align="left", baseline="middle", fontSize=11, limit=LABEL - 20, clip=False)
    number = rate.mark_text(align="right", baseline="middle", fontSize=11, clip=False)
    outcome = table("outcome").mark_text(align="left", baseline="middle", fontSize=12, fontWeight="bold", clip=False)
    layers = [
        table("grid").mark_rule(color=GRID).encode(x=alt.X("percent:Q", scale=share["scale"], axis=axis, title=share["title"])),
        rate.mark_rule(strokeWidth=1.8).encode(x=alt.X("low:Q", scale=share["scale"], axis=axis, title=share["title"]), x2=alt.X2("high:Q"), y=row, color=colour),
        rate.mark_point(filled=True, size=75, opacity=1).encode(x=share, y=row, color=colour, shape=shape),
        table("rate", HOVER).mark_point(opacity=0, size=300).encode(x=share, y=row, tooltip=tooltip),
        name.encode(x=alt.XValue(-LABEL + 12), y=row, text=alt.Text("group:N"), color=colour),
        number.encode(x=alt.XValue(alt.ExprRef(f"width + {RIGHT}")), y=row, text=alt.Text("words:N"), color=ink),
        outcome.encode(x=alt.XValue(-LABEL), y=row, text=alt.Text("outcome:N"), color=ink),
        keeps("heading"),
    ]  # fmt: skip
    return publish(alt.layer(*layers), width=780, height=int(95 + ROW_HEIGHT * n_rows))


def _build(analysis: Analysis, options: RateOptions) -> Exhibit:
    return rates_figure(best(analysis, options), options.denominator)


RATES: Final = ExhibitSpec(
    "response.rates", needs="responses", title="Response rates", build=_build, options=RateOptions
)
