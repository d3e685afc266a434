"""Kinetic parameters of every patient's series after each infusion: peak, areas, last quantifiable and first
undetectable day, half-life, fold; of all series at once.

Rules (PKNCA's defaults): below the limit of quantification before the first and after the last quantifiable value
counts as 0, between them it is left out; areas linear up, logarithmic down, never beyond the last sample. The half-life
is a log-linear fit over the last values after the peak: the window with the best adjusted R2, of nearly equal ones the
longest; reported only where it spans two half-lives with R2 of 0.9 or more. Fold expansion is the peak over the value
of a base day, or over the limit where that day lies below it (then at least that). Source: PKNCA 0.12; Gabrielsson &
Weiner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lib.derived.sampling import window
from lib.kinetics.parameter_table import (
    FIT,
    LEAST_R2,
    LEAST_SPAN,
    NAMES,
    Codes,
    Flags,
    ParameterTable,
    Places,
    Subjects,
    Why,
)
from lib.stats.estimate import Floats

AUC_DAYS: Final = (28.0, 90.0)
BASE_DAY: Final = 1.0  # of the fold expansion
FEWEST_POINTS: Final = 3  # of a half-life
SAME_AMOUNT: Final = 1e-9  # values whose logarithms differ by no more are flat: no decline, and no R2 (0 / 0)
SAME_FIT: Final = 1e-4  # windows whose adjusted R2 is this close to the best count as equally good
CELLS: Final = 2_000_000  # of windows and samples that are fitted at once: what memory they take


@dataclass(frozen=True, eq=False)
class Series:
    """The samples of many series, one series after another, each in order of day: `size` samples each.

    `amount` is 0 below the limit of quantification; `lloq` is NaN where no limit is stated.
    """

    day: Floats
    amount: Floats
    lloq: Floats
    size: Places

    @property
    def start(self) -> Places:
        """The place of the first sample of each series."""
        found: Places = np.cumsum(self.size) - self.size
        return found

    @property
    def of(self) -> Places:
        """Of each sample the series."""
        return np.repeat(np.arange(len(self.size)), self.size)

    def where(self, chosen: Flags) -> "Series":
        """The samples for which `chosen` is True; a series may have none left."""
        size = np.bincount(self.of[chosen], minlength=len(self.size))
        return Series(self.day[chosen], self.amount[chosen], self.lloq[chosen], size)

    def only(self, chosen: Flags) -> "Series":
        """The series for which `chosen` is True."""
        mine = chosen[self.of]
        return Series(self.day[mine], self.amount[mine], self.lloq[mine], self.size[chosen])

    def with_points(self, series: Flags, place: Places, day: Floats, amount: Floats | float) -> "Series":
        """One sample more before `place` in each of the series for which `series` is True."""
        lloq = np.insert(self.lloq, place, np.nan)
        return Series(np.insert(self.day, place, day), np.insert(self.amount, place, amount), lloq, self.size + series)

    def first(self, flags: Flags) -> Places:
        """The place of the first sample of each series with the flag, -1 where there is none."""
        return self._placed(np.flatnonzero(flags)[::-1])

    def last(self, flags: Flags) -> Places:
        """The place of the last sample of each series with the flag, -1 where there is none."""
        return self._placed(np.flatnonzero(flags))

    def _placed(self, places: Places) -> Places:
        found = np.full(len(self.size), -1)
        found[self.of[places]] = places  # of several of one series the last stays
        return found

    def highest(self) -> Places:
        """The place of the first of the highest samples of each series; none may be empty."""
        return self.first(self.amount == np.maximum.reduceat(self.amount, self.start)[self.of])

    @property
    def last_day(self) -> Floats:
        """The day of the last sample of each series, NaN where it is empty."""
        return np.append(self.day, np.nan)[np.where(self.size > 0, self.start + self.size - 1, -1)]


@dataclass(frozen=True, eq=False)
class Found:
    """One parameter of each series: NaN where there is none, and the code of the reason."""

    value: Floats
    why: Codes


def parameters(subjects: Subjects, series: Series, base_day: float = BASE_DAY) -> ParameterTable:
    """The parameters of these series; the fold is that over `base_day`.

    Samples before the day of infusion are of the cells of an earlier one: they are in no parameter.
    """
    series = series.where(series.day >= 0)
    sampled, n = series.last(series.day > 0) >= 0, len(series.size)
    grown = series.last(series.amount > 0) >= 0
    expanded = sampled & grown
    why = np.where(sampled, Why.SILENT, Why.NOT_SAMPLED).astype(np.int8)
    columns: dict[str, npt.NDArray[Any]] = {name: np.full(n, np.nan) for name in (*NAMES, *FIT, "r2", "base")}
    columns |= {f"why {name}": why.copy() for name in NAMES} | {"at_least": np.zeros(n, dtype=bool)}
    for end in AUC_DAYS:  # nobody's transgene grows where nothing is quantifiable
        long = sampled & ~grown & (series.last_day >= end)
        columns[f"auc_0_{end:g}"][long], columns[f"why auc_0_{end:g}"][long] = 0.0, Why.KNOWN
    for name, values in _of_expanded(series.only(expanded), base_day):
        columns[name][expanded] = values
    columns |= {"last": series.last_day, "n_samples": series.size}
    return ParameterTable(columns, subjects, base_day)


def _of_expanded(series: Series, base_day: float) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Every column, of series that have a sample after the infusion and a quantifiable one."""
    if not len(series.size):
        return
    known = np.zeros(len(series.size), dtype=np.int8)
    peak, last = series.highest(), series.last(series.amount > 0)
    half, fold = half_lives(series), folds(series, peak, base_day)
    found = {
        "cmax": Found(series.amount[peak], known),
        "tmax": Found(series.day[peak], known),
        **{f"auc_0_{end:g}": areas_from_0(series, end) for end in AUC_DAYS},
        "auc_last": areas_to_last(series),
        "clast": Found(series.amount[last], known),
        "tlast": Found(series.day[last], known),
        "tbql": _first_below(series, last),
        "half_life": _reported(half),
        "fold_expansion": fold.found,
    }
    for name, one in found.items():
        yield name, one.value
        yield f"why {name}", one.why
    yield from half.items()
    yield from (("at_least", fold.at_least), ("base", fold.day))


def _first_below(series: Series, last: Places) -> Found:
    """The day of the sample after the last quantifiable one, which is below the limit as are all later ones."""
    there = last == series.start + series.size - 1
    after = np.append(series.day, np.nan)[np.where(there, -1, last + 1)]
    return Found(after, np.where(there, Why.STILL_THERE, Why.KNOWN).astype(np.int8))


def _reported(half: dict[str, Floats]) -> Found:
    none, short = np.isnan(half["days"]), ~(half["span"] >= LEAST_SPAN)
    cases = (none, short, half["r2"] < LEAST_R2)
    why = np.select(cases, (Why.TOO_FEW, Why.SHORT, Why.SCATTERED), Why.KNOWN).astype(np.int8)
    return Found(np.where(why == Why.KNOWN, half["days"], np.nan), why)


def areas_from_0(series: Series, end: float) -> Found:
    """Area under the curve from day 0 to `end`, of samples from day 0 on.

    Not calculated where sampling ends before `end` while the transgene is still quantifiable. Where day 0 was not
    sampled, the curve starts there at 0. After the last quantifiable value the area does not grow.
    """
    usable = _usable(series)
    last, until = usable.last(usable.amount > 0), usable.last_day
    silent, short = (last < 0) & ~(until >= end), (until < end) & (last == usable.start + usable.size - 1)
    why = np.select((silent, short), (Why.SILENT, Why.ENDS_EARLY), Why.KNOWN).astype(np.int8)
    value = np.where(why == Why.KNOWN, 0.0, np.nan)
    counted = (last >= 0) & (why == Why.KNOWN)
    value[counted] = _areas_until(usable.only(counted), end)
    return Found(value, why)


def _areas_until(series: Series, end: float) -> Floats:
    """The area from day 0 to `end`, or to the last quantifiable sample where that is earlier; none is empty."""
    late = series.day[series.start] > 0
    series = series.with_points(late, series.start[late], np.zeros(late.sum()), 0.0)
    until = np.minimum(end, series.day[series.last(series.amount > 0)])
    place = series.first(series.day >= until[series.of])
    between = series.day[place] > until
    here = place[between]
    series = series.with_points(between, here, until[between], _between(series, here, until[between]))
    series = series.where(series.day <= until[series.of])
    last = series.last(series.amount > 0)
    return _areas(series.where(np.arange(len(series.day)) <= np.maximum(last, series.start)[series.of]))


def areas_to_last(series: Series) -> Found:
    """Area under the curve from the first sample to the last quantifiable one; nothing is added before or beyond
    (AUClast).
    """
    usable = _usable(series)
    last = usable.last(usable.amount > 0)
    alone, silent = usable.size < 2, last < 0
    why = np.select((alone, silent), (Why.ONE_SAMPLE, Why.SILENT), Why.KNOWN).astype(np.int8)
    area = _areas(usable.where(np.arange(len(usable.day)) <= last[usable.of]))
    return Found(np.where(why == Why.KNOWN, area, np.nan), why)


def _usable(series: Series) -> Series:
    """Without what lies below the limit between two quantifiable values."""
    above, place = series.amount > 0, np.arange(len(series.day))
    first, last = series.first(above)[series.of], series.last(above)[series.of]
    return series.where(above | (place < first) | (place > last) | (first < 0))


def _areas(series: Series) -> Floats:
    """The area between neighbouring samples: logarithmic where it falls to a value above 0, else linear."""
    width, left, right = np.diff(series.day), series.amount[:-1], series.amount[1:]
    falls = (right > 0) & (right < left)
    area = width * (left + right) / 2
    area[falls] = width[falls] * (right[falls] - left[falls]) / np.log(right[falls] / left[falls])
    return _sums(area[np.diff(series.of) == 0], np.maximum(series.size - 1, 0))


def _sums(values: Floats, size: Places) -> Floats:
    """The sum of each series, those of one size at once."""
    found = np.zeros(len(size))
    for which, places in _of_one_size(size):
        found[which] = values[places].sum(axis=1)
    return found


def _of_one_size(size: Places, least: int = 1) -> Iterator[tuple[Places, Places]]:
    """The series of each size from the least on, and the places of their samples, one row a series."""
    start = np.cumsum(size) - size
    for n in np.unique(size[size >= least]):
        which = np.flatnonzero(size == n)
        yield which, start[which][:, None] + np.arange(n)


def _between(series: Series, place: Places, when: Floats) -> Floats:
    """The amount on a day between two samples, `place` being the second."""
    left, right = series.amount[place - 1], series.amount[place]
    share = (when - series.day[place - 1]) / (series.day[place] - series.day[place - 1])
    falls = (right > 0) & (right < left)
    ratio = np.divide(right, left, out=np.ones_like(left), where=falls)
    return np.where(falls, left * ratio**share, left + share * (right - left))


def half_lives(series: Series) -> dict[str, Floats]:
    """The terminal half-life of each series: log-linear regression over the last points after the peak that fits best;
    the columns FIT, and r2.

    NaN where there are fewer than three quantifiable values after the peak, or no window declines (a flat one has no
    R2, and is none). Among windows whose adjusted R2 is within 1e-4 of the best, the one with most points is taken
    (PKNCA). Every series has a quantifiable value.
    """
    series = series.where(series.amount > 0)
    falling = series.where(series.day > series.day[series.highest()][series.of])
    found = {name: np.full(len(series.size), np.nan) for name in (*FIT, "r2")}
    day, logs = falling.day, np.log(falling.amount)
    for which, places in _of_one_size(falling.size, FEWEST_POINTS):
        step = max(1, CELLS // places.shape[1] ** 2)
        for start in range(0, len(which), step):
            some = slice(start, start + step)
            for name, values in _fits(day[places[some]], logs[places[some]]).items():
                found[name][which[some]] = values
    return found


def _fits(day: Floats, logs: Floats) -> dict[str, Floats]:
    """The best window of series of one size (a row each): every window of the last so many samples, but flat ones, by
    the formulas of least squares at once."""
    lengths = np.arange(FEWEST_POINTS, day.shape[1] + 1)
    within = np.arange(day.shape[1]) >= day.shape[1] - lengths[:, None]
    x, y = _centred(day, within, lengths), _centred(logs, within, lengths)
    spread = (y**2).sum(axis=2)
    slope = (x * y).sum(axis=2) / (x**2).sum(axis=2)
    r2 = 1 - ((y - slope[..., None] * x) ** 2).sum(axis=2) / np.where(spread > 0, spread, 1.0)
    backwards = logs[:, ::-1]
    range_of = np.maximum.accumulate(backwards, axis=1) - np.minimum.accumulate(backwards, axis=1)
    adjusted = np.where(range_of[:, lengths - 1] > SAME_AMOUNT, 1 - (1 - r2) * (lengths - 1) / (lengths - 2), -np.inf)
    good = (slope < 0) & (adjusted > adjusted.max(axis=1, keepdims=True) - SAME_FIT)
    best = len(lengths) - 1 - np.argmax(good[:, ::-1], axis=1)
    row, n = np.arange(len(day)), lengths[best]
    days = np.full(len(day), np.nan)
    np.divide(np.log(2), -slope[row, best], out=days, where=good.any(axis=1))
    first, last = day[row, day.shape[1] - n], day[:, -1]
    fit = (days, n, first, last, adjusted[row, best], (last - first) / days, r2[row, best])
    return dict(zip((*FIT, "r2"), fit, strict=True))


def _centred(values: Floats, within: Flags, lengths: Places) -> Floats:
    """The values less their mean in each window: series, window, sample; 0 outside it."""
    mean = np.where(within, values[:, None, :], 0.0).sum(axis=2) / lengths
    return np.where(within, values[:, None, :] - mean[..., None], 0.0)


@dataclass(frozen=True, eq=False)
class Folds:
    """The fold expansion of each series: `at_least` where it is a lower bound, the day of its base, NaN without one."""

    found: Found
    at_least: Flags
    day: Floats


def folds(series: Series, peak: Places, base_day: float = BASE_DAY) -> Folds:
    """The peak (its place) over the base of each series; of two samples equally near the base day, the earlier.

    A sample belongs to the base day within a tenth of it, at least a day; the day of infusion itself is no base for a
    later day.
    """
    apart = np.abs(series.day - base_day)
    apart[(apart > window(base_day)) | ((series.day > 0) != (base_day > 0))] = np.inf
    nearest = np.minimum.reduceat(apart, series.start)
    base = series.first(apart == nearest[series.of])
    day, amount, limit = series.day[base], series.amount[base], series.lloq[base]
    below = ~(amount > 0)
    cases = (np.isinf(nearest), series.day[peak] < day, below & ~(limit > 0))
    why = np.select(cases, (Why.NO_BASE, Why.EARLY_PEAK, Why.NO_LIMIT), Why.KNOWN).astype(np.int8)
    known = why == Why.KNOWN
    fold = np.full(len(base), np.nan)
    np.divide(series.amount[peak], np.where(below, limit, amount), out=fold, where=known)
    return Folds(Found(fold, why), known & below, np.where(known, day, np.nan))
