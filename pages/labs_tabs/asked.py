"""What the labs page was asked for: the same for all its tabs."""

from dataclasses import dataclass

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.labs.figure import LabOptions
from lib.labs.series import LabSeries


@dataclass(frozen=True)
class Asked:
    """The selected cohort, how it is compared, the test that is looked at, the version of CTCAE, and how values are drawn."""

    cohort: Cohort
    grouping: Grouping
    series: tuple[LabSeries, ...]
    chosen: LabSeries
    version: str
    by_visit: bool
    options: LabOptions
