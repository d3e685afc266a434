"""Numbers under the axis of time, and where that axis has ticks.

What stands under step curves: patients at risk, censored and with an event at round times.

Where axes have ticks: never more than there is room for, however far the last day or the largest value lies.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from lib.stats.estimate import Floats

STEPS: Final = {
    "months": (1, 2, 3, 6, 12, 24, 36, 60),
    "weeks": (2, 4, 8, 13, 26, 52, 104),
    "days": (7, 14, 30, 60, 90, 180, 365, 730),
}
MOST_TICKS: Final = 9
NEAR: Final = 0.15  # of a step: a last observation so close before a tick is drawn up to it


def counts_at(table: pd.DataFrame, names: tuple[str, ...], ticks: tuple[float, ...]) -> pd.DataFrame:
    """At risk just before each tick; censored and events until then. An event at a tick is still at risk there.

    Who enters late is at risk after the entry and "not entered" until then.
    """
    rows = []
    for name in names:
        mine = table[table["group"] == name]
        time, entry, event = mine["time"].to_numpy(), mine["entry"].to_numpy(), mine["event"].to_numpy()
        for tick in ticks:
            past, entered = time < tick, (entry < tick) | (entry == 0)
            reported = (~past & entered, past & (event == 0), past & (event == 1), ~past & ~entered)
            rows.append((name, tick, *(int(np.sum(those)) for those in reported)))
    return pd.DataFrame(rows, columns=["group", "time", "at_risk", "censored", "events", "not_entered"])


def axis_ticks(time: Floats, unit: str) -> tuple[float, ...]:
    """Round times from 0 to the last observation, or to the next one where that is near; at least two, at most
    MOST_TICKS of them."""
    longest = float(time.max()) if len(time) else float(STEPS[unit][0] * 4)
    step = next((step for step in STEPS[unit] if longest / step <= MOST_TICKS - 1), None) or STEPS[unit][-1] * int(
        np.ceil(longest / STEPS[unit][-1] / (MOST_TICKS - 1))
    )
    return tuple(float(step * place) for place in range(max(1, int(np.floor(longest / step + NEAR))) + 1))


LEAST_POWER, GREATEST_POWER = -307, 308  # of ten, that a number can hold
MOST_DECADES: Final = 14  # on one axis; further apart there are labels for some only


def day_ticks(horizon: float, steps: Sequence[float], most: int) -> tuple[float, ...]:
    """Days from 0 to the horizon: apart by the first of the steps that needs no more than `most`, or by the last one
    times a power of ten."""
    step = next((step for step in steps if horizon / step <= most), 0.0)
    if not step:
        step = steps[-1] * 10.0 ** math.ceil(math.log10(horizon / steps[-1] / most))
    return tuple(float(tick) for tick in np.arange(0, horizon + 1e-9, step))


def thinned_powers(first: int, last: int) -> list[int]:
    """The powers from first to last; of very many only some, the outermost always among them."""
    step = max(1, math.ceil((last - first) / MOST_DECADES))
    return sorted({*range(first, last + 1, step), last})
