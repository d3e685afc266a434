"""The table by system organ class: for each class and term any grade and grade 3 or more by group, with Fisher's p of any grade."""

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import count, p_value, plural
from lib.toxicity.by_class.result import ByClass
from lib.toxicity.counting import ANY_GRADE, AT_LEAST_3, IncidenceRow
from lib.toxicity.words import in_period, period_notes, timing

INDENT = "    "


def by_class_table(result: ByClass) -> Table:
    """One row a class, and under it one row a term; terms nobody here had are left out."""
    incidence = result.incidence
    names, compares = incidence.grouping.names, incidence.grouping.compares
    header = ["Class, event"]
    for name, of in zip(names, incidence.of, strict=True):
        header += [f"{name} (n = {of}), any grade", f"{name}, grade ≥ 3"]
    rows = [_printed(each, name, compares) for each, name in _lines(result)]
    return Table(
        id="toxicity.by_class", title=f"Adverse events by system organ class{in_period(incidence, ', ')}",
        header=(*header, *(("p, any grade",) if compares else ())), rows=tuple(rows),
        caption="Patients, n (%) of all treated; each counted once a class and once a term at the worst grade.",
        notes=_notes(result), n=incidence.n, numbers=_numbers(result), tests=_tests(result),
    )  # fmt: skip


def _lines(result: ByClass) -> list[tuple[tuple[IncidenceRow, IncidenceRow], str]]:
    """Any grade and grade 3 or more of each class and its terms, with the words in front."""
    any_grade, severe = (result.incidence.of_threshold(threshold) for threshold in (ANY_GRADE, AT_LEAST_3))
    found = []
    for one in result.classes:
        first, second = one.rows
        found.append(((first, second), one.name))
        found += [((any_grade[term], severe[term]), INDENT + term) for term in one.terms if any_grade[term].total]
    return found


def _printed(rows: tuple[IncidenceRow, IncidenceRow], name: str, compares: bool) -> tuple[str, ...]:
    any_grade, severe = rows
    cells = [name]
    for slot, of in enumerate(any_grade.of):
        cells += [count(any_grade.n[slot], of), count(severe.n[slot], of)]
    return (*cells, *((p_value(any_grade.test.p),) if compares else ()))


def _notes(result: ByClass) -> tuple[str, ...]:
    tested = [rows[0].test for rows, _ in _lines(result) if rows[0].test.p is not None]
    said = [f"p: {tested[0].name}, two-sided, not adjusted for {plural(len(tested), 'comparison')}."] if tested else []
    if result.n_unclassed:
        said.append(f"{plural(result.n_unclassed, 'term')} without a class not shown; toxicity.table has all.")
    return (*said, *period_notes(result.incidence), *filter(None, [timing(result.incidence.grouping)]))


def _numbers(result: ByClass) -> Numbers:
    levels = result.incidence.grouping.levels
    columns = [("class", ""), ("term", ""), ("threshold", "")]
    columns += [pair for level in levels for pair in ((f"n_{level}", "patients"), (f"of_{level}", "patients"))]
    rows, within = [], ""
    for pair, name in _lines(result):
        is_term = name.startswith(INDENT)
        within = within if is_term else name
        for row in pair:
            counts = [number for each in zip(row.n, row.of, strict=True) for number in each]
            rows.append(
                (within, row.term if is_term else "", row.threshold, *counts, row.test.p, row.test.reason or None)
            )
    return Numbers((*columns, ("p", ""), ("reason", "")), tuple(rows))


def _tests(result: ByClass) -> tuple[TestLine, ...]:
    if not result.incidence.grouping.compares:
        return ()
    groups = " v ".join(result.incidence.grouping.names)
    return tuple(
        TestLine(
            rows[0].test.name,
            f"{name.strip()}, {ANY_GRADE}: {groups}",
            None,
            None,
            rows[0].test.p,
            rows[0].test.n,
            rows[0].test.reason,
        )
        for rows, name in _lines(result)
    )
