"""What becomes known of a patient after the infusion, on which day: a therapy that began, a response, a grade.

A group formed after infusion gives its later members time in which they could not die; asked at a landmark, by what was
known then, it does not (Anderson 1983). Whose day is not stated is in neither group until it is certain.

A therapy's name means every row of Therapies of which the kind and the therapy together hold all its words:
"maintenance", "Pomalidomide", "pomalidomide maintenance". A group named in Therapies was complete when the last of its
patients had begun: that day is proposed for when a grouping was known, and the reader confirms it.

An adverse event reached a grade on the first day of an event of that grade; a response was at least as good as a
threshold on the first day of such an assessment. The name of a source does not depend on who is selected.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

import pandas as pd

from lib.cohort.course_clause import names_course
from lib.cohort.grouping import Group, Grouping, ProposedDay
from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import BEFORE_INFUSION, RESPONSES
from lib.cohort.selection import Selection, select

LATEST: Final = 36_525  # a day beyond a hundred years is a slip of the pen
OVER_BY_INFUSION: Final = ("prior line", "bridging", "lymphodepletion")  # over by the infusion, stated day or not
YES: Final = ("yes", "y", "true", "1")
TWO_GROUPS: Final = 2
EVALUABLE: Final = tuple(response for response in RESPONSES if response != "NE")
GRADES_ASKED: Final = (2, 3)
TERMS_ASKED: Final = ("CRS", "ICANS")


@dataclass(frozen=True)
class BecameKnown:
    """`day` is the first day on which `label` held, NaN = never, by the index of the cohort's patients.

    `not_stated` names the patients of whom it held, or may have held, on a day that is not written down. A day that
    stands for one of them is certain all the same (another course of the same drug). `others` names those of whom it
    does not hold.
    """

    label: str
    day: pd.Series
    not_stated: tuple[str, ...] = ()
    others: str = ""

    def group_at(self, day: float, patients: pd.Series) -> pd.Series:
        """Each patient's group on that day: the label where it held by then, else `others`; None = not known.

        `patients` are the ids of the patients, by the same index.
        """
        unknown = patients.isin(self.not_stated)
        others = self.others or f"no {self.label}"
        known = [
            self.label if first <= day else (None if unsure else others)
            for first, unsure in zip(self.day, unknown, strict=True)
        ]
        return pd.Series(known, index=self.day.index, dtype="object")


def first_days(patients: pd.Series, rows: pd.DataFrame, column: str) -> pd.Series:
    """For each patient the first day from the infusion on in a column of the rows, NaN without one."""
    later = rows[rows[column] >= 0]
    first = later.groupby("patient_id")[column].min()
    return patients.map(first).astype("float64")


def without_day(patients: pd.Series, rows: pd.DataFrame, column: str) -> tuple[str, ...]:
    """Which of the patients have a row whose day is not stated, in their order."""
    open_rows = set(rows.loc[rows[column].isna(), "patient_id"])
    return tuple(patient for patient in patients if patient in open_rows)


def proposed_known_at(cohort: Cohort, grouping: Grouping) -> ProposedDay | None:
    """The proposal for a grouping whose time is not stated, of the opened cohort's analysis set and first infusion.

    None where not exactly one group is named in Therapies, or none of its patients began after the infusion.
    """
    if not grouping.compares or isinstance(found := therapy_group(cohort, grouping), str):
        return None
    group, name = found
    patients = select(cohort, Selection())
    mine = grouping.of(patients.patients) == group.name
    days = exposure_start(patients, name).day[mine].dropna()
    if days.empty or not BEFORE_INFUSION < days.max() <= LATEST:
        return None
    first, last = days.min(), days.max()
    when = f"on day {last:g}" if first == last else f"on days {first:g} to {last:g}"
    without = int(mine.sum()) - len(days)
    unknown = f"; of {without} no start after the infusion is recorded" if without else ""
    return ProposedDay(ceil(last), f"Courses of {name} began {when} ({len(days)} of {mine.sum()} patients{unknown}).")


def exposure_start(cohort: Cohort, name: str) -> BecameKnown:
    """The first day, from the infusion on, on which a therapy of that kind or name began; NaN = none is recorded.

    Courses begun before the infusion do not count. A patient with a course without a start day is in `not_stated`,
    unless the course was over before the infusion.
    """
    rows = _after_infusion(cohort.therapies[named_courses(cohort.therapies, name)])
    patients = cohort.patients["patient_id"]
    days, unknown = first_days(patients, rows, "start_day"), without_day(patients, rows, "start_day")
    return BecameKnown(name, days, unknown)


def exposure_of(cohort: Cohort, grouping: Grouping) -> BecameKnown | str:
    """When each patient came into the group that is formed by a therapy after infusion; one sentence where that cannot
    be reported.

    `label` and `others` are the names of the two groups.
    """
    if not grouping.known_after_infusion:
        return _not_after_infusion(grouping)
    if len(grouping.groups) != TWO_GROUPS:
        return (
            f"{grouping.label} has {len(grouping.groups)} groups; groups can be formed anew by a therapy only where"
            " there are two."
        )
    found = therapy_group(cohort, grouping)
    if isinstance(found, str):
        return found
    group, name = found
    other = next(one for one in grouping.groups if one is not group)
    began = exposure_start(cohort, name)
    return BecameKnown(group.name, began.day, began.not_stated, other.name)


def therapy_group(cohort: Cohort, grouping: Grouping) -> tuple[Group, str] | str:
    """The one group that is named in Therapies, with the words that name it there; one sentence where it is not one.

    A group is found by its name or level ("Pomalidomide" beside "Control"), or by the variable's where its levels are
    yes and no, among the courses of the opened cohort: a filter that leaves nobody with a course does not make the
    therapy unknown.
    """
    named = [(group, name) for group in grouping.groups if (name := _therapy_of(cohort, grouping, group))]
    if len(named) == 1:
        return named[0]
    which = "More than one group" if named else "No group"
    return (
        f"{which} of {grouping.label} can be found in Therapies, so the day on which a patient came into it is not"
        " known. Add each course to Therapies with its start_day, under the name that the group has."
    )


def _not_after_infusion(grouping: Grouping) -> str:
    if not grouping.compares:
        return "All patients are one group."
    if grouping.time_not_stated:
        return f"It is not stated when {grouping.label} became known."
    return f"{grouping.label} was known before the infusion: its groups need not be formed anew."


def _therapy_of(cohort: Cohort, grouping: Grouping, group: Group) -> str:
    """The words by which Therapies names what this group received; "" where no course does."""
    says_yes = group.level.casefold() in YES
    names = (grouping.variable, grouping.label) if says_yes else (group.level, group.name)
    courses = cohort.vocabulary.get("course", ())
    return next((name for name in names if any(names_course(name, course) for course in courses)), "")


def named_courses(therapies: pd.DataFrame, name: str) -> pd.Series:
    """True for the rows whose kind and therapy hold every word of the name."""
    courses = zip(therapies["kind"], therapies["therapy"], strict=True)
    held = [names_course(name, f"{kind or ''} {therapy or ''}") for kind, therapy in courses]
    return pd.Series(held, index=therapies.index, dtype=bool)


def _after_infusion(rows: pd.DataFrame) -> pd.DataFrame:
    over = rows["kind"].isin(OVER_BY_INFUSION) | (rows["stop_day"] < 0)
    return rows[~(rows["start_day"].isna() & over)]


def response_by(cohort: Cohort, threshold: str) -> BecameKnown:
    """The first day, from the infusion on, of a response of the threshold or better; NaN = none is recorded.

    `not_stated`: who has such a response without a day, and who was never assessed: they are not called non-responders.
    """
    good = RESPONSES[: RESPONSES.index(threshold) + 1]
    rows = cohort.responses[cohort.responses["response"].isin(good)]
    patients = cohort.patients["patient_id"]
    days, no_day = first_days(patients, rows, "day"), without_day(patients, rows, "day")
    assessed = set(cohort.responses.loc[cohort.responses["response"].isin(EVALUABLE), "patient_id"])
    unknown = tuple(patient for patient in patients if patient in no_day or patient not in assessed)
    return BecameKnown(f"{threshold} or better", days, unknown, f"not {threshold} or better")


def grade_by(cohort: Cohort, term: str, least: int) -> BecameKnown:
    """The first day, from the infusion on, of this event at grade `least` or more; NaN = none is recorded.

    `not_stated`: who has such an event without a day, or an event without a grade: it may have been as bad.
    """
    events = _occurred(cohort, term)
    bad = events[events["grade"] >= least]
    patients = cohort.patients["patient_id"]
    open_ones = (*without_day(patients, bad, "start_day"), *without_day(patients, events, "grade"))
    unknown = tuple(patient for patient in patients if patient in open_ones)
    return BecameKnown(
        f"{term} grade ≥ {least}", first_days(patients, bad, "start_day"), unknown, f"{term} grade < {least}"
    )


def _occurred(cohort: Cohort, term: str) -> pd.DataFrame:
    """The rows of the event; grade 0 means looked for and absent."""
    events = cohort.adverse_events
    return events[(events["term"] == term) & ~(events["grade"] == 0)]


@dataclass(frozen=True)
class KnownSource:
    """`kind` is group, therapy, response or grade; `name` the therapy, response or term; `least` the grade."""

    kind: str
    label: str
    name: str = ""
    least: int = 0

    @property
    def key(self) -> str:
        """How a widget remembers it; a grouping is not mistaken for the next one."""
        return f"{self.kind} {self.name} {self.least or ''}".strip()


def known_sources(cohort: Cohort, grouping: Grouping) -> tuple[KnownSource, ...]:
    """What groups can be formed by in the opened cohort: the grouping first, where it can."""
    own = [] if isinstance(exposure_of(cohort, grouping), str) else [_own(grouping)]
    return (*own, *_therapies(cohort), *_responses(cohort), *_grades(cohort))


def became_known(cohort: Cohort, grouping: Grouping, source: KnownSource) -> BecameKnown:
    """The day on which it became known of each selected patient.

    ValueError where the source is the grouping and its day cannot be reported: `known_sources` does not offer it then.
    """
    if source.kind == "therapy":
        return exposure_start(cohort, source.name)
    if source.kind == "response":
        return response_by(cohort, source.name)
    if source.kind == "grade":
        return grade_by(cohort, source.name, source.least)
    found = exposure_of(cohort, grouping)
    if isinstance(found, str):
        raise ValueError(found)
    return found


def _own(grouping: Grouping) -> KnownSource:
    return KnownSource("group", f"{grouping.label}, as known then", grouping.variable)


def _therapies(cohort: Cohort) -> list[KnownSource]:
    """Kinds and names of the courses that can begin after the infusion."""
    courses = [course.split("\t") for course in cohort.vocabulary.get("course", ())]
    later = [(kind, name) for kind, name in courses if kind not in OVER_BY_INFUSION]
    names = dict.fromkeys([*(kind for kind, _ in later), *(name for _, name in later)])
    return [KnownSource("therapy", f"Start of {name}", name) for name in names if name]


def _responses(cohort: Cohort) -> list[KnownSource]:
    seen, scale = cohort.vocabulary.get("response", ()), scale_of(cohort)
    asked = (scale.responding[-1], "CR")
    return [KnownSource("response", f"{name} or better", name) for name in asked if seen]


def _grades(cohort: Cohort) -> list[KnownSource]:
    terms = [term for term in TERMS_ASKED if term in cohort.vocabulary.get("term", ())]
    return [KnownSource("grade", f"{term} grade ≥ {least}", term, least) for term in terms for least in GRADES_ASKED]
