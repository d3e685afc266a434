"""All that one series of laboratory values gives: values with groups and places, their summaries, the comparisons."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.last_lab import LastLab, last_labs
from lib.derived.nominal_day import near_days, nominal_days
from lib.labs.profile import LabComparison, LabSummary, Place, comparisons, profile
from lib.labs.series import LabSeries, values_of


@dataclass(frozen=True)
class LabResult:
    """`table` holds every value that has a time, with `at` its position on the axis and the group of its patient.

    `n_untimed` counts values without day (or visit), `n_repeated` further values of a patient at a visit: in nothing.
    """

    series: LabSeries
    grouping: Grouping
    by_visit: bool
    infusion: int
    table: pd.DataFrame
    places: tuple[Place, ...]
    summaries: tuple[LabSummary, ...]
    comparisons: tuple[LabComparison, ...]
    n: int
    n_selected: int
    n_untimed: int
    n_repeated: int
    last: tuple[LastLab, ...] = ()  # of any test

    @property
    def reference_limits(self) -> dict[str, float]:
        """The limits of the reference range, each only where it is the same for all values: "lower", "upper"."""
        limits = {}
        for side in ("lower", "upper"):
            given = self.table[f"{side}_limit"]
            if len(given) and given.notna().all() and given.nunique() == 1:
                limits[side] = float(given.iloc[0])
        return limits

    @property
    def detection_limits(self) -> tuple[float, ...]:
        """The limits of detection that values lie below."""
        return tuple(sorted(self.table.loc[self.table["below"], "limit"].dropna().unique()))


def labs(cohort: Cohort, series: LabSeries, grouping: Grouping, by_visit: bool | None = None) -> LabResult:
    """One series by group, at visits or around nominal days (None = as the series itself)."""
    at_visits = series.by_visit if by_visit is None else by_visit and bool(series.visits)
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")
    every = values_of(cohort, series)
    every = every.assign(group=every["patient"].map(group).astype("object"))
    grouped = every[every["group"].notna()]
    table, n_repeated = _at_visits(grouped, series.visits) if at_visits else _at_days(grouped)
    places = _visits(table, series.visits) if at_visits else _days(table)
    sampled = _sampled(table, places, at_visits)
    names = grouping.names
    return LabResult(
        series, grouping, at_visits, cohort.infusion, table, places, profile(sampled, names, places), comparisons(sampled, names, places),
        int(table["patient"].nunique()), cohort.n, len(grouped) - len(table) - n_repeated, n_repeated,
        last_labs(cohort, grouping),
    )  # fmt: skip


def _at_visits(rows: pd.DataFrame, visits: tuple[str, ...]) -> tuple[pd.DataFrame, int]:
    """The first value of each patient at each visit, and how many further ones there were."""
    named = rows[rows["visit"].notna()]
    at = named["visit"].map({visit: float(number) for number, visit in enumerate(visits)}).astype(float)
    once = named.assign(at=at).drop_duplicates(["patient", "visit"])
    return once.sort_values(["patient", "at"], kind="stable", ignore_index=True), len(named) - len(once)


def _at_days(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    timed = rows[rows["day"].notna()]
    return timed.assign(at=timed["day"]).reset_index(drop=True), 0


def _visits(table: pd.DataFrame, visits: tuple[str, ...]) -> tuple[Place, ...]:
    """Every visit of the opened cohort, so that it keeps its place whatever is selected."""
    median = table.groupby("visit")["day"].median().dropna()
    return tuple(
        Place(float(at), visit, float(median[visit]) if visit in median.index else None, visit)
        for at, visit in enumerate(visits)
    )


def _days(table: pd.DataFrame) -> tuple[Place, ...]:
    return tuple(Place(day, f"{day:g}", day, None) for day in nominal_days(table["day"]))


def _sampled(table: pd.DataFrame, places: tuple[Place, ...], at_visits: bool) -> pd.DataFrame:
    """One row a patient and place, with the number of the place."""
    number = {place.at: number for number, place in enumerate(places)}
    if at_visits:
        return table.assign(place=table["at"].map(number).astype(np.int64))
    near = near_days(table, tuple(number))
    return near.assign(place=near["nominal"].map(number).astype(np.int64))
