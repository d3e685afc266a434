"""What the kinetics page was asked for: the same for all its tabs."""

from dataclasses import dataclass

from lib.cohort.model import Cohort
from lib.kinetics.result import KineticsResult


@dataclass(frozen=True)
class Asked:
    """The selected cohort, the kinetics of the chosen series, and how they are to be shown."""

    cohort: Cohort
    result: KineticsResult
    spread_early_days: bool
    limits: bool
