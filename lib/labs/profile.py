"""Laboratory values at visits or nominal days: median, quartiles and range per group, and the test between groups.

Quartiles by linear interpolation (type 7); means with their 95 % interval by t, where no value is below a limit. A value below its limit of detection counts as the lowest; a quantile that falls
below the limit is not given as a number. Each patient counts once at each place.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.means import mean
from lib.stats.ranks import MANN_WHITNEY, location_test

QUANTILES: Final = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}
UNKNOWN_LIMIT: Final = "below a limit that is not stated"
NO_VALUES: Final = "no values"
BELOW: Final = "values below the limit of detection have no mean"
NO_MEAN: Final = Estimate(None, reason=NO_VALUES)
TIE: Final = 1 - 1e-12


@dataclass(frozen=True)
class Place:
    """Where values are summarised: `at` is its position on the axis, `day` its day (of a visit the median one, if known)."""

    at: float
    label: str
    day: float | None
    visit: str | None


@dataclass(frozen=True)
class LabSummary:
    """One group at one place. A number is None where `reasons` says why; `drawn` has a number in its place (half the limit).

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


def profile(sampled: pd.DataFrame, names: tuple[str, ...], places: tuple[Place, ...]) -> tuple[LabSummary, ...]:
    """Every group at every place. `sampled` has one row a patient and place: place (its number), group, value, below, limit."""
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
