"""A header cell -> what it says apart from its language's ornaments: a key to compare, a unit, a legend, a day of a wide series."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from lib.intake.unit import unit_word

BRACKETS: Final = re.compile(r"[(\[（［]([^()\[\]（）［］]*)[)\]）］]")
CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z]{3})(?=[A-Z]{2,})")
LEGEND: Final = re.compile(r"([^\W\d_]+)\s*[=:]\s*(\d)|(\d)\s*[=:]\s*([^\W\d_]+)")
LESION_HEAD: Final = re.compile(
    r"\s*(del|t|gain|amp|dup|inv|add)\s*\(", re.I
)  # del(17p), t(4;14): not a unit in brackets
UNIT_TAIL: Final = re.compile(
    r"_(hours?|hrs?|h|days?|d|weeks?|wks?|months?|mos?|mths?|years?|yrs?|tage|wochen|monate?|jahre?|jours|mois|dias|meses)$"
)
UNIT_HEAD: Final = re.compile(r"^(days?|weeks?|months?|years?|hours?)_")


@dataclass(frozen=True)
class Heading:
    """`key` is lower case, without accents, brackets and marks: "PFS-Zeit (Monate)" is pfs_zeit with the unit months."""

    text: str
    key: str
    unit: str
    brackets: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]  # what stands in the cells, and the word for it


def parsed(written: str) -> Heading:
    """What this heading says."""
    brackets = tuple(each.strip() for each in BRACKETS.findall(written))
    is_plain = LESION_HEAD.match(written) or not BRACKETS.sub("", written).strip()
    bare = written if is_plain else BRACKETS.sub(" ", written)
    key = keyed(bare)
    unit = next((unit for each in brackets if (unit := unit_word(each))), "")
    unit = unit or _unit_in(key)
    legend = tuple((match[2], match[1]) if match[2] else (match[3], match[4]) for match in LEGEND.finditer(written))
    return Heading(written, key, unit, brackets, tuple((value, word.casefold()) for value, word in legend))


def keyed(written: str) -> str:
    """Lower case, accents and umlauts as plain letters, everything else than letters and digits as _."""
    split = CAMEL.sub("_", written.replace("ß", "ss"))
    plain = "".join(each for each in unicodedata.normalize("NFKD", split) if not unicodedata.combining(each))
    return re.sub(r"[\W_]+", "_", plain.casefold()).strip("_")


def _unit_in(key: str) -> str:
    if match := UNIT_TAIL.search(key):
        return unit_word(match[1])
    match = UNIT_HEAD.match(key)
    return unit_word(match[1]) if match else unit_word(key) if len(key) > 2 else ""
