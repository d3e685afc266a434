"""By what groups can be formed that become known after the infusion: the grouping itself, a therapy, a response, a
grade.

A source has a name that does not depend on who is selected; the days are those of the selected patients.

An adverse event reached a grade on the first day of an event of that grade; a response was at least as good as a
threshold on the first day of such an assessment. Asked at a landmark, this compares responders with others without
giving responders immortal time (Anderson 1983).
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import RESPONSES
from lib.derived.became_known import BecameKnown, first_days, without_day
from lib.derived.exposure import OVER_BY_INFUSION, exposure_of, exposure_start

EVALUABLE: Final = tuple(response for response in RESPONSES if response != "NE")
GRADES_ASKED: Final = (2, 3)
TERMS_ASKED: Final = ("CRS", "ICANS")


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
