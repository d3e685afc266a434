"""What the toxicity page was asked for: the same for all its tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.period import Period
from lib.publication.exhibit import Exhibit, noting
from lib.toxicity.incidence import Incidence
from pages.frame import output


@dataclass(frozen=True)
class Asked:
    """The selected cohort, how it is compared, its adverse events in the period, and which terms and rows are shown how."""

    cohort: Cohort
    grouping: Grouping
    result: Incidence
    terms: tuple[str, ...]
    thresholds: tuple[str, ...]
    adjustment: str
    said: tuple[str, ...] = ()  # what was left out after the next therapy

    @property
    def period(self) -> Period:
        return self.result.asked.period

    def show(self, draw: Callable[..., Exhibit], *arguments: Any) -> None:
        """On the page, with what was left out after the next therapy."""
        output.show(noting(draw, self.said), *arguments)
