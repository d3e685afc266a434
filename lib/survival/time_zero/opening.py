"""What the tab begins with: whether a reader has to care about time zero, and by what groups can be formed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.selected_by import SelectedBy, known_late
from lib.derived.became_known import BecameKnown
from lib.derived.exposure import exposure_of
from lib.derived.known_at_proposal import proposed_known_at
from lib.derived.known_source import KnownSource, known_sources
from lib.survival.time_zero.followed import why_not

SELECTED: Final = "The groups need not be formed anew, but a landmark at or after the day on which the selection was known mends its bias."


@dataclass(frozen=True)
class Opening:
    """What the tab begins with: a sentence, what groups can be formed by, whether the first of it is the grouping itself."""

    sentence: str
    sources: tuple[KnownSource, ...]
    own: bool


def opening(opened: Cohort, grouping: Grouping, endpoint: str, selected_by: Sequence[SelectedBy] = ()) -> Opening:
    """Whether the reader has to care about time zero, and by what groups of the opened cohort can be formed."""
    if reason := why_not(endpoint):
        return Opening(reason, (), False)
    found = exposure_of(opened, grouping)
    only_selected = known_late(selected_by) and not (grouping.known_after_infusion or grouping.time_not_stated)
    said = SELECTED if only_selected else _said(opened, grouping, found)
    return Opening(said, known_sources(opened, grouping), not isinstance(found, str))


def _said(opened: Cohort, grouping: Grouping, found: BecameKnown | str) -> str:
    label = grouping.label
    if not grouping.compares:
        return "All patients are one group: nothing is compared, and time zero can bias nothing."
    if grouping.time_not_stated:
        proposed = proposed_known_at(opened, grouping)
        hint = f" {proposed.why}" if proposed else ""
        return f"Time of grouping not stated: say in the sidebar, under “Compare by”, when {label} was known.{hint}"
    if not grouping.known_after_infusion:
        return f"{label} was known before the infusion, so every patient belongs to a group from time zero on: nothing needs to be done."
    if isinstance(found, str):
        return f"{found} Below, groups can be formed by something else that became known later."
    return (
        f"{label} became known by day {grouping.known_at:g}. Counted from time zero, patients had to live until then to come into "
        "some of the groups; the two analyses below do not ask that of anybody."
    )
