"""Numbers as people write them: 12,5 and 12.5, 1.250 and 1,250, 1'250 and 1 250, a minus of three kinds, digits of full
width, percents.

Whether the point of "1.250" parts thousands or decimals is decided by the column, else by the file, never by the cell:
whoever writes 12,5 writes 1.250 for a thousand. Where both are written, or nothing says it, such a cell is not read and
asked about.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import Final, Literal

from lib.intake.files.grid import Cell, distinct

Decimal = Literal["", ",", ".", "both"]  # "" = the cells do not say
DECIMAL_COMMA: Final = re.compile(r"[-+]?(\d+,(\d{1,2}|\d{4,})|0+,\d+|\d{4,},\d+)")  # 12,5 and 0,125, but not 1,234
THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}(,\d{3}){2,}(\.\d+)?|[-+]?\d{1,3},\d{3}\.\d+")
POINTS: Final = re.compile(r"[-+]?\d{1,3}(\.\d{3}){2,}(,\d+)?|[-+]?\d{1,3}\.\d{3},\d+")  # 1.234.567 and 1.234,5
DECIMAL_POINT: Final = re.compile(r"[-+]?(\d+\.(\d{1,2}|\d{4,})|0+\.\d+|\d{4,}\.\d+)")
EITHER: Final = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")  # 1,234 is 1234 or 1.234
MAY_SAY_COMMA: Final = re.compile(r",|\..*\.")  # a quick look before all patterns
MAY_SAY_POINT: Final = re.compile(r"\.|,.*,")
GROUPED: Final = re.compile(r"[-+]?\d{1,3}(?:[ '’`´]\d{3})+(?:[.,]\d+)?")  # 1 250 and 1'250
PLAIN: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
POWERS: Final = re.compile(r"(?P<factor>[-+]?\d+([.,]\d+)?)\s*([eE]|[x×*·]\s*10\s*\^)\s*(?P<power>[-+]?\d{1,3})")
MOST_POWERS: Final = 30
DIGIT: Final = re.compile("[0-9]")
MINUS: Final = re.compile(r"^[\u2212\u2012\u2013\ufe63\uff0d](?=\s*[\d.,])")
# behind a digit: a power in 10⁹, a mark of a note in 12², no digit of the number
RAISED: Final = re.compile(r"(?<=\d)[\u2070\xb9\xb2\xb3\u2074-\u2079\u207b\u2080-\u2089\u2460-\u2473]+")
LIMIT: Final = re.compile(r"\s*([<>≤≥]=?)?\s*(.*?)\s*(%?)\s*")
SAMPLE: Final = 1000
WHOLE: Final = 1.0
OPEN_ENDED: Final = re.compile(r"\d+([.,]\d+)?\s*\+")
WHOLE_DECIMAL: Final = re.compile(r"\s*\d+[.,]0+\s*")


class Either(str):
    """A number that can be read in two ways, as it is written."""

    __slots__ = ()


def as_number(cell: Cell) -> float | None:
    """The cell as a finite number, or None. "45 %" is 45."""
    if isinstance(cell, bool | dt.datetime | Either) or cell is None:
        return None
    if isinstance(cell, str) and not PLAIN.fullmatch(cell):
        return None if cell.isascii() and not DIGIT.search(cell) else _with_signs(_tidy(cell))
    return number if math.isfinite(number := float(cell)) else None


def _with_signs(written: str) -> float | None:
    """The number of "1.234,5" or "12,5", or None."""
    if DECIMAL_COMMA.fullmatch(written):
        written = written.replace(",", ".")
    elif THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    elif POINTS.fullmatch(written):
        written = written.replace(".", "").replace(",", ".")
    return as_number(float(written)) if PLAIN.fullmatch(written) else _of_powers(written)


def _of_powers(written: str) -> float | None:
    """The number of "1,2E+04" or "9.8 x 10^3", or None."""
    found = POWERS.fullmatch(written)
    factor = as_number(found["factor"]) if found else None
    power = int(found["power"]) if found else 0
    return None if factor is None or abs(power) > MOST_POWERS else factor * 10.0**power


def _tidy(cell: str) -> str:
    """Plain digits, points and commas, one minus, no blanks or apostrophes between thousands, no percent sign."""
    written = cell.strip()
    if not written.isascii():
        written = RAISED.sub(lambda raised: f"^{raised[0]}", written)
        written = MINUS.sub("-", unicodedata.normalize("NFKC", written).replace("^\u2212", "^-")).strip()
    if written.endswith("%"):
        written = written[:-1].rstrip()
    return re.sub(r"[ '’`´]", "", written) if GROUPED.fullmatch(written) else written


def decimal_sign(cells: Sequence[Cell]) -> Decimal:
    """Which sign stands before decimals in this column, "both" where both do, "" where it does not say so or holds no
    numbers."""
    different = distinct(cells).texts
    comma = any(_says(cell, DECIMAL_COMMA, POINTS) for cell in filter(MAY_SAY_COMMA.search, different))
    pointed = islice(filter(MAY_SAY_POINT.search, different), SAMPLE)
    point = any(_says(cell, DECIMAL_POINT, THOUSANDS) for cell in pointed)
    if not (comma or point) or not _mostly_numbers(cells):
        return ""
    return "both" if comma and point else "," if comma else "."


def _mostly_numbers(cells: Sequence[Cell]) -> bool:
    """Whether at least half of the first texts are numbers."""
    filled = [cell for cell in islice((cell for cell in cells if isinstance(cell, str)), SAMPLE) if cell.strip()]
    numbers = sum(as_number(cell) is not None or _says(cell, PLAIN, EITHER, DECIMAL_COMMA) for cell in filled)
    return numbers * 2 >= len(filled)


def _says(written: str, *patterns: re.Pattern[str]) -> bool:
    number = _number_in(written)
    return any(pattern.fullmatch(number) for pattern in patterns)


def _number_in(written: str) -> str:
    """The number of "<1.250" or "12,5 %"."""
    found = LIMIT.fullmatch(written)
    return _tidy(found[2]) if found else ""


def plain(cells: Sequence[Cell], file_sign: Decimal) -> tuple[Sequence[Cell], list[str]]:
    """The cells with "1.250" as "1250" or "1.250" as the column, else the file, writes its decimals; and which cells
    were so read.

    What can be read in two ways becomes Either.
    """
    found = distinct(cells)
    unsure = {*filter(_is_either, found.texts)}
    if not unsure:
        return cells, []
    sign = decimal_sign(cells) or file_sign
    changed = [cell for cell in found.values if cell in unsure and _thousands(cell, sign)]
    return [_meant(cell, sign) if isinstance(cell, str) and cell in unsure else cell for cell in cells], changed


def doubtful(cells: Sequence[Cell]) -> list[str]:
    """The cells that can be read in two ways, where the column does not say how it writes decimals and holds
    numbers."""
    unsure = [*filter(_is_either, distinct(cells).texts)]
    return unsure if unsure and not decimal_sign(cells) and _mostly_numbers(cells) else []


def _is_either(written: str) -> bool:
    return ("." in written or "," in written) and EITHER.fullmatch(_number_in(written)) is not None


def _thousands(written: str, sign: Decimal) -> bool:
    return ("." in written and sign == ",") or ("," in written and sign == ".")


def _meant(written: str, sign: Decimal) -> str:
    if sign in ("", "both"):
        return Either(written)
    if _thousands(written, sign):
        return written.replace(".", "").replace(",", "")
    return written.replace(",", ".")


def with_percents(cells: Sequence[Cell]) -> tuple[Sequence[Cell], int]:
    """Cells formatted as percents come as fractions (0.45) beside typed "45 %": they as percents too, and how many they
    were."""
    found = distinct(cells)
    typed = _typed_percents(found.texts)
    fractions = {cell: n for cell, n in found.counted() if isinstance(cell, float)} if typed else {}
    if not fractions or max(typed) <= WHOLE or min(fractions) < 0 or max(fractions) > WHOLE:
        return cells, 0
    return [cell * 100 if isinstance(cell, float) else cell for cell in cells], sum(fractions.values())


def _typed_percents(different: Sequence[str]) -> list[float]:
    """The numbers of the texts that end with a sign for percent."""
    numbers = [as_number(cell) for cell in different if cell.rstrip().endswith("%")]
    return [number for number in numbers if number is not None]


def without_plus(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Times that go on, 13.5+, as their numbers: whether the event happened stands elsewhere."""
    if not any(OPEN_ENDED.fullmatch(cell.strip()) for cell in distinct(cells).texts):
        return cells
    return [cell.strip().removesuffix("+").strip() if isinstance(cell, str) else cell for cell in cells]


def event_by_plus(cell: Cell) -> Cell:
    """Of a time that says by a plus that it goes on 0, of another 1; what is no time stays as it is."""
    if isinstance(cell, str) and OPEN_ENDED.fullmatch(cell.strip()):
        return "0"
    return cell if as_number(cell) is None else "1"


def whole_ids(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Ids that a program wrote as decimals (102.0, 102,0) as the whole numbers that they are, where every id with a
    point is one."""
    pointed = [cell for cell in distinct(cells).texts if "." in cell or "," in cell]
    if not pointed or not all(WHOLE_DECIMAL.fullmatch(cell) for cell in pointed):
        return cells
    return [re.split("[.,]", cell, maxsplit=1)[0] if isinstance(cell, str) else cell for cell in cells]
