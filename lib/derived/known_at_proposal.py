"""By which day a grouping was known, proposed from the courses that began after the infusion; the reader confirms it.

A group named in Therapies was complete when the last of its patients had begun: the latest first start.
"""

from math import ceil
from typing import Final

from lib.cohort.grouping import Grouping, ProposedDay
from lib.cohort.model import Cohort
from lib.cohort.schema import BEFORE_INFUSION
from lib.cohort.selection import Selection, select
from lib.derived.exposure import exposure_start, therapy_group

LATEST: Final = 36_525  # a day beyond a hundred years is a slip of the pen


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
