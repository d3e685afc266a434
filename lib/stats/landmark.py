"""Landmark analysis: who is still followed after day L, grouped by what was known at L, with the clock started anew at L.

It removes the immortal time of groups that are formed after time zero. It speaks only of those who reached L free of the event, and
what happens to exposure after L is not used. Source: Anderson, Cain & Gelber 1983, J Clin Oncol 1:710; Dafni 2011.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats, Names

EXPOSED: Final = "exposed"
UNEXPOSED: Final = "unexposed"
HAD_EVENT: Final = "event at or before the landmark"
WAS_CENSORED: Final = "censored at or before the landmark"
NOT_KNOWN: Final = "group at the landmark not known"


@dataclass(frozen=True)
class Landmark:
    """Who is analysed from the landmark on. `kept` holds their places among the patients given, in order.

    `time`, `event`, `group`, `entry` are those of the kept, times counted from the landmark; `entry` is above 0 for who came
    under observation after it. `dropped` names everybody else: place and reason.
    """

    at: float
    kept: npt.NDArray[np.intp]
    time: Floats
    event: Floats
    group: Names
    entry: Floats
    dropped: tuple[tuple[int, str], ...]


def landmark(time: Floats, event: Floats, group: Names, at: float, entry: Floats | None = None) -> Landmark:
    """The patients followed beyond `at` (time > at) whose group is known (None = not known); all times in one unit.

    `group` is a fixed group (the final arm, say), or what `exposed_at` gives.
    """
    reasons = np.array([_reason(*patient, at) for patient in zip(time, event, group, strict=True)], dtype=object)
    kept = np.flatnonzero(reasons == "")
    since = np.zeros(len(time)) if entry is None else entry
    return Landmark(
        at,
        kept,
        time[kept] - at,
        event[kept],
        group[kept],
        np.maximum(since[kept] - at, 0.0),
        tuple((place, str(reason)) for place, reason in enumerate(reasons) if reason),
    )


def exposed_at(start: Floats, at: float, names: tuple[str, str] = (UNEXPOSED, EXPOSED)) -> Names:
    """Each patient's group at the landmark: exposed where exposure began at or before it; `start` is NaN for never."""
    return np.where(start <= at, names[1], names[0]).astype(object)  # NaN compares false


def _reason(time: float, event: float, group: str | None, at: float) -> str:
    if time <= at:
        return HAD_EVENT if event else WAS_CENSORED
    return NOT_KNOWN if group is None else ""
