"""What a reader may choose about the curves; the defaults are good enough to print."""

from dataclasses import dataclass
from typing import Final

from lib.stats.survival_limits import Transform

MEDIAN: Final = 0.5
SHARES: Final = {"Median": MEDIAN, "25 %": 0.25, "75 %": 0.75, "Own": None}


@dataclass(frozen=True)
class CurveOptions:
    """`transform` is the scale of all limits; `share` of the patients had the event by the time that is marked in the figure."""

    transform: Transform = "log-log"
    share: float = MEDIAN


DEFAULT: Final = CurveOptions()
