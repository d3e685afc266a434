"""Ticks of an axis of days, never more than there is room for, however far the last day lies."""

import math
from collections.abc import Sequence

import numpy as np


def day_ticks(horizon: float, steps: Sequence[float], most: int) -> tuple[float, ...]:
    """Days from 0 to the horizon: apart by the first of the steps that needs no more than `most`, or by the last one times a power of ten."""
    step = next((step for step in steps if horizon / step <= most), 0.0)
    if not step:
        step = steps[-1] * 10.0 ** math.ceil(math.log10(horizon / steps[-1] / most))
    return tuple(float(tick) for tick in np.arange(0, horizon + 1e-9, step))
