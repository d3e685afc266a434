"""All that the kinetics of a cohort give: series with groups, profile, parameters of every patient, comparison at a day."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.nominal_day import nominal_days
from lib.kinetics.parameters import KineticParameters, parameters
from lib.kinetics.profile import DayComparison, compare_at, profile
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

    @property
    def of_infusion(self) -> tuple[KineticParameters, ...]:
        """The parameters after the chosen infusion, of patients who are in a group."""
        return tuple(each for each in self.parameters if each.infusion == self.infusion and each.group is not None)

    @property
    def lloqs(self) -> tuple[float, ...]:
        """The limits of quantification of the samples shown."""
        return tuple(sorted(self.table["lloq"].dropna().unique()))


def kinetics(cohort: Cohort, key: SeriesKey, grouping: Grouping) -> KineticsResult:
    """The kinetics of one series; groups are compared at the nominal day nearest to month 1."""
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")
    every = series(cohort, key)
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
        tuple(_parameters(every)),
        compare_at(table, month_1, grouping.names),
        int(table["patient"].nunique()),
        cohort.n,
    )


def compared_at(result: KineticsResult, day: float) -> KineticsResult:
    """The same kinetics with the groups compared at another nominal day."""
    if day == result.comparison.day:
        return result
    return replace(result, comparison=compare_at(result.table, day, result.grouping.names))


def _parameters(every: pd.DataFrame) -> list[KineticParameters]:
    found = []
    for (patient, infusion), rows in every.groupby(["patient", "infusion"], sort=False):
        group = rows["group"].iloc[0]
        found.append(
            parameters(
                str(patient), int(str(infusion).removesuffix('.0')), group if isinstance(group, str) else None, rows["day"].to_numpy(float),
                rows["value"].to_numpy(float), rows["below"].to_numpy(np.bool_),
            )
        )  # fmt: skip
    return found
