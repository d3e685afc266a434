"""The treatment timeline of one patient: what was given and how it went, in a lane a kind, with rows in which no two
labels meet.

Lanes are parted by kind of therapy; within a lane each entry takes the first row in which there is room for its bar and
its label. A response lasts to its stated end, else to the next assessment after the same infusion.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import pandas as pd

from lib.cohort.printed import raised
from lib.patient.course import Course
from lib.publication.text_width import SCREEN, shortened, text_width

KINDS: Final = {  # kinds of therapy by lane, in order; CAR T cells and responses have lanes of their own
    "Earlier lines": ("prior line",),
    "Transplant": ("transplant",),
    "Bridging": ("bridging",),
    "Lymphodepletion": ("lymphodepletion",),
    "CAR T cells": (),
    "Maintenance": ("maintenance",),
    "Later lines": ("subsequent",),
    "Other therapy": ("other",),
    "Response": (),
}
CELLS, RESPONSE, OTHER = "CAR T cells", "Response", "Other therapy"
NAMES, MARGIN = 100.0, 40.0  # pixels of the names of the lanes, and around
NARROWEST: Final = 620  # pixels of the figure in a narrow window
LETTERS: Final = 10.5  # their size
GAP: Final = 10.0  # pixels between an entry and the label beside it, and between two entries
LEAST_BAR: Final = 7.0  # pixels: a shorter course is drawn as a symbol
Side = Literal["inside", "right", "left"]


@dataclass(frozen=True)
class Item:
    """One entry: days on the axis (`end` = start: no length), its row from the top, where its label stands."""

    lane: str
    start: float
    end: float
    label: str
    reported: str
    state: str = ""
    open_ended: bool = False
    row: int = 0
    side: Side = "right"

    @property
    def is_bar(self) -> bool:
        """Whether it has a length."""
        return self.end > self.start


@dataclass(frozen=True)
class Timeline:
    """The entries with their rows; `lanes`: name and first row of each, `n_rows` in all; `low` and `high` end the axis,
    in days.
    """

    items: tuple[Item, ...]
    lanes: tuple[tuple[str, int], ...]
    n_rows: int
    low: float
    high: float
    n_unplaced: int
    pixels: float


def plot_pixels(width: int) -> float:
    """The width of the plot for which rows are laid out, of a figure of this width."""
    return (NARROWEST if width == SCREEN else width) - NAMES - MARGIN


def timeline(seen: Course, pixels: float = plot_pixels(SCREEN)) -> Timeline:
    """The timeline of a patient over the whole course; a number of pixels says how wide its plot is."""
    found = [*_therapies(seen), *_infusions(seen), *_responses(seen)]
    ends = [float(end) for end in seen.ends["at"]]
    low = min([item.start for item in found])
    high = max([item.end for item in found] + ends)
    margin = max(1.0, 0.02 * (high - low))
    low, high = low - margin, high + margin
    found = _fitting(found, low, pixels / (high - low), pixels)
    items, lanes, row = [], [], 0
    for lane in KINDS:
        mine = sorted((item for item in found if item.lane == lane), key=lambda item: (item.start, item.end))
        if mine:
            packed, n = _in_rows(mine, low, pixels / (high - low), pixels)
            items += [replace(item, row=item.row + row) for item in packed]
            lanes.append((lane, row))
            row += n
    n_unplaced = dict(seen.unplaced).get("therapies", 0) + dict(seen.unplaced).get("responses", 0)
    return Timeline(tuple(items), tuple(lanes), row, low, high, n_unplaced, pixels)


def _fitting(items: list[Item], low: float, scale: float, pixels: float) -> list[Item]:
    """The items, their labels shortened where neither side nor the bar has room, no two of them alike."""
    room = {}
    for item in items:
        left, right = (item.start - low) * scale, max((item.end - low) * scale, (item.start - low) * scale + LEAST_BAR)
        room[item] = max(left, pixels - right, right - left) - GAP
    tight = {item: pixels for item, pixels in room.items() if text_width(item.label, LETTERS) > pixels}
    labels = shortened([item.label for item in tight], min(tight.values(), default=0.0), LETTERS)
    return [replace(item, label=labels[item.label]) if item in tight else item for item in items]


def _therapies(seen: Course) -> Iterator[Item]:
    lane_of = {kind: lane for lane, kinds in KINDS.items() for kind in kinds}
    rows = seen.tables["therapies"]
    last = max([0.0, *(float(end) for end in seen.ends["at"])])
    for row in rows[rows["at"].notna()].to_dict("records"):
        kind = str(row["kind"] or "other").casefold()
        words = f"{row['therapy'] or kind}{_dose_and_response(row)}"
        dated = f"; {row['dating']}" if isinstance(row.get("dating"), str) else ""
        start, unknown = float(row["at"]), bool(pd.isna(row["until"]))
        lasting = unknown and row["ongoing"] == "yes"
        end = max(start, last if lasting else start if unknown else float(row["until"]))
        reported = f"{words} ({kind}{dated})"
        yield Item(lane_of.get(kind, OTHER), start, end, words, reported, open_ended=unknown and not lasting)


def _dose_and_response(row: Mapping[Hashable, Any]) -> str:
    dose = f" {row['dose']:g} {row['dose_unit'] or ''}".rstrip() if pd.notna(row["dose"]) else ""
    return dose + (f" → {row['response']}" if row["response"] else "")


def _infusions(seen: Course) -> Iterator[Item]:
    several = len(seen.infusions) > 1
    for row in seen.infusions.to_dict("records"):
        number = f"{row['infusion']:.0f}"
        dose = (
            f", {row['dose']:g} × {raised(str(row['dose_unit'] or ''))}".rstrip(" ×") if pd.notna(row["dose"]) else ""
        )
        name = str(row["product"] or "CAR T cells")
        words = f"{number}: {name}{dose}" if several else name + dose
        yield Item(CELLS, float(row["at"]), float(row["at"]), words, words)


def _responses(seen: Course) -> Iterator[Item]:
    rows = seen.tables["responses"]
    rows = rows[rows["at"].notna() & rows["response"].notna()].sort_values(["infusion", "at"], kind="stable")
    for _, mine in rows.groupby("infusion", sort=True):
        stretch = (mine["response"] != mine["response"].shift()).cumsum()
        states = mine.groupby(stretch).agg(
            at=("at", "min"),
            last=("at", "max"),
            until=("until", "max"),
            response=("response", "first"),
            mrd=("mrd", "last"),
        )
        following = states["at"].shift(-1)
        ends = states["until"].fillna(following).fillna(states["last"])
        for state, end in zip(states.to_dict("records"), ends, strict=True):
            mrd = f", MRD {state['mrd']}" if state["mrd"] in ("negative", "positive") else ""
            words = f"{state['response']}{mrd}"
            yield Item(
                RESPONSE, float(state["at"]), max(float(end), float(state["at"])), words, words, str(state["response"])
            )


def _in_rows(items: list[Item], low: float, scale: float, pixels: float) -> tuple[list[Item], int]:
    """The items of one lane with rows from 0, and how many rows there are; `scale` is pixels a day."""
    taken: list[list[tuple[float, float]]] = []
    placed = []
    for item in items:
        side, left, right = _extent(item, low, scale, pixels)
        row = next(
            (number for number, spans in enumerate(taken) if all(right + GAP < a or left - GAP > b for a, b in spans)),
            len(taken),
        )
        if row == len(taken):
            taken.append([])
        taken[row].append((left, right))
        placed.append(replace(item, row=row, side=side))
    return placed, len(taken)


def _extent(item: Item, low: float, scale: float, pixels: float) -> tuple[Side, float, float]:
    """Where the label stands, and from which to which pixel the entry reaches with it."""
    left, right = (item.start - low) * scale, max((item.end - low) * scale, (item.start - low) * scale + LEAST_BAR)
    width = text_width(item.label, LETTERS) + GAP
    if right - left > width:
        return "inside", left, right
    if right + width <= pixels or left - width < 0:
        return "right", left, right + width
    return "left", left - width, right
