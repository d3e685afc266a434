"""Every patient's series in a panel of its own: shared log axis and days, limit of quantification, open symbols below
it.

The chart is one view in which every panel is placed by hand, because facets neither stretch nor share what stands
beside them: over the tables line, point, below, limit, frame, tick, decade, panel, group, heading, whose places on the
sheet are columns (x in panel widths, y in pixels), so that axes are shared by construction. It depends on options and
the size of the sheet, never on the selection.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics.patient_sheets import MOST_PANELS, Sheet, places, sheets
from lib.kinetics.profile import LONGEST_GAP_DAYS, drawn
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
    series_of,
    unsampled_notes,
)
from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.log_axis import SUPERSCRIPTS, decades
from lib.publication.number import plural
from lib.publication.options import choice
from lib.publication.palette import FAINT_INK, GRID, GROUP_SHAPES, INK
from lib.publication.spec import ExhibitSpec
from lib.publication.theme import HOVER, Specification, keeps, publish, table
from lib.stats.at_risk import thinned_powers

WIDTH: Final = 760
NAME_LIMIT: Final = {4: 160, 5: 130, 6: 105}
ROUND_DAYS: Final = (0, 28, 90, 180, 365, 730, 1095, 1825, 3650)
MOST_DECADE_LABELS: Final = 4
LEAST_APART: Final = 0.16  # of a panel's width, between labels of days
Tables = dict[str, pd.DataFrame]


def sheet_names(analysis: Analysis, key: SeriesKey | None) -> dict[str, str]:
    """The sheets of small panels, by number, named after their first and last patients."""
    found = sheets(kinetics_of(analysis, key)) if key else ()
    return {str(number): f"{patients[0]} to {patients[-1]}" for number, patients in enumerate(found, 1) if patients}


@dataclass(frozen=True)
class PatientsOptions(ProfileOptions):
    """Of many patients, which sheet of panels."""

    sheet: str = choice(None, sheet_names, "Patients")


def patients_figure(result: KineticsResult, room: int, sheet: int = 0, spread_early_days: bool = True) -> Figure:
    """One sheet of panels that has room for so many."""
    every = sheets(result)
    shown = every[min(sheet, len(every) - 1)]
    mine = result.table[result.table["patient"].isin(shown)]
    chart = patients_chart(result.colours, result.key.unit, spread_early_days, room)
    panels = plural(len(shown), "small panel")
    return Figure(
        id=result.key.id("patients"),
        title=figure_title(result, "CAR transgene of each patient"),
        chart=with_key(chart, group_names(result.grouping.groups), result.colours, "point"),
        tables=_tables(result, shown, spread_early_days, room),
        data=mine[SAMPLE_COLUMNS].assign(unit=result.key.unit),
        caption=_caption(result, shown, len(every)),
        alt=f"{panels}, one a patient, of CAR transgene over days since infusion on a shared log axis.",
        notes=_notes(result, every, shown),
        n=len(shown),
        numbers=_numbers(mine, shown),
    )


def _caption(result: KineticsResult, shown: tuple[str, ...], n_sheets: int) -> str:
    of = f" of {result.n}" if n_sheets > 1 else ""
    return (
        f"One panel a patient{after_infusion(result)} (n = {len(shown)}{of}), ordered by group; axes are shared. "
        f"Dashed: {limits(result)}; "
        "open symbols: below it, drawn at half of it. Lines are not drawn through values below the limit nor across "
        "more than "
        f"{LONGEST_GAP_DAYS:g} days without a sample."
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
    powers: tuple[int, int]
    ends: tuple[float, float]
    spread: bool

    def across(self, panel: pd.Series, day: pd.Series) -> pd.Series:
        """Where days stand in their panels, in panel widths."""
        start, end = (self._stretched(one) for one in self.ends)
        share = [(self._stretched(one) - start) / (end - start) for one in day]
        return panel.map(self.sheet.left) + np.array(share, dtype=float)

    def down(self, panel: pd.Series, amount: pd.Series) -> pd.Series:
        """Where amounts stand in their panels, in pixels."""
        low, high = self.powers
        share = (np.log10(amount.to_numpy(float)) - low) / max(1, high - low)
        placed: pd.Series = panel.map(self.sheet.top) + (1 - share) * self.sheet.plot
        return placed

    def _stretched(self, day: float) -> float:
        return math.copysign(math.sqrt(abs(day)), day) if self.spread else day


def _axes(samples: pd.DataFrame, lloqs: pd.Series, sheet: Sheet, spread: bool) -> _Axes:
    powers = [round(math.log10(amount)) for amount in decades([*samples["amount"], *lloqs])]
    return _Axes(sheet, (powers[0], powers[-1]), (min([0.0, *samples["day"]]), max([28.0, *samples["day"]])), spread)


def _tables(result: KineticsResult, shown: tuple[str, ...], spread: bool, size: int) -> Tables:
    sheet, place = Sheet(size), {patient: number for number, patient in enumerate(shown)}
    samples = drawn(result)
    samples = samples[samples["patient"].isin(shown)]
    lloqs = result.table.loc[result.table["patient"].isin(shown), ["patient", "lloq"]].dropna().drop_duplicates()
    axes = _axes(samples, lloqs["lloq"], sheet, spread)
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
        **_furniture(shown, axes),
        "group": groups_shown(result, result.table.groupby("group")["patient"].nunique()),
        "heading": pd.DataFrame({"text": [f"{plural(len(shown), 'patient')} with samples, {limits(result)}"]}),
    }


def _furniture(shown: tuple[str, ...], axes: _Axes) -> Tables:
    """Axes, ticks and names: decades are labelled at the left of each row, days under the lowest of each column."""
    sheet, powers = axes.sheet, thinned_powers(*axes.powers)
    step = max(1, math.ceil((len(powers) - 1) / MOST_DECADE_LABELS))
    days = [float(day) for day in ROUND_DAYS if day <= axes.ends[1]]
    frame, panel, decade, tick = [], [], [], []
    for number, patient in enumerate(shown):
        left, top = sheet.left(number), sheet.top(number)
        bottom = top + sheet.plot
        frame += [(left, left + 1, bottom, bottom), (left, left, top, bottom)]
        panel.append((patient, left, top))
        places = axes.down(pd.Series([number] * len(powers)), pd.Series([10.0**power for power in powers]))
        first, lowest = number % sheet.columns == 0, number + sheet.columns >= len(shown)
        labelled = powers[::step] if first else ()
        decade += [
            (left, left + 1, y, f"10{str(power).translate(SUPERSCRIPTS)}" if power in labelled else "")
            for power, y in zip(powers, places, strict=True)
        ]
        at = axes.across(pd.Series([number] * len(days)), pd.Series(days))
        tick += [
            (float(x), float(bottom), words if lowest else "") for words, x in zip(_apart(days, at), at, strict=True)
        ]
    return {
        "frame": pd.DataFrame(frame, columns=["x", "x2", "y", "y2"]),
        "panel": pd.DataFrame(panel, columns=["patient", "x", "y"]),
        "decade": pd.DataFrame(decade, columns=["x", "x2", "y", "label"]),
        "tick": pd.DataFrame(tick, columns=["x", "y", "label"]),
    }


def _apart(days: list[float], at: Iterable[float]) -> list[str]:
    """The days as labels, "" where one would run into the one before."""
    labels, last = [], -math.inf
    for day, x in zip(days, at, strict=True):
        shows = x - last >= LEAST_APART
        labels.append(f"{day:g}" if shows else "")
        last = x if shows else last
    return labels


def _numbers(mine: pd.DataFrame, shown: tuple[str, ...]) -> Numbers:
    """One row a patient: group, samples, how many lie below the limit, last day sampled."""
    columns = (("patient", ""), ("group", ""), ("samples", ""), ("below_limit", "samples"), ("last_day", "days"))
    counted = ((patient, mine[mine["patient"] == patient]) for patient in shown)
    rows = tuple(
        (patient, rows["group"].iloc[0], len(rows), int(rows["below"].sum()), float(rows["day"].max()))
        for patient, rows in counted
    )
    return Numbers(columns, rows)


@cache
def patients_chart(colours: tuple[str, ...], unit: str, spread_early_days: bool, panels: int) -> Specification:
    """The specification of a sheet with room for so many panels."""
    sheet, slots = Sheet(panels), list(range(len(colours)))
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, sheet.width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[sheet.height, 0], nice=False, zero=False), axis=None)
    days = "Days since infusion" + (" (square-root scale)" if spread_early_days else "")
    layers = [
        *_frames(x, y),
        *_series(x, y, colours, slots),
        *_words(x, y, sheet, (days, amount_title(unit))),
    ]
    layers += [keeps("group"), keeps("heading")]
    return publish(alt.layer(*layers), width=WIDTH, height=sheet.height + 90)


def _frames(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Axes, their ticks, decades and the limit of quantification."""
    x2, y2 = alt.X2("x2:Q"), alt.Y2("y2:Q")
    tick, decade = table("tick"), table("decade")
    small: dict[str, Any] = {"fontSize": 10, "color": INK, "clip": False}
    return [
        decade.mark_rule(color=GRID).encode(x=x, x2=x2, y=y),
        table("limit").mark_rule(strokeDash=[4, 3], color=FAINT_INK, strokeWidth=0.9).encode(x=x, x2=x2, y=y),
        table("frame").mark_rule(color=FAINT_INK, strokeWidth=0.8).encode(x=x, x2=x2, y=y, y2=y2),
        tick.mark_tick(orient="vertical", color=FAINT_INK, size=4, thickness=0.8, yOffset=2).encode(x=x, y=y),
        tick.mark_text(dy=11, **small).encode(x=x, y=y, text=alt.Text("label:N")),
        decade.mark_text(align="right", baseline="middle", dx=-4, **small).encode(x=x, y=y, text=alt.Text("label:N")),
    ]


def _series(x: alt.X, y: alt.Y, colours: tuple[str, ...], slots: list[int]) -> list[alt.Chart]:
    scale = alt.Scale(domain=slots, range=list(colours))
    shapes = alt.Scale(domain=slots, range=[GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in slots])
    colour = alt.Color("slot:N", title=None, scale=scale, legend=None)
    shape = alt.Shape("slot:N", title=None, scale=shapes, legend=None)
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("day:Q", title="Day"),
        alt.Tooltip("shown:N", title="Value"),
    ]
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


def _words(x: alt.X, y: alt.Y, sheet: Sheet, axes: tuple[str, str]) -> list[alt.Chart]:
    """The patient's name over each panel, and the titles of the shared axes."""
    days, amount = axes
    name = table("panel").mark_text(
        align="left",
        baseline="bottom",
        dy=-3,
        fontSize=11,
        fontWeight="bold",
        color=INK,
        limit=NAME_LIMIT[sheet.columns],
    )
    once = table("heading")
    return [
        name.encode(x=x, y=y, text=alt.Text("patient:N")),
        once.mark_text(fontSize=12, color=INK, text=days, clip=False).encode(
            x=alt.XValue(alt.ExprRef("width / 2")), y=alt.YValue(alt.ExprRef("height + 6"))
        ),
        once.mark_text(fontSize=12, color=INK, text=amount, angle=270, clip=False).encode(
            x=alt.XValue(-38), y=alt.YValue(alt.ExprRef("height / 2"))
        ),
    ]


def _build(analysis: Analysis, key: SeriesKey, options: PatientsOptions) -> Figure:
    room, sheet = places(analysis.opened, key), int(options.sheet or 1) - 1
    return patients_figure(kinetics_of(analysis, key, options), room, sheet, options.spread_early_days)


EACH_PATIENT: Final = ExhibitSpec(
    "kinetics.patients", "Each patient", "kinetics", _build, PatientsOptions, series_of, lambda key: key.id("patients")
)
