"""How dates are written in a file: which of day, month and year stands first, and whether the true dates of the
spreadsheet can be trusted. Settled by a column, else by the others or by the words of a heading (DD/MM/YYYY), else
asked once a file.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lib.intake.cells.coding import is_missing
from lib.intake.cells.dates import LEAST_DATE, MONTHS, YEAR, can_be_two, may_begin_with_year, numeric_dates, order_in
from lib.intake.files.grid import distinct
from lib.intake.infer.column import is_private
from lib.intake.infer.question import Asking, Place
from lib.intake.mapping import DATE_ORDERS, DateOrder, TrueDates
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import keyed

FEWEST_DATES: Final = 3  # of each kind: by chance all of three days lie below 13 in one file of seventeen
MOSTLY: Final = 0.5
ORDERS: Final = (("day first", "The day"), ("month first", "The month"))
FORMATS: Final = (
    ("day first", re.compile(r"(?<![^\W_])(dd?|tt?|jj?)[-/. ]?mm?m?[-/. ]?(yy|aa|jj)", re.I)),
    ("month first", re.compile(r"(?<![^\W_])mm?[-/. ]?dd?[-/. ]?yy", re.I)),
    (YEAR, re.compile(r"(?<![^\W_])(yy|yyyy|jjjj|aaaa)[-/. ]?mm[-/. ]?(dd|tt|jj)", re.I)),
)
YEAR_FIRST: Final = (YEAR, "The year")
WHY_YEARS: Final = "The first two digits may be a day or a year. Until this is answered such dates are not read."
WHY_BOTH: Final = "Some dates of the file can only have the day first, others only the month."
SWAPPED: Final = (
    ("exchanged", "Day and month of the true dates were exchanged: put them right"),
    ("as they stand", "The true dates are right"),
)
WHY_SWAPPED: Final = (
    "A spreadsheet in another language takes 03/04/2022 for the wrong day and leaves 25/04/2022 as text. Until this is"
    " answered the true dates are not read."
)


@dataclass(frozen=True)
class _Dates:
    """The dates of one column: texts with day and month in digits, and true dates of the spreadsheet."""

    sheet: str
    heading: str
    texts: tuple[str, ...]
    true: tuple[dt.datetime, ...]

    @property
    def order(self) -> str:
        return order_in(self.texts)

    @property
    def matches(self) -> list[re.Match[str]]:
        return numeric_dates(self.texts)

    @property
    def contradicts(self) -> bool:
        """Whether some of its dates can only have the day first, and others only the month."""
        return any(int(match[1]) > MONTHS for match in self.matches) and any(
            int(match[3]) > MONTHS for match in self.matches
        )

    @property
    def is_open(self) -> bool:
        """Whether a date stands in it of which nothing says the order."""
        return not self.order and (any(map(can_be_two, self.matches)) or may_begin_with_year(self.matches))


def date_order(blocks: Sequence[Block], asking: Asking) -> tuple[DateOrder, TrueDates]:
    """Which of day and month stands first where a column leaves it open, by the other columns or asked once; and
    whether the true dates of the spreadsheet can be trusted."""
    columns = [each for block in blocks for each in _dates(block)]
    order = _order(columns, asking)
    return order, _true_dates(columns, order, asking)


def _dates(block: Block) -> Iterator[_Dates]:
    names = (each for each in block.headings if each and not is_private(keyed(each)))
    return filter(None, (_dates_of(block, heading) for heading in names))


def _dates_of(block: Block, heading: str) -> _Dates | None:
    """The dates of this column, where most of its different cells are some."""
    found = distinct(block.cells(heading))
    if not found.texts and all(type(cell) is float and cell < LEAST_DATE for cell in found.values):
        return None
    missing = found.of_texts(is_missing, False)
    filled = [*dict.fromkeys(cell for cell, none in zip(found.values, missing, strict=True) if not none)]
    true = tuple(cell for cell in filled if isinstance(cell, dt.datetime))
    texts = tuple(match[0] for match in numeric_dates(filled))
    n = len(texts) + len(true)
    return _Dates(block.grid.name, heading, texts, true) if n and n > MOSTLY * len(filled) else None


def _order(columns: Sequence[_Dates], asking: Asking) -> DateOrder:
    open_ones = [each for each in columns if each.is_open]
    settled = {each.order for each in columns} - {""}
    if not open_ones or (said := _said(open_ones, settled)):
        return _one_of(said) if open_ones else ""
    doubted, why = _doubted(open_ones, settled)
    if len(settled) == 1 and not doubted:
        return _one_of(settled)
    return _asked(doubted or open_ones, open_ones, why, asking)


def _said(open_ones: Sequence[_Dates], settled: set[str]) -> set[str]:
    """The one order that headings say, where no column has another; {} for none."""
    said = {order_said(each.heading) for each in open_ones} - {""}
    return said if len(said) == 1 and settled <= said else set()


def _doubted(open_ones: Sequence[_Dates], settled: set[str]) -> tuple[list[_Dates], str]:
    """The columns that no other column settles, and why it is asked."""
    if not settled and (years := [each for each in open_ones if may_begin_with_year(each.matches)]):
        return years, WHY_YEARS
    contradicting = [each for each in open_ones if each.contradicts]
    return contradicting, WHY_BOTH if contradicting or settled else "No part of any date is above 12."


def _one_of(orders: set[str]) -> DateOrder:
    return next((order for order in DATE_ORDERS if order in orders), "")


def _asked(shown: Sequence[_Dates], open_ones: Sequence[_Dates], why: str, asking: Asking) -> DateOrder:
    """The order as answered; of dates that may begin with a year, also that."""
    words = (f'Which stands first in dates such as "{_invented(shown[0])}"?', why)
    place: Place = ("date_order", shown[0].sheet, [each.heading for each in open_ones])
    choices = (*ORDERS, YEAR_FIRST) if why == WHY_YEARS else ORDERS
    return _one_of({asking.ask(place, words, choices, "", "date_order", True)})


def order_said(heading: str) -> str:
    """The order of dates that a heading says: Date (DD/MM/YYYY); "" for none."""
    return next((order for order, pattern in FORMATS if pattern.search(heading)), "")


def _invented(column: _Dates) -> str:
    """A date as this column writes them, and of no patient: none is repeated in a question."""
    match = column.matches[0]
    return match[2].join(("03", "04", "22" if len(match[4]) == len("22") else "2022"))


def _true_dates(columns: Sequence[_Dates], order: DateOrder, asking: Asking) -> TrueDates:
    """Asked where no true date has a day above 12 and every date in text has one."""
    true = [day.day for each in columns for day in each.true]
    texts = [match for each in columns if each.order or order for match in each.matches]
    late = all(max(int(each[1]), int(each[3])) > MONTHS for each in texts)
    if min(len(true), len(texts)) < FEWEST_DATES or max(true) > MONTHS or not late:
        return ""
    return _exchanged(columns, asking)


def _exchanged(columns: Sequence[_Dates], asking: Asking) -> TrueDates:
    """What its owner says of the true dates; until then they are not read."""
    sentence = (
        "No true date of this file has a day above 12, and every date in text has. Were day and month of the true dates"
        " exchanged, so that, for example, 2022-03-04 is 2022-04-03?"
    )
    place: Place = (
        "date_order",
        columns[0].sheet,
        [each.heading for each in columns if each.true],
    )
    answer = asking.ask(place, (sentence, WHY_SWAPPED), SWAPPED, "", "true_dates", True)
    return "exchanged" if answer == "exchanged" else "not read" if not answer else ""
