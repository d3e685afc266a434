"""Whether study days, and times in days, count the day of the infusion as 1: as the dates beside them say, else as
files of CDISC have it, else as answered; and the days of visits that are named after them. Source: CDISC SDTMIG 3.4,
4.4.4; ADaMIG 1.3, 3.3.3.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from operator import attrgetter
from typing import Final

from lib.intake.cells.coding import as_number
from lib.intake.cells.dates import date_coder
from lib.intake.cells.response_words import said_in
from lib.intake.cells.units import READ_DAYS_PER, unit_word
from lib.intake.files.grid import Cell
from lib.intake.infer.column import ColumnView, SheetView
from lib.intake.infer.event_column import is_worded_day
from lib.intake.infer.question import COLUMNS, Asking, Place
from lib.intake.infer.series import HYPHEN, day_in_words, says_days
from lib.intake.infer.sheet_guess import SheetGuess
from lib.intake.sheets.role import TABLE_NAMED

INFUSION: Final = "patients.infusion_date"
AGREE: Final = 0.9
NO_ZERO: Final = re.compile(
    r"(?!study$|body$)\w{0,6}dy|(study|treatment|analysis|rel|relative)(_rel\w*)?_day|(studien|behandlungs)tag"
)
SAYS_IT: Final = re.compile(r"(day|tag|jour|d)\s*\+?1\s*[=:]\s*(day of\s*)?(infusion|car|inje|perfus|reinf)", re.I)
OF_CDISC: Final = re.compile(r"usubjid|domain|paramcd|avalc?|[a-z]{2}testcd|[a-z]{2}decod")
DAY_1: Final = "{} has no day 0 and begins on day 1. Is day 1 the day of the infusion?"
WHY_DAY_1: Final = (
    "CDISC counts so. If it is, each day becomes one less; if it is the day after the infusion, days stay as they are."
)
FEWEST_DATED: Final = 3
ROUNDED: Final = 0.2  # of a day: months with two digits
WEEK: Final = 7
MORE: Final = "Files of ADaM often have the date of the event minus that of the start plus 1, and no dates say it here."
ONE_MORE: Final = (("as is", "No: times stay as they are"), ("minus", "Yes: each time becomes one day less"))


def counts_from_one(guess: SheetGuess, columns: Map[str, str], all_read: Sequence[SheetGuess], asking: Asking) -> bool:
    """Whether these days know no 0 and day 1 is that of the infusion: as the dates beside them say, else as files of
    CDISC have it, else as answered."""
    view = guess.view
    days = [(role, columns[role]) for role in ("day", "start_day", "stop_day") if role in columns]
    named = [(role, name) for role, name in days if _is_study_day(view.column(name))]
    numbers = _numbers(view.block.cells(name) for _, name in named)
    if not numbers or 0 in numbers:
        return False
    said = _dates_say_one(guess, *named[0], all_read)
    if said is not None:
        return said
    return _says_so(view) or _begins_on_day_1(view.name, [name for _, name in named], numbers, asking)


def _is_study_day(column: ColumnView) -> bool:
    return bool(NO_ZERO.fullmatch(column.key) or SAYS_IT.search(column.name))


def _says_so(view: SheetView) -> bool:
    return any(OF_CDISC.fullmatch(each.key) or SAYS_IT.search(each.name) for each in view.columns)


def _numbers(columns: Iterable[Sequence[Cell]]) -> set[float]:
    return {number for cells in columns for number in map(as_number, cells) if number is not None}


def _dates_say_one(guess: SheetGuess, role: str, day: str, all_read: Sequence[SheetGuess]) -> bool | None:
    date, cells = guess.named(f"{guess.table}.{role.replace('day', 'date')}"), guess.view.block.cells
    return one_more(cells(day), _infused(guess, all_read), cells(date)) if date and guess.view.patient else None


def _begins_on_day_1(sheet: str, names: Sequence[str], numbers: set[float], asking: Asking) -> bool:
    """The same of days of which nothing but their numbers is known: asked where none lies before the infusion."""
    in_weeks = 2 * sum(number % WEEK == 1 for number in numbers) > len(numbers)
    if min(numbers) < 0 or not (1 in numbers or in_weeks):
        return min(numbers) < 0 and 1 in numbers
    choices = (("infusion", "Yes: each day becomes one less"), ("after", "No: days stay as they are"))
    words = (DAY_1.format(COLUMNS), WHY_DAY_1)
    return asking.ask(("time_zero", sheet, names), words, choices, "", f"day_one:{sheet}", True) == "infusion"


def _infused(guess: SheetGuess, all_read: Sequence[SheetGuess]) -> list[Cell]:
    """Of each row the cell with the date of the infusion of its patient, in whatever sheet it stands."""
    found = next((each for each in (guess, *all_read) if each.named(INFUSION) and each.view.patient), guess)
    columns = (found.view.patient, found.named(INFUSION) or found.view.patient)
    first = dict(zip(*map(found.view.block.cells, columns), strict=True))
    return [*map(first.get, guess.view.block.cells(guess.view.patient))]


def one_more(times: Sequence[Cell], *dates: Sequence[Cell]) -> bool | None:
    """Whether these days are one more than those between two dates; None where the dates do not say it."""
    starts, ends = ([each.value for each in map(date_coder("", cells), cells)] for cells in dates)
    found = [
        _near_whole(number - (end - start).days)
        for said, start, end in zip(times, starts, ends, strict=True)
        if (number := as_number(said)) is not None
        and isinstance(start, dt.date)
        and isinstance(end, dt.date)
        and end >= start
    ]
    if len(found) < FEWEST_DATED:
        return None
    return next((bool(more) for more in (0, 1) if found.count(more) >= AGREE * len(found)), None)


def _near_whole(days: float) -> float:
    """A difference that is a whole one but for the digits of a time in months."""
    return round(days) if abs(days - round(days)) < ROUNDED else days


def one_day_more(guess: SheetGuess, time: str, unit: str, units: dict[str, str], asking: Asking) -> bool:
    """Whether times count the first day as 1 (ADaM: ADT - STARTDT + 1): as the dates beside them say, else as
    answered."""
    view = guess.view
    said = {unit_word(word) for word in view.block.words(unit)} - {""} if unit else set(units.values())
    if len(said) != 1 or not any(each.key == "paramcd" for each in view.columns):
        return False
    starts, ends = (guess.named(f"endpoints.{role}") for role in ("start_date", "end_date"))
    numbers, days = map(as_number, view.block.cells(time)), READ_DAYS_PER[said.pop()]
    times = [None if number is None else number * days for number in numbers]
    more = one_more(times, *map(view.block.cells, (starts, ends))) if starts and ends else None
    if more is not None:
        return more
    words = (f"Do the times of {COLUMNS} count the first day as 1?", MORE)
    place: Place = ("time_zero", view.name, [time])
    answer = asking.ask(place, words, ONE_MORE, "as is", f"one_more:{view.name}", needed=False)
    return answer == "minus"


def days_of_visits(guess: SheetGuess, columns: dict[str, str]) -> dict[str, dict[str, str | None]]:
    """The day of each visit that is named after it, where the sheet has no days or dates; its column becomes that of
    the days, too."""
    days = {name: guess.view.column(heading) for name, heading in columns.items() if name.endswith("day")}
    worded = {name: each.name for name, each in days.items() if is_worded_day(each)}
    if worded:
        return {name: _days_in(guess, heading) for name, heading in worded.items()}
    visit = guess.named(f"{guess.table}.visit")
    known = {"day", "date", "start_day", "start_date"} & set(columns)
    if (
        not visit
        or known
        or "day" not in map(attrgetter("name"), TABLE_NAMED[guess.table].columns)
        or not says_days(guess.view.column(visit))
    ):
        return {}
    columns["day"] = visit
    return {"day": _days_in(guess, visit)}


def _days_in(guess: SheetGuess, heading: str) -> dict[str, str | None]:
    """The day that each word of this column says."""
    words = {word: day_in_words(word) for word in guess.view.block.words(heading) if word}
    if any(map(HYPHEN.search, words)):  # Day-0 and Day-7
        words = {word: None if day is None else abs(day) for word, day in words.items()}
    return {word: None if day is None else _written(day) for word, day in words.items()}


def _written(day: float) -> str:
    """A day as no sign for thousands can be seen in it: 1.1250, and not 1.125."""
    return f"{day:.0f}" if day == round(day) else f"{day:.4f}"


ARROW: Final = re.compile(r"\s*(?:[→⇒➔➝➜]|[-=–—]+>|>{1,2})\s*")
BEHIND: Final = re.compile(r"\s*[(\[,;:@]\s*|\s+(?:(?:at|on|by|after|in|am|nach|im|à|a|al|op|na|的)\s+)?")
Steps = tuple[tuple[str, str | None], ...]  # responses one after the other, each with its day


def steps_in(word: str) -> Steps:
    """The responses of a word, one after the other or beside their times (PD at M3, PR→CR); () if one cannot be
    read."""
    found = tuple(map(_step, ARROW.split(word)))
    return found if all(response for response, _ in found) else ()


def _step(piece: str) -> tuple[str, str | None]:
    if response := said_in(piece).response:
        return response, None
    parts = ((piece[: each.start()], piece[each.end() :].strip(" )]")) for each in BEHIND.finditer(piece))
    read = ((said_in(said).response, day_in_words(when)) for said, when in parts)
    return next(((response, _written(day)) for response, day in read if response and day is not None), ("", None))


def says_more(steps: Steps) -> bool:
    """Whether these are more than one plain response."""
    return len(steps) > 1 or any(day is not None for _, day in steps)
