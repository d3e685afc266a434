"""Dates in every usual spelling -> dates; whether day or month stands first is taken from the mapping, else from the column itself.

Columns of times, once they are numbers: other units become days, and a count without a day 0 is put right.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from lib.cohort.finding import Finding
from lib.cohort.time_unit import UNITS
from lib.intake.cells.coding import YEAR_FIRST, Coded, as_number, text, uncalculated
from lib.intake.cells.units import READ_DAYS_PER, unit_word
from lib.intake.files.grid import Cell

NUMERIC: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})([ T].*)?")
DAY_NAME_YEAR: Final = re.compile(r"(\d{1,2})[-\s.]*([^\W\d_]{3,10})[-\s.,]*(\d{4})([ T:].*)?")
NAME_DAY_YEAR: Final = re.compile(r"([^\W\d_]{3,10})[-\s.]*(\d{1,2})(?:st|nd|rd|th)?[-\s.,]+(\d{4})")
NAMES: Final = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "fév": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "avr": 4, "abr": 4,
    "may": 5, "mai": 5, "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aoû": 8, "ago": 8, "sep": 9, "oct": 10, "okt": 10,
    "nov": 11, "dec": 12, "dez": 12, "déc": 12, "dic": 12,
}  # fmt: skip
SERIALS: Final = range(18264, 73051)  # 1950-01-01 to 2100-01-01 as a spreadsheet that begins in 1900 counts days
SERIAL_ZERO: Final = dt.date(1899, 12, 30)
MONTHS: Final = 12
CENTURY: Final = 100
LAST_OF_2000S: Final = 69  # a year of two digits is 1970 to 2069, as POSIX has it


def date_coder(order: str, cells: Iterable[Cell]) -> Callable[[Cell], Coded]:
    """The function that reads the dates of this column. Without an order the column must settle it, else 3/4/2021 is a finding."""
    settled = order or _order_in(cells)
    return lambda cell: uncalculated(cell) or _date(cell, settled)


def _order_in(cells: Iterable[Cell]) -> str:
    """The order that the column leaves no doubt of, or "". Parts above 12 are days; a dotted date has the day first."""
    found = [match for cell in cells if isinstance(cell, str) and (match := NUMERIC.fullmatch(cell.strip()))]
    day_first = any(int(match[1]) > MONTHS or match[2] == "." for match in found)
    month_first = any(int(match[3]) > MONTHS for match in found)
    return "" if day_first == month_first else "day first" if day_first else "month first"


def _date(cell: Cell, order: str) -> Coded:
    if isinstance(cell, dt.datetime):
        return Coded(cell.date())
    written = text(cell)
    if found := NUMERIC.fullmatch(written):
        return _numeric(found, order, written)
    number = as_number(cell)
    if number is not None and int(number) in SERIALS:
        return Coded(SERIAL_ZERO + dt.timedelta(days=int(number)))
    parts = _unmistakable(written)
    return _of_parts(*parts, written) if parts else _no_date(written)


def _unmistakable(written: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date that can be read in one way only."""
    if found := YEAR_FIRST.fullmatch(written):
        return int(found[1]), int(found[3]), int(found[4])
    if found := DAY_NAME_YEAR.fullmatch(written):
        return int(found[3]), _month(found[2]), int(found[1])
    if found := NAME_DAY_YEAR.fullmatch(written):
        return int(found[3]), _month(found[1]), int(found[2])
    return None


def _of_parts(year: int, month: int, day: int, written: str) -> Coded:
    try:
        return Coded(dt.date(year, month, day))
    except ValueError:
        return _no_date(written)


def _numeric(found: re.Match[str], order: str, written: str) -> Coded:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if year < CENTURY:
        year += 2000 if year <= LAST_OF_2000S else 1900
    if not order and first != second and max(first, second) <= MONTHS:
        mend = "Say in the mapping which stands first, or write it as yyyy-mm-dd."
        return Coded(None, f'"{written}" can be {_day(year, second, first)} or {_day(year, first, second)}.', mend)
    month_first = order == "month first" or (not order and second > MONTHS)
    return _of_parts(year, *((first, second) if month_first else (second, first)), written)


def _day(year: int, month: int, day: int) -> str:
    return f"{year}-{month:02}-{day:02}"


def _month(name: str) -> int:
    word = name.casefold()
    return NAMES.get(word[:4], NAMES.get(word[:3], 0))


def _no_date(written: str) -> Coded:
    return Coded(None, f'"{written}" is not a date.', "Write it as yyyy-mm-dd.")


Values = Mapping[str, Sequence[object]]


def with_unit_in_days(times: Sequence[object], unit: str) -> list[object]:
    """Times in days; what is missing stays missing."""
    factor = READ_DAYS_PER[unit]
    return [time * factor if isinstance(time, float) else time for time in times]


def with_units_by_row(values: Values) -> dict[str, list[object]]:
    """Endpoint times whose unit stands beside them, as DAYS or Jahre: in days, weeks or months."""
    words = {word: unit_word(str(word)) for word in dict.fromkeys(values["unit"]) if word}
    unit = [words.get(word) or word for word in values["unit"]]
    found: dict[str, list[object]] = {
        "unit": [each if each in UNITS or each not in READ_DAYS_PER else "days" for each in unit]
    }
    for name in ("time", "entry"):
        if name in values:
            factors = [1.0 if each in UNITS else READ_DAYS_PER.get(str(each), 1.0) for each in unit]
            found[name] = [
                time * by if isinstance(time, float) else time for time, by in zip(values[name], factors, strict=True)
            ]
    return found


def counted_from_zero(values: dict[str, list[object]], name: str, sheet: str, letter: str) -> list[Finding]:
    """Take 1 from every positive day, where day 1 is that of the infusion and -1 the day before it."""
    zeros = [place for place, day in enumerate(values[name]) if day == 0]
    values[name] = [day - 1 if isinstance(day, float) and day > 0 else day for day in values[name]]
    said = "Day 1 of this column is the day of the infusion, which is day 0 here."
    findings = [Finding("note", sheet, None, letter, "", said, "Each later day was lowered by one.")]
    if zeros:
        row = values["source_row"][zeros[0]]
        problem = f"{len(zeros)} days are 0, which a count without a day 0 cannot have; they were left as they are."
        mend = "Check whether the days count from 0 after all."
        findings.append(Finding("warning", sheet, int(str(row)), letter, "0", problem, mend))
    return [each for each in findings if any(isinstance(day, float) and not math.isnan(day) for day in values[name])]
