"""Which value of an event column means that it happened: from a legend, from words, from the inverted CNSR, or from the times beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lib.intake.coding import CENSORED_WORDS, EVENT_WORDS, as_number, is_missing, text
from lib.intake.grid import Cell
from lib.intake.sheet_view import ColumnView

HAPPENED: Final = re.compile(
    r"(?<!not )(?<!no )\b(dead|deceased|died|death|event|progress\w*|relaps\w*|recur\w*|tot|verstorben|gestorben|tod|ja|oui|decede|décédé|"
    r"muerto|fallecid[oa]|exitus|yes|true|pd|ereignis)\b|死亡|已故|进展|复发|是"
)
DID_NOT: Final = re.compile(
    r"\b(alive|living|censor\w*|no event|no|nein|non|lebt|lebend|vivante?|vivo|viva|false|progression[- ]free|event[- ]free|disease[- ]?free|"
    r"zensiert|completed .*|not (dead|progressed|recurred))\b|存活|删失|否|生存|未"
)
SAMPLE: Final = 2000  # rows from which the times are compared
INVERTED: Final = re.compile(r"cnsr|cens(or(ed|ing)?)?|zensiert|censure|删失")


@dataclass(frozen=True)
class EventValues:
    """`codes` are the cells' texts as the schema's 1 and 0; `certain` = nothing had to be assumed; `unknown` words are neither."""

    event: tuple[str, ...]
    censored: tuple[str, ...]
    unknown: tuple[str, ...]
    certain: bool
    reason: str


def event_values(column: ColumnView, cells: Sequence[Cell], times: Sequence[Cell]) -> EventValues:
    """What the values of this column mean, as far as it can be known."""
    words = tuple(sorted({text(cell) for cell in dict.fromkeys(cells) if not is_missing(cell)}))
    numbers = {word: number for word in words if (number := as_number(word)) is not None}
    if legend := dict(column.heading.legend):
        event, censored = _by_words(words, {word: legend.get(text(numbers.get(word)), "") for word in words})
        if len(event) == 1 and len(words) == 2 and not censored:
            censored = tuple(word for word in words if word not in event)
        if event:
            return EventValues(event, censored, _rest(words, event, censored), True, "the legend stands in the header")
    if INVERTED.fullmatch(column.key.split("_")[-1]) and numbers and len(numbers) == len(words):
        event = tuple(word for word in words if numbers[word] == 0)
        adam = "cnsr" in column.key
        others = tuple(word for word in words if word not in event)
        return EventValues(event, others, (), adam, "named like a censoring flag, in which 0 is the event")
    if len(numbers) == len(words):
        return _by_times(words, numbers, cells, times)
    event, censored = _by_words(words, {word: word for word in words})
    rest = _rest(words, event, censored)
    return EventValues(event, censored, rest, bool(event and censored) and not rest, "the words say it")


def _by_words(words: Sequence[str], meant: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    event, censored = [], []
    for word in words:
        said = re.sub(r"^\d+\s*[:=.,]\s*", "", meant[word].casefold()).strip()
        if said in CENSORED_WORDS - {"lost to follow-up"} or (said not in EVENT_WORDS and DID_NOT.search(said)):
            censored.append(word)
        elif said and (said in EVENT_WORDS or HAPPENED.search(said)):
            event.append(word)
    return tuple(event), tuple(censored)


def _rest(words: Sequence[str], *known: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in words if not any(word in each for each in known))


def _by_times(
    words: tuple[str, ...], numbers: dict[str, float], cells: Sequence[Cell], times: Sequence[Cell]
) -> EventValues:
    """0 and 1: 1 is the event, surely so where its times are the shorter ones. Any other pair of numbers says nothing."""
    if not set(numbers.values()) <= {0.0, 1.0}:
        return EventValues((), (), words, False, "numbers without a legend")
    event = tuple(word for word in words if numbers[word] == 1)
    censored = tuple(word for word in words if numbers[word] == 0)
    mean, step = {}, max(1, len(cells) // SAMPLE)
    for value in (0.0, 1.0):
        of = [
            time
            for cell, each in zip(cells[::step], times[::step], strict=False)
            if not is_missing(cell) and as_number(cell) == value and (time := as_number(each)) is not None
        ]
        mean[value] = sum(of) / len(of) if of else None
    if not event or mean[1.0] is None:
        return EventValues(event, censored, (), False, "0 and 1 without a legend; nobody has a 1")
    if mean[0.0] is None or mean[1.0] <= mean[0.0]:
        return EventValues(event, censored, (), True, "0 and 1, and the 1s stand at the shorter times")
    return EventValues((), (), words, False, "0 and 1, but the 1s stand at the longer times")
