"""Texts that must fit into a width: a chart declares the space, and the tables it is drawn over get a column of what
fits.

A text mark with a `limit` would be cut at its end, so that two patients, arms or terms could show the same words.
Instead its field becomes one such as "term in 215 px, 11 bold"; it is filled from "term" when the figure is drawn,
after pseudonyms have replaced ids.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from lib.publication.text_width import broken, shortened

LONG: Final = 100  # rows
FIELD: Final = re.compile(r"(.+) in (\d+) px(?: and (\d+) lines)?, (\d+)( bold)?")


def declared(chart: dict[str, Any]) -> dict[str, Any]:
    """The chart with the space of its texts as names of fields instead of limits. A mark with `lineHeight` may break
    into three lines."""
    for layer in chart.get("layer", [chart]):
        mark, text = layer.get("mark"), layer.get("encoding", {}).get("text", {})
        if (
            isinstance(mark, dict)
            and mark.get("type") == "text"
            and isinstance(mark.get("limit"), (int, float))
            and "field" in text
        ):
            bold = " bold" if mark.get("fontWeight") == "bold" else ""
            lines = " and 3 lines" if "lineHeight" in mark else ""
            text["field"] = (
                f"{text['field']} in {int(mark.pop('limit'))} px{lines}, {int(mark.get('fontSize', 11))}{bold}"
            )
    return chart


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
