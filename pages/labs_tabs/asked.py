"""What the labs page was asked for: the same for all its tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.until_next import UntilNext
from lib.labs.figure import LabOptions
from lib.labs.series import LabSeries
from lib.publication.exhibit import Exhibit, noting
from pages.frame import output


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
    until: UntilNext  # the same patients, without values after the next therapy where that is asked

    def show(self, draw: Callable[..., Exhibit], *arguments: Any) -> None:
        """On the page, with what was left out after the next therapy."""
        output.show(noting(draw, self.until.of_values), *arguments)
