"""Step curves of which no step is of a few patients, for where small cells are masked.

Each step of a curve and each tick of a censored time is otherwise one patient or few, whose time can be read off. Here steps wait for each
other until so many patients had the event, and the curve ends where fewer are at risk. Estimates and tests are of all steps as ever.
"""

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from lib.stats.competing_risks import IncidenceCurve
from lib.stats.kaplan_meier import SurvivalCurve

Curve = TypeVar("Curve", SurvivalCurve, IncidenceCurve)


def coarse(curve: Curve, least: int) -> Curve:
    """The curve with steps of at least so many events, as far as so many are at risk; values and limits are those of the times that stay.

    `events` counts those since the row before, `censored` nobody. Itself where `least` is 0.
    """
    if not least:
        return curve
    rows: list[int] = [0]
    events, waiting = [float(curve.events[0])], 0.0
    within = int(np.argmax(np.append(curve.n_at_risk, 0) < least))
    for row in range(1, within):
        waiting += curve.events[row]
        if waiting >= least and _is_apart(curve, rows[-1], row, least):
            rows.append(row)
            events.append(waiting)
            waiting = 0.0
    ends = within - 1 > rows[-1] and _is_apart(curve, rows[-1], within - 1, least)
    values = [*rows, rows[-1]] if ends else rows
    seen = [*rows, within - 1] if ends else rows
    changed: dict[str, Any] = {
        each.name: column[values]
        for each in fields(curve)
        if isinstance(column := getattr(curve, each.name), np.ndarray) and len(column) == len(curve.time)
    }
    changed |= {"time": curve.time[seen], "n_at_risk": curve.n_at_risk[seen], "events": np.append(events, [0.0] * ends)}
    if isinstance(curve, SurvivalCurve):
        changed["censored"] = np.zeros(len(seen))
    return replace(curve, **changed)


def _is_apart(curve: SurvivalCurve | IncidenceCurve, row: int, later: int, least: int) -> bool:
    """Whether nobody or enough went between two rows: the numbers at risk are known of both."""
    gone = abs(curve.n_at_risk[row] - curve.n_at_risk[later])
    return bool(gone == 0 or gone >= least)
