"""What a column and a table of the data dictionary say of themselves; schema.py has all of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal[
    "id", "text", "category", "yes_no", "number", "whole", "day", "date", "grade", "response", "event", "measurement"
]


@dataclass(frozen=True)
class Column:
    """One column: its name, what kind of value stands in it, and one line for whoever fills it in."""

    name: str
    kind: Kind
    explanation: str
    unit: str = ""
    allowed: tuple[str, ...] = ()  # offered in the template; other words are findings only for kinds grade and response
    required: bool = False
    known_at: float | None = None  # patient columns: study day by which the value is known; None = not stated
    label: str = ""
    short: str = ""  # the label where there is little room; empty = the label
    least: float | None = None  # a number below this, or above `most`, is a finding and becomes missing
    most: float | None = None


@dataclass(frozen=True)
class Table:
    """One table: `name` is the attribute of Cohort, `sheet` the sheet in a workbook (or the name of a csv file)."""

    name: str
    sheet: str
    explanation: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}
