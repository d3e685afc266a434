"""Adverse events by system organ class: each patient once a class at the worst grade of its terms, then the terms within it."""

from dataclasses import dataclass

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.worst_grade import worst_in_classes
from lib.toxicity.counting import ANY_GRADE, AT_LEAST_3, Frame, IncidenceRow, counted
from lib.toxicity.incidence import Incidence, with_group

CLASS_COLUMN = "system_organ_class"


@dataclass(frozen=True)
class OrganClass:
    """One class: its own rows at both thresholds, and those of its terms that anybody here had, the commonest first."""

    name: str
    rows: tuple[IncidenceRow, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True)
class ByClass:
    """The classes with events, the commonest first; `n_unclassed` terms of the selection have no class."""

    incidence: Incidence
    classes: tuple[OrganClass, ...]
    n_unclassed: int


def has_classes(cohort: Cohort) -> bool:
    """Whether the workbook gives a class for any event of these patients."""
    return bool(cohort.adverse_events[CLASS_COLUMN].notna().any())


def by_class(cohort: Cohort, grouping: Grouping, result: Incidence) -> ByClass:
    """The incidence by class in the same period as `result`. A class unites terms of several scales: it is counted and compared
    at any grade, and at grade 3 or more unless one of its terms was graded by more than one scale."""
    events = cohort.adverse_events.dropna(subset=["term"])
    worst = with_group(worst_in_classes(cohort, result.asked.period), cohort, grouping)
    first = events.dropna(subset=[CLASS_COLUMN]).drop_duplicates("term")
    class_of = {str(term): str(name) for term, name in zip(first["term"], first[CLASS_COLUMN], strict=True)}
    names = tuple(dict.fromkeys(map(str, worst[CLASS_COLUMN])))
    refused = {class_of[term]: reason for term, reason in result.frame.refused.items() if term in class_of}
    frame = Frame(grouping, result.of, result.asked.interval, refused)
    rows = counted(worst, CLASS_COLUMN, names, frame)
    total = {row.term: row.total for row in rows if row.threshold == ANY_GRADE}
    classes = [
        OrganClass(
            name,
            tuple(row for row in rows if row.term == name and row.threshold in (ANY_GRADE, AT_LEAST_3)),
            tuple(term for term in result.terms if class_of.get(term) == name),
        )
        for name in sorted(names, key=lambda each: -total[each])
    ]
    had = set(result.worst["term"])
    return ByClass(result, tuple(classes), len(had - set(class_of)))
