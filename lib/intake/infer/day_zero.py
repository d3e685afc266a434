"""Which date of a sheet of patients is day 0 where no heading says the infusion: asked wherever something is counted
from it.

Which column is the time of a death, where one says who died and none says when.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from lib.intake.cells.coding import as_number, filled, text
from lib.intake.cells.dates import date_coder
from lib.intake.cells.units import READ_DAYS_PER
from lib.intake.files.grid import Cell
from lib.intake.infer.column import ColumnView, SheetView
from lib.intake.infer.deaths import vital_status
from lib.intake.infer.edits import edit_key
from lib.intake.infer.endpoint_pair import Pair, endpoint_of, is_vital, may_be_time, time_unit
from lib.intake.infer.event_column import are_dates
from lib.intake.infer.patient_column import DEATH, LAST, NOT_OF_COURSE
from lib.intake.infer.question import Asking
from lib.intake.infer.sheet_guess import SheetGuess

INFUSION: Final = "patients.infusion_date"
DIAGNOSIS: Final = "endpoints.start_date"
FREE: Final = ("extra", DIAGNOSIS, "infusions.date", "patients.covariate")  # roles of dates that may be day 0 after all
COUNTED: Final = ("death_date", "last_contact_date", "progression_date")
LIKELY: Final = re.compile(
    r"therap|terapi|treatment|(^|_)cells?(_|$)|behandlung|traitement|tratamiento|trattamento|治疗|reinfus|reinjec|index|(^|_)t0(_|$)|gabe"
)
WHICH: Final = (
    "Which of these dates is day 0, the infusion?",
    "Dates are counted from day 0, and no heading says which date it is.",
)
NONE: Final = ("none", "None of them: day 0 is not in this file")
HALF_A_MONTH: Final = 15.3  # days, of times in whole months


def says_day_0(all_read: Sequence[SheetGuess]) -> bool:
    """Whether any sheet has dates of infusions."""
    return any(
        each.table == "infusions" or each.infusions or each.named(INFUSION) or each.named("infusions.date")
        for each in all_read
    )


def settle_day_0(guess: SheetGuess, columns: dict[str, str], all_read: Sequence[SheetGuess], asking: Asking) -> None:
    """The date of the infusion among the columns of Patients, as answered: one that is named like a start of something
    is confirmed, and another is asked for where there is none and dates are counted from it."""
    start = columns.get("infusion_date", "")
    doubted = bool(start) and "time_zero" in guess.proposals[start].asks
    if guess.table != "patients" or (start and not doubted):
        return
    if doubted and _is_day_0(guess, start, "day 0", asking):
        return
    columns.pop("infusion_date", None)
    others = [each for each in all_read if each is not guess]
    if not says_day_0(others) and _are_counted(columns, all_read) and (named := _named(guess, start, asking)):
        columns["infusion_date"] = named


def _is_day_0(guess: SheetGuess, name: str, chosen: str, asking: Asking) -> bool:
    words = (
        f'Is "{name}" day 0 (the infusion, or the start of follow-up)?',
        "The file does not say from when time is counted.",
    )
    choices = (("day 0", "Yes, count from it"), ("no", "No"))
    sheet = guess.view.name
    return asking.ask(("time_zero", sheet, [name]), words, choices, chosen, f"day_zero:{sheet}:{name}", True) == "day 0"


def _are_counted(columns: Collection[str], all_read: Sequence[SheetGuess]) -> bool:
    """Whether dates stand in the file that are counted from day 0."""
    events = (each.proposals for each in all_read if each.table not in ("patients", "deaths"))
    of_events = (each.role for proposals in events for each in proposals.values())
    of_course = any(name in columns for name in COUNTED) or any(pair.dated for each in all_read for pair in each.pairs)
    return of_course or any(role.partition(".")[2].endswith("date") for role in of_events)


def _named(guess: SheetGuess, refused: str, asking: Asking) -> str:
    """The date that its owner calls day 0, or that is proposed; "" = none."""
    names = [each.name for each in guess.view.columns if each.name != refused and _may_be_day_0(guess, each)]
    if names == [guess.named(DIAGNOSIS)]:
        return names[0] if _is_day_0(guess, names[0], "no", asking) else ""
    has_times = any(pair.time and not pair.dated for pair in guess.pairs)
    if not names or has_times:
        return ""
    return _which(guess, names, asking)


def _which(guess: SheetGuess, names: Sequence[str], asking: Asking) -> str:
    """The one of these dates that its owner calls day 0; that which alone is named like a treatment is proposed."""
    likely = [name for name in names if _is_likely(guess.view.column(name).key)]
    choices = (*((name, name) for name in names), NONE)
    sheet, chosen = guess.view.name, likely[0] if len(likely) == 1 else ""
    answer = asking.ask(("time_zero", sheet, names), WHICH, choices, chosen, f"day_zero:{sheet}", True)
    return "" if answer == NONE[0] else answer


def _is_likely(key: str) -> bool:
    return bool(LIKELY.search(key)) and not NOT_OF_COURSE[INFUSION].search(key)


def _may_be_day_0(guess: SheetGuess, column: ColumnView) -> bool:
    values, role = column.profile, guess.proposals[column.name].role
    is_date = values.dates > 0.5 or ("date" in column.key and are_dates(column))
    return is_date and role in FREE and not column.private and column.name != guess.view.patient


MOSTLY: Final = 0.9
NO_TIMES: Final = "Without a time no survival can be drawn, and none is guessed."


def times_of_deaths(all_read: Sequence[SheetGuess], asking: Asking) -> dict[str, dict[str, str]]:
    """The time and the event of overall survival, by sheet, where a column says who died and none says when: which does
    is asked."""
    dated = any(each.named(role) for each in all_read for role in (DEATH, LAST))
    if dated or any(pair.endpoint in ("os", "stacked") for each in all_read for pair in each.pairs):
        return {}
    found: dict[str, dict[str, str]] = {}
    for guess in all_read:
        if guess.table == "patients" and not guess.view.repeated:
            found |= _time_of_death(guess, asking)
    return found


def _time_of_death(guess: SheetGuess, asking: Asking) -> dict[str, dict[str, str]]:
    free = [guess.view.column(name) for name in guess.all_named("patients.covariate")]
    status = vital_status(guess.view, free)
    if status is None or not (endpoint_of(status) == "os" or is_vital(status)):
        return {}
    times = [
        each for each in free if each.profile.numbers > MOSTLY and each.profile.low >= 0 and each.profile.n_levels > 2
    ]
    choices = [("none", "None: it stays a further column"), *((f"column {each.name}", each.name) for each in times)]
    words = (
        f'"{status.name}" says who died. Which column is the time until then, or until the last contact?',
        NO_TIMES,
    )
    answer = asking.ask(("endpoint", guess.view.name, [status.name]), words, choices, "none", f"time:{guess.view.name}")
    if answer == "none":
        return {}
    return {guess.view.name: {answer.removeprefix("column "): "endpoints.time", status.name: "endpoints.event"}}


OTHERS: Final = '"{}" is filled only where "{}" is {}. Which column is the time of the others?'
WHY_OTHERS: Final = "Without their times a curve would be of those alone who had the event."


def time_of_the_others(guess: SheetGuess, pair: Pair, asking: Asking) -> Pair | None:
    """The pair; where its time is known of those with the event alone, with the time of the others, as answered or as
    it was said by hand; None = left out."""
    value = _only_beside(guess, pair)
    if not value:
        return pair
    view = guess.view
    given = asking.answers.get(edit_key("censored_at", view.name, pair.time), "")
    if given in view.block.headings and given != pair.time:
        return replace(pair, censored_at=given)
    times = _times_beside(view, pair.time)
    choices = [*((f"column {each.name}", each.name) for each in times), ("none", "None of them: leave it out")]
    words = (OTHERS.format(pair.time, pair.event, value), WHY_OTHERS)
    place = ("time_zero", view.name, [pair.time])
    answer = asking.ask(place, words, choices, "", f"others:{view.name}:{pair.time}", True)  # type: ignore[arg-type]
    return replace(pair, censored_at=answer.removeprefix("column ")) if answer.startswith("column ") else None


AS_IT_IS, BY_DATES = "column", "dates"
FAR_APART: Final = (31.0, 0.1)  # days, or this share of the time: more is no rounding
FEWEST_BESIDE: Final = 3
WHY_APART: Final = "It may count from another day, such as the diagnosis, or the dates may be newer."


def as_the_dates_say(guess: SheetGuess, pair: Pair, asking: Asking) -> Pair | None:
    """The pair of overall survival; asked where most of its times are not those from the infusion to death or the last
    contact, as the dates of the sheet have them. None until it is answered."""
    apart = _far_from_dates(guess, pair)
    if not apart:
        return pair
    n, of, shown = apart
    sheet, (death, last) = guess.view.name, (guess.named(role) for role in (DEATH, LAST))
    words = (
        (
            f'"{pair.time}" is not the time from "{guess.named(INFUSION)}" to'
            f" {' or '.join(f'{chr(34)}{each}{chr(34)}' for each in (death, last) if each)} in {n} of {of} patients"
            f" ({shown}). Which counts?"
        ),
        WHY_APART,
    )
    choices = ((AS_IT_IS, f'"{pair.time}": it counts from day 0'), (BY_DATES, "The dates"))
    answer = asking.ask(("time_zero", sheet, [pair.time]), words, choices, "", f"apart:{sheet}:{pair.time}", True)
    if answer == BY_DATES and last:
        return (
            Pair("os", death, pair.event, last, dated=True)
            if death
            else Pair("os", last, pair.event, dated=True, rivals=(DEATH,))
        )
    return pair if answer == AS_IT_IS else None


def _far_from_dates(guess: SheetGuess, pair: Pair) -> tuple[int, int, str] | None:
    """In how many patients the time is another than by the dates, of how many, and both medians; None where most
    agree."""
    start, ends = guess.named(INFUSION), list(filter(None, map(guess.named, (DEATH, LAST))))
    if pair.endpoint != "os" or pair.dated or not start or not ends or guess.view.repeated:
        return None
    beside = _beside_dates(guess, pair.time, (start, *ends))
    apart = sum(abs(said - by_dates) > max(FAR_APART[0], FAR_APART[1] * by_dates) for said, by_dates in beside)
    if apart < FEWEST_BESIDE or 2 * apart <= len(beside):
        return None
    said, by_dates = map(median, zip(*beside, strict=True))
    return apart, len(beside), f"medians of {said:.0f} and {by_dates:.0f} days"


def _beside_dates(guess: SheetGuess, time: str, dated: Sequence[str]) -> list[tuple[float, float]]:
    """Of each patient the time in days, and the days from the first of these dates to the next one that is known."""
    unit, cells = time_unit(guess.view.column(time))[0], guess.view.block.cells
    first, *others = ([*map(date_coder("", cells(name)), cells(name))] for name in dated)
    found = []
    for day_0, said, *reached in zip(first, cells(time), *others, strict=True):
        number, end = as_number(said), next((each.value for each in reached if isinstance(each.value, dt.date)), None)
        if number is not None and end is not None and isinstance(day_0.value, dt.date):
            found.append((number * READ_DAYS_PER[unit], float((end - day_0.value).days)))
    return found


def _times_beside(view: SheetView, time: str) -> list[ColumnView]:
    """The other columns of times in the unit of this one."""
    unit = time_unit(view.column(time))[0]
    timed = (each for each in view.columns if each.name != time and (may_be_time(each) or each.heading.unit))
    return [each for each in timed if each.profile.numbers > MOSTLY and time_unit(each)[0] == unit]


def _only_beside(guess: SheetGuess, pair: Pair) -> str:
    """The one value of the event beside which a time stands, while others have none; "" where times are known of
    all."""
    if not pair.event or pair.censored_at:
        return ""
    cells = guess.view.block.cells
    beside = set(zip(map(text, cells(pair.event)), filled(cells(pair.time)).tolist(), strict=True))
    timed, untimed = ({word for word, there in beside if there is known and word} for known in (True, False))
    return next(iter(timed)) if len(timed) == 1 and untimed and not timed & untimed else ""


def say_the_same(view: SheetView, one: Pair, other: Pair) -> bool:
    """Whether two pairs have the same events at the same times, in whatever unit and to the nearest half of a month or
    3 %."""
    cells, units = view.block.cells, [time_unit(view.column(pair.time))[0] for pair in (one, other)]
    events = [list(map(text, cells(pair.event))) for pair in (one, other) if pair.event]
    if one.dated or other.dated or events[1:] not in ([], events[:1]):
        return False
    mine, theirs = (_days(cells(pair.time), unit) for pair, unit in zip((one, other), units, strict=True))
    if units[0] == units[1]:
        return mine == theirs
    return all(abs(a - b) <= max(HALF_A_MONTH, 0.03 * a) for a, b in zip(mine, theirs, strict=True))


def _days(cells: Sequence[Cell], unit: str) -> list[float]:
    return [(as_number(cell) or -1) * READ_DAYS_PER[unit] for cell in cells]
