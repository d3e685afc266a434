"""A sheet -> how Endpoints is read from it: one reading a pair of columns, or one for endpoints that are named row by row."""

import re
from dataclasses import replace
from typing import Final

from lib.intake.coding import is_missing, text
from lib.intake.endpoint_pair import Pair, may_be_event
from lib.intake.event_values import EventValues, event_values
from lib.intake.heading import keyed
from lib.intake.mapping import Reading, RowChoice
from lib.intake.question import Asking
from lib.intake.row_question import which_follow_up
from lib.intake.sheet_guess import SheetGuess
from lib.intake.sheet_view import ColumnView
from lib.intake.synonym import ENDPOINTS
from lib.intake.time_unit_guess import CHOICES

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
