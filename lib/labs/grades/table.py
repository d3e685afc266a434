"""The table of laboratory values of grade 3 or more, computed from the values by a named version of CTCAE."""

from lib.labs.grades.result import THRESHOLDS, GradeRow, GradesResult
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import count, p_value, plural

FIRST = THRESHOLDS[0]


def grades_table(result: GradesResult) -> Table:
    """One row a test and threshold, one column a group."""
    grouping, compares = result.grouping, result.grouping.compares
    names = tuple(f"{name} ({of})" for name, of in zip(grouping.names, result.of, strict=True)) if compares else ("n",)
    return Table(
        id="labs.grades", title=f"Laboratory values of grade 3 or more, {result.version}, computed",
        header=("Computed from Labs", *names, *(("Total", "p") if compares else ())), rows=tuple(_printed(row, compares) for row in result.rows),
        caption=_caption(result), notes=grade_notes(result), n=result.n, numbers=_numbers(result), tests=_tests(result),
    )  # fmt: skip


def _printed(row: GradeRow, compares: bool) -> tuple[str, ...]:
    words = f"{row.term}, grade {'≥ 3' if row.threshold == FIRST else row.threshold}"
    cells = tuple(_share(n, of) for n, of in zip(row.n, row.of, strict=True))
    return (words, *cells, *((_share(sum(row.n), sum(row.of)), p_value(row.test.p)) if compares else ()))


def _share(n: int, of: int) -> str:
    return f"{count(n, of)} of {of}" if of else "–"


def _caption(result: GradesResult) -> str:
    names = dict.fromkeys(row.test.name for row in result.rows if row.test.p is not None)
    p = f" p: {'; '.join(names) or 'no test could be done'}, not adjusted." if result.grouping.compares else ""
    return (
        f"Grades computed from the sheet Labs by {result.version}, not reported ones: worst value of each patient from day 0 on, among those "
        f"with a value. Lower bounds are strict; haemoglobin has no grade 4 by value.{p}"
    )


def grade_notes(result: GradesResult) -> tuple[str, ...]:
    """Who and what has no grade, what is uncertain, and when groups became known."""
    said = []
    if result.n_without:
        said.append(f"{plural(result.n_without, 'patient')} without a value that can be graded: in no denominator.")
    said += [f"{plural(n, 'value')} without a grade: {reason}." for reason, n in result.ungraded]
    if result.n_abnormal:
        said.append(
            f"In {result.n_abnormal} (patient and test) the baseline was abnormal: graded by multiples of it (fibrinogen: by the fall from it)."
        )
    if uncertain := sum(sum(row.n_uncertain) for row in result.rows):
        said.append(
            f"{uncertain} (patient, test and threshold) known only to lie below a limit of detection: not counted as reached."
        )
    grouping = result.grouping
    if grouping.known_after_infusion:
        said.append(
            f"{grouping.label} arises after infusion (day {grouping.known_at:g}): earlier values cannot be its effect."
        )
    return tuple(said)


def _numbers(result: GradesResult) -> Numbers:
    columns = (("term", ""), ("analyte", ""), ("version", ""), ("threshold", "grade"), ("group", ""), ("n", "patients"), ("of", "patients"),
               ("n_uncertain", "patients"), ("p", ""), ("reason", ""))  # fmt: skip
    rows = tuple(
        (
            row.term,
            row.analyte,
            result.version,
            row.threshold,
            level,
            n,
            of,
            uncertain,
            row.test.p,
            row.test.reason or None,
        )
        for row in result.rows
        for level, n, of, uncertain in zip(result.grouping.levels, row.n, row.of, row.n_uncertain, strict=True)
    )
    return Numbers(columns, rows)


def _tests(result: GradesResult) -> tuple[TestLine, ...]:
    if not result.grouping.compares:
        return ()
    groups = " v ".join(result.grouping.names)
    return tuple(
        TestLine(row.test.name, f"{row.term}, grade >= {row.threshold}: {groups}", row.test.statistic, row.test.df, row.test.p, row.test.n, row.test.reason)
        for row in result.rows
    )  # fmt: skip
