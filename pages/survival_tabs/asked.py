"""What the survival page was asked for: the same for all its tabs."""

from dataclasses import dataclass

from lib.cohort.endpoint_choice import Definition
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.survival.result import SurvivalResult


@dataclass(frozen=True)
class Asked:
    """The selected cohort, how it is compared, the endpoint with its definition, and its curves."""

    cohort: Cohort
    grouping: Grouping
    endpoint: str
    definition: Definition
    unit: str
    result: SurvivalResult
    limits: bool
