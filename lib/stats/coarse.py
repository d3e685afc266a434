"""Step curves of which no step is of a few patients, for where small cells are masked.

Each step of a curve and each tick of a censored time is otherwise one patient or few, whose time can be read off. Here
steps wait for each other until so many patients had the event, and the curve ends where fewer are at risk. Estimates
and tests are of all steps as ever.
"""

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from lib.stats.competing_risks import IncidenceCurve
from lib.stats.kaplan_meier import SurvivalCurve

Curve = TypeVar("Curve", SurvivalCurve, IncidenceCurve)


def coarse(curve: Curve, least: int) -> Curve:
    """The curve with steps of at least so many events, as far as so many are at risk; values and limits are those of
    the times that stay.

    `events` counts those since the row before, `censored` nobody. Itself where `least` is 0.
    """
    if not least:
        return curve
    curve, waiting = _begun(curve, least)
    rows: list[int] = [0]
    events = [float(curve.events[0])]
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


def _begun(curve: Curve, least: int) -> tuple[Curve, float]:
    """The curve without a first step of few patients, on the very day 0, and how many these are."""
    first = float(curve.events[0])
    if not 0 < first < least:
        return curve, 0.0
    before = {
        "survival": 1.0,
        "free": 1.0,
        "incidence": 0.0,
        "std_error": 0.0,
        "events": 0.0,
        "low": np.nan,
        "high": np.nan,
    }
    started: dict[str, Any] = {
        name: np.append(value, getattr(curve, name)[1:]) for name, value in before.items() if hasattr(curve, name)
    }
    return replace(curve, **started), first


def _is_apart(curve: SurvivalCurve | IncidenceCurve, row: int, later: int, least: int) -> bool:
    """Whether nobody or enough went between two rows: the numbers at risk are known of both."""
    gone = abs(curve.n_at_risk[row] - curve.n_at_risk[later])
    return bool(gone == 0 or gone >= least)
