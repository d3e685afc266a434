"""Adverse events of each patient: in which period, of which kind, at which grade, for how long.

Periods go by the day on which an event began: 0 to 30 days, 31 to 90 and later, as CAR T-cell trials part early from
late toxicity; or days of the reader's own. Days count from the infusion that is looked at, first and last day both; a
day on which two rows overlap counts once.

Kinds: serious, related to the treatment or treatment-emergent, as the workbook says. Related: possible, probable,
definite (WHO-UMC: certain) or plainly yes; unlikely, unrelated, none or plainly no are not. Other words, and an empty
cell, state nothing. Source: the usual two classes of the relation of an adverse event, ICH E2B(R3) and CDISC SDTM
(AEREL).

Worst grades: each patient counts once a term, at the highest grade; grade 0 means looked for and absent. A grade that
is computed from a laboratory value is a term of its own, "Neutropenia, CTCAE v5 (computed)", a row a day with a value
of grade 1 or more, never merged with what was recorded, and no part of "any adverse event".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analyte import analyte_of
from lib.cohort.ctcae import SCALES
from lib.cohort.model import Cohort, empty_table, kept_of_each
from lib.cohort.schema import ADVERSE_EVENTS
from lib.derived.follow_up import patient_index
from lib.derived.lab_values import lab_grades

RELATED: Final = frozenset(
    (
        "possible",
        "possibly",
        "possibly related",
        "probable",
        "probably",
        "probably related",
        "likely",
        "definite",
        "definitely",
        "definitely related",
        "certain",
        "related",
        "suspected",
        "yes",
        "y",
        "1",
        "true",
    )
)
NOT_RELATED: Final = frozenset(
    ("unlikely", "unlikely related", "unrelated", "not related", "not suspected", "none", "no", "n", "0", "false")
)
TREATMENTS: Final = {
    "Tocilizumab": re.compile(r"toci(lizumab)?\b|actemra|roactemra|托珠", re.IGNORECASE),
    "Steroids": re.compile(
        r"steroid|dexameth|methylpred|predniso|cortis|kortik|corticoid|solumedrol|\bdxm\b|地塞|甲泼", re.IGNORECASE
    ),
    "Anakinra": re.compile(r"anakinra|kineret", re.IGNORECASE),
    "Siltuximab": re.compile(r"siltuximab", re.IGNORECASE),
}
NO_SCALE: Final = "scale not stated"
STEROIDS_AND_TOCILIZUMAB: Final = ("Tocilizumab", "Steroids")
MARK: Final = " (computed)"
COMPUTED: Final = "computed_term"  # the entry of the vocabulary with these names


@dataclass(frozen=True)
class Period:
    """Study days from `first` to `last`, both within; the whole time also holds events without a day."""

    first: float = -inf
    last: float = inf

    @property
    def is_whole(self) -> bool:
        """Whether it has neither beginning nor end."""
        return self.first == -inf and self.last == inf

    @property
    def label(self) -> str:
        """As it stands in a title: "day 0–30", "after day 90"; "" for the whole time."""
        if self.is_whole:
            return ""
        if self.last == inf:
            return f"after day {self.first - 1:g}"
        return f"day {self.first:g}–{self.last:g}"

    def holds(self, days: pd.Series) -> pd.Series:
        """True for the days within; a missing day is only in the whole time."""
        return pd.Series(True, index=days.index) if self.is_whole else days.between(self.first, self.last)


WHOLE: Final = Period()


EARLY: Final = Period(0, 30)


MIDDLE: Final = Period(31, 90)


LATE: Final = Period(91)


PERIODS: Final = (WHOLE, EARLY, MIDDLE, LATE)


def _stated(column: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda events: events[column].map({"yes": True, "no": False})


def _related(events: pd.DataFrame) -> pd.Series:
    words = events["related"].astype("object").str.strip().str.casefold()
    return words.map({**dict.fromkeys(RELATED, True), **dict.fromkeys(NOT_RELATED, False)})


KINDS: Final[dict[str, Callable[[pd.DataFrame], pd.Series]]] = {
    "serious": _stated("serious"),
    "related": _related,
    "treatment-emergent": _stated("treatment_emergent"),
}


def kinds_stated(cohort: Cohort) -> tuple[str, ...]:
    """The kinds of which this cohort has an event."""
    found: tuple[str, ...] = cohort.fact(_kinds_stated)
    return found


def _kinds_stated(cohort: Cohort) -> tuple[str, ...]:
    return tuple(kind for kind, holds in KINDS.items() if (holds(cohort.adverse_events) == True).any())  # noqa: E712  a column of objects


def of_kind(events: pd.DataFrame, kind: str) -> pd.Series:
    """True for the events that are stated to be of this kind."""
    return (KINDS[kind](events) == True).astype(bool)  # noqa: E712  a column of objects


def only_kinds(cohort: Cohort, kinds: Sequence[str]) -> tuple[Cohort, tuple[str, ...]]:
    """The cohort with the events that are of all these kinds, and one sentence for each kind on those of which it is
    not stated."""
    events, said = cohort.adverse_events, []
    for kind in kinds:
        unknown = events[KINDS[kind](events).isna() & ~(events["grade"] == 0)]
        if len(unknown):
            who = unknown["patient_id"].nunique()
            said.append(
                f"Of {len(unknown):,} adverse event{'s' * (len(unknown) > 1)} ({who:,} patient{'s' * (who > 1)}) it is"
                f" not stated whether {kind}: not counted."
            )
        events = events[of_kind(events, kind) | (events["grade"] == 0)]
    return cohort.with_table("adverse_events", events.reset_index(drop=True)), tuple(said)


def occurred(cohort: Cohort, period: Period = WHOLE) -> pd.DataFrame:
    """The rows of adverse events that were there and began in the period."""
    events = cohort.adverse_events
    there = events["term"].notna() & ~(events["grade"] == 0)
    return events[there & period.holds(events["start_day"])]


def worst_grades(cohort: Cohort, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient and term that occurred: patient_id, term, worst (1 to 5, NaN = grade not stated)."""
    worst = occurred(cohort, period).groupby(["patient_id", "term"], sort=False)["grade"].max()
    return pd.DataFrame(worst).reset_index().rename(columns={"grade": "worst"})


def worst_in_classes(cohort: Cohort, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient and system organ class with an event: patient_id, system_organ_class, worst."""
    events = occurred(cohort, period)
    worst = events.groupby(["patient_id", "system_organ_class"], sort=False)["grade"].max()
    return pd.DataFrame(worst).reset_index().rename(columns={"grade": "worst"})


def grading_systems(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    """The scales by which each term was graded, as the workbook names them."""
    named = cohort.adverse_events.dropna(subset=["term", "grading_system"])
    return {str(term): tuple(dict.fromkeys(rows["grading_system"])) for term, rows in named.groupby("term", sort=False)}


def event_rows(cohort: Cohort, term: str, period: Period = WHOLE) -> pd.DataFrame:
    """The rows of this event that began in the period, counted from the infusion looked at."""
    rows = occurred(cohort, period)
    return rows[(rows["term"] == term) & ((rows["infusion"] == cohort.infusion) | rows["infusion"].isna())]


@kept_of_each
def event_courses(cohort: Cohort, term: str, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient who had it: patient_id, onset (NaN = not stated), days (NaN where an end is not stated),
    worst."""
    rows = event_rows(cohort, term, period)
    by_patient = rows.groupby("patient_id", sort=False)
    found = {"onset": by_patient["start_day"].min(), "days": _days_covered(rows), "worst": by_patient["grade"].max()}
    return pd.DataFrame(found).rename_axis("patient_id").reindex(by_patient.size().index).reset_index()


@kept_of_each
def worst_by_scale(cohort: Cohort, term: str, period: Period = WHOLE) -> pd.DataFrame:
    """One row a patient and scale: patient_id, scale (NO_SCALE where none is named), grade (0 = not stated)."""
    rows = event_rows(cohort, term, period)
    rows = rows.assign(scale=rows["grading_system"].fillna(NO_SCALE))
    return rows.groupby(["patient_id", "scale"], sort=False)["grade"].max().fillna(0.0).reset_index()


def _days_covered(rows: pd.DataFrame) -> pd.Series:
    """By patient how many days have the event; NaN where a row has no first or last day."""
    ordered = rows.sort_values(["start_day", "stop_day"], kind="stable")
    patient, stop = ordered["patient_id"], ordered["stop_day"]
    reached = stop.groupby(patient).cummax().groupby(patient).shift()
    begins = np.fmax(ordered["start_day"], reached + 1)
    covered = (stop - begins + 1).clip(lower=0.0).mask(ordered["start_day"].isna() | stop.isna())
    return covered.groupby(patient).sum().mask(covered.isna().groupby(patient).any())


def treated_with(cohort: Cohort, term: str, period: Period = WHOLE) -> dict[str, frozenset[str]]:
    """Who was given each treatment for this event: named in its row, or a course in Therapies that began while it
    lasted.

    A treatment is left out where neither the rows of this event nor Therapies name it for anybody: it was not recorded.
    """
    found = _treatments(cohort, term, period)
    return {
        name: frozenset(found.index[found[f"{name} given"]])
        for name in TREATMENTS
        if found[f"{name} recorded"].any() or (name in STEROIDS_AND_TOCILIZUMAB and found["treated"].any())
    }


@kept_of_each
def _treatments(cohort: Cohort, term: str, period: Period) -> pd.DataFrame:
    """Indexed by patient: "treated", whether the rows of this event name any treatment; of each whether it was given
    for it, and recorded at all."""
    rows, therapies, patients = event_rows(cohort, term, period), cohort.therapies, patient_index(cohort)
    found = {"treated": patients.isin(rows.loc[rows["treatment"].notna(), "patient_id"])}
    for name, pattern in TREATMENTS.items():
        named = rows.loc[_says(rows["treatment"], pattern), "patient_id"]
        courses = therapies[_says(therapies["therapy"], pattern)]
        found[f"{name} given"] = patients.isin([*named, *_during(courses, rows)])
        found[f"{name} recorded"] = patients.isin([*named, *courses["patient_id"]])
    return pd.DataFrame(found, index=patients)


def _during(courses: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """The patients of the courses that began while the event lasted."""
    lasting = rows[["patient_id", "infusion", "start_day", "stop_day"]]
    both = courses.merge(lasting, on=["patient_id", "infusion"], suffixes=("", "_event"))
    began = both["start_day"].between(both["start_day_event"], both["stop_day_event"].fillna(float("inf")))
    return both.loc[began, "patient_id"]


def _says(words: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    return words.map(lambda text: isinstance(text, str) and bool(pattern.search(text))).astype(bool)


@dataclass(frozen=True)
class ComputedGrades:
    """`rows`: patient_id, term, grade, day (the first of that grade), without grade 0 or what could not be graded.

    `system` is the scale they were computed by ("CTCAE v5"); `terms` are those that could be graded in the opened
    cohort, in order: they keep their place whatever is selected.
    """

    rows: pd.DataFrame
    system: str
    terms: tuple[str, ...]


def with_computed(cohort: Cohort, computed: ComputedGrades) -> Cohort:
    """The cohort with the computed grades of its patients among the adverse events, each term marked as computed."""
    mine = computed.rows[computed.rows["patient_id"].isin(set(cohort.patients["patient_id"]))]
    added = pd.DataFrame(
        {
            "patient_id": mine["patient_id"],
            "infusion": float(cohort.infusion),
            "term": mine["term"] + MARK,
            "grade": mine["grade"],
            "grading_system": computed.system,
            "start_day": mine["day"],
        }
    )
    events = cohort.adverse_events
    types = empty_table(ADVERSE_EVENTS).dtypes.reindex(events.columns)
    whole = added.reindex(columns=events.columns).astype(types.to_dict())
    for name in types.index[types == "object"]:
        whole[name] = pd.Series(
            [None if pd.isna(value) else value for value in whole[name]], index=whole.index, dtype="object"
        )
    parts = [part for part in (events, whole) if len(part)]
    joined = pd.concat(parts, ignore_index=True) if parts else events
    terms = (*cohort.vocabulary.get("term", ()), *(term + MARK for term in computed.terms))
    return replace(cohort.with_table("adverse_events", joined), vocabulary={**cohort.vocabulary, "term": terms})


def with_computed_events(cohort: Cohort, version: str) -> Cohort:
    """The cohort with one more term for each laboratory test of the opened cohort that this version grades."""
    measured = _measured(cohort)
    names = {scale.term: f"{scale.term}, {version}" for scale in SCALES[version] if scale.analyte in measured}
    graded = lab_grades(cohort, version).table
    graded = graded[graded["after"] & (graded["low"] >= 1)]
    rows = graded.rename(columns={"patient": "patient_id", "low": "grade"})[["patient_id", "term", "grade", "day"]]
    rows = rows.assign(term=rows["term"].map(names).astype("object"))  # no row at all would make it a number
    terms = tuple(names.values())
    added = with_computed(cohort, ComputedGrades(rows, f"{version}, computed from values", terms))
    return replace(added, vocabulary={**added.vocabulary, COMPUTED: tuple(term + MARK for term in terms)})


def _measured(cohort: Cohort) -> set[str]:
    """The analytes that the opened cohort has tests of."""
    found = (analyte_of(words.partition("\t")[0]) for words in cohort.vocabulary.get("lab", ()))
    return {analyte.name for analyte, share in found if analyte is not None and not share}
