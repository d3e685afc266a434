"""What the toxicity page was asked for: the same for all its tabs."""

from dataclasses import dataclass

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.period import Period
from lib.toxicity.incidence import Incidence


@dataclass(frozen=True)
class Asked:
    """The selected cohort, how it is compared, its adverse events in the period, and which terms and rows are shown how."""

    cohort: Cohort
    grouping: Grouping
    result: Incidence
    terms: tuple[str, ...]
    thresholds: tuple[str, ...]
    adjustment: str

    @property
    def period(self) -> Period:
        return self.result.asked.period
