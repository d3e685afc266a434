"""How far a sample may lie from the day that it stands for."""

from typing import Final

WINDOW_SHARE: Final = 0.1  # a sample belongs to the nominal day within a tenth of it, at least a day


def window(day: float) -> float:
    """How far a sample may lie from the nominal day, in days; day 0 is the infusion itself and takes no other day."""
    return max(1.0, round(WINDOW_SHARE * abs(day))) if day else 0.0
