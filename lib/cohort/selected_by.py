"""By what patients were selected, and when that was known: who is chosen by the future had to live until then.

A clause known after time zero biases every time that counts from there; known by a landmark, it does not bias what
counts from the landmark.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lib.cohort.schema import BEFORE_INFUSION

AT_ANY_TIME: Final = float("inf")


@dataclass(frozen=True)
class SelectedBy:
    """One clause in words; `known_at` is the study day by which it was known of everybody, None = not stated."""

    words: str
    known_at: float | None = None

    def known_after(self, day: float = BEFORE_INFUSION) -> bool:
        """Whether it is stated to have become known only after this day."""
        return self.known_at is not None and self.known_at > day


def known_late(selected_by: Iterable[SelectedBy]) -> tuple[SelectedBy, ...]:
    """The clauses that were known only after the infusion."""
    return tuple(each for each in selected_by if each.known_after())


def not_dated(selected_by: Iterable[SelectedBy]) -> tuple[SelectedBy, ...]:
    """The clauses of which it is not stated when they were known."""
    return tuple(each for each in selected_by if each.known_at is None)


def listed(selected_by: Iterable[SelectedBy]) -> str:
    """ "CRS grade ≥ 3", "CRS grade ≥ 3 and Response"."""
    words = [each.words for each in selected_by]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
