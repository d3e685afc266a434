"""Which value of an event column means that it happened: from a legend, from words, from the inverted CNSR, or from the times beside it.

A sheet -> how Endpoints is read from it: one reading a pair of columns, or one for endpoints that are named row by row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lib.intake.cells.coding import CENSORED_WORDS, EVENT_WORDS, as_number, is_missing, text
from lib.intake.files.grid import Cell
from lib.intake.infer.column import ColumnView, keyed
from lib.intake.infer.endpoint_pair import CHOICES, Pair, may_be_event
from lib.intake.infer.patient_reading import which_follow_up
from lib.intake.infer.question import Asking
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.infer.synonyms import ENDPOINTS
from lib.intake.mapping import Reading, RowChoice

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


NAMED: Final = (
    ("os", "Overall survival"), ("pfs", "Progression-free survival"), ("ttp", "Time to progression"), ("efs", "Event-free survival"),
    ("dfs", "Disease-free survival"), ("rfs", "Recurrence-free survival"), ("ttr", "Time to recurrence"), ("dor", "Duration of response"),
)  # fmt: skip
NONE: Final = ("none", "None of these: leave it out")
NO_TIME: Final = re.compile(r"count|number", re.I)
MOST_LEVELS: Final = 8
NOBODY: Final = ("nobody", '"{}" is censored; nobody had the event')


def endpoint_readings(guess: SheetGuess, asking: Asking) -> list[Reading]:
    """One reading for each endpoint whose event is settled (or taken for settled until it is confirmed)."""
    row: RowChoice | None = "first" if guess.view.repeated else ""
    if guess.pairs and (guess.table == "labs" or _changing(guess)):
        row = which_follow_up(guess, asking)
    if row is None:
        return []
    found = (
        _stacked(guess, pair, asking) if pair.endpoint == "stacked" else _one(guess, pair, row, asking)
        for pair in guess.pairs
    )
    return [reading for reading in found if reading]


def _changing(guess: SheetGuess) -> bool:
    """Whether a sheet of patients has endpoints that are not the same in all rows of a patient."""
    columns = [guess.view.column(name) for pair in guess.pairs for name in (pair.time, pair.event) if name]
    return guess.table == "patients" and any(each.constant < 1 for each in columns)


def _one(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> Reading | None:
    sheet, endpoint = guess.view.name, pair.endpoint
    if not pair.event:
        event = _event_of(guess, pair, asking)
        if not event:
            unit_of(guess, pair.time, asking)
            return None
        pair = replace(pair, event=event)
    if not endpoint:
        words = (f'Which endpoint are "{pair.time}" and "{pair.event}"?', "The headers do not say.")
        answer = asking.ask(("endpoint", sheet, [pair.time, pair.event]), words, (*NAMED, NONE))
        if answer == "none":
            return None
        endpoint = answer or keyed(pair.time)
    unit = unit_of(guess, pair.time, asking)
    codes = event_codes(guess, pair, asking)
    if codes is None:
        return None
    columns = _with_patient(guess, {"time": pair.time, "event": pair.event})
    return Reading("endpoints", columns, {"endpoint": endpoint}, {"event": codes}, {"time": unit}, one_row=row)  # fmt: skip


def _event_of(guess: SheetGuess, pair: Pair, asking: Asking) -> str:
    """The column that the reader names as the event of a time that has none beside it; "" = the time is left out."""
    others = [each for each in guess.view.columns if each.name != pair.time and may_be_event(each)]
    others = [each for each in others if each.profile.n_levels > 1 and not each.profile.dates]
    words = (
        f'"{pair.time}" has times and no column that says whether the event happened. Is it one of these?',
        "Without it nothing can be drawn, and the event of another endpoint is never borrowed unasked.",
    )
    choices = [
        ("none", "None: leave it out"),
        *((f"column {each.name}", f"{each.name}: {_shown(each)}") for each in others),
    ]
    answer = asking.ask(("event_values", guess.view.name, [pair.time]), words, choices, "none")
    return answer.removeprefix("column ") if answer != "none" else ""


def _shown(column: ColumnView) -> str:
    return ", ".join(f'"{word}" ({n})' for word, n in column.profile.levels[:MOST_LEVELS])


def _stacked(guess: SheetGuess, pair: Pair, asking: Asking) -> Reading | None:
    """Endpoints named row by row: their names become ours, and rows that are no time (a count) are left out."""
    column = guess.named("endpoints.endpoint")
    codes = event_codes(guess, pair, asking) if pair.event else None
    if not column or codes is None:
        return None
    columns = _with_patient(guess, {"endpoint": column, "time": pair.time, "event": pair.event})
    names, keep = _names(guess, column, asking)
    for role in ("unit", "cause", "censoring_reason"):
        if heading := guess.named(f"endpoints.{role}"):
            columns[role] = heading
    units = {} if "unit" in columns else {"time": unit_of(guess, pair.time, asking)}
    return Reading("endpoints", columns, codes={"event": codes, "endpoint": names}, units=units, keep=keep)


def _names(guess: SheetGuess, column: str, asking: Asking) -> tuple[dict[str, str | None], dict[str, tuple[str, ...]]]:
    words = tuple(sorted({text(cell) for cell in guess.view.block.cells(column) if not is_missing(cell)}))
    spelled = _spelled_out(guess, column)
    names: dict[str, str | None] = {word: _endpoint(f"{word} {spelled.get(word, '')}") for word in words}
    counted = _counted(guess, column)
    unknown = [word for word in words if not names[word] and word not in counted]
    numbered = all(word.replace(".", "").isdigit() for word in words)
    for word in unknown:
        if not numbered:
            names[word] = keyed(word)
            continue
        sentence = f'Which endpoint is "{word}" in "{column}"?'
        answer = asking.ask(
            ("endpoint", guess.view.name, [column]),
            (sentence, "The file has no legend."),
            (*NAMED, NONE),
            "",
            f"endpoint:{guess.view.name}:{column}:{word}",
        )
        names[word] = answer if answer and answer != "none" else f"{keyed(column)}_{word}"
        if answer == "none":
            counted.add(word)
    kept = tuple(word for word in words if word not in counted)
    return {word: names[word] for word in kept}, {column: kept} if counted else {}


def _spelled_out(guess: SheetGuess, column: str) -> dict[str, str]:
    """The long name that stands beside a code (PARAM beside PARAMCD)."""
    beside = next((each.name for each in guess.view.columns if each.key == "param" and each.name != column), "")
    if not beside:
        return {}
    block = guess.view.block
    return {text(code): text(name) for code, name in zip(block.cells(column), block.cells(beside), strict=True)}


def _counted(guess: SheetGuess, column: str) -> set[str]:
    unit = guess.named("endpoints.unit")
    if not unit:
        return set()
    block = guess.view.block
    return {
        text(code)
        for code, each in zip(block.cells(column), block.cells(unit), strict=True)
        if NO_TIME.search(text(each))
    }


def _endpoint(words: str) -> str:
    return next((name for name, pattern in ENDPOINTS if pattern.search(keyed(words))), "")


def event_codes(guess: SheetGuess, pair: Pair, asking: Asking) -> dict[str, str | None] | None:
    """The codes of the event column as answered or proposed; None where it is not settled which value is the event."""
    block, column = guess.view.block, guess.view.column(pair.event)
    found = event_values(column, block.cells(pair.event), block.cells(pair.time))
    words = tuple(sorted((*found.event, *found.censored, *found.unknown)))
    choices = _choices(found, words)
    proposed = "|".join(found.event) + ("?" if found.unknown and found.event else "")
    chosen = (
        proposed if found.event and (found.certain or found.censored or found.unknown) and not _guessed(found) else ""
    )
    sentence = f'Which value of "{pair.event}" means that the event happened? It holds {_shown(column)}.'
    key = asking.ask(("event_values", guess.view.name, [pair.event]), (sentence, found.reason), choices, chosen)
    if not key:
        return None
    event = () if key == NOBODY[0] else tuple(key.removesuffix("?").split("|"))
    left = found.unknown if key.endswith("?") else ()
    return {word: "1" if word in event else "0" for word in words if word not in left}


def _guessed(found: EventValues) -> bool:
    """Whether even the proposal is no more than a convention that may be the other way round."""
    return not found.certain and found.reason.startswith("named like a censoring")


def _choices(found: EventValues, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every value alone, two together where there are three or more, and the words that stay unread."""
    sets: list[tuple[str, ...]] = [(word,) for word in words[:MOST_LEVELS]]
    if len(words) > 2:
        sets += [(first, second) for place, first in enumerate(words[:5]) for second in words[place + 1 : 5]]
    if found.event and found.event not in sets:
        sets.append(found.event)
    choices = []
    for event in sets:
        others = ", ".join(f'"{word}"' for word in words if word not in event)
        told = " or ".join(f'"{word}"' for word in event)
        choices.append(("|".join(event), f"{told} is the event; {others or 'nobody'} is censored"))
    if len(words) == 1:
        choices.append((NOBODY[0], NOBODY[1].format(words[0])))
    if found.event and found.unknown:
        left = ", ".join(f'"{word}"' for word in found.unknown)
        choices.append(("|".join(found.event) + "?", f"{' or '.join(found.event)} is the event; {left} stays unread"))
    return choices


def unit_of(guess: SheetGuess, name: str, asking: Asking, beside: str = "") -> str:
    """The unit of a time: the header's, or the one that is asked for; `beside` is a time in the same unit, asked with it."""
    proposal = guess.proposals[name]
    if "unit" not in proposal.asks:
        return proposal.unit or "days"
    asked = f'In which unit are "{name}" and "{beside}"?' if beside else f'In which unit is "{name}"?'
    return (
        asking.ask(
            ("unit", guess.view.name, [name, *filter(None, [beside])]), (asked, proposal.reason), CHOICES, proposal.unit
        )
        or "days"
    )


def _with_patient(guess: SheetGuess, columns: dict[str, str]) -> dict[str, str]:
    return ({"patient_id": guess.view.patient} if guess.view.patient else {}) | columns
