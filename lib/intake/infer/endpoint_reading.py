"""A sheet -> how Endpoints is read from it: one reading a pair of columns, or one for endpoints that are named row by row."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.intake.cells.coding import is_missing, text
from lib.intake.infer.column import ColumnView
from lib.intake.infer.endpoint_pair import CHOICES, Pair, endpoint_of, may_be_event, origin_in, origin_of, say_the_same
from lib.intake.infer.event_codes import event_codes
from lib.intake.infer.patient_column import DEATH
from lib.intake.infer.patient_reading import which_follow_up
from lib.intake.infer.question import COLUMNS, Asking
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.infer.synonyms import ENDPOINTS
from lib.intake.infer.vital_status import LAST, vital_status
from lib.intake.mapping import VITAL_STATUS, Reading, RowChoice
from lib.intake.sheets.role import keyed

NAMED: Final = (
    ("os", "Overall survival"), ("pfs", "Progression-free survival"), ("ttp", "Time to progression"), ("efs", "Event-free survival"),
    ("dfs", "Disease-free survival"), ("rfs", "Recurrence-free survival"), ("ttr", "Time to recurrence"), ("dor", "Duration of response"),
)  # fmt: skip
NONE: Final = ("none", "None of these: leave it out")
NO_TIME: Final = re.compile(r"count|number", re.I)
MOST_LEVELS: Final = 8
LEAVE: Final = "leave"
YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def endpoint_readings(guess: SheetGuess, all_read: Sequence[SheetGuess], asking: Asking) -> list[Reading]:
    """The readings of each endpoint whose event is settled (or taken for settled until it is confirmed)."""
    row: RowChoice | None = "first" if guess.view.repeated else ""
    if guess.pairs and (guess.table == "labs" or _changing(guess)):
        row = which_follow_up(guess, asking)
    if row is None:
        return []
    found: list[Reading] = []
    for pair in _one_each(guess, asking):
        if pair.endpoint == "stacked":
            found += [reading] if (reading := _stacked(guess, pair, asking)) else []
        else:
            found += _of_pair(guess, pair, row, asking)
    return found + _status_alone(guess, all_read, row, asking)


def _one_each(guess: SheetGuess, asking: Asking) -> list[Pair]:
    """One pair of columns for each endpoint: of several that do not say the same, that which its owner chooses."""
    named: dict[str, list[Pair]] = {}
    for pair in guess.pairs:
        same = named.setdefault(pair.endpoint, [])
        if not pair.endpoint or not any(say_the_same(guess.view, pair, each) for each in same):
            same.append(pair)
    found = []
    for endpoint, several in named.items():
        if len(several) > 1 and endpoint not in ("", "stacked"):
            choices = [*((each.time, " and ".join(filter(None, (each.time, each.event)))) for each in several), NONE]
            words = (f"Which columns are {endpoint.upper()}?", "Several could be, and they do not say the same.")
            place = ("endpoint", guess.view.name, [each.time for each in several])
            answer = asking.ask(place, words, choices, "", f"pair:{guess.view.name}:{endpoint}", True)  # type: ignore[arg-type]
            found += [each for each in several if each.time == answer]
        else:
            found += several
    return found


def _changing(guess: SheetGuess) -> bool:
    """Whether a sheet of patients has endpoints that are not the same in all rows of a patient."""
    columns = [guess.view.column(name) for pair in guess.pairs for name in (pair.time, pair.event) if name]
    return guess.table == "patients" and any(each.constant < 1 for each in columns)


def _of_pair(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> list[Reading]:
    if pair.by_time:
        return _by_time(guess, pair, row, asking)
    if pair.dated:
        return _by_dates(guess, pair, row, asking)
    if pair.censored_at and not _wanted(guess, pair, asking):
        return []
    counted = _from_infusion(guess, pair, asking)
    found = _one(guess, counted, row, asking) if counted else None
    return [found] if found else []


def _from_infusion(guess: SheetGuess, pair: Pair, asking: Asking) -> Pair | None:
    """The pair with the time that counts from the infusion; None where none does, or where it is not said."""
    origin = origin_of(guess.view.column(pair.time))
    name = (pair.endpoint or "this endpoint").upper()
    if pair.rivals:
        options = (pair.time, *pair.rivals)
        words = (f"Which of {COLUMNS} counts {name} from the infusion?", "Only one day 0 can stand under a curve.")
        choices = [*((each, each) for each in options), (LEAVE, f"None: leave {name} out")]
        chosen = pair.time if origin == "infusion" else ""
        answer = asking.ask(("time_zero", guess.view.name, options), words, choices, chosen, "", True, not chosen)
        return replace(pair, time=answer) if answer not in ("", LEAVE) else None
    if origin in ("", "infusion"):
        return pair
    words = (f"{COLUMNS} counts from {origin}, not from the infusion. Shall it be read?", "Curves here count from day 0, the infusion.")  # fmt: skip
    choices = [(LEAVE, "Leave it out"), ("read", f"Read it: {origin} is day 0 of this cohort")]
    answer = asking.ask(("time_zero", guess.view.name, [pair.time]), words, choices, LEAVE, "", True)
    return pair if answer == "read" else None


def _one(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> Reading | None:
    sheet, endpoint = guess.view.name, pair.endpoint
    if not pair.event:
        event = _event_of(guess, pair, asking)
        if not event:
            unit_of(guess, pair.time, asking)
            return None
        pair = replace(pair, event=event)
    elif not (event := _rival_event(guess, pair, asking)):
        return None
    else:
        pair = replace(pair, event=event)
    if not endpoint:
        words = (f'Which endpoint are "{pair.time}" and "{pair.event}"?', "The headers do not say.")
        answer = asking.ask(("endpoint", sheet, [pair.time, pair.event]), words, (*NAMED, NONE), blocks=True)
        if answer == "none":
            return None
        endpoint = answer or keyed(pair.time)
    unit = unit_of(guess, pair.time, asking)
    codes = event_codes(guess, pair.event, pair.time, asking)
    if codes is None:
        return None
    columns = _with_patient(guess, {"time": pair.time, "event": pair.event})
    return Reading("endpoints", columns, {"endpoint": endpoint}, {"event": codes}, {"time": unit}, one_row=row, censored_at=pair.censored_at)  # fmt: skip


def _rival_event(guess: SheetGuess, pair: Pair, asking: Asking) -> str:
    """The event of this time: asked where another column says of the same endpoint something else."""
    view = guess.view
    used = {name for each in guess.pairs for name in (each.event, each.time, each.censored_at)}
    mine = [text(cell) for cell in view.block.cells(pair.event)]
    rivals = []
    for each in view.columns:
        if (
            each.name in used
            or not pair.endpoint
            or endpoint_of(each) != pair.endpoint
            or not may_be_event(each)
            or each.profile.n_levels < 2
        ):
            continue
        both = set(zip(mine, (text(cell) for cell in view.block.cells(each.name)), strict=True))
        if len(both) > max(len({one for one, _ in both}), len({other for _, other in both})):
            rivals.append(each.name)
    if not rivals:
        return pair.event
    choices = [*((name, f"{name}: {_shown(view.column(name))}") for name in (pair.event, *rivals)), NONE]
    words = (
        f'Which column says whether the event of "{pair.time}" happened?',
        "Several could, and they do not say the same.",
    )
    name = f"event_column:{view.name}:{pair.time}"
    answer = asking.ask(("event_values", view.name, [pair.event, *rivals]), words, choices, pair.event, name, True)
    return "" if answer == NONE[0] else answer


def _wanted(guess: SheetGuess, pair: Pair, asking: Asking) -> bool:
    """Whether survival is to be made of a time to death and a time to the last follow-up."""
    words = (
        f'Shall overall survival be read from "{pair.time}" of those who died and "{pair.censored_at}" of the others?',
        "Each column holds only a part of the patients' times.",
    )
    place = ("endpoint", guess.view.name, [pair.time, pair.censored_at])
    return asking.ask(place, words, YES_NO, "yes", f"survival:{guess.view.name}", True) == "yes"  # type: ignore[arg-type]


def _by_time(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> list[Reading]:
    """No column says who died: whoever has a time to death did; the others are alive only if the owner says so."""
    words = (
        f'Is everybody without a value in "{pair.time}" alive at "{pair.censored_at}"?',
        "No column says who is alive, and an empty cell may be a death that was not dated.",
    )
    place = ("event_values", guess.view.name, [pair.time, pair.censored_at])
    if asking.ask(place, words, YES_NO, "", f"alive:{guess.view.name}", True) != "yes":  # type: ignore[arg-type]
        return []
    unit = unit_of(guess, pair.time, asking)
    return [
        Reading("endpoints", _with_patient(guess, {"time": column}), {"endpoint": "os", "event": event}, units={"time": unit}, one_row=row)
        for column, event in ((pair.time, "1"), (pair.censored_at, "0"))
    ]  # fmt: skip


def _by_dates(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> list[Reading]:
    """A status beside dates: it decides who died. While it is not understood nobody is taken for alive, and nobody for dead."""
    event = pair.event or _event_of(guess, pair, asking)
    if not event:
        return []
    codes = event_codes(guess, event, pair.time, asking)
    if codes is None:
        codes = dict.fromkeys(guess.view.column(event).profile.words)
    columns = _with_patient(guess, {"end_date": pair.time, "event": event})
    censored_at = pair.censored_at
    if pair.rivals == (DEATH,) and not _died_then(guess, pair, asking):
        columns, censored_at = _with_patient(guess, {"event": event}), pair.time
    return [Reading("endpoints", columns, {"endpoint": "os"}, {"event": codes}, one_row=row, censored_at=censored_at)]


def _status_alone(guess: SheetGuess, all_read: Sequence[SheetGuess], row: RowChoice, asking: Asking) -> list[Reading]:
    """Who died, where this sheet says it and another has the dates: those whom it calls dead are never censored."""
    pairs = [pair for each in all_read for pair in each.pairs]
    elsewhere = any(each.named(role) for each in all_read if each is not guess for role in (DEATH, LAST))
    if guess.table != "patients" or not elsewhere or any(pair.endpoint in ("os", "stacked") for pair in pairs):
        return []
    free = [each for each in guess.view.columns if guess.proposals[each.name].role == "patients.covariate"]
    status = vital_status(guess.view, free)
    if status is None:
        return []
    codes = event_codes(guess, status.name, status.name, asking) or dict.fromkeys(status.profile.words)
    columns = _with_patient(guess, {"event": status.name})
    return [Reading("endpoints", columns, {"endpoint": VITAL_STATUS}, {"event": codes}, one_row=row)]


def _died_then(guess: SheetGuess, pair: Pair, asking: Asking) -> bool:
    words = (
        f'Is "{pair.time}" the day of death of those who died?',
        "No other column holds dates of death; without them the survival of those who died cannot be used.",
    )
    return asking.ask(("time_zero", guess.view.name, [pair.time]), words, YES_NO, "", f"died:{guess.view.name}", True) == "yes"  # fmt: skip


def _event_of(guess: SheetGuess, pair: Pair, asking: Asking) -> str:
    """The column that the reader names as the event of a time that has none beside it; "" = the time is left out."""
    others = [each for each in guess.view.columns if each.name != pair.time and may_be_event(each)]
    others = [each for each in others if each.profile.n_levels > 1 and not each.profile.dates]
    words = (
        f'"{pair.time}" has {"dates" if pair.dated else "times"} and no column that says whether the event happened. Is it one of these?',
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
    codes = event_codes(guess, pair.event, pair.time, asking) if pair.event else None
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
    counted |= {
        word
        for word in words
        if names[word] and not _from_day_0(guess, column, f"{word} {spelled.get(word, '')}", word, asking)
    }
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
            True,
        )
        names[word] = answer if answer and answer != "none" else f"{keyed(column)}_{word}"
        if answer == "none":
            counted.add(word)
    kept = tuple(word for word in words if word not in counted)
    return {word: names[word] for word in kept}, {column: kept} if counted else {}


def _from_day_0(guess: SheetGuess, column: str, said: str, word: str, asking: Asking) -> bool:
    """Whether an endpoint that is named row by row counts from the infusion, or is to be read although it counts from elsewhere."""
    origin = origin_in(said)
    if origin in ("", "infusion"):
        return True
    words = (f'"{word}" counts from {origin}, not from the infusion. Shall it be read?', "Curves here count from day 0, the infusion.")  # fmt: skip
    choices = ((LEAVE, "Leave it out"), ("read", f"Read it: {origin} is day 0 of this cohort"))
    name = f"time_zero:{guess.view.name}:{column}:{word}"
    return asking.ask(("time_zero", guess.view.name, [column]), words, choices, LEAVE, name, True) == "read"


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


def unit_of(guess: SheetGuess, name: str, asking: Asking) -> str:
    """The unit of a time: the header's, or the one that is asked for, once for all columns of the sheet that look alike."""
    proposal = guess.proposals[name]
    if "unit" not in proposal.asks:
        return proposal.unit or "days"
    words = (f"In which unit of time: {COLUMNS}?", f"No header says it; the numbers look like {proposal.unit}.")
    return asking.ask(("unit", guess.view.name, [name]), words, CHOICES, proposal.unit, blocks=True) or "days"


def _with_patient(guess: SheetGuess, columns: dict[str, str]) -> dict[str, str]:
    return ({"patient_id": guess.view.patient} if guess.view.patient else {}) | columns
