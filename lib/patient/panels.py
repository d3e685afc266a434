"""The panels of the courses of a cohort and the values in them: what is measured alike stands on one axis, units are
never mixed.

Panels follow the words of the opened cohort, so that those of every patient of it are the same. Laboratory tests are
sorted into families by their names; a test of no family has a panel of its own. Values stand on the axis of the whole
course, or each infusion from its own day 0. A value below its limit has the limit and no number; `origin` says where
the workbook marks a value as printed, derived or invented.

Each panel has its own scale of amounts; a value below its limit stands at the limit, or at the foot of the panel where
the limit is not stated.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.kinetic_series import SeriesKey, series_keys
from lib.cohort.model import Cohort, kept, kept_of_each
from lib.cohort.printed import raised
from lib.derived.sampling import merged
from lib.labs.course_chart import levels
from lib.labs.series import LabSeries, capitalised, lab_series
from lib.patient.course import Course
from lib.stats.estimate import Floats

MOST_SERIES: Final = 5  # more than these lines on one axis cannot be told apart
FAMILIES: Final = (  # name, tests, whether a log axis shows more; in the order of the panels
    ("Temperature", re.compile(r"temp|fever|体温", re.I), False),
    ("Cytokines", re.compile(r"^il[- ]?\d|interleukin|ifn|interferon|tnf|granzyme|gm-?csf|mcp|cytokine", re.I), True),
    ("Inflammation", re.compile(r"^crp|c-reactive|ferritin|procalcitonin|^pct$|d-dimer|fibrinogen", re.I), True),
    (
        "Blood counts",
        re.compile(r"^(wbc|alc|anc|plt)|leu[ck]ocyt|lymphocyt|neutro|platelet|thrombocyt|white blood", re.I),
        True,
    ),
    ("Haemoglobin", re.compile(r"^(hb|hgb)$|ha?emoglobin", re.I), False),
    (
        "M-protein and light chains",
        re.compile(r"m[- ]?protein|paraprotein|light chain|\bs?flc|kappa|lambda", re.I),
        True,
    ),
    ("Plasma cells", re.compile(r"plasma ?cell", re.I), True),
)
ORIGIN: Final = "origin (extra)"  # a column beside the template's: printed, derived or invented
COLUMNS: Final = (
    "panel",
    "line",
    "infusion",
    "day",
    "at",
    "value",
    "below",
    "above",
    "limit",
    "lower_limit",
    "upper_limit",
    "origin",
)
LEAD_DAYS: Final = 14.0  # at first the course is shown from two weeks before its day 0


@dataclass(frozen=True)
class Line:
    """One series of a panel: its name in the key, and what it is a series of."""

    name: str
    source: SeriesKey | LabSeries


@dataclass(frozen=True)
class Panel:
    """One axis: its name and unit, whether it is at first a log axis, and its series."""

    name: str
    unit: str
    log: bool
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        """The name with its unit."""
        name = capitalised(self.name)
        return f"{name}, {raised(self.unit)}" if self.unit else name


@kept
def panels(opened: Cohort) -> tuple[Panel, ...]:
    """The panels of the opened cohort: CAR T cells, then laboratory families, then all other tests."""
    found: tuple[Panel, ...] = opened.fact(_all_panels)
    return found


def _all_panels(opened: Cohort) -> tuple[Panel, ...]:
    return (*_kinetics(opened), *_labs(opened))


def cell_panels(opened: Cohort) -> tuple[Panel, ...]:
    """The panels of CAR T cells alone."""
    return tuple(_kinetics(opened))


def _kinetics(opened: Cohort) -> Iterator[Panel]:
    by_assay: dict[tuple[str, str], list[SeriesKey]] = {}
    for key in series_keys(opened):
        by_assay.setdefault((key.assay, key.unit), []).append(key)
    for (assay, unit), keys in by_assay.items():
        share = "%" in unit
        name = f"CAR T cells ({assay})" if share else f"CAR transgene ({assay})"
        yield from _parted(name, unit, not share, [Line(key.specimen, key) for key in keys])


def _labs(opened: Cohort) -> Iterator[Panel]:
    families: dict[tuple[int, str, str], list[LabSeries]] = {}
    for series in lab_series(opened):
        place = next(
            (number for number, (_, test, _) in enumerate(FAMILIES) if test.search(series.test)), len(FAMILIES)
        )
        name = FAMILIES[place][0] if place < len(FAMILIES) else series.test
        families.setdefault((place, name, series.unit), []).append(series)
    for (place, name, unit), found in sorted(families.items(), key=lambda family: family[0][0]):
        log = FAMILIES[place][2] if place < len(FAMILIES) else any(series.log for series in found)
        yield from _parted(name, unit, log, [Line(series.test.removeprefix(f"{name}, "), series) for series in found])


def _parted(name: str, unit: str, log: bool, lines: list[Line]) -> Iterator[Panel]:
    for first in range(0, len(lines), MOST_SERIES):
        part = f" ({first // MOST_SERIES + 1})" if len(lines) > MOST_SERIES else ""
        yield Panel(f"{name}{part}", unit, log, tuple(lines[first : first + MOST_SERIES]))


def values(seen: Course, shown: Sequence[Panel]) -> pd.DataFrame:
    """One row a value, also without a place on the axis (`at` NaN): the columns COLUMNS; `panel` and `line` are places
    in `shown`.
    """
    found: pd.DataFrame = seen.once(tuple(shown), lambda: _values(seen, shown))
    return found


def _values(seen: Course, shown: Sequence[Panel]) -> pd.DataFrame:
    rows = [
        _of_line(seen, line.source).assign(panel=number, line=place)
        for number, panel in enumerate(shown)
        for place, line in enumerate(panel.lines)
    ]
    filled = [row for row in rows if len(row)]
    if not filled:
        return pd.DataFrame(
            {name: pd.Series(dtype="bool" if name in ("below", "above") else "float64") for name in COLUMNS}
        )
    return pd.concat(filled)[list(COLUMNS)].sort_values(
        ["panel", "line", "infusion", "at"], kind="stable", ignore_index=True
    )


def by_infusion(table: pd.DataFrame, seen: Course, shown: Sequence[Panel]) -> tuple[tuple[Panel, ...], pd.DataFrame]:
    """A panel for each series measured after an infusion, with a line for each infusion from its own day 0 on."""
    numbers = seen.numbers
    kept: list[Panel] = []
    tables = []
    for panel_place, panel in enumerate(shown):
        for place, line in enumerate(panel.lines):
            mine = table[(table["panel"] == panel_place) & (table["line"] == place) & (table["day"] >= 0)]
            if len(mine):
                slots = mine["infusion"].map({float(number): slot for slot, number in enumerate(numbers)})
                tables.append(mine.assign(panel=len(kept), line=slots, at=mine["day"]))
                kept.append(_single(panel, line, numbers))
    return tuple(kept), pd.concat(tables, ignore_index=True) if tables else table[:0]


def _single(panel: Panel, line: Line, numbers: Sequence[int]) -> Panel:
    name = f"{panel.name}, {line.name}" if len(panel.lines) > 1 or isinstance(line.source, SeriesKey) else panel.name
    return Panel(name, panel.unit, panel.log, tuple(Line(f"infusion {number}", line.source) for number in numbers))


@kept_of_each
def of_selection(selected: Cohort, key: SeriesKey | LabSeries) -> pd.DataFrame:
    """The values of one series of everybody selected, after the chosen infusion: patient, day, value, below, limit."""
    if not isinstance(key, SeriesKey):
        raise TypeError("only series of CAR T cells are shown among those of others")
    rows = selected.kinetics
    rows = rows[_is_of(rows, key) & (rows["infusion"] == selected.infusion) & (rows["day"] >= 0)]
    table = pd.DataFrame(
        {
            "patient": rows["patient_id"],
            "day": rows["day"],
            "value": rows["value"].mask(rows["below"]),
            "below": rows["below"].astype(bool),
            "limit": rows["lloq"],
        }
    )
    table = table[table["below"] | table["value"].notna()].rename(columns={"limit": "lloq"})
    one_a_day = merged(table, ["patient", "day"]).rename(columns={"lloq": "limit"})
    return one_a_day.sort_values(["patient", "day"], kind="stable", ignore_index=True)


def first_period(table: pd.DataFrame, seen: Course) -> tuple[float, float]:
    """From two weeks before day 0 to the last value; the whole course where nothing was measured then."""
    low, high = whole_period(table, seen)
    return (max(low, -LEAD_DAYS), high) if high > 0 else (low, high)


def whole_period(table: pd.DataFrame, seen: Course) -> tuple[float, float]:
    """From the first to the last value, adverse event or day 0, in whole days."""
    placed = pd.concat(
        [table["at"], seen.tables["adverse_events"]["at"], seen.tables["adverse_events"]["until"]]
    ).dropna()
    low, high = min([0.0, *placed]), max([0.0, *placed])
    return float(low), float(max(high, low + 1.0))


def _of_line(seen: Course, source: SeriesKey | LabSeries) -> pd.DataFrame:
    if isinstance(source, SeriesKey):
        rows = seen.tables["kinetics"]
        rows = rows[_is_of(rows, source)]
        rows = rows.assign(limit=rows["lloq"], lower_limit=float("nan"), upper_limit=float("nan"))
    else:
        rows = seen.tables["labs"]
        rows = rows[(rows["test"] == source.test) & (rows["unit"].fillna("") == source.unit)]
    below = rows["below"].astype(bool)
    origin = rows[ORIGIN] if ORIGIN in rows.columns else pd.Series(None, index=rows.index)
    origin = origin.astype("object").where(origin.notna(), "")
    table = rows.assign(below=below, value=rows["value"].mask(below), origin=origin)
    table = table[table["below"] | table["value"].notna()]
    if not isinstance(source, SeriesKey):
        return table
    return merged(table, ["infusion", "day"]).assign(limit=lambda each: each["lloq"])


def _is_of(rows: pd.DataFrame, key: SeriesKey) -> pd.Series:
    return (rows["specimen"] == key.specimen) & (rows["assay"] == key.assay) & (rows["unit"].fillna("") == key.unit)


INSET: Final = 5.0  # pixels between the highest and lowest level and the edges
MOST_LEVELS: Final = 4


@dataclass(frozen=True)
class Sizes:
    """Pixels of a panel, of the gap above it for its title, of a lane, and more of a panel for each line beyond the
    second.
    """

    panel: float = 80.0
    gap: float = 25.0
    lane: float = 14.0
    line: float = 12.0


SCREEN: Final = Sizes()


@dataclass(frozen=True)
class Axis:
    """One panel in its place. `levels` are the amounts that carry a number, `low` and `high` the ends of its scale."""

    top: float
    bottom: float
    log: bool
    low: float
    high: float
    levels: tuple[float, ...]

    def y(self, amounts: pd.Series) -> pd.Series:
        """The pixel of each amount; NaN for what cannot stand on this axis (0 or less on a log axis) or lies outside
        it.
        """
        given = amounts.to_numpy(float)
        inside = (given >= self.low) & (given <= self.high) & ((given > 0) | (not self.log))
        numbers = np.where(inside, given, np.nan)
        share = (self._scaled(numbers) - self._scaled(self.low)) / (self._scaled(self.high) - self._scaled(self.low))
        return pd.Series(self.bottom - INSET - share * (self.bottom - self.top - 2 * INSET), index=amounts.index)

    def _scaled(self, numbers: npt.ArrayLike) -> Floats:
        given = np.asarray(numbers, dtype=np.float64)
        return np.log10(given) if self.log else given


def axes(table: pd.DataFrame, shown: Sequence[Panel], logs: Sequence[bool], sizes: Sizes = SCREEN) -> tuple[Axis, ...]:
    """The axes of the panels one under the other, for the values of `table` (as panels.values gives them)."""
    found, top = [], sizes.gap
    for number, (each, log) in enumerate(zip(shown, logs, strict=True)):
        found.append(_axis(top, _height(each, sizes), table[table["panel"] == number], log))
        top = found[-1].bottom + sizes.gap
    return tuple(found)


def height(shown: Sequence[Panel], *lanes: int, sizes: Sizes = SCREEN) -> int:
    """Pixels of these panels with blocks of lanes under them; a block without lanes takes no room."""
    blocks = sum(sizes.gap + n * sizes.lane for n in lanes if n)
    return round(sum(sizes.gap + _height(each, sizes) for each in shown) + blocks)


def _height(panel: Panel, sizes: Sizes) -> float:
    return sizes.panel + sizes.line * max(0, len(panel.lines) - 2)


def _axis(top: float, pixels: float, rows: pd.DataFrame, log: bool) -> Axis:
    amounts = [*rows["value"].dropna(), *rows.loc[rows["below"], "limit"].dropna()]
    ticks = levels(amounts, log)
    one = len(ticks) == 1  # round amount on a log axis
    low, high = (ticks[0] / 2, ticks[0] * 2) if one else (ticks[0], ticks[-1])
    return Axis(top, top + pixels, log, low, high, ticks[:: math.ceil(len(ticks) / MOST_LEVELS)])
