"""Streams one XML part of an .xlsx and notes how far its cells reach and which of them a parser would lose.

expat, not a regular expression: `r = "XFD1048576"` or `a=">"` would slip past one.
"""

import re
from typing import Final

from lib.intake.limits import (
    DAMAGED,
    HUGE_TEXT,
    LONGEST_TEXT,
    Lost,
    Unsafe,
    check_reach,
)
from lib.intake.xml_stream import XmlStream

SHOWN_TEXT: Final = 60  # as much of a formula as a finding shows
LETTERS: Final = re.compile("[A-Z]{1,3}")
DIGITS: Final = "0123456789"
MOST_DIGITS: Final = 7
SOMETHING: Final = frozenset(("v", "is", "f"))


class PartScan(XmlStream):
    """Streams one XML part. Keeps the last row and column in which something stands, and the cells that are lost.

    Of the workbook itself it keeps the sheets (name and relation), of its relations the part that each one names.
    """

    def __init__(self) -> None:
        super().__init__()
        self.row = self.column = self.last_row = self.last_column = self.text_length = 0
        self.tag = self.cell_type = ""
        self.lost: Lost = {}
        self.is_lost = False
        self.columns: dict[str, int] = {}
        self.sheets: list[tuple[str, str]] = []
        self.targets: dict[str, list[str]] = {}
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.text_length = 0
        self.tag = tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "c":
            if reference := attributes.get("r"):
                letters = reference.rstrip(DIGITS)
                self.column = self.columns.get(letters) or self._column(letters)
                self.row = _row(reference[len(letters) :])
            else:
                self.column += 1
            self.cell_type = attributes.get("t", "")
            self.is_lost = False
        elif tag in SOMETHING:
            self._something_stands_here()
        elif tag == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif tag == "Relationship":
            self.targets.setdefault(attributes.get("Id", ""), []).append(attributes.get("Target", ""))

    def _something_stands_here(self) -> None:
        """A formula is lost until its value is met; the value of a cell of type "e" is an error."""
        if self.row > self.last_row or self.column > self.last_column:
            self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
            check_reach(self.last_row, self.last_column)
        if self.tag == "f":
            self.lost[self.row, self.column] = "="
            self.is_lost = True
        elif self.cell_type == "e":
            self.lost[self.row, self.column] = ""
            self.is_lost = True

    def _text(self, text: str) -> None:
        self.text_length += len(text)
        if self.text_length > LONGEST_TEXT:
            raise Unsafe(HUGE_TEXT)
        if self.is_lost and text.strip():
            place = (self.row, self.column)
            if self.tag == "f" or self.cell_type == "e":
                self.lost[place] = (self.lost[place] + text.strip())[:SHOWN_TEXT]
            else:
                del self.lost[place]
                self.is_lost = False

    def _column(self, letters: str) -> int:
        """The number of a column's letters, remembered: there are few columns and many cells."""
        if not LETTERS.fullmatch(letters):
            raise Unsafe(DAMAGED)
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        self.columns[letters] = column
        return column


def _row(digits: str) -> int:
    if not 0 < len(digits) <= MOST_DIGITS:
        raise Unsafe(DAMAGED)
    return int(digits)
