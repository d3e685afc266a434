"""Every patient's series in a panel of its own: shared log axis and days, limit of quantification, open symbols below it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.kinetics.figure import LONGEST_GAP_DAYS, drawn
from lib.kinetics.patients.chart import Sheet, patients_chart
from lib.kinetics.patients.window import MOST_PANELS, sheets
from lib.kinetics.result import KineticsResult
from lib.kinetics.words import limits
from lib.publication.exhibit import Figure, Numbers
from lib.publication.key import group_names, with_key
from lib.publication.log_axis import SUPERSCRIPTS, decades
from lib.publication.number import plural
from lib.publication.palette import group_colours
from lib.stats.at_risk import thinned_powers

ROUND_DAYS: Final = (0, 28, 90, 180, 365, 730, 1095, 1825, 3650)
MOST_DECADE_LABELS: Final = 4
LEAST_APART: Final = 0.16  # of a panel's width, between labels of days
Tables = dict[str, pd.DataFrame]


def patients_figure(
    result: KineticsResult, spread_early_days: bool = True, sheet: int = 0, room: int | None = None
) -> Figure:
    """One sheet of panels; `room` is how many panels the sheet has room for (None: as many as it shows)."""
    every = sheets(result)
    shown = every[min(sheet, len(every) - 1)]
    size = room or max(1, len(shown))
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    colours = group_colours([group.colour for group in result.grouping.groups])
    mine = result.table[result.table["patient"].isin(shown)]
    return Figure(
        id=result.key.id("patients"),
        title=f"CAR transgene of each patient in {result.key.specimen} ({result.key.assay}){by}",
        chart=with_key(
            patients_chart(colours, result.key.unit, spread_early_days, size),
            group_names(result.grouping.groups),
            colours,
            "point",
        ),
        tables=_tables(result, shown, spread_early_days, size),
        data=mine[["patient", "group", "infusion", "day", "value", "below", "lloq"]].assign(unit=result.key.unit),
        caption=_caption(result, shown, len(every)),
        alt=f"{plural(len(shown), 'small panel')}, one a patient, of CAR transgene over days since infusion on a shared log axis.",
        notes=_notes(result, every, shown),
        n=len(shown),
        numbers=_numbers(mine, shown),
    )


def _caption(result: KineticsResult, shown: tuple[str, ...], n_sheets: int) -> str:
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    of = f" of {result.n}" if n_sheets > 1 else ""
    return (
        f"One panel a patient{infusion} (n = {len(shown)}{of}), ordered by group; axes are shared. Dashed: {limits(result)}; open symbols: below it, drawn at "
        f"half of it. Lines are not drawn through values below the limit nor across more than {LONGEST_GAP_DAYS:g} days without a sample."
    )


def _notes(result: KineticsResult, every: tuple[tuple[str, ...], ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    said = []
    if len(every) > 1:
        first = every.index(shown) * MOST_PANELS + 1
        said.append(f"Patients {first} to {first + len(shown) - 1} of {result.n}: a sheet holds {MOST_PANELS}.")
    if result.n < result.n_selected:
        said.append(
            f"{result.n_selected - result.n} of {result.n_selected} patients without samples of this series or without a group."
        )
    return tuple(said)


@dataclass(frozen=True)
class _Axes:
    """What every panel shares: the powers of ten and the days at the ends of its axes."""

    sheet: Sheet
    powers: tuple[int, int]
    ends: tuple[float, float]
    spread: bool

    def across(self, panel: pd.Series, day: pd.Series) -> pd.Series:
        start, end = (self._stretched(one) for one in self.ends)
        share = [(self._stretched(one) - start) / (end - start) for one in day]
        return panel.map(self.sheet.left) + np.array(share, dtype=float)

    def down(self, panel: pd.Series, amount: pd.Series) -> pd.Series:
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
        "group": _groups(result),
        "heading": pd.DataFrame({"text": [f"{plural(len(shown), 'patient')} with samples, {limits(result)}"]}),
    }


def _furniture(shown: tuple[str, ...], axes: _Axes) -> Tables:
    """Axes, ticks and names: decades are labelled at the left of each row, days under the lowest panel of each column."""
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
        decade += [
            (
                left,
                left + 1,
                y,
                f"10{str(power).translate(SUPERSCRIPTS)}" if first and place % step == 0 else "",
            )
            for place, (power, y) in enumerate(zip(powers, places, strict=True))
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


def _groups(result: KineticsResult) -> pd.DataFrame:
    n = result.table.groupby("group")["patient"].nunique()
    groups = result.grouping.groups
    labels = [f"{group.name} ({int(n.get(group.name, 0))} of {group.size})" for group in groups]
    return pd.DataFrame({"slot": range(len(groups)), "label": labels})


def _numbers(mine: pd.DataFrame, shown: tuple[str, ...]) -> Numbers:
    """One row a patient: group, samples, how many lie below the limit, last day sampled."""
    columns = (("patient", ""), ("group", ""), ("samples", ""), ("below_limit", "samples"), ("last_day", "days"))
    by_patient = dict(iter(mine.groupby("patient", sort=False)))
    rows = []
    for patient in shown:
        rows_of = by_patient[patient]
        rows.append(
            (patient, rows_of["group"].iloc[0], len(rows_of), int(rows_of["below"].sum()), float(rows_of["day"].max()))
        )
    return Numbers(columns, tuple(rows))
