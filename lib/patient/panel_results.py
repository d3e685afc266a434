"""What the panels of one patient show: the course on one axis, the infusions over each other, the patient among the
others.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.patient.course import Course, Lanes, SpreadOptions, event_lanes, therapy_lanes
from lib.patient.panels import SCREEN, Panel, Sizes, by_infusion, first_period, of_selection, panels, values
from lib.publication.fitting import thinned
from lib.publication.options import number, several
from lib.publication.text_width import SCREEN as SCREEN_WIDTH
from lib.publication.text_width import SMALL, text_width

NO_LANES: Final = Lanes((), (), 0)
HIGH: Final = Sizes(110.0, line=0.0)  # panels of infusions over each other
HIGHEST: Final = Sizes(260.0, line=0.0)  # one panel alone
MOST_OTHERS: Final = 60  # patients in grey
MOST_PANELS: Final = 12  # shown at first
EARLIEST, LATEST = -36525.0, 36525.0
NARROWEST, BESIDE, LEAST_PLOT = 620, 0.36, 100.0  # pixels in a narrow window, part of the width for words, pixels
BETWEEN: Final = 3.0  # pixels beside the number of a day
ROUND_DAYS: Final = (  # the first have room first
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
)


def _names(analysis: Analysis, _patient: str | None) -> tuple[str, ...]:
    return tuple(panel.name for panel in panels(analysis.opened))


def _first_panels(analysis: Analysis, patient: str | None) -> tuple[str, ...]:
    return _names(analysis, patient)[:MOST_PANELS]


def _log_panels(analysis: Analysis, _patient: str | None) -> tuple[str, ...]:
    return tuple(panel.name for panel in panels(analysis.opened) if panel.log)


@dataclass(frozen=True)
class PanelsOptions(SpreadOptions):
    """Which panels are drawn, over which days."""

    panels: tuple[str, ...] = several(None, _names, "Panels", usual=_first_panels, none="none")
    log: tuple[str, ...] = several(None, _names, "Log axis", usual=_log_panels, none="none")
    first_day: float | None = number(None, "From day", EARLIEST, LATEST, none="the first")
    last_day: float | None = number(None, "To day", EARLIEST, LATEST, none="as usual")

    def shown(self, opened: Cohort) -> tuple[Panel, ...]:
        """The panels, in the order of the cohort."""
        return tuple(panel for panel in panels(opened) if panel.name in self.panels)

    @property
    def period(self) -> tuple[float, float] | None:
        """The days, None where not both ends are given."""
        if self.first_day is None or self.last_day is None:
            return None
        return float(self.first_day), float(self.last_day)


@dataclass(frozen=True)
class PanelResult:
    """`table` holds the values of the period (panels.COLUMNS); `logs`: which panels have a log axis; `others` grey
    lines.

    `n_outside` values lie outside the period, `n_unplaced` have no day. `days` are the numbers under the axis. `origin`
    is None where every infusion stands on its own day 0.
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
    n_others: int = 0  # of whom lines of some are drawn
    sizes: Sizes = SCREEN
    n_outside: int = 0
    n_unplaced: int = 0
    width: int = SCREEN_WIDTH

    @property
    def id(self) -> str:
        """Of the exhibit."""
        if self.others is not None:
            return "patient.in_cohort"
        return "patient.infusions" if self.origin is None else "patient.course"

    @property
    def series_names(self) -> list[str]:
        """The name of the series of each value."""
        places = zip(self.table["panel"], self.table["line"], strict=True)
        return [self.panels[int(panel)].lines[int(line)].name for panel, line in places]

    @property
    def units(self) -> list[str]:
        """The unit of each value."""
        return [self.panels[int(panel)].unit for panel in self.table["panel"]]


def with_values(seen: Course, shown: Sequence[Panel]) -> tuple[Panel, ...]:
    """The panels in which the patient has a value, also one without a day: an empty axis is not drawn."""
    measured = set(values(seen, shown)["panel"])
    return tuple(panel for number, panel in enumerate(shown) if number in measured)


def course_panels(opened: Cohort, seen: Course, options: PanelsOptions) -> PanelResult:
    """Everything that was measured, adverse events and therapies, on the axis of the whole course."""
    spread = options.spread_early_days
    shown = with_values(seen, options.shown(opened))
    table = values(seen, shown)
    period = options.period or first_period(table, seen)
    placed = table[table["at"].notna()]
    inside = placed[placed["at"].between(*period)].reset_index(drop=True)
    logs = tuple(panel.name in options.log for panel in shown)
    return PanelResult(
        seen,
        shown,
        logs,
        inside,
        period,
        spread,
        round_days(period, spread, options.width),
        seen.origin,
        event_lanes(opened, seen, period),
        therapy_lanes(opened, seen, period),
        n_outside=len(placed) - len(inside),
        n_unplaced=len(table) - len(placed),
        width=options.width,
    )


def infusion_panels(
    seen: Course, shown: Sequence[Panel], spread: bool = True, width: int = SCREEN_WIDTH
) -> PanelResult:
    """Every infusion from its own day 0, a panel a series, a line an infusion."""
    table = values(seen, shown)
    kept, own = by_infusion(table, seen, shown)
    period = (0.0, max([1.0, *own["at"]]))
    return PanelResult(
        seen,
        kept,
        tuple(panel.log for panel in kept),
        own,
        period,
        spread,
        round_days(period, spread, width),
        None,
        sizes=HIGH,
        width=width,
        n_unplaced=int(table["day"].isna().sum()),
    )


def among_others(
    selected: Cohort, seen: Course, panel: Panel, spread: bool = True, width: int = SCREEN_WIDTH
) -> PanelResult:
    """The first series of a panel of everybody selected after the chosen infusion as grey lines, and that of the
    patient after every infusion.
    """
    line = panel.lines[0]
    own = (replace(panel, lines=(line,)),)
    result: PanelResult = seen.once(
        ("infusions", own, spread, width), lambda: infusion_panels(seen, own, spread, width)
    )
    others = of_selection(selected, line.source)
    others = others[others["patient"] != seen.patient]
    known = others[["patient"]].drop_duplicates()
    drawn = thinned(known, MOST_OTHERS)["patient"]
    others = others[others["patient"].isin(drawn)].reset_index(drop=True)
    period = (0.0, max([1.0, *others["day"], result.period[1]]))
    return replace(
        result,
        panels=result.panels or (replace(panel, name=f"{panel.name}, {line.name}", lines=()),),
        logs=(panel.log,),
        period=period,
        days=round_days(period, spread, width),
        others=others,
        n_others=len(known),
        sizes=HIGHEST,
    )


def round_days(period: tuple[float, float], spread: bool, width: int = SCREEN_WIDTH) -> tuple[float, ...]:
    """Days that have room for their number under the axis of this period, the rounder ones first."""
    low, high = period
    inside = {sign * day for day in ROUND_DAYS for sign in (-1, 1) if low <= sign * day <= high}
    if not inside:
        return (low, high)
    first, last = _place(low, spread), _place(high, spread)
    scale = max(LEAST_PLOT, min(width, NARROWEST) - BESIDE * width) / max(last - first, 1e-9)
    shown: list[tuple[float, float, int]] = []  # from and to pixel, day
    for day in sorted(inside, key=lambda day: (ROUND_DAYS.index(abs(day)), day)):
        middle, half = (_place(day, spread) - first) * scale, text_width(str(day), SMALL) / 2 + BETWEEN
        if all(middle + half < left or middle - half > right for left, right, _ in shown):
            shown.append((middle - half, middle + half, day))
    return tuple(sorted(float(day) for *_, day in shown))


def _place(day: float, spread: bool) -> float:
    return math.copysign(math.sqrt(abs(day)), day) if spread else day
