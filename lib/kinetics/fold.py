"""Fold expansion: the peak over the value of a base day, by default day 1 after the infusion.

Where the base day is below the limit of quantification the fold is at least peak / limit. A sample belongs to the base day within
a tenth of it, at least a day; the day of infusion itself is no base for a later day.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.derived.nominal_day import window
from lib.kinetics.samples import Samples
from lib.stats.estimate import Estimate

BASE_DAY: Final = 1.0


@dataclass(frozen=True)
class FoldExpansion:
    """`at_least`: the base lies below the limit, so the fold is a lower bound. `day` is when the base was taken, None without one."""

    fold: Estimate
    at_least: bool = False
    day: float | None = None


def fold_expansion(samples: Samples, peak: float, peak_day: float, base_day: float = BASE_DAY) -> FoldExpansion:
    """The peak over the base of samples in order of day; of two samples equally near the base day, the earlier."""
    apart = np.abs(samples.day - base_day)
    near = np.flatnonzero((apart <= window(base_day)) & ((samples.day > 0) == (base_day > 0)))
    if not len(near):
        return _none(f"no sample on day {base_day:g}")
    base = int(near[np.argmin(apart[near])])
    day = float(samples.day[base])
    if peak_day < day:
        return _none(f"the peak lies before day {base_day:g}")
    if not samples.below[base] and samples.value[base] > 0:
        return FoldExpansion(Estimate(peak / float(samples.value[base])), day=day)
    limit = float(samples.lloq[base])
    if not limit > 0:
        return _none(f"day {base_day:g} lies below a limit that is not stated")
    return FoldExpansion(Estimate(peak / limit, note=f"at least: day {base_day:g} is below the limit"), True, day)


def _none(reason: str) -> FoldExpansion:
    return FoldExpansion(Estimate(None, reason=reason))
