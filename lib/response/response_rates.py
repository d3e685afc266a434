"""The figure of rates: overall response to complete response, as the criteria have them, in each group, with exact
intervals.

A point and a line a group, numbers in a column beside the plot. The chart depends on the groups of the opened cohort,
never on the selection: its height follows the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

import altair as alt
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure, Numbers, Table
from lib.publication.fitting import most_lines
from lib.publication.number import count, p_equals, percent, sentences
from lib.publication.options import choice
from lib.publication.palette import GRID, INK, group_colours, group_shapes
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, SMALL, text_width
from lib.publication.theme import HOVER, Specification, publish, table, text_layer, tooltips
from lib.publication.who import Who, groups_of
from lib.response.best_response import (
    DENOMINATORS,
    FOLLOWED,
    BestOptions,
    BestResponse,
    best,
    definition,
    notes,
    numbers,
)
from lib.response.rates import (
    COLUMNS,
    EVALUABLE,
    INFUSED,
    TOTAL,
    Rate,
    RateRow,
    difference_headings,
    grouping_method,
    number_rows,
    of_whom,
    rate_rows,
    rate_words,
    test_lines,
    tests_done,
    who_of,
)
from lib.response.state import state_words, untitled

ROW_HEIGHT: Final = 20
DATA: Final = ("outcome", "group", "n", "of", "percent", "low", "high")
N: Final = DATA.index("n")
LABEL: Final = 0.34  # of the width, at most, for the names of groups; longer ones take several lines
NAME_LINE: Final = 11  # pixels
INDENT: Final = 12  # pixels
NAMES: Final = {INFUSED: "All infused", EVALUABLE: "Evaluable", FOLLOWED: "Followed to month 3"}
CAPTION: Final = "Rates: n/N, % (exact 95 % CI)."


@dataclass(frozen=True)
class RateOptions(BestOptions):
    """Whom the rates are of."""

    denominator: str = choice(
        INFUSED, NAMES, "Denominator", help="Whom the figure counts; the table shows every denominator that differs."
    )


def rates_figure(result: BestResponse, denominator: str = INFUSED, width: int = SCREEN) -> Figure:
    """Every outcome in one denominator, clinical benefit only where it is not the response."""
    every = tuple(result.rate(each.name, denominator) for each in result.scale.outcomes)
    drawn = tuple(row for row in every if row.outcome not in result.repeated)
    rate, outcome = _rows(drawn, result)
    together = ((TOTAL,), (INK,)) if result.grouping.compares else ((), ())
    names, colours = (*result.grouping.names, *together[0]), (*group_colours(result.grouping.groups), *together[1])
    return Figure(
        id="response.rates",
        title=f"Response rates{result.grouping.by}",
        chart=rates_chart(names, colours, width),
        tables={
            "rate": rate[rate["percent"].notna()],
            "outcome": outcome,
            "grid": pd.DataFrame({"percent": [25.0, 50.0, 75.0, 100.0]}),
        },
        data=_rows(every, result)[0][list(DATA)],
        caption=f"Best response {of_whom(denominator)}: n/N, % and exact 95 % CI.",
        method=sentences(
            f"Best response: {definition(result)}",
            "95 % CI: exact (Clopper-Pearson).",
            _tests(drawn, result),
            grouping_method(result.grouping),
        ),
        alt=_alt(rate),
        notes=notes(result),
        n=every[0].total.of,
        numbers=Numbers(COLUMNS, tuple(found for row in every for found in number_rows(row, result.grouping))),
        tests=test_lines(every, result.grouping),
    )


def _outcome(row: RateRow, result: BestResponse) -> str:
    """The name of an outcome with the p of its test; never a p beside a bias."""
    tested = result.grouping.compares and not result.grouping.known_after_infusion and row.test.p is not None
    return f"{row.outcome}, {p_equals(row.test.p)}" if tested else row.outcome


def _tests(rows: Sequence[RateRow], result: BestResponse) -> str:
    tested = dict.fromkeys(row.test.name for row in rows if row.test.p is not None)
    return (
        f"p: {' or '.join(tested)}."
        if tested and result.grouping.compares and not result.grouping.known_after_infusion
        else ""
    )


def _rows(rows: tuple[RateRow, ...], result: BestResponse) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each outcome's name on a line of its own, the groups and all of them under it."""
    rates, outcomes, line = [], [], 0
    for row in rows:
        outcomes.append((line, _outcome(row, result)))
        together = ((TOTAL, row.total),) if result.grouping.compares else ()
        for slot, (name, rate) in enumerate((*zip(result.grouping.names, row.groups, strict=True), *together)):
            line += 1
            rates.append((line, row.outcome, name, slot, rate.n, rate.of, *_percent(rate), rate_words(rate)))
        line += 1
    columns = ["row", "outcome", "group", "slot", "n", "of", "percent", "low", "high", "words"]
    frame = pd.DataFrame(rates, columns=columns).astype({"percent": float, "low": float, "high": float})
    return frame, pd.DataFrame(outcomes, columns=["row", "words"])


def _percent(rate: Rate) -> tuple[float | None, ...]:
    return tuple(
        None if share is None else 100 * share for share in (rate.share.value, rate.share.low, rate.share.high)
    )


def _alt(rate: pd.DataFrame) -> str:
    listed = "; ".join(
        f"{outcome}: "
        + ", ".join(
            f"{row['group']} {row['n']} of {row['of']}"
            + (f" ({percent(row['n'] / row['of'], row['of'])})" if row["of"] else "")
            for row in mine.to_dict("records")
        )
        for outcome, mine in rate.groupby("outcome", sort=False)
    )
    return f"Points with exact confidence intervals of response rates. {listed}."


@cache
def rates_chart(names: tuple[str, ...], colours: tuple[str, ...], width: int) -> Specification:
    """The specification; `names` and `colours` are those of the groups, with INK after them where all are shown
    together."""
    slots = list(range(len(colours)))
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=False, labelFlush=False)
    share = alt.X(
        "percent:Q", title="Patients, % (exact 95 % CI)", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis
    )
    low = alt.X("low:Q", scale=share["scale"], axis=axis, title=share["title"])
    grid = alt.X("percent:Q", scale=share["scale"], axis=axis, title=share["title"])
    row = alt.Y("row:O", scale=alt.Scale(paddingInner=0, paddingOuter=0), axis=None)
    colour = alt.Color("slot:N", legend=None, scale=alt.Scale(domain=slots, range=list(colours)))
    shape = alt.Shape("slot:N", legend=None, scale=alt.Scale(domain=slots, range=group_shapes(len(slots))))
    tooltip = tooltips({"outcome": "Outcome", "group": "Group", "words": "Patients"})
    rate, left_aligned = table("rate"), {"align": "left", "baseline": "middle"}
    room = round(min(LABEL * width, 4 + max(text_width(name, SMALL) for name in names)))
    name = {"fontSize": SMALL, "limit": room, "lineHeight": NAME_LINE, "lineBreak": "\n", **left_aligned}
    outcome = {"fontSize": 12, "fontWeight": "bold", **left_aligned}
    step = max(ROW_HEIGHT, 1 + NAME_LINE * most_lines(names, room, SMALL))
    left = -room - INDENT - 12
    layers = [
        table("grid").mark_rule(color=GRID).encode(x=grid),
        rate.mark_rule(strokeWidth=1.8).encode(x=low, x2=alt.X2("high:Q"), y=row, color=colour),
        rate.mark_point(filled=True, size=70, opacity=1).encode(x=share, y=row, color=colour, shape=shape),
        table("rate", HOVER).mark_point(opacity=0, size=300).encode(x=share, y=row, tooltip=tooltip),
        text_layer(rate, "group", alt.XValue(left + INDENT), row, **name),
        text_layer(rate, "words", alt.XValue(alt.ExprRef("width + 10")), row, fontSize=SMALL, **left_aligned),
        text_layer(table("outcome"), "words", alt.XValue(left), row, **outcome),
    ]
    return untitled(publish(alt.layer(*layers), width=width, height=alt.Step(step)))


def _build(analysis: Analysis, options: RateOptions) -> Exhibit:
    return rates_figure(best(analysis, options), options.denominator, options.width)


def _who(analysis: Analysis, options: RateOptions) -> Who:
    """Of each row of the figure's data: of every group, and then of all where they are compared."""
    result, groups = best(analysis, options), tuple(groups_of(analysis).values())
    columns = (*groups, *((frozenset().union(*groups),) if analysis.grouping.compares else ()))
    rows = (result.rate(each.name, options.denominator).who for each in result.scale.outcomes)
    return {(y, N): row & column for y, (row, column) in enumerate(product(rows, columns))}


def best_table(result: BestResponse) -> Table:
    """One row a level, then one row an outcome and denominator."""
    compares = result.grouping.compares
    n_of = {name: int((result.table["group"] == name).sum()) for name in result.grouping.names}
    header = ("Best response", *((f"{TOTAL} (n = {result.n})",) if compares else ()))
    header += tuple(f"{name} (n = {n})" for name, n in n_of.items())
    beside = (*difference_headings(result.grouping), *(("p",) if compares else ()))
    levels = [
        (
            state_words(row.outcome),
            *(count(rate.n, rate.of) for rate in row.shown(result.grouping)),
            *("",) * len(beside),
        )
        for row in result.levels
    ]
    rates = [cells for row in result.printed for cells in rate_rows(row, result.grouping)]
    return Table(
        id="response.best",
        title=("Best confirmed response" if result.confirmed else "Best overall response") + result.grouping.by,
        header=(*header, *beside),
        rows=(*levels, *rates),
        caption=CAPTION,
        method=_method(result),
        notes=notes(result),
        n=result.n,
        numbers=numbers(result),
        tests=test_lines(result.rates, result.grouping),
    )


def _method(result: BestResponse) -> str:
    names = dict.fromkeys(row.test.name for row in result.printed if row.test.p is not None)
    tested = f"Differences: Newcombe's 95 % CI. p: {' or '.join(names) or 'no test could be done'}."
    return sentences(
        f"Best response: {definition(result)}",
        "95 % CI: exact (Clopper-Pearson).",
        DENOMINATORS,
        tested if result.grouping.compares else "",
        *tests_done(result.printed, result.grouping),
        grouping_method(result.grouping),
    )


def _best_table(analysis: Analysis, options: BestOptions) -> Exhibit:
    return best_table(best(analysis, options))


RATES: Final = ExhibitSpec(
    "response.rates", needs="responses", title="Response rates", build=_build, options=RateOptions, who=_who
)
BEST: Final = ExhibitSpec(
    "response.best",
    needs="responses",
    title="Best response",
    build=_best_table,
    options=BestOptions,
    who=lambda *of: who_of(of[0], best(*of).printed, best(*of).levels),
)
