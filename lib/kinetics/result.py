"""All that the kinetics of a cohort give: series with groups, profile, parameters of every patient, comparison at a day."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.nominal_day import nominal_days
from lib.derived.replicates import GEOMETRIC_MEAN
from lib.kinetics.fold import BASE_DAY
from lib.kinetics.parameters import KineticParameters, Subject, parameters
from lib.kinetics.profile import DayComparison, compare_at, profile
from lib.kinetics.samples import Samples
from lib.kinetics.series import SeriesKey, series

MONTH_1_DAY: Final = 28.0


@dataclass(frozen=True)
class KineticsResult:
    """`table` holds the samples after the chosen infusion with the group of each; `parameters` those of every infusion."""

    key: SeriesKey
    grouping: Grouping
    infusion: int
    table: pd.DataFrame
    profile: pd.DataFrame
    days: tuple[float, ...]
    parameters: tuple[KineticParameters, ...]
    comparison: DayComparison
    n: int
    n_selected: int
    base_day: float = BASE_DAY
    rule: str = GEOMETRIC_MEAN  # how several samples of a day count as one

    @property
    def of_infusion(self) -> tuple[KineticParameters, ...]:
        """The parameters after the chosen infusion, of patients who are in a group."""
        return tuple(each for each in self.parameters if each.infusion == self.infusion and each.group is not None)

    @property
    def n_replicated(self) -> tuple[int, int]:
        """How many days of how many patients have several samples."""
        several = self.table[self.table["replicates"] > 1]
        return len(several), int(several["patient"].nunique())

    @property
    def lloqs(self) -> tuple[float, ...]:
        """The limits of quantification of the samples shown."""
        return tuple(sorted(self.table["lloq"].dropna().unique()))


def kinetics(
    cohort: Cohort, key: SeriesKey, grouping: Grouping, base_day: float = BASE_DAY, rule: str = GEOMETRIC_MEAN
) -> KineticsResult:
    """The kinetics of one series; groups are compared at the nominal day nearest to month 1, folds count from `base_day`.

    `rule`: how several samples of a patient on one day count as one (see lib/derived/replicates.py).
    """
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")
    every = series(cohort, key, rule)
    every = every.assign(group=every["patient"].map(group))
    table = every[(every["infusion"] == cohort.infusion) & every["group"].notna()].reset_index(drop=True)
    days = nominal_days(table["day"])
    month_1 = min(days, key=lambda day: abs(day - MONTH_1_DAY), default=MONTH_1_DAY)
    return KineticsResult(
        key,
        grouping,
        cohort.infusion,
        table,
        profile(table, grouping.names, days),
        days,
        tuple(_parameters(every, base_day)),
        compare_at(table, month_1, grouping.names),
        int(table["patient"].nunique()),
        cohort.n,
        base_day,
        rule,
    )


def compared_at(result: KineticsResult, day: float, within: float | None = None) -> KineticsResult:
    """The same kinetics with the groups compared at another day, by samples `within` so many days of it (None = as usual)."""
    if day == result.comparison.day and within in (None, result.comparison.within):
        return result
    return replace(result, comparison=compare_at(result.table, day, result.grouping.names, within))


def _parameters(every: pd.DataFrame, base_day: float) -> list[KineticParameters]:
    found = []
    for (patient, infusion), rows in every.groupby(["patient", "infusion"], sort=False):
        group = rows["group"].iloc[0]
        subject = Subject(
            str(patient), int(str(infusion).removesuffix(".0")), group if isinstance(group, str) else None
        )
        samples = Samples(
            rows["day"].to_numpy(float), rows["value"].to_numpy(float), rows["below"].to_numpy(np.bool_), rows["lloq"].to_numpy(float)
        )  # fmt: skip
        found.append(parameters(subject, samples, base_day))
    return found
