"""What biases an analysis from time zero, in words: groups formed after the infusion, and patients selected by what was known after it.

Both ask of patients to live until something was known (immortal time). Source: Anderson, Cain & Gelber 1983; Suissa 2008.
"""

import textwrap
from collections.abc import Sequence
from typing import Final, Protocol

from lib.cohort.bias import GROUPED_LATE, grouping_bias, selection_bias
from lib.cohort.grouping import Grouping
from lib.cohort.selected_by import SelectedBy, listed, not_dated

ARM_BIAS: Final = GROUPED_LATE
HEADING_WIDTH: Final = 105  # signs that fit into a line above a figure


class Counted(Protocol):
    """An outcome: how its patients are grouped, and by what they were selected."""

    @property
    def grouping(self) -> Grouping: ...

    @property
    def selected_by(self) -> tuple[SelectedBy, ...]: ...


def bias(outcome: Counted, compares: bool = True) -> str:
    """What is biased by design, to stand beside the finding; "" where nothing is. `compares`: whether groups are compared at all."""
    grouped = ARM_BIAS if compares and outcome.grouping.known_after_infusion else ""
    return " ".join(part for part in (grouped, selection_bias(outcome.selected_by)) if part)


def bias_heading(outcome: Counted) -> str:
    """The same in lines, for the words within a figure."""
    parts = (ARM_BIAS if outcome.grouping.known_after_infusion else "", selection_bias(outcome.selected_by))
    return "\n".join(in_lines(part) for part in parts if part)


def in_lines(sentence: str) -> str:
    """A sentence in lines as long as a figure is wide."""
    return textwrap.fill(sentence, HEADING_WIDTH)


def bias_notes(outcome: Counted) -> tuple[str, ...]:
    """The bias of the grouping and of the selection, each with why; or that nobody says when something was known."""
    return (*_of_grouping(outcome.grouping), *selection_notes(outcome.selected_by))


def selection_notes(selected_by: Sequence[SelectedBy], since: str = "the infusion") -> tuple[str, ...]:
    """The bias of the selection; or that nobody says when that was known by which patients were selected."""
    said = []
    if biased := selection_bias(selected_by, since):
        said.append(
            f"{biased} Whoever had the event too early could not be selected, or only among the others (immortal time)."
        )
    if undated := not_dated(selected_by):
        said.append(
            f"Not stated when {listed(undated)} was known: if after {since}, selecting by it biases the analysis."
        )
    return tuple(said)


def _of_grouping(grouping: Grouping) -> tuple[str, ...]:
    if grouping.known_after_infusion:
        return (
            f"{ARM_BIAS} {grouping.label} became known by day {grouping.known_at:g}: to live until then was a condition "
            "for some of the groups (immortal time).",
        )
    if grouping.time_not_stated:
        return (grouping_bias(grouping),)
    return ()
