"""Where every column of a workbook went: each filled cell was read, kept as a covariate, is a word for "no value",
could not be read, or was left out with a reason. Nothing is in two of these, and nothing in none.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

import pandas as pd

TITLES: Final = {
    "sheet": "Sheet",
    "letter": "Column",
    "heading": "Heading",
    "became": "Became",
    "why": "Why",
    "filled": "Filled cells",
    "read": "Read",
    "covariate": "Kept as covariate",
    "no_value": "No value",
    "unreadable": "Unreadable",
    "left_out": "Left out",
    "heading_cells": "Headings",
    "empty": "Empty cells",
}


@dataclass(frozen=True)
class ColumnAccount:
    """One column. `filled` = read + covariate + no_value + unreadable + left_out + heading_cells.

    `no_value` are words and codes for a missing value, `empty` blank cells among the rows that were read; `became` is
    "Labs: value", or "" for a column that nothing reads; `why` says so of it, and of the cells that were left out.
    """

    sheet: str
    letter: str
    heading: str
    became: str
    why: str
    filled: int
    read: int = 0
    covariate: int = 0
    no_value: int = 0
    unreadable: int = 0
    left_out: int = 0
    heading_cells: int = 0
    empty: int = 0


@dataclass(frozen=True)
class SheetAccount:
    """One sheet. `rows` are those in which anything stands = heading_rows + read + left_out."""

    sheet: str
    rows: int
    heading_rows: int
    read: int
    left_out: int
    why: str


@dataclass(frozen=True)
class Account:
    """All columns and sheets of a workbook; of a cohort that was not read from a file, none."""

    columns: tuple[ColumnAccount, ...] = ()
    sheets: tuple[SheetAccount, ...] = ()

    def total(self, name: str) -> int:
        """The number of cells of this kind ("filled", "read", "left_out" ...) in the whole file."""
        return sum(getattr(column, name) for column in self.columns)

    def table(self) -> pd.DataFrame:
        """Where did my columns go? One row a column, in the order of the file."""
        return pd.DataFrame([_values(each) for each in self.columns], columns=list(TITLES.values()))

    def csv(self) -> bytes:
        """The table of columns as a file that a spreadsheet opens; no heading of it is taken for a formula."""
        safe = self.table().map(
            lambda cell: f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
        )
        return safe.to_csv(index=False).encode("utf-8-sig")

    def as_json(self) -> dict[str, Any]:
        """The account as results.json has it."""
        kinds = ("filled", "read", "covariate", "no_value", "unreadable", "left_out", "heading_cells")
        return {
            "cells": {name: self.total(name) for name in kinds},
            "sheets": [{each.name: getattr(sheet, each.name) for each in fields(sheet)} for sheet in self.sheets],
            "columns": [{each.name: getattr(column, each.name) for each in fields(column)} for column in self.columns],
        }

    def sentence(self) -> str:
        """The account of the whole file in one line."""
        names = {
            "read": "read",
            "covariate": "kept as covariates",
            "no_value": 'words for "no value"',
            "unreadable": "unreadable",
            "left_out": "left out",
            "heading_cells": "headings",
        }
        parts = ", ".join(f"{self.total(name):,} {words}" for name, words in names.items() if self.total(name))
        unused = sum(not column.became and column.left_out > 0 for column in self.columns)
        said = f"{self.total('filled'):,} filled cells: {parts or 'none'}."
        return f"{said} {unused} of {len(self.columns)} columns were not used." if unused else said


def _values(account: ColumnAccount | SheetAccount) -> list[object]:
    return [getattr(account, each.name) for each in fields(account)]
