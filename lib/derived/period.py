"""Periods after the infusion into which adverse events are parted by the day on which they began.

0 to 30 days, 31 to 90 and later, as CAR T-cell trials part early from late toxicity; or days of the reader's own.
"""

from dataclasses import dataclass
from math import inf
from typing import Final

import pandas as pd


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
