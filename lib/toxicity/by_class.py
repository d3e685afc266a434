"""Adverse events by system organ class: each patient once a class at the worst grade of its terms, then the terms
within it.

For each class and term any grade and grade 3 or more by group, with Fisher's p of any grade.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.derived.adverse_events import worst_in_classes
from lib.publication.exhibit import Across, Columns, Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import count, p_value, plural, sentences
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Place, Who, groups_of
from lib.toxicity.captions import in_period, period_method, period_notes, timing
from lib.toxicity.events import ComparedOptions, counting, events, noted_until, reaching
from lib.toxicity.incidence import ANY_GRADE, AT_LEAST_3, Frame, Incidence, IncidenceRow, counted, with_group

CLASS_COLUMN: Final = "system_organ_class"
INDENT: Final = "\u2003"


@dataclass(frozen=True)
class ClassLine:
    """A class, or a term within it (`term` "" = the class itself), at both thresholds."""

    organ_class: str
    term: str
    any_grade: IncidenceRow
    severe: IncidenceRow


@dataclass(frozen=True)
class ByClass:
    """Classes, the commonest first, each followed by its terms that anybody here had; `n_unclassed` terms of the
    selection have no class."""

    incidence: Incidence
    lines: tuple[ClassLine, ...]
    n_unclassed: int


def has_classes(cohort: Cohort) -> bool:
    """Whether the workbook gives a class for any event of these patients."""
    return bool(cohort.adverse_events[CLASS_COLUMN].notna().any())


def by_class(cohort: Cohort, result: Incidence) -> ByClass:
    """The incidence by class in the same period as `result`. A class unites terms of several scales: it is counted
    and compared at any grade, and at grade 3 or more unless one of its terms was graded by more than one scale."""
    worst = with_group(worst_in_classes(cohort, result.period), cohort, result.grouping)
    first = cohort.adverse_events.dropna(subset=["term", CLASS_COLUMN]).drop_duplicates("term")
    class_of = {str(term): str(name) for term, name in zip(first["term"], first[CLASS_COLUMN], strict=True)}
    names = tuple(dict.fromkeys(map(str, worst[CLASS_COLUMN])))
    refused = {class_of[term]: reason for term, reason in result.frame.refused.items() if term in class_of}
    rows = counted(worst, CLASS_COLUMN, names, Frame(result.grouping, result.of, result.frame.interval, refused))
    of_class, of_term = ({(row.term, row.threshold): row for row in several} for several in (rows, result.rows))
    lines = []
    for name in sorted(names, key=lambda each: -of_class[each, ANY_GRADE].total):
        lines.append(ClassLine(name, "", of_class[name, ANY_GRADE], of_class[name, AT_LEAST_3]))
        lines += [
            ClassLine(name, term, of_term[term, ANY_GRADE], of_term[term, AT_LEAST_3])
            for term in result.terms
            if class_of.get(term) == name and of_term[term, ANY_GRADE].total
        ]
    return ByClass(result, tuple(lines), len(set(result.worst["term"]) - set(class_of)))


def by_class_table(result: ByClass) -> Table:
    """One row a class, and under it one row a term; terms nobody here had are left out."""
    incidence = result.incidence
    groups = " v ".join(incidence.grouping.names)
    return typed_table(
        _columns(incidence),
        [(line, row) for line in result.lines for row in (line.any_grade, line.severe)],
        id="toxicity.by_class",
        title=f"Adverse events by system organ class{in_period(incidence, ', ')}",
        caption="Patients, n (%) of all treated; each counted once a class and once a term at the worst grade.",
        method=_method(result),
        notes=_notes(result),
        n=incidence.n,
        tests=tuple(
            TestLine.of(line.any_grade.test, f"{line.term or line.organ_class}, {ANY_GRADE}: {groups}")
            for line in result.lines
            if incidence.grouping.compares
        ),
    )


def _columns(incidence: Incidence) -> Columns:
    """Of a line and one of its two thresholds."""
    return (
        TypedColumn("Class, event", "class", "", lambda cell: cell[0].organ_class, _printed),
        TypedColumn(name="term", value=lambda cell: cell[0].term),
        TypedColumn(name="threshold", value=lambda cell: cell[1].threshold),
        *(column for place in range(len(incidence.of)) for column in _group_columns(place, incidence)),
        TypedColumn(
            "p, any grade" * incidence.grouping.compares,
            "p",
            "",
            lambda cell: cell[1].test.p,
            lambda cell: p_value(cell[1].test.p),
        ),
        TypedColumn(name="reason", value=lambda cell: cell[1].test.reason or None),
    )


def _printed(cell: tuple[ClassLine, IncidenceRow]) -> str:
    line, _ = cell
    return INDENT + line.term if line.term else line.organ_class


def _group_columns(place: int, incidence: Incidence) -> Iterator[TypedColumn | Across]:
    name, level, of = incidence.grouping.names[place], incidence.grouping.levels[place], incidence.of[place]
    yield Across(
        (f"{name} (n = {of}), any grade", f"{name}, grade ≥ 3"),
        lambda cell: id(cell[0]),
        lambda cell: int(cell[1].threshold == AT_LEAST_3),
        lambda cell: count(cell[1].n[place], of),
    )
    yield TypedColumn(name=f"n_{level}", unit="patients", value=lambda cell: cell[1].n[place])
    yield TypedColumn(name=f"of_{level}", unit="patients", value=lambda cell: cell[1].of[place])


def _method(result: ByClass) -> str:
    tested = [line.any_grade.test for line in result.lines if line.any_grade.test.p is not None]
    done = f"p: {tested[0].name}, two-sided, not adjusted for {plural(len(tested), 'comparison')}." if tested else ""
    return sentences(done, *period_method(result.incidence), timing(result.incidence.grouping))


def _notes(result: ByClass) -> tuple[str, ...]:
    n = result.n_unclassed
    said = [f"{plural(n, 'term')} without a class not shown; the table of adverse events has all."] if n else []
    return (*said, *period_notes(result.incidence))


def _by_class(analysis: Analysis, options: ComparedOptions) -> Exhibit:
    found = by_class(counting(analysis, options).cohort, events(analysis, options))
    return noted_until(analysis, options, by_class_table(found))


def _who(analysis: Analysis, options: ComparedOptions) -> Who:
    """Of each class and term (a row) and each group at both thresholds who had it."""
    found, cohort = events(analysis, options), counting(analysis, options).cohort
    of_class = worst_in_classes(cohort, found.period).rename(columns={CLASS_COLUMN: "term"})
    cells: dict[Place, frozenset[str]] = {}
    for y, line in enumerate(by_class(cohort, found).lines):
        worst = found.worst if line.term else of_class
        both = [reaching(worst, row) for row in (line.any_grade, line.severe)]
        counted = [group & had for group in groups_of(analysis).values() for had in both]
        cells |= {(y, x): who for x, who in enumerate(counted, start=1)}
    return cells


BY_CLASS: Final = ExhibitSpec(
    "toxicity.by_class",
    "System organ classes",
    needs="adverse_events",
    build=_by_class,
    options=ComparedOptions,
    when=lambda analysis, _: has_classes(analysis.selected),
    who=_who,
)
