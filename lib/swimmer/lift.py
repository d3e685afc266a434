"""Which marks stand above or below the middle of their lane, so that none hides another at nearly the same time.

Progression and the end of a lane stay in the middle; what would lie under them is moved up.
"""

from typing import Final

import pandas as pd

from lib.swimmer.options import ENDS

NEAR: Final = 0.014  # of the time axis: about the width of a symbol


def lifted(marks: pd.DataFrame, span: float) -> list[int]:
    """For each row of marks (patient, kind, time): -1 above, 1 below, 0 in the middle."""
    found = dict.fromkeys(marks.index, 0)
    rows = marks.sort_values(["patient", "time"], kind="stable")
    for _, mine in rows.groupby("patient", sort=False):
        fixed = [time for time, kind in zip(mine["time"], mine["kind"], strict=True) if kind in ENDS]
        cluster: list[object] = []
        last = float("-inf")
        for place, kind, time in zip(mine.index, mine["kind"], mine["time"], strict=True):
            if kind in ENDS:
                continue
            if time - last > NEAR * span:
                cluster = []
            cluster, last = [*cluster, place], time
            crowded = any(abs(time - other) <= NEAR * span for other in fixed)
            if len(cluster) > 1 or crowded:
                found |= dict(zip(cluster, (-1, 1, 0) * len(cluster), strict=False))
    return [found[place] for place in marks.index]
