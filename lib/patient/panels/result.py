"""All that the panels of one patient show: the course on one axis, the infusions over each other, the patient among the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort
from lib.labs.scale import labelled
from lib.patient.course import Course
from lib.patient.panels.lanes import Lanes, event_lanes, therapy_lanes
from lib.patient.panels.panel import Panel
from lib.patient.panels.place import SCREEN, Sizes
from lib.patient.panels.value import by_infusion, first_period, of_selection, values

NO_LANES: Final = Lanes((), (), 0)
HIGH: Final = Sizes(110.0, line=0.0)  # panels of infusions over each other
HIGHEST: Final = Sizes(260.0, line=0.0)  # one panel alone
ROUND_DAYS: Final = (
    0,
    7,
    14,
    28,
    3,
    60,
    90,
    180,
    360,
    21,
    120,
    270,
    1,
    5,
    10,
    720,
    1080,
    1800,
    42,
    240,
)  # the first have room first


@dataclass(frozen=True)
class PanelResult:
    """`table` holds the values of the period (panels.value.COLUMNS); `logs`: which panels have a log axis; `others` grey lines.

    `n_outside` values lie outside the period, `n_unplaced` have no day. `days` are the numbers under the axis. `origin` is None
    where every infusion stands on its own day 0.
    """

    seen: Course
    panels: tuple[Panel, ...]
    logs: tuple[bool, ...]
    table: pd.DataFrame
    period: tuple[float, float]
    spread: bool
    days: tuple[float, ...]
    origin: int | None
    events: Lanes = NO_LANES
    therapies: Lanes = NO_LANES
    others: pd.DataFrame | None = None
    sizes: Sizes = SCREEN
    n_outside: int = 0
    n_unplaced: int = 0


@dataclass(frozen=True)
class PanelOptions:
    """`log`: names of the panels with a log axis (None: as each panel is at first); `period` in days (None: the first one)."""

    log: frozenset[str] | None = None
    period: tuple[float, float] | None = None
    spread: bool = True


def course_panels(
    opened: Cohort, seen: Course, shown: Sequence[Panel], options: PanelOptions = PanelOptions()
) -> PanelResult:
    """Everything that was measured, adverse events and therapies, on the axis of the whole course."""
    table = values(seen, shown)
    period = options.period or first_period(table, seen)
    placed = table[table["at"].notna()]
    inside = placed[placed["at"].between(*period)].reset_index(drop=True)
    return PanelResult(
        seen, tuple(shown), _logs(shown, options), inside, period, options.spread, round_days(period, options.spread), seen.origin,
        event_lanes(opened, seen, period), therapy_lanes(opened, seen, period), n_outside=len(placed) - len(inside), n_unplaced=len(table) - len(placed),
    )  # fmt: skip


def infusion_panels(seen: Course, shown: Sequence[Panel], options: PanelOptions = PanelOptions()) -> PanelResult:
    """Every infusion from its own day 0, a panel a series, a line an infusion."""
    table = values(seen, shown)
    kept, own = by_infusion(table, seen, shown)
    period = options.period or (0.0, max([1.0, *own["at"]]))
    inside = own[own["at"].between(*period)].reset_index(drop=True)
    return PanelResult(
        seen, kept, _logs(kept, options), inside, period, options.spread, round_days(period, options.spread), None,
        sizes=HIGH, n_outside=len(own) - len(inside), n_unplaced=int(table["day"].isna().sum()),
    )  # fmt: skip


def among_others(selected: Cohort, seen: Course, panel: Panel, place: int = 0, spread: bool = True) -> PanelResult:
    """One series (its place in a panel of CAR T cells) of everybody selected after the chosen infusion as grey lines, and that of the patient after every infusion."""
    alone = replace(panel, lines=panel.lines[place : place + 1])
    result = infusion_panels(seen, (alone,), PanelOptions(spread=spread))
    others = of_selection(selected, alone.lines[0].source)
    others = others[others["patient"] != seen.patient].reset_index(drop=True)
    high = max([1.0, *others["day"], result.period[1]])
    single = result.panels or (replace(alone, name=f"{panel.name}, {alone.lines[0].name}", lines=()),)
    return PanelResult(
        seen, single, (panel.log,), result.table, (0.0, high), spread, round_days((0.0, high), spread), None, others=others,
        sizes=HIGHEST, n_unplaced=result.n_unplaced,
    )  # fmt: skip


def round_days(period: tuple[float, float], spread: bool) -> tuple[float, ...]:
    """Days that have room for their number under the axis of this period."""
    low, high = period
    days = np.array(
        sorted({sign * day for day in ROUND_DAYS for sign in (-1, 1) if low <= sign * day <= high}), dtype=float
    )
    weight = np.array([-ROUND_DAYS.index(abs(int(day))) for day in days], dtype=float)
    if not len(days):
        return (low, high)
    return tuple(float(day) for day in days[labelled(days, weight, spread)])


def _logs(shown: Sequence[Panel], options: PanelOptions) -> tuple[bool, ...]:
    return tuple(panel.log if options.log is None else panel.name in options.log for panel in shown)
