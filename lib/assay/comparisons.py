"""All that one series of an assay gives: mean and SD of every dose and time, and the doses compared at each time.

Technical replicates are not n: where the sheet names donors, their means are what is summarised and tested; where it
names none, the wells are, and the p-values speak of this one experiment.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.assay.series import AssaySeries, series_by_slug
from lib.cohort.analysis import Analysis
from lib.stats.estimate import Floats, TestResult
from lib.stats.ranks import kruskal_wallis
from lib.stats.several_groups import GroupPair, MeanDifference, anova, conover, dunn, dunnett, student_against, tukey

FEWEST_DONORS: Final = 2  # one donor is one experiment


@dataclass(frozen=True)
class AssayCell:
    """One dose (or condition) of one line at one time; `n` counts donors where they are known, else wells."""

    line: str
    group: str
    time: float | None
    n: int
    n_wells: int
    mean: float | None
    sd: float | None  # None with fewer than two


@dataclass(frozen=True)
class AssayFamily:
    """The doses of one line at one time, compared; what needs a control is () where there is none."""

    line: str
    time: float | None
    values: dict[str, Floats]
    control: str | None
    dunnett: tuple[MeanDifference, ...]


@dataclass(frozen=True)
class AllTests:
    """Every further test of one family."""

    family: AssayFamily
    anova: TestResult
    kruskal_wallis: TestResult
    student: tuple[GroupPair, ...]
    tukey: tuple[MeanDifference, ...]
    dunn: tuple[GroupPair, ...]
    conover: tuple[GroupPair, ...]


@dataclass(frozen=True)
class AssayResult:
    """One series, its cells in the order line, time, group, and its families in the order line, time."""

    series: AssaySeries
    by_donor: bool
    cells: tuple[AssayCell, ...]
    families: tuple[AssayFamily, ...]

    @property
    def n_wells(self) -> int:
        """How many wells there are; those of a shared control count once."""
        return int(self.series.wells["original"].nunique())

    @property
    def times(self) -> tuple[float | None, ...]:
        """Its times, (None,) where none is stated."""
        return self.series.times or (None,)

    @property
    def per_group(self) -> tuple[int, ...]:
        """How many values groups have, each number once, smallest first."""
        return tuple(sorted({cell.n for cell in self.cells if cell.n}))


def assay(series: AssaySeries) -> AssayResult:
    """Means and comparisons of one series."""
    by_donor = series.n_donors >= FEWEST_DONORS
    cells, families = [], []
    for line in series.design.lines:
        for time in series.times or (None,):
            here = _at(series, line, time)
            values = {group: _values(here[here["group"] == group], by_donor) for group in series.design.groups}
            cells += [_cell(line, group, time, values[group], here) for group in series.design.groups]
            families.append(_family(series, line, time, values))
    return AssayResult(series, by_donor, tuple(cells), tuple(families))


def all_tests(result: AssayResult) -> tuple[AllTests, ...]:
    """The sensitivity analyses of every family: overall tests, t tests against the control, and all pairs."""
    return tuple(map(_all_tests, result.families))


def _at(series: AssaySeries, line: str, time: float | None) -> pd.DataFrame:
    rows = series.wells[series.wells["line"] == line]
    return rows if time is None else rows[rows["time"] == time]


def _values(rows: pd.DataFrame, by_donor: bool) -> Floats:
    """What is summarised: the mean of each donor (wells of no named donor are one more), or every well."""
    values = rows.groupby("donor", sort=False)["value"].mean() if by_donor else rows["value"]
    return np.asarray(values, dtype=float)


def _cell(line: str, group: str, time: float | None, values: Floats, here: pd.DataFrame) -> AssayCell:
    n = len(values)
    mean = float(values.mean()) if n else None
    sd = float(values.std(ddof=1)) if n > 1 else None
    return AssayCell(line, group, time, n, int((here["group"] == group).sum()), mean, sd)


def _family(series: AssaySeries, line: str, time: float | None, values: dict[str, Floats]) -> AssayFamily:
    control = series.design.control
    return AssayFamily(line, time, values, control, dunnett(values, control) if control is not None else ())


def _all_tests(family: AssayFamily) -> AllTests:
    values, each = family.values, list(family.values.values())
    student = student_against(values, family.control) if family.control is not None else ()
    return AllTests(family, anova(each), kruskal_wallis(each), student, tukey(values), dunn(values), conover(values))


def _computed(analysis: Analysis, slug: str) -> AssayResult:
    return assay(series_by_slug(analysis)[slug])


def measured(analysis: Analysis, slug: str) -> AssayResult:
    """Means and tests of one series, computed once for all exhibits that show them."""
    found: AssayResult = analysis.result(_computed, slug)
    return found
