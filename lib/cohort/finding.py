"""A finding: something in the file that a reader should know, and how to fix it.

Row and column are given as a spreadsheet shows them (row 1 is the first, columns are letters with the header).

Where every column of a workbook went: each filled cell was read, kept as a covariate, is a word for "no value",
could not be read, or was left out with a reason. Nothing is in two of these, and nothing in none."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from string import Formatter
from typing import Any, Final, Literal

import pandas as pd

Severity = Literal["error", "warning", "note"]
NO_ROWS: Final = pd.DataFrame()
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
MOST_A_COLUMN: Final = 1000  # more findings of one column are counted, not listed
FIRST_ROWS: Final = 5  # of a group of findings, named beside their number
# as downloads and results.json name them, in which no name changes: what to do is their "mend"
COLUMNS: Final = ("severity", "sheet", "row", "column", "value", "problem", "mend")
QUOTED: Final = re.compile('"[^"]*"')
NUMBER: Final = re.compile(r"(?<![\w.^-])[-+]?\d+(?:[.,-]\d+)*(?:e[-+]?\d+)?(?![\w^/]|[.,]\d)")
CHANGING: Final = re.compile(f"{QUOTED.pattern}|{NUMBER.pattern}")
LEFT_OUT: Final = '"…"'
BLANK: Final = re.compile('"…"|…')
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place. `sheet` is empty when it concerns the whole file, `row` is None for a whole sheet.

    `sets_aside` is true where the whole row was left out because of it, `unread` where the cell could not be read and
    is missing.
    """

    severity: Severity
    sheet: str
    row: int | None
    column: str
    value: str
    problem: str
    fix: str
    sets_aside: bool = False
    unread: bool = False

    def sentence(self) -> str:
        """The finding in one line: place, what stands there, what to do."""
        sheet = f'Sheet "{self.sheet}"' if self.sheet else ""
        row = f"row {self.row}" if self.row else ""
        column = f'column "{self.column}"' if self.column else ""
        place = ", ".join(part for part in (sheet, row, column) if part)
        return f"{place}: {self.problem} {self.fix}".removeprefix(": ").strip()


@dataclass(frozen=True)
class FindingGroup:
    """Findings that say the same of one column: how many there are, and the first rows in which they stand."""

    severity: Severity
    sheet: str
    column: str
    problem: str  # where they differ, with "…" for the values and … for the numbers that change
    fix: str
    n: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class RowSetAside:
    """A row of the user's sheet that was left out, and why."""

    sheet: str
    row: int
    why: str


def marked(rows: pd.DataFrame, here: pd.Series) -> pd.DataFrame:
    """The rows that are marked, for `at_rows`: of most rules there are none, and then nothing is taken out."""
    return rows[here] if here.to_numpy().any() else NO_ROWS


def at_rows(
    rows: pd.DataFrame,
    severity: Severity,
    place: tuple[str, str] | None,
    problem: str,
    fix: str,
    value: str = "",
    sets_aside: bool = False,
) -> list[Finding]:
    """One finding a row. `problem`, `fix` and `value` may name columns of the rows: "Day {day:g} is too late."

    `place` is sheet and column; None = each row names them itself.
    """
    if rows.empty:
        return []
    found = []
    named = {name for words in (value, problem, fix) for _, name, _, _ in Formatter().parse(words) if name}
    needed = named | {"source_row"} | (set() if place else {"sheet", "column"})
    for row in rows[sorted(needed)].to_dict("records"):
        sheet, column = place or (row["sheet"], row["column"])
        shown, says, how = (words.format_map(row) for words in (value, problem, fix))
        found.append(Finding(severity, sheet, int(row["source_row"]), column, shown, says, how, sets_aside))
    return found


def grouped(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Equal problems of one column as one group with their number, errors first, otherwise in the order found."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in errors_first(findings):
        key = (finding.severity, finding.sheet, finding.column, without_values(finding))
        alike.setdefault(key, []).append(finding)
    return tuple(_group(same, pattern) for (*_, pattern), same in alike.items())


def without_values(finding: Finding) -> str:
    """The problem without what changes from cell to cell: quoted words and numbers that stand alone."""
    return NUMBER.sub("…", QUOTED.sub(LEFT_OUT, _without_value(finding)))


def rows_set_aside(findings: Iterable[Finding]) -> tuple[RowSetAside, ...]:
    """The rows that were left out, each once, with all reasons."""
    why: dict[tuple[str, int], list[str]] = {}
    for finding in findings:
        if finding.sets_aside and finding.row is not None:
            why.setdefault((finding.sheet, finding.row), []).append(finding.problem)
    return tuple(RowSetAside(sheet, row, " ".join(dict.fromkeys(said))) for (sheet, row), said in why.items())


def errors_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, errors before warnings before notes, otherwise in the order in which they were found."""
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))


def listed(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order, of each column only the first ones, and at the end how many more there are.

    A row that was set aside is always listed: it must be possible to find it again.
    """
    kept: list[Finding] = []
    count: Counter[tuple[Severity, str, str]] = Counter()
    for finding in findings:
        place = (finding.severity, finding.sheet, finding.column)
        count[place] += not finding.sets_aside
        if count[place] <= MOST_A_COLUMN or finding.sets_aside:
            kept.append(finding)
    for (severity, sheet, column), n in count.items():
        if n > MOST_A_COLUMN:
            problem = f"{n - MOST_A_COLUMN:,} more problems in this column are not listed."
            kept.append(Finding(severity, sheet, None, column, "", problem, "Fix those listed first."))
    return kept


def in_columns(finding: Finding) -> dict[str, str | int | None]:
    """The finding by the names of COLUMNS."""
    at, said = (finding.sheet, finding.row, finding.column), (finding.value, finding.problem, finding.fix)
    return dict(zip(COLUMNS, (finding.severity, *at, *said), strict=True))


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a finding, in the columns that `results.json` and the download use."""
    return pd.DataFrame(map(in_columns, findings), columns=list(COLUMNS)).astype({"row": "Int64"})


def _group(same: list[Finding], pattern: str) -> FindingGroup:
    first = same[0]
    problem = first.problem if len({finding.problem for finding in same}) == 1 else _shared(same, pattern)
    rows = tuple(finding.row for finding in same if finding.row is not None)[:FIRST_ROWS]
    return FindingGroup(first.severity, first.sheet, first.column, problem, first.fix, len(same), rows)


def _shared(same: list[Finding], pattern: str) -> str:
    """The pattern with the words and numbers put back in that are the same in all of these findings."""
    changing = zip(*(CHANGING.findall(problem) for problem in set(map(_without_value, same))), strict=False)
    constant = iter([words[0] if len(set(words)) == 1 else "" for words in changing])
    return BLANK.sub(lambda blank: next(constant, "") or blank.group(), pattern)


def _without_value(finding: Finding) -> str:
    return finding.problem.replace(f'"{finding.value}"', LEFT_OUT) if finding.value else finding.problem


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
