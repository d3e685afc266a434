"""Laboratory values at visits or nominal days: median, quartiles and range per group, and the test between groups.

Quartiles by linear interpolation (type 7); means with their 95 % interval by t, where no value is below a limit. A
value below its limit of detection counts as the lowest; a quantile that falls below the limit is not given as a number.
Each patient counts once at each place.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort
from lib.derived.lab_values import LastLab, last_labs
from lib.derived.sampling import near_days, nominal_days
from lib.labs.series import LabSeries, series_by_slug, values_of
from lib.publication.options import Sized, flag
from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.means import mean
from lib.stats.ranks import MANN_WHITNEY, location_test

QUANTILES: Final = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}
UNKNOWN_LIMIT: Final = "below a limit that is not stated"
NO_VALUES: Final = "no values"
BELOW: Final = "values below the limit of detection have no mean"
NO_MEAN: Final = Estimate(None, reason=NO_VALUES)
TIE: Final = 1 - 1e-12


def _has_visits_and_days(analysis: Analysis, slug: str | None) -> bool:
    series = series_by_slug(analysis).get(slug or "")
    return series is not None and bool(series.visits) and series.has_days


@dataclass(frozen=True)
class VisitOptions(Sized):
    """Whether values stand at visits."""

    by_visit: bool = flag(
        None,
        "At visits, not days",
        each_variant=True,
        when=_has_visits_and_days,
        usual=lambda analysis, slug: series_by_slug(analysis)[slug].by_visit,
    )


@dataclass(frozen=True)
class Place:
    """Where values are summarised: `at` is its position on the axis, `day` its day (of a visit the median one, if
    known)."""

    at: float
    label: str
    day: float | None
    visit: str | None


@dataclass(frozen=True)
class LabSummary:
    """One group at one place. A number is None where `reasons` says why; `drawn` has a number in its place (half the
    limit).

    `limit` is the highest limit of detection that a value lies below.
    """

    place: Place
    group: str
    slot: int
    n: int
    n_below: int
    limit: float | None
    numbers: dict[str, float | None]  # median, q1, q3, min, max
    drawn: dict[str, float | None]
    reasons: dict[str, str]
    mean: Estimate = NO_MEAN

    @property
    def reason(self) -> str:
        """Why numbers are missing, in one line."""
        if not self.n:
            return NO_VALUES
        return "; ".join(f"{name}: {reason}" for name, reason in self.reasons.items())


@dataclass(frozen=True)
class LabComparison:
    """The groups at one place."""

    place: Place
    test: TestResult


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


def labs(
    cohort: Cohort, series: LabSeries, grouping: Grouping, by_visit: bool | None = None, everybody: Cohort | None = None
) -> LabResult:
    """One series by group, at visits or around nominal days (None = as the series itself); `everybody`: whose values,
    kept, hold those of the cohort (None: the cohort's own)."""
    source = everybody or cohort
    at_visits = series.by_visit if by_visit is None else by_visit and bool(series.visits)
    group = group_of(cohort, grouping)
    every = values_of(source, series)
    every = every.assign(group=every["patient"].map(group).astype("object"))
    grouped = every[every["group"].notna()]
    table, n_repeated = _at_visits(grouped, series.visits) if at_visits else _at_days(grouped)
    places = _visits(table, series.visits) if at_visits else _days(table)
    sampled = _sampled(table, places, at_visits)
    names = grouping.names
    return LabResult(
        series,
        grouping,
        at_visits,
        cohort.infusion,
        table,
        places,
        profile(sampled, names, places),
        comparisons(sampled, names, places),
        int(table["patient"].nunique()),
        cohort.n,
        len(grouped) - len(table) - n_repeated,
        n_repeated,
        last_labs(cohort, grouping, source),
    )


def _computed(analysis: Analysis, slug: str, by_visit: bool) -> LabResult:
    return labs(analysis.selected, series_by_slug(analysis)[slug], analysis.grouping, by_visit, analysis.everybody)


def course(analysis: Analysis, slug: str, options: VisitOptions) -> LabResult:
    """The values of one test over time, computed once for all exhibits that show them."""
    return analysis.result(_computed, slug, options.by_visit)


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


def profile(sampled: pd.DataFrame, names: tuple[str, ...], places: tuple[Place, ...]) -> tuple[LabSummary, ...]:
    """Every group at every place. `sampled` has one row a patient and place: place (its number), group, value, below,
    limit."""
    by_place = dict(iter(sampled.groupby(["place", "group"], sort=False)))
    nothing = sampled.iloc[:0]
    return tuple(
        _summary(place, (name, slot), by_place.get((number, name), nothing))
        for number, place in enumerate(places)
        for slot, name in enumerate(names)
    )


def comparisons(sampled: pd.DataFrame, names: tuple[str, ...], places: tuple[Place, ...]) -> tuple[LabComparison, ...]:
    """Mann-Whitney (Kruskal-Wallis) at every place; below the limit of detection ranks lowest."""
    ranked = sampled.assign(rank=ranks(sampled))
    by_place = dict(iter(ranked.groupby("place", sort=False)))
    return tuple(
        LabComparison(place, _test(by_place.get(number, ranked.iloc[:0]), names)) for number, place in enumerate(places)
    )


def ranks(rows: pd.DataFrame) -> Floats:
    """Values for a rank test: all below a limit share the lowest place."""
    values = rows["value"].to_numpy(float)
    below = rows["below"].to_numpy(bool)
    lowest = values[~below].min() - 1.0 if (~below).any() else 0.0
    return np.where(below, lowest, values)


def _test(rows: pd.DataFrame, names: tuple[str, ...]) -> TestResult:
    if len(names) < 2:
        return not_done(MANN_WHITNEY, len(rows), "one group only")
    return location_test([rows.loc[rows["group"] == name, "rank"].to_numpy(float) for name in names])


def _summary(place: Place, group: tuple[str, int], rows: pd.DataFrame) -> LabSummary:
    below = rows["below"].to_numpy(bool)
    stated = rows["limit"].to_numpy(float)[below]
    stated = stated[~np.isnan(stated)]
    limit = float(stated.max()) if len(stated) else None
    numbers: dict[str, float | None] = dict.fromkeys(QUANTILES)
    drawn, reasons = numbers.copy(), {}
    for name, found in _quantiles(rows).items():
        if not np.isfinite(found):
            reasons[name] = UNKNOWN_LIMIT
            continue
        drawn[name] = found
        if limit is not None and found < limit * TIE:
            reasons[name] = f"below the limit of {limit:.10g}"
        else:
            numbers[name] = found
    average = Estimate(None, reason=BELOW) if below.any() else mean(np.sort(rows["value"].to_numpy(float)))
    return LabSummary(place, *group, len(rows), int(below.sum()), limit, numbers, drawn, reasons, average)


def _quantiles(rows: pd.DataFrame) -> dict[str, float]:
    """Below a limit as half of it; below one that is not stated as lower than everything (not finite)."""
    if rows.empty:
        return {}
    unknown = np.where(rows["below"], -np.inf, np.nan)
    amounts = rows["value"].fillna(rows["limit"] / 2).to_numpy(float)
    amounts = np.where(np.isnan(amounts), unknown, amounts)
    with np.errstate(invalid="ignore"):
        found = np.quantile(amounts, list(QUANTILES.values()))
    return dict(zip(QUANTILES, map(float, found), strict=True))
