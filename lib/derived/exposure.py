"""The first day on which a therapy began after the infusion, and the therapy that a group formed after infusion stands
for.

A name means every row of Therapies of which the kind and the therapy together hold all its words: "maintenance",
"Pomalidomide", "pomalidomide maintenance".

A group named in Therapies was complete when the last of its patients had begun: that day is proposed for when a
grouping was known, and the reader confirms it.
"""

from math import ceil
from typing import Final

import pandas as pd

from lib.cohort.course_clause import names_course
from lib.cohort.grouping import Group, Grouping, ProposedDay
from lib.cohort.model import Cohort
from lib.cohort.schema import BEFORE_INFUSION
from lib.cohort.selection import Selection, select
from lib.derived.became_known import BecameKnown, first_days, without_day

LATEST: Final = 36_525  # a day beyond a hundred years is a slip of the pen
OVER_BY_INFUSION: Final = ("prior line", "bridging", "lymphodepletion")  # over by the infusion, stated day or not
YES: Final = ("yes", "y", "true", "1")
TWO_GROUPS: Final = 2


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
