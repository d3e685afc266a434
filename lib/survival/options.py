"""What a reader may choose about the curves; the defaults are good enough to print."""

from dataclasses import dataclass
from typing import Final

from lib.cohort.grouping import Grouping
from lib.stats.survival_limits import Transform

SURVIVAL_VIEW: Final = "Survival"
DIFFERENCE_VIEW: Final = "Difference"
INCIDENCE_VIEW: Final = "Cumulative incidence"
VIEWS: Final = (SURVIVAL_VIEW, DIFFERENCE_VIEW, INCIDENCE_VIEW)
MEDIAN: Final = 0.5
SHARES: Final = {"Median": MEDIAN, "25 %": 0.25, "75 %": 0.75, "Own": None}


@dataclass(frozen=True)
class CurveOptions:
    """`transform` is the scale of all limits; `share` of the patients had the event by the time that is marked in the figure."""

    transform: Transform = "log-log"
    share: float = MEDIAN


DEFAULT: Final = CurveOptions()


def views(grouping: Grouping, causes_compete: bool = False) -> tuple[str, ...]:
    """The views that there are: a difference is one of two groups; an incidence needs causes that can be told apart."""
    refused = {DIFFERENCE_VIEW: len(grouping.groups) != 2, INCIDENCE_VIEW: not causes_compete}
    return tuple(view for view in VIEWS if not refused.get(view))
