"""The table of responses at landmarks: rates of all infused, and of those evaluable where they differ, with exact intervals and tests."""

from itertools import groupby

from lib.cohort.grouping import Grouping
from lib.publication.exhibit import Table
from lib.publication.number import p_value, plural
from lib.response.best.words import TOTAL, difference_cells, difference_headings, of_whom, rate_words
from lib.response.landmark.result import LandmarkRate, LandmarkResult
from lib.response.landmark.words import caption, notes, rate_numbers, tests
from lib.response.rate import differing


def landmark_table(result: LandmarkResult) -> Table:
    """One row a landmark, outcome and denominator."""
    compares = result.grouping.compares
    header = (
        "Landmark",
        "Response",
        *((TOTAL,) if compares else ()),
        *result.grouping.names,
        *difference_headings(result.grouping),
        *(("p",) if compares else ()),
    )
    shown = printed(result)
    said = [row for row in shown if row.row.test.p is not None]
    done = (
        f" Differences: Newcombe's interval. p: {', '.join(dict.fromkeys(row.row.test.name for row in said)) or 'no test could be done'}."
        if compares
        else ""
    )
    looked = (
        (f"{plural(len(said), 'comparison')} looked at, p not adjusted for their number.",) if said and compares else ()
    )
    return Table(
        id="response.landmark.table", title="Response at landmarks" + (f" by {result.grouping.label}" if compares else ""), header=header,
        rows=tuple(_row(each, result.grouping) for each in shown), caption=f"n/N, % (exact 95 % CI, Clopper-Pearson). {_evaluable()} {caption(result)}{done}",
        notes=(*looked, *notes(result)), n=result.n, numbers=rate_numbers(result), tests=tests(result),
    )  # fmt: skip


def printed(result: LandmarkResult) -> tuple[LandmarkRate, ...]:
    """The rates, each outcome once a landmark where its denominators are the same."""
    kept = []
    for (landmark, _), rates in groupby(result.rates, key=lambda each: (each.landmark, each.row.outcome)):
        kept += [LandmarkRate(landmark, row) for row in differing([each.row for each in rates])]
    return tuple(kept)


def _evaluable() -> str:
    return "Evaluable: assessed in the window, or progressed, died or treated otherwise before its day; shown where it differs from all infused."


def _row(each: LandmarkRate, grouping: Grouping) -> tuple[str, ...]:
    row, compares = each.row, grouping.compares
    cells = (*((row.total,) if compares else ()), *row.groups)
    return (
        each.landmark.label,
        f"{row.outcome}, {of_whom(row.denominator)}",
        *map(rate_words, cells),
        *difference_cells(row, grouping),
        *((p_value(row.test.p),) if compares else ()),
    )
