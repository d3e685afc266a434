"""A sheet -> how Endpoints is read from it: one reading a pair of columns, or one for endpoints named row by row."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.intake.cells.coding import text
from lib.intake.files.grid import Cell
from lib.intake.infer.column import ColumnView
from lib.intake.infer.day_zero import as_the_dates_say, say_the_same, time_of_the_others
from lib.intake.infer.endpoint_pair import Pair, endpoint_of, may_be_event, origin_in, origin_of
from lib.intake.infer.event_codes import event_codes
from lib.intake.infer.named_rows import long_names, no_times
from lib.intake.infer.patient_column import DEATH
from lib.intake.infer.patient_reading import epoch_units, unit_of, which_follow_up
from lib.intake.infer.progression import progression_readings, status_alone
from lib.intake.infer.question import COLUMNS, Asking, Place
from lib.intake.infer.sheet_guess import SheetGuess, units_said
from lib.intake.infer.study_days import one_day_more
from lib.intake.infer.synonyms import ENDPOINTS
from lib.intake.mapping import Reading, RowChoice
from lib.intake.sheets.role import keyed

NAMED: Final = (
    ("os", "Overall survival"),
    ("pfs", "Progression-free survival"),
    ("ttp", "Time to progression"),
    ("efs", "Event-free survival"),
    ("dfs", "Disease-free survival"),
    ("rfs", "Recurrence-free survival"),
    ("ttr", "Time to recurrence"),
    ("dor", "Duration of response"),
)
NONE: Final = ("none", "None of these: leave it out")
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
    return found + progression_readings(guess, row, asking) + status_alone(guess, all_read, row, asking)


def _one_each(guess: SheetGuess, asking: Asking) -> list[Pair]:
    """One pair of columns for each endpoint: of several that do not say the same, that which its owner chooses."""
    named: dict[str, list[Pair]] = {}
    for pair in guess.pairs:
        same = named.setdefault(pair.endpoint, [])
        if not pair.endpoint or not any(say_the_same(guess.view, pair, each) for each in same):
            same.append(pair)
    return [pair for endpoint, several in named.items() for pair in _chosen(guess, endpoint, several, asking)]


def _chosen(guess: SheetGuess, endpoint: str, several: Sequence[Pair], asking: Asking) -> Sequence[Pair]:
    """Of several times of an endpoint that which its owner chooses; one without an event has that of the first."""
    if len(several) == 1 or endpoint in ("", "stacked"):
        return several
    choices = [*((each.time, " and ".join(filter(None, (each.time, each.event)))) for each in several), NONE]
    words = (f"Which columns are {endpoint.upper()}?", "Several could be, and they do not say the same.")
    place: Place = ("endpoint", guess.view.name, [each.time for each in several])
    answer = asking.ask(place, words, choices, "", f"pair:{guess.view.name}:{endpoint}", True)
    return [replace(each, event=each.event or several[0].event) for each in several if each.time == answer]


def _changing(guess: SheetGuess) -> bool:
    """Whether a sheet of patients has endpoints that are not the same in all rows of a patient."""
    columns = [guess.view.column(name) for pair in guess.pairs for name in (pair.time, pair.event) if name]
    return guess.table == "patients" and any(each.constant < 1 for each in columns)


def _of_pair(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> list[Reading]:
    said = as_the_dates_say(guess, pair, asking)
    if said is None:
        return []
    if said is not pair:
        return _by_dates(guess, said, row, asking)
    if pair.by_time:
        return _by_time(guess, pair, row, asking)
    if pair.dated:
        return _by_dates(guess, pair, row, asking)
    if pair.censored_at and not _wanted(guess, pair, asking):
        return []
    counted = _from_infusion(guess, pair, asking)
    whole = time_of_the_others(guess, counted, asking) if counted else None
    found = _one(guess, whole, row, asking) if whole else None
    return [found] if found else []


def _from_infusion(guess: SheetGuess, pair: Pair, asking: Asking) -> Pair | None:
    """The pair with the time that counts from the infusion; None where none does, or where it is not said."""
    origin = origin_of(guess.view.column(pair.time))
    if not pair.rivals:
        return pair if _counts(origin, COLUMNS, ("time_zero", guess.view.name, [pair.time]), "", asking) else None
    name, options = (pair.endpoint or "this endpoint").upper(), (pair.time, *pair.rivals)
    words = (f"Which of {COLUMNS} counts {name} from the infusion?", "Only one day 0 can stand under a curve.")
    choices = [*((each, each) for each in options), (LEAVE, f"None: leave {name} out")]
    chosen = pair.time if origin == "infusion" else ""
    answer = asking.ask(("time_zero", guess.view.name, options), words, choices, chosen, "", True, not chosen)
    return replace(pair, time=answer) if answer not in ("", LEAVE) else None


def _counts(origin: str, shown: str, place: Place, name: str, asking: Asking) -> bool:
    """Whether a time counts from the infusion, or is to be read although it counts from elsewhere."""
    if origin in ("", "infusion"):
        return True
    words = (
        f"{shown} counts from {origin}, not from the infusion. Shall it be read?",
        "Curves here count from day 0, the infusion.",
    )
    choices = ((LEAVE, "Leave it out"), ("read", f"Read it: {origin} is day 0 of this cohort"))
    return asking.ask(place, words, choices, LEAVE, name, True) == "read"


def _one(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> Reading | None:
    event = (_rival_event if pair.event else _event_of)(guess, pair, asking)
    if not event:
        if not pair.event:
            unit_of(guess, pair.time, asking)
        return None
    endpoint = pair.endpoint or _endpoint(guess.view.name)
    if not endpoint:
        words = (f'Which endpoint are "{pair.time}" and "{event}"?', "The headers do not say.")
        answer = asking.ask(("endpoint", guess.view.name, [pair.time, event]), words, (*NAMED, NONE), blocks=True)
        if answer == NONE[0]:
            return None
        endpoint = answer or keyed(pair.time)
    unit = unit_of(guess, pair.time, asking)
    codes = {} if event == pair.time else event_codes(guess, event, pair.time, asking)
    if codes is None:
        return None
    columns, named = guess.patient | {"time": pair.time, "event": event}, {"endpoint": endpoint}
    found = Reading("endpoints", columns, named, {"event": codes}, {"time": unit}, one_row=row)
    return replace(found, censored_at=pair.censored_at)


def _rival_event(guess: SheetGuess, pair: Pair, asking: Asking) -> str:
    """The event of this time: asked where another column says of the same endpoint something else."""
    view = guess.view
    used = {name for each in guess.pairs for name in (each.event, each.time, each.censored_at)}
    mine = [text(cell) for cell in view.block.cells(pair.event)]
    rivals = [
        each.name
        for each in view.columns
        if each.name not in used and _is_event_of(pair.endpoint, each) and _differ(mine, view.block.cells(each.name))
    ]
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


def _is_event_of(endpoint: str, column: ColumnView) -> bool:
    is_named = bool(endpoint) and endpoint_of(column) == endpoint
    return is_named and may_be_event(column) and column.profile.n_levels > 1


def _differ(mine: Sequence[str], cells: Sequence[Cell]) -> bool:
    """Whether two columns say more than the same in other words."""
    both = set(zip(mine, map(text, cells), strict=True))
    return len(both) > max(len({one for one, _ in both}), len({other for _, other in both}))


def _wanted(guess: SheetGuess, pair: Pair, asking: Asking) -> bool:
    """Whether survival is to be made of a time to death and a time to the last follow-up."""
    words = (
        f'Shall overall survival be read from "{pair.time}" of those who died and "{pair.censored_at}" of the others?',
        "Each column holds only a part of the patients' times.",
    )
    place: Place = ("endpoint", guess.view.name, [pair.time, pair.censored_at])
    return asking.ask(place, words, YES_NO, "yes", f"survival:{guess.view.name}", True) == "yes"


def _by_time(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> list[Reading]:
    """No column says who died: whoever has a time to death did; the others are alive only if the owner says so."""
    words = (
        f'Is everybody without a value in "{pair.time}" alive at "{pair.censored_at}"?',
        "No column says who is alive, and an empty cell may be a death that was not dated.",
    )
    place: Place = ("event_values", guess.view.name, [pair.time, pair.censored_at])
    if asking.ask(place, words, YES_NO, "", f"alive:{guess.view.name}", True) != "yes":
        return []
    unit = unit_of(guess, pair.time, asking)
    return [
        Reading(
            "endpoints",
            guess.patient | {"time": column},
            {"endpoint": "os", "event": event},
            units={"time": unit},
            one_row=row,
        )
        for column, event in ((pair.time, "1"), (pair.censored_at, "0"))
    ]


def _by_dates(guess: SheetGuess, pair: Pair, row: RowChoice, asking: Asking) -> list[Reading]:
    """A status beside dates: it decides who died. While it is not understood nobody is taken for alive, and nobody for
    dead."""
    event = pair.event or _event_of(guess, pair, asking)
    if not event:
        return []
    codes = event_codes(guess, event, pair.time, asking)
    if codes is None:
        codes = dict.fromkeys(guess.view.column(event).profile.words)
    columns = guess.patient | {"end_date": pair.time, "event": event}
    censored_at = pair.censored_at
    if pair.rivals == (DEATH,) and not _died_then(guess, pair, asking):
        columns, censored_at = guess.patient | {"event": event}, pair.time
    units = epoch_units(guess, {"end_date": pair.time}, asking)
    constants = {"endpoint": "os"}
    return [Reading("endpoints", columns, constants, {"event": codes}, units, one_row=row, censored_at=censored_at)]


def _died_then(guess: SheetGuess, pair: Pair, asking: Asking) -> bool:
    words = (
        f'Is "{pair.time}" the day of death of those who died?',
        "No other column holds dates of death; without them the survival of those who died cannot be used.",
    )
    return (
        asking.ask(("time_zero", guess.view.name, [pair.time]), words, YES_NO, "", f"died:{guess.view.name}", True)
        == "yes"
    )


def _event_of(guess: SheetGuess, pair: Pair, asking: Asking) -> str:
    """The column that the reader names as the event of a time that has none beside it; "" = the time is left out."""
    if guess.view.column(pair.time).profile.open_ended and _by_plus(guess, pair, asking):
        return pair.time
    others = [each for each in guess.view.columns if each.name != pair.time and may_be_event(each)]
    others = [each for each in others if each.profile.n_levels > 1 and not each.profile.dates]
    has = f'"{pair.time}" has {"dates" if pair.dated else "times"} and no column that says whether the event happened.'
    why = "Without it nothing can be drawn, and the event of another endpoint is never borrowed unasked."
    words = (f"{has} Is it one of these?", why)
    named = ((f"column {each.name}", f"{each.name}: {_shown(each)}") for each in others)
    choices = [("none", "None: leave it out"), *named]
    answer = asking.ask(("event_values", guess.view.name, [pair.time]), words, choices, "none")
    return answer.removeprefix("column ") if answer != "none" else ""


def _by_plus(guess: SheetGuess, pair: Pair, asking: Asking) -> bool:
    """Whether a plus behind a time (10.9+) says that it was censored, and no other column says so."""
    words = (
        f"Does a plus behind a time in {COLUMNS} mean censored, and no plus that the event happened?",
        "No column says whether the event happened.",
    )
    place: Place = ("event_values", guess.view.name, [pair.time])
    return asking.ask(place, words, YES_NO, "yes", f"plus:{guess.view.name}:{pair.time}", True) == "yes"


def _shown(column: ColumnView) -> str:
    return ", ".join(f'"{word}" ({n})' for word, n in column.profile.levels[:MOST_LEVELS])


def _stacked(guess: SheetGuess, pair: Pair, asking: Asking) -> Reading | None:
    """Endpoints named row by row: their names become ours, and rows that are no time (a count) are left out."""
    column = guess.named("endpoints.endpoint")
    codes = event_codes(guess, pair.event, pair.time, asking) if pair.event else None
    if not column or codes is None:
        return None
    columns = guess.patient | {"endpoint": column, "time": pair.time, "event": pair.event}
    names, keep = _names(guess, column, asking)
    for role in ("unit", "cause", "censoring_reason"):
        if heading := guess.named(f"endpoints.{role}"):
            columns[role] = heading
    meant = {"event": codes, "endpoint": names}
    if "unit" not in columns and (beside := _named_unit(guess)):
        columns["unit"], meant["unit"] = beside
    units = {} if "unit" in columns else {"time": unit_of(guess, pair.time, asking)}
    more = one_day_more(guess, pair.time, columns.get("unit", ""), units, asking)
    return Reading("endpoints", columns, codes=meant, units=units, keep=keep, no_day_zero=more)


def _named_unit(guess: SheetGuess) -> tuple[str, dict[str, str | None]] | None:
    """The column whose words name the endpoint of each row with different units of time, and the unit of each word."""
    said = units_said(guess.view)
    if len(set(said.values())) < 2:
        return None
    name = next(each.name for each in guess.view.columns if said.keys() & set(each.profile.words))
    return name, {word: said.get(word) for word in guess.view.column(name).profile.words}


def _names(guess: SheetGuess, column: str, asking: Asking) -> tuple[dict[str, str | None], dict[str, tuple[str, ...]]]:
    """What each word in the column of the endpoints' names means, and which words are read where some are left out."""
    words = tuple(sorted(filter(None, guess.view.block.words(column))))
    beside = long_names(guess.view, column)
    long = {word: f"{word} {beside.get(word, '')}" for word in words}
    names: dict[str, str | None] = {word: _endpoint(said) for word, said in long.items()}
    out = no_times(guess.view, column, guess.named("endpoints.unit")) | _from_elsewhere(guess, column, long, asking)
    names |= {
        word: _unnamed(guess, column, word, words, asking) for word in words if not names[word] and word not in out
    }
    kept = tuple(word for word in words if word not in out and names[word] is not None)
    return {word: names[word] for word in kept}, {column: kept} if out or len(kept) < len(words) else {}


def _unnamed(guess: SheetGuess, column: str, word: str, words: Sequence[str], asking: Asking) -> str | None:
    """What a word is called that names no endpoint of ours; asked where all are numbers; None = it is left out."""
    if not all(each.replace(".", "").isdigit() for each in words):
        return keyed(word)
    said = (f'Which endpoint is "{word}" in "{column}"?', "The file has no legend.")
    name = f"endpoint:{guess.view.name}:{column}:{word}"
    answer = asking.ask(("endpoint", guess.view.name, [column]), said, (*NAMED, NONE), "", name, True)
    return None if answer == NONE[0] else answer or f"{keyed(column)}_{word}"


def _from_elsewhere(guess: SheetGuess, column: str, long: dict[str, str], asking: Asking) -> set[str]:
    """The endpoints named row by row that count from elsewhere than the infusion, and are not to be read."""
    sheet = guess.view.name
    place: Place = ("time_zero", sheet, [column])
    return {
        word
        for word, said in long.items()
        if _endpoint(said)
        and not _counts(origin_in(said), f'"{word}"', place, f"time_zero:{sheet}:{column}:{word}", asking)
    }


def _endpoint(words: str) -> str:
    return next((name for name, pattern in ENDPOINTS if pattern.search(keyed(words))), "")
