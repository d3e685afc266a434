"""Where axes have ticks: never more than there is room for, however far the last day or the largest value lies."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

LEAST_POWER, GREATEST_POWER = -307, 308  # of ten, that a number can hold
MOST_DECADES: Final = 14  # on one axis; further apart there are labels for some only


def day_ticks(horizon: float, steps: Sequence[float], most: int) -> tuple[float, ...]:
    """Days from 0 to the horizon: apart by the first of the steps that needs no more than `most`, or by the last one times a power of ten."""
    step = next((step for step in steps if horizon / step <= most), 0.0)
    if not step:
        step = steps[-1] * 10.0 ** math.ceil(math.log10(horizon / steps[-1] / most))
    return tuple(float(tick) for tick in np.arange(0, horizon + 1e-9, step))


def thinned_powers(first: int, last: int) -> list[int]:
    """The powers from first to last; of very many only some, the outermost always among them."""
    step = max(1, math.ceil((last - first) / MOST_DECADES))
    return sorted({*range(first, last + 1, step), last})
