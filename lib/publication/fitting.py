"""What a figure has room for: how many of a large cohort, and which words.

Of more lanes, bars or points than a screen can show some are drawn, evenly spread, and the caption says how many.
Nothing is drawn at random: the same selection gives the same figure. Sentences, tables and the data of a figure hold
everybody.

A chart declares the space of its texts, and the tables it is drawn over get a column of what fits. A text mark with a
`limit` would be cut at its end, so that two patients, arms or terms could show the same words. Instead its field
becomes one such as "term in 215 px, 11 bold"; it is filled from "term" when the figure is drawn, after pseudonyms have
replaced ids.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.publication.text_width import broken, shortened

FEWEST: Final = 3  # of a group, however small it is beside the others
LONG: Final = 100  # rows
MOST_LINES: Final = 3  # of a text; a longer one is shortened to one
RAISED: Final = {"bottom": 1.0, "middle": 0.5}  # of each further line, which a renderer sets below the first
FIELD: Final = re.compile(r"(.+) in (\d+) px(?: and (\d+) lines)?, (\d+)( bold)?")


def spread(n: int, most: int) -> npt.NDArray[np.intp]:
    """At most so many of the places 0 to n - 1, evenly spread, the first and the last among them."""
    if n <= most:
        return np.arange(n)
    return np.unique(np.linspace(0, n - 1, max(1, most)).round().astype(np.intp))


def thinned(rows: pd.DataFrame, most: int, by: str = "") -> pd.DataFrame:
    """About so many of the rows in their order: evenly spread, within each value of the column `by` in proportion to
    its rows."""
    if len(rows) <= most:
        return rows
    if not by:
        return rows.iloc[spread(len(rows), most)]
    places = rows.groupby(by, sort=False, dropna=False).indices.values()
    share = most / len(rows)
    kept = [mine[spread(len(mine), max(FEWEST, round(share * len(mine))))] for mine in places]
    return rows.iloc[np.sort(np.concatenate(kept))]


def thinned_words(drawn: int, of: int, what: str) -> str:
    """What a caption says of it: "270 of 1,000 patients drawn, evenly spread in this order."; "" where all are
    drawn."""
    return f"{drawn:,} of {of:,} {what}." if drawn < of else ""


def declared(chart: dict[str, Any]) -> dict[str, Any]:
    """The chart with the space of its texts as names of fields instead of limits. A mark with `lineHeight` may break
    into MOST_LINES: above its place where its baseline is at the bottom, around it where that is in the middle."""
    for layer in chart.get("layer", [chart]):
        mark, text = layer.get("mark"), layer.get("encoding", {}).get("text", {})
        if (
            isinstance(mark, dict)
            and mark.get("type") == "text"
            and isinstance(mark.get("limit"), (int, float))
            and "field" in text
        ):
            bold = " bold" if mark.get("fontWeight") == "bold" else ""
            lines = f" and {MOST_LINES} lines" if "lineHeight" in mark else ""
            text["field"] = (
                f"{text['field']} in {int(mark.pop('limit'))} px{lines}, {int(mark.get('fontSize', 11))}{bold}"
            )
    if "layer" in chart:
        chart["layer"] = [part for layer in chart["layer"] for part in _by_lines(layer)]
    return chart


def most_lines(texts: Iterable[str], pixels: float, size: float) -> int:
    """How many lines the texts take at most where they may break."""
    found = (len(broken(text, pixels, size)) for text in texts)
    return max((lines for lines in found if lines <= MOST_LINES), default=1)


def _by_lines(layer: dict[str, Any]) -> list[dict[str, Any]]:
    """A layer for each number of lines that a text may take, moved up by what is more than one; others alone."""
    mark, text = layer.get("mark"), layer.get("encoding", {}).get("text", {})
    space = FIELD.fullmatch(str(text.get("field")))
    up = RAISED.get(str(mark.get("baseline")), 0) if isinstance(mark, dict) else 0
    if not isinstance(mark, dict) or not (space and space[3] and up):
        return [layer]
    counted = f"length(split(datum['{text['field']}'], '\\n'))"
    return [
        layer
        | {
            "transform": [*layer.get("transform", []), {"filter": f"{counted} == {lines}"}],
            "mark": mark | {"dy": mark.get("dy", 0) - mark["lineHeight"] * (lines - 1) * up},
        }
        for lines in range(1, int(space[3]) + 1)
    ]


def drawn_tables(chart: dict[str, Any], tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with what fits for every text that a chart declares the space of."""
    drawn = dict(tables)
    for source, field in _fields(chart):
        space = FIELD.fullmatch(field)
        if space and source in drawn and space[1] in drawn[source].columns:
            fitting = pd.Series(
                _fitting(drawn[source][space[1]], space), drawn[source].index, dtype="object", name=field
            )
            drawn[source] = pd.concat([drawn[source].drop(columns=field, errors="ignore"), fitting], axis=1)
    return {name: _words_once(table) for name, table in drawn.items()}


def _words_once(table: pd.DataFrame) -> pd.DataFrame:
    """A long table with words that come again written once: a fraction of the bytes that are sent."""
    if len(table) < LONG:
        return table
    found = {}
    for name in table.columns[table.dtypes == "object"]:
        codes, words = pd.factorize(table[name])
        if 2 * len(words) <= len(table) and all(isinstance(word, str) for word in words):
            found[name] = pd.Series(pd.Categorical.from_codes(codes, words), index=table.index)  # type: ignore[arg-type]
    return table.assign(**found) if found else table


def _fields(chart: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for layer in chart.get("layer", [chart]):
        field = layer.get("encoding", {}).get("text", {})
        if isinstance(field, dict) and "field" in field and "name" in layer.get("data", {}):
            yield layer["data"]["name"], field["field"]


def _fitting(cells: pd.Series, space: "re.Match[str]") -> list[str | None]:
    pixels, lines, size, bold = int(space[2]), int(space[3] or 1), int(space[4]), bool(space[5])
    words = [str(cell) if there else None for cell, there in zip(cells, cells.notna(), strict=True)]
    known = list(dict.fromkeys(cells.dropna().astype(str)))
    wrapped = [(word, broken(word, pixels, size, bold)) for word in known] if lines > 1 else []
    short = {word: "\n".join(parts) for word, parts in wrapped if len(parts) <= lines}
    rest = shortened([word for word in known if word not in short], pixels, size, bold)
    return [None if word is None else {**rest, **short}[word] for word in words]
