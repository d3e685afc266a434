"""What biases an analysis of this grouping and selection by design, in one sentence each, in one place for every
exhibit.

Both ask of patients to live until something was known: immortal-time bias where a time to an event is measured, and
elsewhere groups that are not comparable at infusion. Source: Anderson, Cain & Gelber 1983; Suissa 2008.
"""

from collections.abc import Sequence
from typing import Final

from lib.cohort.grouping import Grouping
from lib.cohort.selected_by import SelectedBy, known_late, listed

IMMORTAL: Final = "immortal-time bias"
NOT_COMPARABLE: Final = "groups not comparable at infusion"
GROUPED_LATE: Final = f"The groups were formed after infusion: {IMMORTAL}."
FORMED_LATE: Final = f"Formed after infusion: {NOT_COMPARABLE}."  # of what is no time to an event
RESPONDERS_ONLY: Final = (
    "Responders only, and who responds is known only after infusion: groups are not compared as they were formed."
)


def selection_bias(selected_by: Sequence[SelectedBy], since: str = "the infusion", timed: bool = True) -> str:
    """That patients were selected by what was known only after time zero; "" where they were not. `since` is that time
    zero.

    `timed`: whether a time to an event is measured.
    """
    late = known_late(selected_by)
    bias = IMMORTAL if timed else "selection bias"
    return f"Selected by {listed(late)}, known only after {since}: {bias}." if late else ""


def grouping_bias(grouping: Grouping, timed: bool = True) -> str:
    """That groups were formed after the infusion, or that nobody says when; "" where neither. `timed` as above."""
    if grouping.known_after_infusion:
        return GROUPED_LATE if timed else FORMED_LATE
    if grouping.time_not_stated:
        bias = IMMORTAL if timed else NOT_COMPARABLE
        return f"Time of grouping not stated: if {grouping.label} became known after infusion, {bias}."
    return ""
