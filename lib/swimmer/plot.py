"""The swimmer plot: one lane a patient, strips at the left, events on the lane, therapies under it, the key below.

Its key says what colours and symbols mean, in rows below the axis as wide as the figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.publication.exhibit import Figure
from lib.publication.palette import BRIDGING_COLOUR, THERAPY_COLOUR, YES_NO_COLOURS
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import NORMAL, shortened, text_width
from lib.swimmer.drawing import GROUP, NO_STATE_COLOUR, YES_NO, Drawn, drawn_of, swimmer_chart
from lib.swimmer.lanes import Lanes, drawn_rows, lane_numbers, lanes
from lib.swimmer.layout import alt_text, caption, method, notes
from lib.swimmer.marks import symbols
from lib.swimmer.options import BAR_KINDS, RESPONSE, SwimmerOptions
from lib.swimmer.tables import lane_tables, strip_tables

BELOW: Final = 58  # pixels from the lanes to the first row: axis, its title, air
LINE, GAP = 17, 12  # pixels from row to row, and from entry to entry
BARS: Final = {  # shape and colour
    "maintenance": ("M-1.6,-.3L1.6,-.3L1.6,.3L-1.6,.3Z", THERAPY_COLOUR),
    "bridging": ("M-1.6,-.3L-.6,-.3L-.6,.3L-1.6,.3ZM.6,-.3L1.6,-.3L1.6,.3L.6,.3Z", BRIDGING_COLOUR),
}
WIDE: Final = 17.0  # pixels of the symbol of a bar
SQUARE: Final = "square"
WIDEST_HEADING: Final = 140  # pixels
FIELDS: Final = {"segment": "state", "therapy": "kind", "mark": "kind"}


@dataclass(frozen=True)
class KeyEntry:
    """One entry of the key: a symbol with its words; a heading where there is no shape. `wide`: pixels of the
    symbol."""

    words: str
    shape: str = ""
    fill: str = ""
    wide: float = 13.0

    @property
    def width(self) -> float:
        """Pixels of symbol and words."""
        return text_width(self.words, NORMAL, bold=not self.shape) + (self.wide + 4 if self.shape else -4)


Part = tuple[str, Sequence[KeyEntry]]


def key_table(parts: Sequence[Part], left: float, right: float, top: float) -> pd.DataFrame:
    """The entries in rows from `left` to `right` pixels; a part that does not fit into the rest of a row begins the
    next one."""
    rows = []
    x, line = left, 0
    for heading, entries in parts:
        for number, together in enumerate(_inseparable(heading, entries)):
            width = _width(together) if number else _width([KeyEntry(heading), *entries])
            if x > left and x + width > right:
                x, line = left, line + 1
            for each in together:
                words = x + each.wide + 4 if each.shape else x
                rows.append((each.words, x + each.wide / 2, words, top + LINE * line, each.shape, each.fill))
                x += each.width + GAP
        x += GAP if entries else 0
    return pd.DataFrame(rows, columns=["label", "symbol_x", "words_x", "down", "shape", "fill"])


def _inseparable(heading: str, entries: Sequence[KeyEntry]) -> list[list[KeyEntry]]:
    """A heading with its first entry, then the others one by one."""
    return [[*([] if number else [KeyEntry(heading)]), entry] for number, entry in enumerate(entries)]


def _width(entries: Sequence[KeyEntry]) -> float:
    return sum(entry.width for entry in entries) + GAP * (len(entries) - 1)


def key_of(drawn: Drawn, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The key of what these tables draw."""
    there = {name: set(tables[name][field]) for name, field in FIELDS.items()}
    looks = symbols(drawn.kinds)
    parts = [
        (drawn.look.state_title, _states(drawn, there["segment"])),
        *_strips(drawn),
        ("Therapy", [KeyEntry(kind.capitalize(), *BARS[kind], WIDE) for kind in BAR_KINDS if kind in there["therapy"]]),
        ("Event", [KeyEntry(kind, *looks[kind]) for kind in drawn.kinds if kind in there["mark"]]),
    ]
    left, right = -drawn.gutter, drawn.plot_width
    table = key_table([(heading, _fitting(entries, right - left)) for heading, entries in parts], left, right, BELOW)
    return table.assign(outline=[_outline(*row) for row in zip(table["shape"], table["fill"], strict=True)])


def _states(drawn: Drawn, there: set[str]) -> list[KeyEntry]:
    is_response = drawn.result.options.colour == RESPONSE
    words = {"PD": "After progression"} if is_response else {}
    found = [(words.get(state, state), colour) for state, colour in drawn.colours.items() if state in there]
    return _squares([*found, ("not assessed" if is_response else "none recorded", NO_STATE_COLOUR)])


def _strips(drawn: Drawn) -> list[Part]:
    kinds, grouping = {strip.kind for strip in drawn.look.strips}, drawn.result.grouping
    groups = _squares(zip(grouping.names, drawn.group_colours, strict=True)) if GROUP in kinds else []
    return [
        (grouping.label, groups),
        ("Baseline features", _squares(YES_NO_COLOURS.items()) if YES_NO in kinds else []),
    ]


def _squares(named: Iterable[tuple[str, str]]) -> list[KeyEntry]:
    return [KeyEntry(words, SQUARE, colour) for words, colour in named]


def _outline(shape: str, fill: str) -> str:
    if any(shape == each for each, _ in BARS.values()):
        return fill
    return "#888888" if shape == SQUARE else "#111111"


def _fitting(entries: Sequence[KeyEntry], room: float) -> list[KeyEntry]:
    """Entries of which each fits into one row with the heading, no two of them alike."""
    words = shortened([entry.words for entry in entries], room - WIDEST_HEADING, NORMAL)
    return [replace(entry, words=words[entry.words]) for entry in entries]


def swimmer_figure(result: Lanes, cohort: Cohort) -> Figure:
    """The figure; `cohort` gives the strips and the words in the key."""
    drawn = drawn_of(result, cohort)
    tables = lane_tables(drawn) | strip_tables(drawn)
    compact = drawn.close.compact
    strips = range(len(drawn.look.strips))
    blank = any(len(tables[f"strip_{place}"]) < len(drawn.result.lanes) for place in strips) and not compact
    return Figure(
        id="swimmer.plot",
        title="Course of each patient",
        chart=swimmer_chart(drawn.look),
        tables=tables | {"key": key_of(drawn, tables)},
        data=drawn_rows(result),
        caption=caption(result, blank, len(drawn.result.lanes)),
        alt=alt_text(result),
        method=method(result, compact),
        notes=notes(result),
        n=len(result.lanes),
        numbers=lane_numbers(result),
    )


def lanes_of(analysis: Analysis, options: SwimmerOptions) -> Lanes:
    """The lanes of the selected patients."""
    return lanes(analysis.selected, analysis.grouping, analysis.unit, options)


def _swimmer(analysis: Analysis, options: SwimmerOptions) -> Figure:
    return swimmer_figure(analysis.result(lanes_of, options), analysis.selected)


SWIMMER: Final = ExhibitSpec("swimmer.plot", "Swimmer plot", "endpoints", _swimmer, SwimmerOptions)
