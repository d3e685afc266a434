"""What stands under step curves: patients at risk, censored and with an event at round times."""

from typing import Final

import numpy as np
import pandas as pd

from lib.stats.arrays import Floats

STEPS: Final = {
    "months": (1, 2, 3, 6, 12, 24, 36, 60),
    "weeks": (2, 4, 8, 13, 26, 52, 104),
    "days": (7, 14, 30, 60, 90, 180, 365, 730),
}
MOST_TICKS: Final = 9


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
            told = (~past & entered, past & (event == 0), past & (event == 1), ~past & ~entered)
            rows.append((name, tick, *(int(np.sum(those)) for those in told)))
    return pd.DataFrame(rows, columns=["group", "time", "at_risk", "censored", "events", "not_entered"])


def axis_ticks(time: Floats, unit: str) -> tuple[float, ...]:
    """Round times from 0 to just beyond the last observation, at most MOST_TICKS of them."""
    longest = float(time.max()) if len(time) else float(STEPS[unit][0] * 4)
    step = next((step for step in STEPS[unit] if longest / step <= MOST_TICKS - 1), None) or STEPS[unit][-1] * int(
        np.ceil(longest / STEPS[unit][-1] / (MOST_TICKS - 1))
    )
    return tuple(float(step * place) for place in range(max(1, int(np.ceil(longest / step))) + 1))
