"""What the survival page was asked for: the same for all its tabs."""

from dataclasses import dataclass

from lib.cohort.endpoint_choice import Definition
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.survival.result import SurvivalResult
from pages.frame.curve_panel import CurveWishes


@dataclass(frozen=True)
class Asked:
    """The selected cohort, how it is compared, the endpoint with its definition, its curves, and how they are to be shown."""

    cohort: Cohort
    grouping: Grouping
    endpoint: str
    definition: Definition
    unit: str
    result: SurvivalResult
    view: str
    wishes: CurveWishes

    @property
    def limits(self) -> bool:
        return self.wishes.limits
