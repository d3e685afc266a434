"""Dates in every usual spelling -> dates; whether day or month stands first is taken from the mapping, else from the
column itself.

Columns of times, once they are numbers: other units become days, and a count without a day 0 is put right.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from lib.cohort.time_unit import UNITS
from lib.intake.cells.coding import YEAR_FIRST, Coded, as_number, is_missing, text, uncalculated
from lib.intake.cells.units import READ_DAYS_PER, unit_word
from lib.intake.files.grid import Cell, distinct

# 3.4.2022, 03/04/22, and 03042022 without signs, where a year of our time stands at the end
NUMERIC: Final = re.compile(
    r"(?=\d{1,2}[-/.]|[0-3]?\d[0-3]\d(?:19|20)\d\d$)(\d{1,2})([-/.]?)(\d\d|(?<=[-/.])\d)\2(\d{4}|(?<=[-/.])\d{2})([ T].*)?"  # noqa: E501
)
LEAST_DATE: Final = 1_000_000  # a number below has too few digits to be one of them
# 3-Feb-22, as spreadsheets write it
DAY_NAME_YEAR: Final = re.compile(r"(\d{1,2})[-\s.]*([^\W\d_]{3,10})[-\s.,']*(\d{4}|\d{2})([ T:].*)?")
# whether it can be read or not
IN_DIGITS: Final = re.compile(r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))([ T].*)?")
NAME_DAY_YEAR: Final = re.compile(r"([^\W\d_]{3,10})[-\s.]*(\d{1,2})(?:st|nd|rd|th)?[-\s.,]+(\d{4})")
NAMES: Final = {
    name: month
    for month, names in enumerate(
        (
            "jan ene gen",
            "feb fev fév",
            "mar mär mrz mrt maa",
            "apr avr abr",
            "may mai mag mei",
            "jun juin giu",
            "jul juil lug",
            "aug aoû aou ago",
            "sep set",
            "oct okt ott",
            "nov",
            "dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
CHINESE: Final = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
MONTHS: Final = 12
LAST_DAY: Final = 31
FIRST_YEAR: Final = 10  # of two digits at the beginning of a date: nobody was given CAR T cells before 2010
YEAR: Final = "year first"
CENTURY: Final = 100
LAST_OF_2000S: Final = 69  # a year of two digits is 1970 to 2069, as POSIX has it


COMPACT: Final = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")  # 20210403
EPOCHS: Final = {  # how programs count time: the first day, how many of the unit are a day, and which programs
    "days since 1899-12-30": (dt.date(1899, 12, 30), 1, "Excel"),
    "days since 1904-01-01": (dt.date(1904, 1, 1), 1, "Excel on old Macs"),
    "days since 1960-01-01": (dt.date(1960, 1, 1), 1, "SAS, Stata"),
    "days since 1970-01-01": (dt.date(1970, 1, 1), 1, "R"),
    "seconds since 1582-10-14": (dt.date(1582, 10, 14), 86_400, "SPSS"),
    "seconds since 1960-01-01": (dt.date(1960, 1, 1), 86_400, "SAS with time"),
    "seconds since 1970-01-01": (dt.date(1970, 1, 1), 86_400, "Unix"),
    "milliseconds since 1960-01-01": (dt.date(1960, 1, 1), 86_400_000, "Stata with time"),
    "milliseconds since 1970-01-01": (dt.date(1970, 1, 1), 86_400_000, "JavaScript"),
}
FEWEST_DAYS: Final = 7305  # 1990 as R counts; the twentieth year after an infusion
RARE: Final = "days since 1904-01-01"
EARLIEST: Final = dt.date(1990, 1, 1)  # of what a cohort with CAR T cells dates
NEAR: Final = dt.timedelta(days=5 * 366)  # of other dates of the column
EXCHANGED: Final = "exchanged"
NOT_READ: Final = "not read"


def date_of(number: float, epoch: str) -> dt.date | None:
    """The date that this number stands for, None where there is none."""
    first, of_a_day, _ = EPOCHS[epoch]
    try:
        return first + dt.timedelta(days=int(number // of_a_day))
    except OverflowError:
        return None


def counts_days(numbers: Sequence[float]) -> bool:
    """Whether these numbers can only be dates as a program counts them: no study day is a number of five digits."""
    return (
        bool(numbers)
        and min(numbers) >= FEWEST_DAYS
        and all(number == round(number) for number in numbers)
        and bool(epochs_of(numbers))
    )


def epochs_of(numbers: Iterable[float]) -> tuple[str, ...]:
    """The ways of counting by which all of these numbers are dates from 1990 to today; () where they are no dates."""
    ends = tuple(numbers)
    ends = (min(ends), max(ends)) if ends else ()
    today, late = dt.date.today(), dt.date.max
    found = [each for each in EPOCHS if ends and all(EARLIEST <= (date_of(end, each) or late) <= today for end in ends)]
    return tuple(epoch for epoch in found if epoch != RARE or found == [RARE])


def date_coder(order: str, cells: Sequence[Cell], epoch: str = "", true_dates: str = "") -> Callable[[Cell], Coded]:
    """The function that reads the dates of this column.

    Which of day and month stands first is settled by the column, else by `order`, else 3/4/2021 is a finding. `epoch`
    says how numbers are counted; without it the numbers must allow one way only, by themselves or by the other dates of
    the column. `true_dates` says of dates of the spreadsheet that day and month were exchanged, or that they may be and
    are not read.
    """
    settled = order_in(distinct(cells).values) or order
    epochs = (epoch,) if epoch in EPOCHS else _epochs_in(cells, settled)
    # whoever says how, or uses a spreadsheet, need not be reported
    counted = epoch in EPOCHS or "days since 1899-12-30" in epochs
    return lambda cell: uncalculated(cell) or _untold(_date(cell, settled, epochs, true_dates), counted)


def _untold(coded: Coded, is_known: bool) -> Coded:
    return coded._replace(reported="") if is_known else coded


def is_written_date(written: str) -> bool:
    """Whether a text is a date, whichever of its parts stands first: 2022-02-03, 3.2.22, 3-Feb-22, Feb 3, 2022."""
    if found := DAY_NAME_YEAR.fullmatch(written):
        return _month(found[2]) > 0
    if found := NAME_DAY_YEAR.fullmatch(written):
        return _month(found[1]) > 0
    return IN_DIGITS.fullmatch(written) is not None


def looks_dated(written: str) -> bool:
    """The same, also where a date is eight digits without a sign between them."""
    return is_written_date(written) or COMPACT.fullmatch(written) is not None or is_in_digits(written)


def is_in_digits(written: str) -> bool:
    """Whether seven or eight digits are a day, a month and a year of our time, whichever stands first: 31122021."""
    found = NUMERIC.fullmatch(written) if written.isdigit() and len(written) in (7, 8) else None
    return found is not None and _is_day_and_month(int(found[1]), int(found[3]))


def _is_day_and_month(one: int, other: int) -> bool:
    return 0 < min(one, other) <= MONTHS and max(one, other) <= LAST_DAY


def order_in(cells: Iterable[Cell]) -> str:
    """The order that the column leaves no doubt of, or "". Parts above 12 are days; a dotted date has the day first;
    22-05-31 can only have the year first, and 22-05-17 may."""
    found = numeric_dates(cells)
    if may_begin_with_year(found):
        return YEAR if any(int(match[4]) > dt.date.today().year % CENTURY for match in found) else ""
    day_first = any(int(match[1]) > MONTHS or match[2] == "." for match in found)
    month_first = any(int(match[3]) > MONTHS for match in found)
    return "" if day_first == month_first else "day first" if day_first else "month first"


def numeric_dates(cells: Iterable[Cell]) -> list[re.Match[str]]:
    """Those of the cells in which day, month and year stand in digits, whichever is first."""
    return [match for cell in cells if _may_be_in_digits(cell) and (match := NUMERIC.fullmatch(text(cell)))]


def _may_be_in_digits(cell: Cell) -> bool:
    return not cell[:1].isalpha() if isinstance(cell, str) else isinstance(cell, float) and cell >= LEAST_DATE


def may_begin_with_year(found: Sequence[re.Match[str]]) -> bool:
    """Whether the first of two digits may be the year in all of these dates, all of the last twenty years or so."""
    years = range(FIRST_YEAR, dt.date.today().year % CENTURY + 1)
    return bool(found) and all(
        len(match[4]) == 2
        and match[2] != "."
        and int(match[1]) in years
        and int(match[3]) <= MONTHS
        and int(match[4]) <= LAST_DAY
        for match in found
    )


def can_be_two(found: re.Match[str]) -> bool:
    """Whether day and month of this date could be exchanged."""
    return found[1] != found[3] and max(int(found[1]), int(found[3])) <= MONTHS


def two_digit_years(cells: Sequence[Cell]) -> list[str]:
    """The dates of this column that are written with a year of two digits."""
    texts = dict.fromkeys(cell.strip() for cell in distinct(cells).values if isinstance(cell, str))
    years = ((written, NUMERIC.fullmatch(written), DAY_NAME_YEAR.fullmatch(written)) for written in texts)
    return [
        written
        for written, digits, named in years
        if len((digits and digits[4]) or (named and _month(named[2]) and named[3]) or "") == 2
    ]


def _epochs_in(cells: Sequence[Cell], order: str) -> tuple[str, ...]:
    """How the numbers among these dates may be counted; where other dates stand beside them, so that all lie near."""
    different = [cell for cell in distinct(cells).values if not (is_missing(cell) or COMPACT.fullmatch(text(cell)))]
    numbers = [number for number in map(as_number, different) if number is not None]
    found = epochs_of(numbers)
    if len(found) < 2:
        return found
    others = [_date(cell, order, (), "").value for cell in different]
    near = [each for each in found if _lie_near(others, numbers, each)]
    return tuple(near) if len(near) == 1 else found


def _lie_near(read: Sequence[object], numbers: Sequence[float], epoch: str) -> bool:
    """Whether all of these numbers, counted so, lie within some years of the dates that were read, if there are any."""
    dates = [day for day in read if isinstance(day, dt.date)]
    if not dates:
        return False
    counted = [date_of(number, epoch) for number in numbers]
    return all(day is not None and min(dates) - NEAR <= day <= max(dates) + NEAR for day in counted)


def _date(cell: Cell, order: str, epochs: tuple[str, ...], true_dates: str) -> Coded:
    if isinstance(cell, dt.datetime):
        return _true_date(cell.date(), true_dates)
    written = text(cell)
    if found := NUMERIC.fullmatch(written):
        return _numeric(found, order, written)
    number = as_number(cell)
    if compact := COMPACT.fullmatch(written):
        return _of_parts(int(compact[1]), int(compact[2]), int(compact[3]), written)
    if number is not None:
        return _counted(number, epochs, written)
    parts = _unmistakable(written)
    return _of_parts(*parts, written) if parts else _no_date(written)


def _true_date(day: dt.date, true_dates: str) -> Coded:
    if not true_dates or day.day > MONTHS or day.day == day.month:
        return Coded(day)
    exchanged = day.replace(month=day.day, day=day.month)
    if true_dates == EXCHANGED:
        return Coded(exchanged)
    problem = f"This date is {day} or, if day and month were exchanged when the file was made, {exchanged}."
    return Coded(
        None, problem, "Say which: answer the question about exchanged dates, or write true_dates in the mapping."
    )


def _counted(number: float, epochs: tuple[str, ...], written: str) -> Coded:
    """A date as a number of days or seconds."""
    if len(epochs) == 1 and (day := date_of(number, epochs[0])):
        reported = f'"{written}" was read as {day}: {epochs[0]} ({EPOCHS[epochs[0]][2]}).'
        return Coded(day, "", "Say under `units` in the mapping how it is counted if that is wrong.", reported)
    if not epochs:
        return _no_date(written)
    ways = " or ".join(f"{date_of(number, epoch)} ({EPOCHS[epoch][2]})" for epoch in epochs)
    return Coded(None, f'"{written}" can be {ways}.', "Say under `units` in the mapping how it is counted.")


def _unmistakable(written: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date that can be read in one way only."""
    if found := YEAR_FIRST.fullmatch(written):
        return int(found[1]), int(found[3]), int(found[4])
    if found := CHINESE.fullmatch(written):
        return int(found[1]), int(found[2]), int(found[3])
    if found := DAY_NAME_YEAR.fullmatch(written):
        return _full_year(found[3]), _month(found[2]), int(found[1])
    if found := NAME_DAY_YEAR.fullmatch(written):
        return int(found[3]), _month(found[1]), int(found[2])
    return None


def _of_parts(year: int, month: int, day: int, written: str) -> Coded:
    try:
        return Coded(dt.date(year, month, day))
    except ValueError:
        return _no_date(written)


def _numeric(found: re.Match[str], order: str, written: str) -> Coded:
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    if order == YEAR and len(found[4]) == 2:
        return _of_parts(_full_year(found[1]), second, int(found[4]), written)
    if not order and may_begin_with_year([found]):
        fix = "Say in the mapping which stands first, or write it as yyyy-mm-dd."
        return Coded(None, f'"{written}" can begin with the day or the year.', fix)
    if order in ("", YEAR) and can_be_two(found):
        fix = "Say in the mapping which stands first, or write it as yyyy-mm-dd."
        return Coded(None, f'"{written}" can be {_day(year, second, first)} or {_day(year, first, second)}.', fix)
    month_first = second > MONTHS or (order == "month first" and first <= MONTHS)
    return _of_parts(year, *((first, second) if month_first else (second, first)), written)


def _full_year(written: str) -> int:
    """The year, one of two digits as 1970 to 2069."""
    year = int(written)
    return year if year >= CENTURY else year + (2000 if year <= LAST_OF_2000S else 1900)


def _day(year: int, month: int, day: int) -> str:
    return f"{year}-{month:02}-{day:02}"


def _month(name: str) -> int:
    return NAMES.get(name[:4].casefold(), NAMES.get(name[:3].casefold(), 0))


def _no_date(written: str) -> Coded:
    return Coded(None, f'"{written}" is not a date.', "Write it as yyyy-mm-dd.")


Values = Mapping[str, Sequence[object]]


def with_unit_in_days(times: Sequence[object], unit: str) -> list[object]:
    """Times in days; what is missing stays missing."""
    return [_times(time, READ_DAYS_PER[unit]) for time in times]


def with_units_by_row(values: Values) -> dict[str, list[object]]:
    """Endpoint times whose unit stands beside them, as DAYS or Jahre: in days, weeks or months."""
    read = {word: unit_word(str(word)) or word for word in dict.fromkeys(values["unit"]) if word}
    unit = [read.get(word, word) for word in values["unit"]]
    factor: dict[object, float] = {
        each: READ_DAYS_PER[str(each)] for each in unit if each in READ_DAYS_PER and each not in UNITS
    }
    found: dict[str, list[object]] = {"unit": ["days" if each in factor else each for each in unit]}
    factors = [factor.get(each, 1.0) for each in unit]
    for name in {"time", "entry"} & values.keys():
        found[name] = list(map(_times, values[name], factors))
    return found


def _times(number: object, factor: float) -> object:
    return number * factor if isinstance(number, float) else number
