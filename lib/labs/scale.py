"""Where the axes of laboratory values have their ticks: round amounts around all that is drawn, days that do not
overlap."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.at_risk import GREATEST_POWER, LEAST_POWER, thinned_powers
from lib.stats.estimate import Floats

STEPS: Final = (1.0, 2.0, 5.0, 10.0)
MOST_LEVELS: Final = 7
FEW_DECADES: Final = 3  # on a log axis of fewer decades 2 and 5 are ticks, too
LEAST_SPAN: Final = 1e-290
LABEL: Final = 30.0  # pixels of the axis that a day with the numbers below it needs
NOTHING: Final = (0.0, 1.0)


def levels(amounts: Iterable[float], log: bool) -> tuple[float, ...]:
    """Round amounts that enclose those given (on a log axis: the positive ones)."""
    drawn = np.array([amount for amount in amounts if not log or amount > 0], dtype=float)
    if not len(drawn):
        return (1.0, 10.0) if log else NOTHING
    low, high = float(drawn.min()), float(drawn.max())
    return _log_levels(low, high) if log else _linear_levels(low, high)


def _linear_levels(low: float, high: float) -> tuple[float, ...]:
    span = max((high - low) or abs(high) or 1.0, LEAST_SPAN)
    if not math.isfinite(span * STEPS[-1]):  # more than a number can hold: the ends and the middle
        return low, low / 2 + high / 2, high
    size = 10.0 ** math.floor(math.log10(span / MOST_LEVELS))
    step = next(size * factor for factor in STEPS if span / (size * factor) <= MOST_LEVELS)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(f"{number * step:.12g}") for number in range(first, max(last, first + 1) + 1))


def _log_levels(low: float, high: float) -> tuple[float, ...]:
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    factors = STEPS[:3] if last - first <= FEW_DECADES else STEPS[:1]
    powers = thinned_powers(max(LEAST_POWER, first), max(LEAST_POWER, min(GREATEST_POWER, last)))
    ticks = [float(f"{factor * 10.0**power:.12g}") for power in powers for factor in factors]
    below = max((tick for tick in ticks if tick <= low * (1 + 1e-9)), default=ticks[0])
    above = min((tick for tick in ticks if tick >= high * (1 - 1e-9)), default=ticks[-1])
    return tuple(tick for tick in ticks if below <= tick <= max(above, below))


def labelled(days: Floats, weights: Floats, square_root: bool, pixels: float) -> npt.NDArray[np.bool_]:
    """Which of these days have room for a label on an axis of so many pixels: those with the greatest weight first."""
    places = np.sign(days) * np.sqrt(np.abs(days)) if square_root else days
    chosen = np.zeros(len(days), dtype=bool)
    least = LABEL / pixels * float(np.ptp(places)) if len(days) else 0.0
    for number in np.argsort(-weights, kind="stable"):
        chosen[number] = not (np.abs(places[chosen] - places[number]) < least).any()
    return chosen
