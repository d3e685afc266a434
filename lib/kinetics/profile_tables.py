"""The tables that the chart of profiles is drawn over, from samples and means: lib/kinetics/profile.py.

The axis of time under kinetics: the first four weeks in days, stretched, then months. Places run from 0 (the first day
shown) to 1 (the last). Where the scale changes stands a break.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.kinetics.series import KineticsResult, ProfileOptions, groups_shown, measured
from lib.publication.log_axis import log_tables
from lib.publication.number import short
from lib.publication.options import choice
from lib.publication.text_width import SMALL, text_width
from lib.stats.estimate import Floats

LEFT_OF_PLOT: Final = 58.0  # pixels that labels and title of the amounts need
MARGINS: Final = 24.0  # of the whole chart, at both sides
NAME_GAP: Final = 14  # between the name of a row and the axis
LONGEST_NAME: Final = 0.15  # of the width, that names may take at the left of their rows; else symbols stand there
MOST_BANDS: Final = 2  # groups; the quartiles of more would hide each other as bands
WEEKS: Final = 28.0  # days that are stretched
WORTH: Final = 1.25  # nothing is stretched where the last day is no later than so many times that
SHARE: Final = 0.6  # of the axis, for them
BREAK: Final = 0.035  # of the axis, between them and the months
MONTH: Final = 30.4375  # days
ROUND: Final = 0.03  # a day this near to a whole month, as a share of it, is labelled as that month
IMPORTANT: Final = (28, 14, 7, 90, 180, 365, 21, 60, 730, 3, 10, 120)  # days that keep their labels where room is short
APART: Final = 5.0  # pixels between two labels
LONGEST_GAP_DAYS: Final = 60.0  # a line is not drawn across a longer time without a sample
MOST_LINES: Final = 60  # patients; of more the quartiles are drawn
FEWEST_FOR_QUARTILES: Final = 5
UNDER_LIMIT: Final = 0.08  # of the axis, under the limit of quantification: its value stands there
DODGE, WIDEST = 6.0, 18.0  # pixels between the means of neighbouring groups, and of all groups of a day
FEWEST_WITH_BARS: Final = 3  # patients; of two the 95 % CI is wider than the axis
MOST_WITH_BARS: Final = 4  # groups; of more the bars would hide each other
INTERVAL, DEVIATION, NO_BARS = "95 % CI", "geometric SD", "none"


@dataclass(frozen=True)
class Look:
    """What the chart depends on beside the groups."""

    unit: str
    width: int
    names: tuple[str, ...]  # beside the rows; () where they have no room

    @property
    def plot_width(self) -> float:
        """Pixels of the plot, about."""
        names = max((text_width(name, SMALL, bold=True) for name in self.names), default=0.0)
        return self.width - MARGINS - max(LEFT_OF_PLOT, names + NAME_GAP)


def look_of(unit: str, width: int, names: tuple[str, ...]) -> Look:
    """The names of several groups stand beside their rows where they are short."""
    fit = all(text_width(name, SMALL, bold=True) <= LONGEST_NAME * width for name in names)
    return Look(unit, width, names if fit and len(names) > 1 else ())


def banded(groups: int) -> bool:
    """Whether the quartiles of so many groups are bands; else bars beside each other."""
    return groups <= MOST_BANDS


@dataclass(frozen=True)
class TimeAxis:
    """Where days stand between `first` and `last`."""

    first: float
    last: float
    stretched: bool

    @property
    def broken(self) -> bool:
        """Whether months follow the stretched weeks."""
        return self.stretched and self.last > WORTH * WEEKS and self.first < WEEKS

    def at(self, day: float) -> float:
        """The place of a day, 0 to 1."""
        return float(self._at(np.array(day, dtype=float)))

    def places(self, days: pd.Series) -> pd.Series:
        """The places of many days."""
        return pd.Series(self._at(days.to_numpy(float)), days.index)

    def _at(self, days: Floats) -> Floats:
        if not self.broken:
            return (days - self.first) / (self.last - self.first or 1.0)
        early, after = SHARE * (days - self.first) / (WEEKS - self.first), SHARE + BREAK
        return np.where(days <= WEEKS, early, after + (1 - after) * (days - WEEKS) / (self.last - WEEKS))

    def label(self, day: float) -> str:
        """14; M3 for a day near three months and D100 for one near none, where months follow."""
        if not self.broken or day <= WEEKS:
            return f"{day:g}"
        month = round(day / MONTH)
        return f"M{month}" if month and abs(day / MONTH - month) <= ROUND * month else f"D{day:g}"

    @property
    def title(self) -> str:
        """The title of the axis."""
        return "Days since infusion, then months (M)" if self.stretched else "Days since infusion"


def axis_of(days: Sequence[float], stretched: bool) -> TimeAxis:
    """The axis of these days, from 0 or before to day 28 at least where there are none."""
    return TimeAxis(min([0.0, *days]), max(days, default=WEEKS) or WEEKS, stretched)


def with_room(
    days: Sequence[float], places: Sequence[float], words: Sequence[Sequence[str]], size: float
) -> set[float]:
    """The days whose words (one or more under each other) do not run into others; both ends and round days first.

    `places` in pixels.
    """
    order = sorted(range(len(days)), key=lambda number: _rank(days, number))
    kept: list[tuple[float, float]] = []
    found: set[float] = set()
    for number in order:
        half = max((text_width(each, size) for each in words[number]), default=0.0) / 2 + APART / 2
        left, right = places[number] - half, places[number] + half
        if all(right <= start or left >= end for start, end in kept):
            kept.append((left, right))
            found.add(days[number])
    return found


def _rank(days: Sequence[float], number: int) -> tuple[int, int]:
    if number in (0, len(days) - 1):
        return 0, number
    near = (place for place, round_day in enumerate(IMPORTANT, 1) if abs(days[number] - round_day) <= 0.05 * round_day)
    return next(near, len(IMPORTANT) + 1), number


@dataclass(frozen=True)
class GroupProfileOptions(ProfileOptions):
    """What the bars of the means show."""

    bars: str = choice(
        None,
        (INTERVAL, DEVIATION, NO_BARS),
        "Bars",
        usual=lambda analysis, _: INTERVAL if len(analysis.grouping.names) <= MOST_WITH_BARS else NO_BARS,
    )


def drawn(samples: pd.DataFrame) -> pd.DataFrame:
    """Every one of these samples that can stand on a log axis: below the limit at half of it.

    `piece` parts a patient's line at long gaps and at values below the limit, which are never joined.
    """
    shown = [
        (
            f"< {short(lloq)}"
            if below
            else f"{'> ' if above else ''}{f'{value:,.0f}' if value >= 1000 else short(value, 6)}"
        )
        for value, below, lloq, above in samples[["value", "below", "lloq", "above"]].itertuples(index=False)
    ]
    samples = samples.assign(
        amount=samples["value"].fillna(samples["lloq"] / 2),
        shown=shown,
        below=samples["below"].astype(bool),
    )
    samples = samples[samples["amount"] > 0].reset_index(drop=True)
    breaks = (samples.groupby("patient", sort=False)["day"].diff() > LONGEST_GAP_DAYS) | samples["below"]
    stretch = breaks.groupby(samples["patient"]).cumsum().astype(str)
    return samples.assign(piece=samples["patient"].astype(str) + "\t" + stretch)


def profile_tables(
    result: KineticsResult, profile: pd.DataFrame, options: GroupProfileOptions, look: Look
) -> dict[str, pd.DataFrame]:
    """The tables under the chart of the profile, by name."""
    few, floor = result.n <= MOST_LINES, min(result.lloqs, default=0.0)
    samples = drawn(result.table if few else result.table[:0])
    points = samples[~samples["below"]]
    quantified = result.table.loc[result.table["value"] > 0, "day"]
    axis = axis_of([*quantified.agg(["min", "max"]).dropna(), *result.days], options.spread_early_days)
    apart = _apart(len(result.colours), look)
    band = pd.DataFrame(
        [] if few else _quartiles(result, axis), columns=["slot", "day", "at", "low", "high"], dtype=float
    )
    if not banded(len(result.colours)):  # bars stand beside each other, each behind its mean
        band = band.merge(profile.loc[profile["mean"].notna(), ["slot", "day"]].astype(float))
        band = band.assign(at=band["at"] + _beside(band["slot"], result, apart))
    means = profile.loc[profile["mean"] > floor, ["mean", "high"]].to_numpy().ravel()
    amounts = points["amount"] if few else [*band["high"], *means[~np.isnan(means)]]
    vertical = log_tables(
        [*(each for each in amounts if each > floor), *result.lloqs], UNDER_LIMIT if result.lloqs else 0.04
    )
    ends = (float(vertical["edge"]["amount"].min()), float(vertical["edge"]["amount"].max()))
    points = points.assign(at=axis.places(points["day"]), piece=pd.factorize(points["piece"])[0])
    drawn_means = _means(result, profile, axis, (options.bars, ends, apart))
    return {
        "line": points[["patient", "slot", "at", "day", "amount", "piece"]],
        "point": points[["patient", "group", "slot", "day", "at", "amount", "shown"]],
        "band": band.drop(columns="day").assign(low=band["low"].clip(*ends), high=band["high"].clip(*ends)),
        "mean": drawn_means.drop(columns=["below", "above"]),
        "beyond": _beyond(drawn_means, ends),
        "limit": _limits(result.lloqs),
        **vertical,
        **_under_the_axis(result, profile, axis, look),
        "group": groups_shown(result, result.table.groupby("group")["patient"].nunique()),
        "heading": pd.DataFrame({"text": [measured(result)]}),
    }


def _limits(lloqs: Sequence[float]) -> pd.DataFrame:
    """The lowest limit and, where there are others, the highest."""
    limits = sorted({*lloqs[:1], *lloqs[-1:]})
    return pd.DataFrame({"amount": limits, "words": [f"LLOQ {short(limit)}" for limit in limits]}).astype(
        {"amount": float}
    )


def _apart(groups: int, look: Look) -> float:
    """How far neighbouring groups of a day stand apart, as a share of the axis."""
    return min(DODGE, WIDEST / groups) / look.plot_width


def _beside(slots: pd.Series, result: KineticsResult, apart: float) -> pd.Series:
    """How far each group stands beside its day."""
    return (slots - (len(result.colours) - 1) / 2) * apart


def _quartiles(result: KineticsResult, axis: TimeAxis) -> list[tuple[float, ...]]:
    """slot, day, place, lower and upper quartile of each group near each nominal day, of five patients or more."""
    near = result.near.assign(amount=result.near["value"].fillna(result.near["lloq"] / 2))
    groups = near.dropna(subset=["amount"]).groupby(["nominal", "slot"])["amount"]
    enough = [
        (float(str(day)), int(str(slot)), mine) for (day, slot), mine in groups if len(mine) >= FEWEST_FOR_QUARTILES
    ]
    return [
        (slot, day, axis.at(day), *np.quantile(mine, (0.25, 0.75)))
        for day, slot, mine in sorted(enough, key=lambda each: (each[0], result.grouping.names[each[1]]))
    ]


def _means(
    result: KineticsResult, profile: pd.DataFrame, axis: TimeAxis, drawn: tuple[str, tuple[float, float], float]
) -> pd.DataFrame:
    """Means with their bars, groups beside each other, and whether a bar goes beyond the axis; `drawn`: what bars show,
    the ends of the axis, how far groups stand apart."""
    bars, ends, apart = drawn
    found = profile.dropna(subset=["mean"])
    below = found["mean"] < found["limit"]
    amount = found["mean"].mask(below, found["limit"])
    low, high = found["low"], found["high"]
    if bars == DEVIATION:
        low, high = found["mean"] / found["deviation"], found["mean"] * found["deviation"]
    missing = below | low.isna() | (bars == NO_BARS) | (found["n"] < FEWEST_WITH_BARS)
    ink = [result.colours[slot] for slot in found["slot"]]
    return pd.DataFrame(
        {
            "group": found["group"],
            "slot": found["slot"],
            "day": found["day"],
            "at": axis.places(found["day"]) + _beside(found["slot"], result, apart),
            "amount": amount,
            "low": low.clip(*ends).mask(missing, amount),
            "high": high.clip(*ends).mask(missing, amount),
            "below": ~missing & (low < ends[0]),
            "above": ~missing & (high > ends[1]),
            "fill": ["#FFFFFF" if hollow else colour for hollow, colour in zip(below, ink, strict=True)],
            "mean": [
                f"{short(mean)}{' (below LLOQ)' if hollow else ''}"
                for mean, hollow in zip(found["mean"], below, strict=True)
            ],
            "spread": [
                NO_BARS if none else f"{short(a)}–{short(b)} ({bars})"
                for none, a, b in zip(missing, low, high, strict=True)
            ],
            "sampled": [
                f"{n}, {quantifiable} quantifiable"
                for n, quantifiable in zip(found["n"], found["n_quantifiable"], strict=True)
            ],
        }
    )


def _beyond(means: pd.DataFrame, ends: tuple[float, float]) -> pd.DataFrame:
    """The ends of bars that go beyond the axis, at its edge; `turn` 180 at the lower."""
    columns = ["group", "slot", "day", "at", "spread"]
    return pd.concat(
        [
            means.loc[means[side], columns].assign(amount=end, turn=turn)
            for side, end, turn in zip(("below", "above"), ends, (180, 0), strict=True)
        ],
        ignore_index=True,
    )


def _under_the_axis(
    result: KineticsResult, profile: pd.DataFrame, axis: TimeAxis, look: Look
) -> dict[str, pd.DataFrame]:
    """Days with their labels, and the rows of counts; only those that have room."""
    names, days = result.grouping.names, list(result.days) or [0.0, WEEKS]
    counted = profile.assign(below=profile["n"] - profile["n_quantifiable"])
    labels, at = [axis.label(day) for day in days], [axis.at(day) for day in days]
    words = {day: [label] for day, label in zip(days, labels, strict=True)}
    for day, *numbers in counted[["day", "n", "below"]].itertuples(index=False):
        words[day] += map(str, numbers)
    room = with_room(days, [place * look.plot_width for place in at], list(words.values()), SMALL)
    counted = counted[counted["day"].isin(room) & (counted["n"] > 0)].assign(at=axis.places(counted["day"]))
    under = counted[counted["below"] > 0]
    counts = [
        each.assign(text=each[column].astype(str), line=each["slot"] + first)[["slot", "day", "at", "line", "text"]]
        for each, column, first in ((counted, "n", 1), (under, "below", 2 + len(names)))
    ]
    shown = [label if day in room else "" for day, label in zip(days, labels, strict=True)]
    return {
        "day": pd.DataFrame({"at": at, "label": shown}),
        "axis": pd.DataFrame({"at": [axis.at(WEEKS) + BREAK / 2] if axis.broken else []}, dtype=float),
        "axis_title": pd.DataFrame({"words": [axis.title]}),
        "row": _rows(names, set(under["slot"])),
        "count": pd.concat(counts, ignore_index=True),
    }


def _rows(names: Sequence[str], under: set[int]) -> pd.DataFrame:
    """The rows under the axis: a heading over those of patients sampled, and over those below the limit (of which
    groups)."""
    rows = [(0, "Patients sampled", "", 0), *((1 + slot, "", name, slot) for slot, name in enumerate(names))]
    first = 1 + len(names)
    rows += [(first, "Below LLOQ" if under else "", "", 0)]
    rows += [(first + 1 + slot, "", name if slot in under else "", slot) for slot, name in enumerate(names)]
    return pd.DataFrame(rows, columns=["line", "heading", "name", "slot"])
