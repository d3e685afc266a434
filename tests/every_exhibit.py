"""Every exhibit of a selected cohort, as reports and pages make them."""

from collections.abc import Iterator

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.exhibits import attempts
from lib.publication.exhibit import Exhibit
from lib.publication.spec import Failed


def exhibits(
    cohort: Cohort, grouping: Grouping, unit: str, opened: Cohort | None = None, only: tuple[str, ...] = ()
) -> Iterator[Exhibit]:
    """With their usual options, those whose id fits a pattern of `only`; `opened` is the cohort before the selection
    (None: nothing was selected)."""
    for each in attempts(Analysis(opened or cohort, cohort, grouping, unit), only):
        if isinstance(each, Failed):
            raise each.error
        yield each
