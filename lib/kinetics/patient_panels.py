"""Every patient's series in a panel of its own: shared log axis and days, limit of quantification, open symbols below
it; of many patients one sheet after another.

The chart is one view in which every panel is placed by hand, because facets neither stretch nor share what stands
beside them: over the tables line, point, below, limit, frame, tick, decade, panel, title, group, heading, whose places
on the sheet are columns (x in panel widths, y in pixels), so that axes are shared by construction. It depends on
options and the size of the sheet, never on the selection.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import analysis_set
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.model import Cohort
from lib.kinetics.profile_tables import LONGEST_GAP_DAYS, TimeAxis, axis_of, drawn, with_room
from lib.kinetics.series import (
    SAMPLE_COLUMNS,
    KineticsResult,
    ProfileOptions,
    after_infusion,
    amount_title,
    figure_title,
    groups_shown,
    kinetics_of,
    limits,
    measured,
    samples_of,
    series_of,
    unsampled_notes,
)
from lib.publication.exhibit import Figure, Numbers, frame_numbers
from lib.publication.key import keyed
from lib.publication.log_axis import log_tables
from lib.publication.number import plural
from lib.publication.options import choice
from lib.publication.palette import FAINT_INK, GRID, INK, group_shapes
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN
from lib.publication.theme import HOVER, Specification, by_slot, keeps, publish, table, text_layer, tooltips

MOST_PANELS: Final = 60
ABOVE: Final = 18  # for the patient's name
BELOW: Final = 10
UNDER: Final = 26  # under the last row, for the days
ACROSS: Final = (4, 5, 6)
NARROW: Final = 600  # pixels, below which as many panels stand beside each other as have room
LEAST_WIDTH: Final = 120  # pixels of a panel of a narrow sheet, with what is beside it
GUTTER: Final = 70  # pixels of the sheet's width that are no panel
FEW, MEDIUM = 12, 24  # panels; of more than MEDIUM always six beside each other
BESIDE: Final = 0.2  # of a panel's width, between panels
HEIGHT: Final = 0.75  # of a panel, in its widths
ROUND_DAYS: Final = (0, 28, 90, 180, 365, 730, 1095, 1825, 3650)
MOST_DECADE_LABELS: Final = 5
WORDS: Final = 10  # font size of the labels
Tables = dict[str, pd.DataFrame]


def places(opened: Cohort, key: SeriesKey) -> int:
    """How many panels the sheet has room for: the patients of the opened cohort's analysis set with samples of the
    series, at most 60."""
    included = set(opened.patients.loc[analysis_set(opened), "patient_id"])
    return max(1, min(MOST_PANELS, len(included & set(samples_of(opened, key)["patient"]))))


def sheets(result: KineticsResult) -> tuple[tuple[str, ...], ...]:
    """The patients with samples by group, and in the order of the file within each, in sheets of at most 60."""
    first = result.table.drop_duplicates("patient")
    slots = first["group"].map(result.slots)
    in_order = first.assign(slot=slots).sort_values("slot", kind="stable")["patient"].tolist()
    starts = range(0, max(1, len(in_order)), MOST_PANELS)
    return tuple(tuple(in_order[start : start + MOST_PANELS]) for start in starts)


@dataclass(frozen=True)
class Sheet:
    """Where each panel lies: x counts in panel widths from the left, y in pixels from the top. `pixels`: width of the
    figure."""

    panels: int
    pixels: int = SCREEN

    @property
    def columns(self) -> int:
        """Four for up to 12 panels, else what fills the last row best, at most six; of a narrow sheet what has room."""
        if self.pixels < NARROW:
            return max(2, self.pixels // LEAST_WIDTH)
        if self.panels <= FEW:
            return min(ACROSS)
        return min(
            ACROSS,
            key=lambda columns: (self.panels > MEDIUM and columns < max(ACROSS), -self.panels % columns, -columns),
        )

    @property
    def panel(self) -> float:
        """Pixels of width of a panel, about."""
        return (self.pixels - GUTTER) / self.width

    @property
    def rows(self) -> int:
        """How many rows of panels there are."""
        return -(-self.panels // self.columns)

    @property
    def plot(self) -> int:
        """Pixels of height of a panel without its name."""
        return round(HEIGHT * self.panel)

    @property
    def width(self) -> float:
        """Of the sheet, in panel widths."""
        return self.columns + BESIDE * (self.columns - 1)

    @property
    def height(self) -> int:
        """Of the sheet, in pixels."""
        return self.rows * (ABOVE + self.plot + BELOW) + UNDER

    def left(self, panel: int) -> float:
        """Where a panel begins, in panel widths."""
        return (panel % self.columns) * (1 + BESIDE)

    def top(self, panel: int) -> int:
        """Where the plot of a panel begins, under the name."""
        return (panel // self.columns) * (ABOVE + self.plot + BELOW) + ABOVE


def sheet_names(analysis: Analysis, key: SeriesKey | None) -> dict[str, str]:
    """The sheets of small panels, by number, named after their first and last patients."""
    found = sheets(kinetics_of(analysis, key)) if key else ()
    return {str(number): f"{patients[0]} to {patients[-1]}" for number, patients in enumerate(found, 1) if patients}


@dataclass(frozen=True)
class PatientsOptions(ProfileOptions):
    """Of many patients, which sheet of panels."""

    sheet: str = choice(None, sheet_names, "Patients")


def patients_figure(result: KineticsResult, room: int, options: PatientsOptions = PatientsOptions()) -> Figure:
    """One sheet of panels that has room for so many."""
    every = sheets(result)
    shown = every[min(int(options.sheet or 1) - 1, len(every) - 1)]
    mine = result.table[result.table["patient"].isin(shown)]
    sheet = Sheet(room, options.width)
    panels = plural(len(shown), "small panel")
    return Figure(
        id=result.key.id("patients"),
        title=figure_title(result, "CAR transgene of each patient"),
        chart=keyed(patients_chart(result.colours, result.key.unit, sheet), result.grouping.groups, "point"),
        tables=_tables(result, shown, sheet, options.spread_early_days),
        data=mine[SAMPLE_COLUMNS].assign(unit=result.key.unit),
        caption=(
            f"One panel a patient{after_infusion(result)}, by group; dashed, {limits(result)}; open symbol, below it."
        ),
        alt=f"{panels}, one a patient, of CAR transgene over days since infusion on a shared log axis.",
        method=(
            "All panels share their axes. Below the limit a value is drawn at half of it. Lines are not drawn through"
            f" values below the limit nor across more than {LONGEST_GAP_DAYS:g} days without a sample."
        ),
        notes=_notes(result, every, shown),
        n=len(shown),
        numbers=_numbers(mine, shown),
    )


def _notes(result: KineticsResult, every: tuple[tuple[str, ...], ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    if len(every) == 1:
        return unsampled_notes(result)
    first = every.index(shown) * MOST_PANELS + 1
    which = f"Patients {first} to {first + len(shown) - 1} of {result.n}: a sheet holds {MOST_PANELS}."
    return (which, *unsampled_notes(result))


@dataclass(frozen=True)
class _Axes:
    """What every panel shares: the powers of ten and the days at the ends of its axes."""

    sheet: Sheet
    powers: tuple[float, float]
    time: TimeAxis

    def across(self, panel: pd.Series, day: pd.Series) -> pd.Series:
        """Where days stand in their panels, in panel widths."""
        placed: pd.Series = panel.map(self.sheet.left) + self.time.places(day)
        return placed

    def down(self, panel: pd.Series, amount: pd.Series) -> pd.Series:
        """Where amounts stand in their panels, in pixels."""
        low, high = self.powers
        share = (np.log10(amount.to_numpy(float)) - low) / (high - low)
        placed: pd.Series = panel.map(self.sheet.top) + (1 - share) * self.sheet.plot
        return placed


def _tables(result: KineticsResult, shown: tuple[str, ...], sheet: Sheet, stretched: bool) -> Tables:
    place = {patient: number for number, patient in enumerate(shown)}
    samples = drawn(result.table[result.table["patient"].isin(shown)])
    lloqs = result.table.loc[result.table["patient"].isin(shown), ["patient", "lloq"]].dropna().drop_duplicates()
    vertical = log_tables([*samples["amount"], *lloqs["lloq"]])
    low, high = np.log10(vertical["edge"]["amount"].to_numpy(float))
    axes = _Axes(sheet, (low, high), axis_of(samples["day"].tolist(), stretched))
    panel, of_limit = samples["patient"].map(place), lloqs["patient"].map(place)
    placed = samples.assign(x=axes.across(panel, samples["day"]), y=axes.down(panel, samples["amount"]))
    left = of_limit.map(sheet.left)
    columns = ["patient", "group", "slot", "day", "shown", "x", "y"]
    lines = placed[~placed["below"]]
    return {
        "line": lines[["patient", "slot", "x", "y", "piece"]].assign(piece=pd.factorize(lines["piece"])[0]),
        "point": placed.loc[~placed["below"], columns],
        "below": placed.loc[placed["below"], columns],
        "limit": pd.DataFrame({"x": left, "x2": left + 1, "y": axes.down(of_limit, lloqs["lloq"])}),
        **_furniture(shown, axes, vertical["decade"]),
        "title": pd.DataFrame({"days": [axes.time.title]}),
        "group": groups_shown(result, result.table.groupby("group")["patient"].nunique()),
        "heading": pd.DataFrame({"text": [measured(result)]}),
    }


def _furniture(shown: tuple[str, ...], axes: _Axes, decades: pd.DataFrame) -> Tables:
    """Axes, ticks and names: amounts are labelled at the left of each row, days under the lowest of each column."""
    sheet = axes.sheet
    days = _days(axes)
    amounts = [label if place % _every(decades) == 0 else "" for place, label in enumerate(decades["label"])]
    frame, panel, decade, tick = [], [], [], []
    for number, patient in enumerate(shown):
        left, top = sheet.left(number), sheet.top(number)
        bottom = top + sheet.plot
        frame += [(left, left + 1, bottom, bottom), (left, left, top, bottom)]
        panel.append((patient, left, top))
        places = axes.down(pd.Series([number] * len(decades)), decades["amount"])
        first, lowest = number % sheet.columns == 0, number + sheet.columns >= len(shown)
        decade += [(left, left + 1, y, label * first) for label, y in zip(amounts, places, strict=True)]
        tick += [(left + x, float(bottom), label * lowest) for x, label in days]
    return {
        "frame": pd.DataFrame(frame, columns=["x", "x2", "y", "y2"]),
        "panel": pd.DataFrame(panel, columns=["patient", "x", "y"]),
        "decade": pd.DataFrame(decade, columns=["x", "x2", "y", "label"]),
        "tick": pd.DataFrame(tick, columns=["x", "y", "label"]),
    }


def _every(decades: pd.DataFrame) -> int:
    """Of how many ticks one is labelled."""
    return max(1, math.ceil(len(decades) / MOST_DECADE_LABELS))


def _days(axes: _Axes) -> list[tuple[float, str]]:
    """The place of each round day within a panel, and its label where it has room."""
    days = [float(day) for day in ROUND_DAYS if day <= axes.time.last]
    at, words = [axes.time.at(day) for day in days], [axes.time.label(day) for day in days]
    room = with_room(days, [x * axes.sheet.panel for x in at], [[each] for each in words], WORDS)
    return [(x, word if day in room else "") for day, x, word in zip(days, at, words, strict=True)]


def _numbers(mine: pd.DataFrame, shown: tuple[str, ...]) -> Numbers:
    """One row a patient: group, samples, how many lie below the limit, last day sampled."""
    of = mine.groupby("patient", sort=False)
    rows = of.agg(
        group=("group", "first"), samples=("day", "size"), below_limit=("below", "sum"), last_day=("day", "max")
    )
    return frame_numbers(rows.loc[list(shown)].reset_index(), below_limit="samples", last_day="days")


@cache
def patients_chart(colours: tuple[str, ...], unit: str, sheet: Sheet) -> Specification:
    """The specification of a sheet of panels."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, sheet.width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[sheet.height, 0], nice=False, zero=False), axis=None)
    layers = [*_frames(x, y), *_series(x, y, colours), *_words(x, y, sheet, amount_title(unit))]
    layers += [keeps("group"), keeps("heading")]
    return publish(alt.layer(*layers), width=sheet.pixels, height=sheet.height + 90)


def _frames(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Axes, their ticks, decades and the limit of quantification."""
    x2, y2 = alt.X2("x2:Q"), alt.Y2("y2:Q")
    tick, decade = table("tick"), table("decade")
    small: dict[str, Any] = {"fontSize": WORDS, "color": INK}
    return [
        decade.mark_rule(color=GRID).encode(x=x, x2=x2, y=y),
        table("limit").mark_rule(strokeDash=[4, 3], color=FAINT_INK, strokeWidth=0.9).encode(x=x, x2=x2, y=y),
        table("frame").mark_rule(color=FAINT_INK, strokeWidth=0.8).encode(x=x, x2=x2, y=y, y2=y2),
        tick.mark_tick(orient="vertical", color=FAINT_INK, size=4, thickness=0.8, yOffset=2).encode(x=x, y=y),
        text_layer(tick, "label", x, y, dy=11, **small),
        text_layer(decade, "label", x, y, align="right", baseline="middle", dx=-4, **small),
    ]


def _series(x: alt.X, y: alt.Y, colours: tuple[str, ...]) -> list[alt.Chart]:
    colour, shape = by_slot(alt.Color, colours), by_slot(alt.Shape, group_shapes(len(colours)))
    tooltip = tooltips({"patient": "Patient", "group": "Group", "day:Q": "Day", "shown": "Value"})
    return [
        table("line").mark_line(strokeWidth=1.5).encode(x=x, y=y, color=colour, detail=alt.Detail("piece:N")),
        table("point").mark_point(size=20, filled=True, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
        table("below")
        .mark_point(size=20, filled=False, fill="#FFFFFF", strokeWidth=1, opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape),
        *(
            table(name, f"{HOVER}_{name}").mark_point(size=90, filled=True, opacity=0).encode(x=x, y=y, tooltip=tooltip)
            for name in ("point", "below")
        ),
    ]


def _words(x: alt.X, y: alt.Y, sheet: Sheet, amount: str) -> list[alt.Chart]:
    """The patient's name over each panel, and the titles of the shared axes."""
    name = table("panel").mark_text(
        align="left", baseline="bottom", dy=-3, fontSize=11, fontWeight="bold", color=INK, limit=round(sheet.panel)
    )
    once = table("title")
    return [
        name.encode(x=x, y=y, text=alt.Text("patient:N")),
        once.mark_text(fontSize=12, color=INK, clip=False).encode(
            x=alt.XValue(alt.ExprRef("width / 2")), y=alt.YValue(alt.ExprRef("height + 6")), text=alt.Text("days:N")
        ),
        once.mark_text(fontSize=12, color=INK, text=amount, angle=270, clip=False).encode(
            x=alt.XValue(-38), y=alt.YValue(alt.ExprRef("height / 2"))
        ),
    ]


def _build(analysis: Analysis, key: SeriesKey, options: PatientsOptions) -> Figure:
    return patients_figure(kinetics_of(analysis, key, options), places(analysis.opened, key), options)


EACH_PATIENT: Final = ExhibitSpec(
    "kinetics.patients", "Each patient", "kinetics", _build, PatientsOptions, series_of, lambda key: key.id("patients")
)
