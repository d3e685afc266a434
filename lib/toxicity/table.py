"""The adverse event table: n (%) by group for each term and threshold, differences with intervals, p-values."""

from typing import Final

from lib.publication.exhibit import Table
from lib.publication.number import count, p_value, signed_percent
from lib.stats.estimate import Estimate
from lib.toxicity.incidence import NOT_STATED, Incidence, IncidenceRow
from lib.toxicity.words import notes, numbers, tests

CAPTION: Final = "Patients, n (%) of all treated; each counted once a term at the worst grade."
DEFAULT_THRESHOLDS: Final = ("any grade", "grade 1-2", "grade >= 3", "grade 5", NOT_STATED)


def toxicity_table(result: Incidence, thresholds: tuple[str, ...] = DEFAULT_THRESHOLDS) -> Table:
    """The printed table. A row in which nobody is counted is left out, except grade 3 or more of a graded term."""
    names, compares = result.grouping.names, result.grouping.compares
    shown = tuple(row for row in result.rows if row.threshold in thresholds and _is_shown(row, result))
    others = [place for place, name in enumerate(names) if name != result.grouping.reference_name]
    header: tuple[str, ...] = ("Adverse event", *((f"Total (n = {result.n})",) if compares else ()))
    header += tuple(f"{name} (n = {of})" for name, of in zip(names, result.of, strict=True))
    if compares:
        header += tuple(f"{names[place]} − {result.grouping.reference_name}, % points (95 % CI)" for place in others)
        header += ("p",)
    rows = tuple(_printed(row, others, result) for row in shown)
    return Table(
        id="toxicity.table", title="Adverse events", header=header, rows=rows, caption=CAPTION, notes=notes(result, shown),
        n=result.n, numbers=numbers(result), tests=tests(result),
    )  # fmt: skip


def _is_shown(row: IncidenceRow, result: Incidence) -> bool:
    graded = row.term in result.graded
    if row.threshold == NOT_STATED and not graded:
        return False  # the row of any grade says it already
    return row.total > 0 or (row.threshold == "grade >= 3" and graded)


def _printed(row: IncidenceRow, others: list[int], result: Incidence) -> tuple[str, ...]:
    compares = result.grouping.compares
    ungraded = row.threshold == "any grade" and row.term not in result.graded
    cells = [f"{row.term}, {NOT_STATED if ungraded else row.threshold}"]
    if compares:
        cells.append(count(row.total, result.n))
    cells += [count(with_event, of) for with_event, of in zip(row.n, row.of, strict=True)]
    if compares:
        cells += [_difference(row.differences[place]) for place in others]
        cells.append(p_value(row.test.p))
    return tuple(cells)


def _difference(difference: Estimate | None) -> str:
    if difference is None or difference.value is None or difference.low is None or difference.high is None:
        return "–"
    return f"{signed_percent(difference.value)} ({signed_percent(difference.low)} to {signed_percent(difference.high)})"
