"""The terminal half-life of a series: a log-linear fit over the last values after the peak, with its window and how good it is.

The window with the best adjusted R2, of nearly equal ones the longest; to be reported only where it spans two half-lives with R2
of 0.9 or more. Source: PKNCA 0.12.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.stats.estimate import Floats

FEWEST_POINTS: Final = 3
SAME_AMOUNT: Final = 1e-9  # values whose logarithms differ by no more are flat: no decline, and no R2 (0 / 0)
SAME_FIT: Final = 1e-4  # windows whose adjusted R2 is this close to the best count as equally good
LEAST_SPAN: Final = 2.0  # half-lives that the window must cover
LEAST_R2: Final = 0.9
PERSISTENCE_FROM_DAY: Final = 28.0
TOO_FEW: Final = "fewer than three falling values after the peak"


@dataclass(frozen=True)
class HalfLife:
    """A terminal half-life in days: its window, fit, and whether it is fit to be reported."""

    days: float
    n: int
    first_day: float
    last_day: float
    adjusted_r2: float
    span: float
    reason: str = ""  # why it should not be reported, or nothing

    @property
    def phase(self) -> str:
        """Persistence if the window begins on day 28 or later, else contraction."""
        return "persistence" if self.first_day >= PERSISTENCE_FROM_DAY else "contraction"


def half_life(day: Floats, amount: Floats) -> HalfLife | None:
    """The terminal half-life: log-linear regression over the last points after the peak that fits best.

    None where there are fewer than three quantifiable values after the peak, or no window declines (a flat one has no R2, and is
    none). Among windows whose adjusted R2 is within 1e-4 of the best, the one with most points is taken (PKNCA).
    """
    quantifiable = amount > 0
    day, amount = day[quantifiable], amount[quantifiable]
    after = day > day[int(np.argmax(amount))]
    day, log_amount = day[after], np.log(amount[after])
    lengths = range(FEWEST_POINTS, len(day) + 1)
    fits = [_fit(day[-n:], log_amount[-n:]) for n in lengths if np.ptp(log_amount[-n:]) > SAME_AMOUNT]
    best = max((fit.adjusted_r2 for fit in fits), default=0.0)
    good = [fit for fit in fits if fit.days > 0 and fit.adjusted_r2 > best - SAME_FIT]
    return max(good, key=lambda fit: fit.n) if good else None


def _fit(day: Floats, log_amount: Floats) -> HalfLife:
    n = len(day)
    slope, intercept = np.polyfit(day, log_amount, 1)
    spread = float(((log_amount - log_amount.mean()) ** 2).sum())
    r2 = 1 - float(((log_amount - intercept - slope * day) ** 2).sum()) / spread
    days = float(np.log(2) / -slope) if slope < 0 else -1.0
    span = float(day[-1] - day[0]) / days if days > 0 else 0.0
    reason = "" if span >= LEAST_SPAN else f"the samples cover {span:.1f} half-lives, fewer than {LEAST_SPAN:g}"
    if not reason and r2 < LEAST_R2:
        reason = f"R² {r2:.2f} is below {LEAST_R2:g}"
    return HalfLife(days, n, float(day[0]), float(day[-1]), 1 - (1 - r2) * (n - 1) / (n - 2), span, reason)
