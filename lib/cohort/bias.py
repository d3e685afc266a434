"""What biases an analysis of this grouping and selection by design, in one sentence each, in one place for every exhibit.

Both ask of patients to live until something was known (immortal time). Source: Anderson, Cain & Gelber 1983; Suissa 2008.
"""

from collections.abc import Sequence
from typing import Final

from lib.cohort.grouping import Grouping
from lib.cohort.selected_by import SelectedBy, known_late, listed

GROUPED_LATE: Final = "The groups were formed after infusion: this comparison is biased by design."
RESPONDERS_ONLY: Final = (
    "Of responders only: whoever did not respond is left out, and who responds is known only after infusion: "
    "groups are not compared as they were formed."
)


def selection_bias(selected_by: Sequence[SelectedBy], since: str = "the infusion") -> str:
    """That patients were selected by what was known only after time zero; "" where they were not. `since` is that time zero."""
    late = known_late(selected_by)
    return f"Selected by {listed(late)}, known only after {since}: biased by design." if late else ""


def grouping_bias(grouping: Grouping) -> str:
    """That groups were formed after the infusion, or that nobody says when; "" where neither."""
    if grouping.known_after_infusion:
        return GROUPED_LATE
    if grouping.time_not_stated:
        return (
            f"Time of grouping not stated: if {grouping.label} became known after infusion, the comparison is biased."
        )
    return ""
