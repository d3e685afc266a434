"""The adverse event table: n (%) by group for each term and threshold, differences with intervals, p-values."""

from typing import Final

from lib.publication.exhibit import Table
from lib.publication.number import count, p_value, signed_percent
from lib.stats.estimate import Estimate
from lib.stats.multiplicity import benjamini_hochberg, holm
from lib.toxicity.counting import ANY_GRADE, AT_LEAST_3, NOT_STATED, THRESHOLDS, IncidenceRow
from lib.toxicity.incidence import ANY_EVENT, Incidence
from lib.toxicity.words import in_period, notes, numbers, tests

CAPTION: Final = "Patients, n (%) of all treated; each counted once a term at the worst grade."
DEFAULT_THRESHOLDS: Final = tuple(THRESHOLDS)
UNADJUSTED: Final = "none"
ADJUSTMENTS: Final = {UNADJUSTED: None, "Holm": holm, "Benjamini-Hochberg": benjamini_hochberg}
NO_DIFFERENCE: Final = "–"


def toxicity_table(
    result: Incidence,
    thresholds: tuple[str, ...] = DEFAULT_THRESHOLDS,
    terms: tuple[str, ...] | None = None,
    adjustment: str = UNADJUSTED,
) -> Table:
    """The printed table of these terms (all by default). A row in which nobody is counted is left out, except grade 3 or more of
    a graded term. `adjustment` adds a column of p-values adjusted for the tests of the rows that are shown."""
    names, compares = result.grouping.names, result.grouping.compares
    kept = None if terms is None else {ANY_EVENT, *terms}
    shown = tuple(
        row
        for row in result.rows
        if row.threshold in thresholds and (kept is None or row.term in kept) and _is_shown(row, result)
    )
    others = [place for place in range(len(names)) if place != result.frame.reference]
    header: tuple[str, ...] = ("Adverse event", *((f"Total (n = {result.n})",) if compares else ()))
    header += tuple(f"{name} (n = {of})" for name, of in zip(names, result.of, strict=True))
    if compares:
        header += tuple(f"{names[place]} − {result.grouping.reference_name}, % points (95 % CI)" for place in others)
        header += ("p",)
    rows = tuple(_printed(row, others, result) for row in shown)
    header, rows, said = _adjusted(header, rows, shown, adjustment if compares else UNADJUSTED)
    return Table(
        id="toxicity.table", title=f"Adverse events{in_period(result, ', ')}", header=header, rows=rows, caption=CAPTION,
        notes=(*notes(result, shown), *said), n=result.n, numbers=numbers(result), tests=tests(result),
    )  # fmt: skip


def _is_shown(row: IncidenceRow, result: Incidence) -> bool:
    graded = row.term in result.graded
    if row.threshold == NOT_STATED and not graded:
        return False  # the row of any grade says it already
    return row.total > 0 or (row.threshold == AT_LEAST_3 and graded)


def _printed(row: IncidenceRow, others: list[int], result: Incidence) -> tuple[str, ...]:
    compares = result.grouping.compares
    ungraded = row.threshold == ANY_GRADE and row.term not in result.graded
    cells = [f"{row.term}, {NOT_STATED if ungraded else row.threshold}"]
    if compares:
        cells.append(count(row.total, result.n))
    cells += [count(with_event, of) for with_event, of in zip(row.n, row.of, strict=True)]
    if compares:
        cells += [difference_words(row.differences[place]) for place in others]
        cells.append(p_value(row.test.p))
    return tuple(cells)


def _adjusted(
    header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], shown: tuple[IncidenceRow, ...], adjustment: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The table with one column more, and the sentence that says for how many tests."""
    method = ADJUSTMENTS[adjustment]
    if method is None:
        return header, rows, ()
    p_values = [row.test.p for row in shown]
    n = sum(p is not None for p in p_values)
    longer = tuple((*row, p_value(p)) for row, p in zip(rows, method(p_values), strict=True))
    return (
        (*header, f"p ({adjustment})"),
        longer,
        (f"Last column: adjusted by {adjustment} for the {n} tests of this table.",),
    )


def difference_words(difference: Estimate | None) -> str:
    """ "−50 (−78.5 to −6.8)"; "–" where there is none."""
    if difference is None or difference.value is None or difference.low is None or difference.high is None:
        return NO_DIFFERENCE
    return f"{signed_percent(difference.value)} ({signed_percent(difference.low)} to {signed_percent(difference.high)})"
