"""The figure of rates: overall response to complete response, as the criteria have them, in each group, with exact intervals."""

import pandas as pd

from lib.publication.exhibit import Figure
from lib.publication.number import percent
from lib.publication.palette import INK, group_colours
from lib.response.best.chart import rates_chart
from lib.response.best.result import BestResponse
from lib.response.best.words import (
    TOTAL,
    definition,
    heading,
    notes,
    number_rows,
    numbers_of,
    of_whom,
    rate_words,
    test_lines,
)
from lib.response.rate import INFUSED, Rate, RateRow


def rates_figure(result: BestResponse, denominator: str = INFUSED) -> Figure:
    """Every outcome in one denominator."""
    rows = tuple(result.rate(outcome, denominator) for outcome in (each.name for each in result.scale.outcomes))
    rate, outcome = _rows(rows, result)
    colours = group_colours([group.colour for group in result.grouping.groups]) + (
        (INK,) if result.grouping.compares else ()
    )
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return Figure(
        id="response.rates", title=f"Response rates{by}", chart=rates_chart(len(rows) * (len(colours) + 1), colours),
        tables={
            "rate": rate[rate["percent"].notna()], "outcome": outcome, "grid": pd.DataFrame({"percent": [25.0, 50.0, 75.0, 100.0]}),
            "heading": pd.DataFrame({"text": [heading(result, rows)]}),
        },
        data=rate[["outcome", "group", "n", "of", "percent", "low", "high"]],
        caption=f"Best response {of_whom(denominator)}: {definition(result)} Points: n/N, %; lines: exact 95 % CI (Clopper-Pearson).",
        alt=_alt(rate), notes=notes(result), n=rows[0].total.of,
        numbers=numbers_of([found for row in rows for found in number_rows(row, result.grouping)]),
        tests=test_lines(rows, result.grouping),
    )  # fmt: skip


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
