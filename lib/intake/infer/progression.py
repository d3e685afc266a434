"""A column that says when a patient progressed or relapsed, empty in whoever did not: progression-free survival and
time to progression. A column that says who died, beside dates in other sheets.

Where dates say it, they are derived from them (apply/endpoints.py). Here the days (weeks, months) of those who
progressed stand in one column, and how long the others were followed in those of overall survival. Nothing says that an
empty cell means no progression, so it is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import distinct
from lib.intake.infer.column import ColumnView
from lib.intake.infer.deaths import vital_status
from lib.intake.infer.endpoint_pair import CHOICES, PROGRESSED, SURELY, Pair, may_be_event, time_unit
from lib.intake.infer.event_codes import event_codes
from lib.intake.infer.patient_column import COMBINED, DEATH, INFUSION, LAST
from lib.intake.infer.question import Asking, Place
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.mapping import VITAL_STATUS, Reading, RowChoice

YES_NO: Final = (
    ("yes", "Yes: read progression-free survival and time to progression"),
    ("no", "No: it stays a further column"),
)
WHY: Final = "Those who have a value in it progressed then; the others are followed as for overall survival."
BOTH: Final = ("pfs", "ttp")
TIMED: Final = re.compile(
    r"(^|_)(time|days?|weeks?|months?|tage?|zeit|wochen|monate|jours?|mois|temps|dias?|meses|tiempo|giorn[oi]|mesi|dag(en)?|maanden)(_|$)|天|时间"
)
OTHER: Final = re.compile(  # not the first one after the infusion, or no time until then
    r"(^|_)(prior|previous|before|pre|last|letzte[rs]?|from|since|seit|ab|after|nach|apres|depuis|desde|number|n|no|anzahl|free|frei|type|site|risk|score|rate)(_|$)|frei|free"
)


@dataclass(frozen=True)
class _Followed:
    """How long those without progression were followed: the parts of a reading of which `keep` says for whom it
    holds."""

    columns: dict[str, str]
    constants: dict[str, str]
    codes: dict[str, dict[str, str | None]]
    units: dict[str, str]
    keep: dict[str, tuple[str, ...]]
    censored_at: str = ""


def progression_readings(guess: SheetGuess, row: RowChoice, asking: Asking) -> list[Reading]:
    """The readings of PFS and TTP from such a column, where its owner says that it is one."""
    known = {pair.endpoint for pair in guess.pairs}
    wanted = [name for name in BOTH if name not in known]
    if guess.table != "patients" or not wanted:
        return []
    if date := guess.named("patients.progression_date"):
        return _beside_either(guess, date, wanted, row, asking)
    column = _column(guess)
    followed = _followed(guess, asking) if column else []
    if column is None or not followed:
        return []
    place: Place = ("endpoint", guess.view.name, [column.name])
    words = (f'Is "{column.name}" the time of the first progression or relapse, and empty in whoever had none?', WHY)
    if asking.ask(place, words, YES_NO, "", f"progression:{guess.view.name}", True) != "yes":
        return []
    return _of_all(guess, wanted, _progressed(guess, column, row, asking), followed)


def _beside_either(
    guess: SheetGuess, date: str, wanted: Sequence[str], row: RowChoice, asking: Asking
) -> list[Reading]:
    """Dates of progression beside one column of death or the last contact, of which the status says which it is."""
    one_date = guess.named(COMBINED) or asking.answers.get(f"died:{guess.view.name}") == "yes"
    followed = _followed(guess, asking) if one_date else []
    first = Reading("endpoints", guess.patient | {"end_date": date}, {"event": "1"}, one_row=row)
    progressed = first, {date: _blanks(guess, date)}
    return _of_all(guess, wanted, progressed, followed) if followed else []


def _of_all(
    guess: SheetGuess,
    wanted: Sequence[str],
    progressed: tuple[Reading, dict[str, tuple[str, ...]]] | None,
    followed: Sequence[_Followed],
) -> list[Reading]:
    """The readings of each of these endpoints; none while it is not understood who progressed."""
    return (
        [reading for name in wanted for reading in _readings(guess, name, progressed, followed)] if progressed else []
    )


def _column(guess: SheetGuess) -> ColumnView | None:
    """The only column of times under the name of a progression or relapse, filled in some patients alone."""
    free = (guess.view.column(name) for name in guess.all_named("patients.covariate"))
    found = [each for each in free if _is_time_of_progression(each)]
    return found[0] if len(found) == 1 else None


def _progressed(
    guess: SheetGuess, column: ColumnView, row: RowChoice, asking: Asking
) -> tuple[Reading, dict[str, tuple[str, ...]]] | None:
    """The reading of those who progressed, and what stands where of the others: a status decides where there is one,
    else an empty cell. None while the status is not understood."""
    first = Reading(
        "endpoints",
        guess.patient | {"time": column.name},
        units={"time": _unit(guess, column.name, asking)},
        one_row=row,
    )
    status = _status(guess, column)
    if status is None:
        return replace(first, constants={"event": "1"}), {column.name: _blanks(guess, column.name)}
    codes = event_codes(guess, status.name, column.name, asking)
    if codes is None:
        return None
    without = tuple(word for word, said in codes.items() if said == "0")
    others = tuple(
        word for word in (*guess.view.block.words(status.name), *_blanks(guess, status.name)) if word not in without
    )
    reading = replace(
        first,
        columns={**first.columns, "event": status.name},
        codes={"event": codes},
        keep={status.name: tuple(dict.fromkeys(others))},
    )
    return reading, {status.name: without}


def _status(guess: SheetGuess, time: ColumnView) -> ColumnView | None:
    """The column that says who progressed, beside that of the times."""
    free = (guess.view.column(name) for name in guess.all_named("patients.covariate") if name != time.name)
    named = (
        each for each in free if PROGRESSED.search(each.key) and not (OTHER.search(each.key) or TIMED.search(each.key))
    )
    return next((each for each in named if may_be_event(each) and each.profile.n_levels > 1), None)


def _is_time_of_progression(column: ColumnView) -> bool:
    values = column.profile
    named = PROGRESSED.search(column.key) and not OTHER.search(column.key)
    timed = column.heading.unit or TIMED.search(column.key)
    return bool(named and timed) and values.numbers >= SURELY and values.low >= 0 and 0 < values.filled < values.n


def _followed(guess: SheetGuess, asking: Asking) -> list[_Followed]:
    """How overall survival is read: of the pair of a time and an event, of two times, or of dates; [] where it is
    not."""
    pair = next((each for each in guess.pairs if each.endpoint == "os"), None)
    if pair and pair.by_time:
        return _by_two_columns(guess, "time", (pair.time, pair.censored_at), _unit(guess, pair.time, asking))
    if pair and pair.event:
        return _by_status(guess, pair, asking)
    death, last, infused = (guess.named(role) for role in (DEATH, LAST, INFUSION))
    return _by_two_columns(guess, "end_date", (death, last), "") if death and last and infused and pair is None else []


def _by_two_columns(guess: SheetGuess, role: str, columns: tuple[str, str], unit: str) -> list[_Followed]:
    death, last = columns
    units = {role: unit} if unit else {}
    alive = _Followed({role: last}, {"event": "0"}, {}, units, {death: _blanks(guess, death)})
    return [_Followed({role: death}, {"event": "1"}, {}, units, {}), alive]


def _by_status(guess: SheetGuess, pair: Pair, asking: Asking) -> list[_Followed]:
    codes = event_codes(guess, pair.event, pair.time, asking)
    if codes is None:
        return []
    if not pair.dated:
        unit = _unit(guess, pair.time, asking)
        columns = {"time": pair.time, "event": pair.event}
        return [_Followed(columns, {}, {"event": codes}, {"time": unit}, {}, pair.censored_at)]
    undated = pair.rivals == (DEATH,) and asking.answers.get(f"died:{guess.view.name}") != "yes"
    end = {} if undated else {"end_date": pair.time}
    censored_at = pair.time if undated else pair.censored_at
    return [_Followed({**end, "event": pair.event}, {}, {"event": codes}, {}, {}, censored_at)]


def _readings(
    guess: SheetGuess,
    endpoint: str,
    progressed: tuple[Reading, dict[str, tuple[str, ...]]],
    followed: Sequence[_Followed],
) -> list[Reading]:
    """Those who progressed, and after them the others; of the time to progression death is no event."""
    first, without = progressed
    named = {"endpoint": endpoint}
    found = [replace(first, constants={**first.constants, **named})]
    if endpoint == "ttp":
        followed = [part for each in followed for part in _censored_at_death(guess, each)]
    found += [
        Reading(
            "endpoints",
            guess.patient | each.columns,
            named | each.constants,
            each.codes,
            each.units,
            keep=without | each.keep,
            one_row=first.one_row,
            censored_at=each.censored_at,
        )
        for each in followed
    ]
    return found


def _censored_at_death(guess: SheetGuess, each: _Followed) -> list[_Followed]:
    """The same without an event: whoever died is censored then, and the others where they were seen last."""
    if not each.codes:
        return [replace(each, constants={"event": "0"})]
    codes, event = each.codes["event"], each.columns["event"]
    end = next((role for role in each.columns if role != "event"), "end_date")
    alive = tuple(word for word, said in codes.items() if said == "0")
    others = tuple(word for word in (*guess.view.block.words(event), *_blanks(guess, event)) if word not in alive)
    none = {"event": {word: said and "0" for word, said in codes.items()}}
    last = each.censored_at or each.columns[end]
    return [
        replace(each, codes=none, keep={event: tuple(dict.fromkeys(others))}, censored_at=""),
        replace(each, columns={end: last, "event": event}, codes=none, keep={event: alive}, censored_at=""),
    ]


def _unit(guess: SheetGuess, name: str, asking: Asking) -> str:
    """The unit that the heading says, else its owner."""
    unit, sure, _ = time_unit(guess.view.column(name))
    if sure:
        return unit
    words = (f'In which unit of time: "{name}"?', f"No header says it; the numbers look like {unit}.")
    return asking.ask(("unit", guess.view.name, [name]), words, CHOICES, unit, blocks=True) or "days"


def _blanks(guess: SheetGuess, name: str) -> tuple[str, ...]:
    """What stands where this column has no value: nothing, or a word for it."""
    found = distinct(guess.view.block.cells(name))
    words = (text(cell) for cell in found.values if is_missing(cell))
    return tuple(dict.fromkeys(["", *words]))


def status_alone(guess: SheetGuess, all_read: Sequence[SheetGuess], row: RowChoice, asking: Asking) -> list[Reading]:
    """Who died, where this sheet says it and another has the dates: those whom it calls dead are never censored."""
    elsewhere = any(each.named(role) for each in all_read if each is not guess for role in (DEATH, LAST))
    known = any(pair.endpoint in ("os", "stacked") for each in all_read for pair in each.pairs)
    if guess.table != "patients" or not elsewhere or known:
        return []
    status = vital_status(guess.view, [guess.view.column(name) for name in guess.all_named("patients.covariate")])
    if status is None:
        return []
    codes = event_codes(guess, status.name, status.name, asking) or dict.fromkeys(status.profile.words)
    columns = guess.patient | {"event": status.name}
    return [Reading("endpoints", columns, {"endpoint": VITAL_STATUS}, {"event": codes}, one_row=row)]
