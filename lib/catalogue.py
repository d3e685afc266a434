"""Every exhibit there is: what it needs, and how it is made of a selected cohort, a grouping and a unit of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.publication.exhibit import Exhibit
from lib.survival.figure import survival_figure
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.words import summary_table

Maker = Callable[[Cohort, Grouping, str], Iterator[Exhibit]]


@dataclass(frozen=True)
class Entry:
    """One question: the table without which it has no answer, and the maker of its exhibits with the default options."""

    question: str
    needs: str
    make: Maker


def exhibits(cohort: Cohort, grouping: Grouping, unit: str) -> Iterator[Exhibit]:
    """Every exhibit for which the selected cohort has data, in the order of the menu."""
    for entry in CATALOGUE:
        rows = cohort.patients if entry.needs == "patients" else cohort.tables[entry.needs]
        if len(rows) and cohort.n:
            yield from entry.make(cohort, grouping, unit)


def _survival(cohort: Cohort, grouping: Grouping, unit: str) -> Iterator[Exhibit]:
    for endpoint in cohort.endpoint_names:
        result = survival(time_to_event(cohort, endpoint, grouping, unit), cohort)
        yield survival_figure(result)
        yield summary_table(result)


CATALOGUE: Final = (Entry("survival", "endpoints", _survival),)
