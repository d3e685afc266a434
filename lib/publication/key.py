"""The key of the groups: marks over the table group, laid out once for the widest words it can ever hold.

A legend of Vega is laid out once, for the words of the first selection; when they change it paints them over each
other. Here each group has a place of its own, as wide as its name with all its patients, in as many rows as the
narrowest window needs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import altair as alt
import pandas as pd

from lib.publication.palette import INK, group_colours, group_shapes, line_dashes
from lib.publication.text_width import NORMAL, broken, text_width
from lib.publication.theme import Specification, table

Symbol = Literal["line", "unbroken", "point", "both", "square"]
LEFT: Final = -44  # pixels from the left edge of the plot: under the heading, over the labels of the axis
NARROWEST: Final = 620  # pixels to which a window may press a figure
BESIDE: Final = 60  # pixels of the width that a key cannot have
SYMBOL: Final = {"line": 26.0, "unbroken": 26.0, "both": 26.0, "point": 12.0, "square": 12.0}
GAP: Final = 6  # between symbol and words
BETWEEN: Final = 18  # two groups in a row
LINE: Final = 15
ABOVE_PLOT: Final = 10
ONE_ROW: Final = 24  # pixels that a chart's height already holds for a key


@dataclass(frozen=True)
class Place:
    """Where one group of the key stands, its first line counted from the top of the key, and its name in lines."""

    slot: int
    name: str
    lines: tuple[str, ...]
    x: float
    line: int


def keyed(chart: Specification, groups: Sequence[Any], symbol: Symbol = "line") -> Specification:
    """The chart with the key of these groups of the opened cohort, in their colours, each with all its patients."""
    names = [(group.name, f" ({group.size} of {group.size})") for group in groups]
    return with_key(chart, names, group_colours(groups), symbol)


def counted_groups(names: Sequence[str], groups: pd.Series) -> pd.DataFrame:
    """The table group: each name with how many patients of it are shown, "CR (12)"; `groups` are theirs."""
    n = groups.value_counts()
    return pd.DataFrame({"slot": range(len(names)), "label": [f"{name} ({int(n.get(name, 0))})" for name in names]})


def with_key(
    chart: Specification,
    names: Sequence[tuple[str, str]],
    colours: Sequence[str],
    symbol: Symbol = "line",
    skipped: int | None = None,
) -> Specification:
    """The chart with a key of these names above it; none for one group alone.

    The table group holds `slot` and `label`: the name and what follows it. `skipped` is a slot that has no place in the
    key.
    """
    if len(names) < 2:
        return chart
    space = min(chart["width"], NARROWEST) - BESIDE
    places = laid_out([(slot, *words) for slot, words in enumerate(names) if slot != skipped], SYMBOL[symbol], space)
    height = ABOVE_PLOT + LINE * max(place.line + len(place.lines) for place in places)
    layers = [{**layer, "transform": _transform(places, height, colours)} for layer in _layers(symbol)]
    keyed = {**chart, "layer": [*(_below_legend(layer, height) for layer in chart["layer"]), *layers]}
    if isinstance(chart["height"], int):
        keyed["height"] = chart["height"] + max(0, height - ONE_ROW)
    return keyed


def laid_out(names: Sequence[tuple[int, str, str]], symbol: float, room: float) -> tuple[Place, ...]:
    """The places of (slot, name, widest words behind it), row by row of so much room."""
    places: list[Place] = []
    x, top, deepest = 0.0, 0, 0
    for slot, name, behind in names:
        lines = broken(f"{name}{behind.replace(' ', chr(160))}", room - symbol - GAP, NORMAL)
        width = symbol + GAP + max(text_width(line, NORMAL) for line in lines)
        if x and x + width > room:
            x, top = 0.0, top + deepest
            deepest = 0
        places.append(Place(slot, name, _of_name(lines, name), x, top))
        x, deepest = x + width + BETWEEN, max(deepest, len(lines))
    return tuple(places)


def _of_name(lines: Sequence[str], name: str) -> tuple[str, ...]:
    """The lines without the words behind the name, each break kept: what is drawn follows the last of them."""
    left, kept = len("".join(name.split())), []
    for line in lines:
        letters = ""
        for letter in line:
            if left == 0:
                break
            letters += letter
            left -= not letter.isspace()
        kept.append(letters.rstrip())
    return tuple(kept)


def _transform(places: Sequence[Place], height: int, colours: Sequence[str]) -> list[dict[str, Any]]:
    """What the table group becomes: the places of its groups, and how they look."""
    size = max(place.slot for place in places) + 1
    by_slot = {place.slot: place for place in places}
    shown = [by_slot.get(slot) for slot in range(size)]
    by_group: dict[str, list[Any]] = {
        "key_x": [LEFT + place.x if place else 0 for place in shown],
        "key_y": [-height + LINE * (place.line + 0.5) if place else 0 for place in shown],
        "ink": list(colours),
        "shape": group_shapes(size),
        "dash": [list(dash) for dash in line_dashes(len(colours))],
    }
    words = f"split({_names(shown)}[datum.slot] + slice(datum.label, {_lengths(shown)}[datum.slot]), '\\n')"
    return [
        {"filter": f"datum.label && {json.dumps([place is not None for place in shown])}[datum.slot]"},
        {"aggregate": [], "groupby": ["slot", "label"]},
        *({"calculate": f"{json.dumps(each)}[datum.slot]", "as": name} for name, each in by_group.items()),
        {"calculate": words, "as": "words"},
    ]


@cache
def _layers(symbol: Symbol) -> list[dict[str, Any]]:
    """The marks of the key, which know nothing of the groups."""
    rows, wide, down = table("group"), SYMBOL[symbol], alt.YValue(alt.ExprRef("datum.key_y"))
    words = rows.mark_text(align="left", baseline="middle", fontSize=NORMAL, color=INK, lineHeight=LINE, clip=False)
    layers = [
        *_symbols(rows, down, wide, symbol),
        words.encode(x=alt.XValue(alt.ExprRef(f"datum.key_x + {wide + GAP}")), y=down, text=alt.Text("words:N")),
    ]
    return [layer.to_dict(validate=False) for layer in layers]


def _symbols(rows: alt.Chart, down: alt.YValue, wide: float, symbol: Symbol) -> list[alt.Chart]:
    ink = alt.Color("ink:N", scale=None)
    layers: list[alt.Chart] = []
    if symbol in ("line", "unbroken", "both"):
        ends = {"x": alt.XValue(alt.ExprRef("datum.key_x")), "x2": alt.X2Value(alt.ExprRef(f"datum.key_x + {wide}"))}
        dash = alt.StrokeDash("dash:N", scale=None)
        line = rows.mark_rule(strokeWidth=2.6, opacity=1, clip=False).encode(**ends, y=down, color=ink)
        layers.append(line if symbol == "unbroken" else line.encode(strokeDash=dash))
    if symbol not in ("line", "unbroken"):
        shape = alt.ShapeValue("square") if symbol == "square" else alt.Shape("shape:N", scale=None)
        point = rows.mark_point(filled=True, size=85, opacity=1, clip=False)
        layers.append(
            point.encode(x=alt.XValue(alt.ExprRef(f"datum.key_x + {wide / 2}")), y=down, color=ink, shape=shape)
        )
    return layers


def _names(shown: Sequence[Place | None]) -> str:
    return json.dumps(["\n".join(place.lines) if place else "" for place in shown])


def _lengths(shown: Sequence[Place | None]) -> str:
    """Letters of each name as JavaScript counts them."""
    return json.dumps([len(place.name.encode("utf-16-le")) // 2 if place else 0 for place in shown])


def _below_legend(layer: dict[str, Any], height: int) -> dict[str, Any]:
    """A layer whose legend at the top makes space for the key, which stands between it and the plot."""
    channels = {name: _moved(channel, height) for name, channel in layer.get("encoding", {}).items()}
    return {**layer, "encoding": channels} if channels else layer


def _moved(channel: Any, height: int) -> Any:
    legend = channel.get("legend") if isinstance(channel, dict) else None
    if not legend or legend.get("orient") != "top":
        return channel
    return {**channel, "legend": {**legend, "offset": legend.get("offset", 6) + height}}
