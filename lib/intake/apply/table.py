"""Columns of a sheet -> stored values in the types of the schema, what could not be read of them, and the tables they
make.

Frames carry `source_row` (the spreadsheet's row) until all checks are done.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.cohort.finding import Finding, Severity
from lib.cohort.response_scale import MRD_NEGATIVE, MRD_NOT_DONE, MRD_POSITIVE, mrd_word
from lib.cohort.schema import PATIENTS, RESPONSE_TABLE, Column, Table
from lib.cohort.time_unit import DATE_OF
from lib.intake.apply.rows import Part, nothing
from lib.intake.cells.coding import Coded, Measured, as_number, is_missing, text, uncalculated
from lib.intake.cells.dates import EPOCHS, date_of, two_digit_years
from lib.intake.cells.meanings import says_not_known
from lib.intake.cells.numbers import Decimal, plain, whole_ids, with_percents
from lib.intake.cells.response_words import mrd_in
from lib.intake.files.grid import Cell, Grid, distinct, objects

UNREAD: Final = " unread"  # a date of Patients + this: the column that says where a cell is no date
NOT_KNOWN: Final = "not known"  # what stands there where the cell says that the date is unknown
NEEDED_NAMES: Final = {
    "source_row",
    "below",
    "above",
    "limit",
    "lloq",
    "specimen",
    "assay",
    *DATE_OF.keys(),
    *DATE_OF.values(),
}


CHOOSES: Final = "chooses the rows that are read"  # what became of a column that `keep` names


@dataclass(frozen=True)
class Use:
    """One column of a sheet as one reading took it. `rows` are indices of the grid, `filled` says where a value came
    out.

    `source_rows` are the rows as the frame of the table names them before its part is numbered (`offset`, see
    rows.py). `name` is the column of the frame; `extra` = it is none of the schema's.
    """

    grid: Grid
    column: int
    table: str
    name: str
    extra: bool
    rows: Sequence[int]
    filled: NDArray[np.bool_]
    source_rows: Sequence[int]
    offset: int = 0


EXTRA: Final = " (extra)"  # behind the heading of a column that the program has one of its own by the name of


@dataclass(frozen=True)
class ReadTable:
    """A table as read: `frame` in the schema's columns (and extra ones as raw cells), `extras` name the latter."""

    table: Table
    sheet: str
    frame: pd.DataFrame
    extras: tuple[str, ...]
    letters: dict[str, str]  # column name -> "B (patient_id)", as a finding shows it
    findings: tuple[Finding, ...]
    parts: tuple[Part, ...] = ()  # where its rows stand, if `source_row` counts in more than one sheet
    uses: tuple[Use, ...] = ()  # which columns of the sheet it took, for the account of cells


NUMERIC: Final = ("number", "whole", "day", "measurement", "grade")  # it matters how their decimals are written
THOUSANDS: Final = (
    'Numbers such as "{}" were read as {} ({} different cells): decimals are written otherwise in this column or file.'
)
PERCENTS: Final = (
    "{} cells of this column are fractions of 1 (cells formatted as percents) beside typed percents; they were"
    " multiplied by 100."
)
SHARES: Final = re.compile(
    r"%|percent|prozent|pourcent|porcent|blast|plasma.?cell|infiltrat|viab|purity|transduc|car\+", re.I
)
FRACTIONS: Final = (
    "{} numbers of this column are fractions of 1 beside numbers above 2: they may be cells formatted as percents"
    " beside typed ones, and were read as they stand."
)
FIX_FRACTIONS: Final = "Write all of them as percents, or all as fractions."
FIX_NUMBERS: Final = "Write plain numbers with a decimal point if that is wrong."


def date_notes(cells: Sequence[Cell], sheet: str, letter: str, epoch: str) -> list[Finding]:
    """Notes that years of two digits or numbers stand in this column of dates, and how they were read."""
    notes = []
    if short := two_digit_years(cells):
        problem = (
            f'{len(short)} dates such as "{short[0]}" have a year of two digits: 70 to 99 were read as 1970 to 1999,'
            " others as 2000 to 2069."
        )
        notes.append(
            Finding("note", sheet, None, letter, short[0], problem, "Write years with four digits if that is wrong.")
        )
    numbers = map(as_number, distinct(cells).values) if epoch in EPOCHS else ()
    number = next((each for each in numbers if each is not None), None)
    if number is not None:
        problem = f"Numbers in this column are {epoch} ({EPOCHS[epoch][2]}): {number:.0f} is {date_of(number, epoch)}."
        fix = "Correct it under `units` in the mapping if that is wrong."
        notes.append(Finding("note", sheet, None, letter, f"{number:.0f}", problem, fix))
    return notes


def tidied(
    cells: Sequence[Cell], column: Column | None, sign: Decimal, sheet: str, letter: str
) -> tuple[Sequence[Cell], list[Finding]]:
    """The cells as their column needs them: numbers with one sign before decimals, whole ids without .0; and what has
    to be reported."""
    if column is None or column.kind in NUMERIC:
        return _as_numbers(cells, sign, sheet, letter)
    return (whole_ids(cells) if column.kind == "id" else cells), []


def _fractions_beside_shares(cells: Sequence[Cell]) -> int:
    """How many numbers of a spreadsheet lie between 0 and 1 where the others lie above 2."""
    counted = [(cell, n) for cell, n in distinct(cells).counted() if isinstance(cell, float) and cell != 0]
    fractions = sum(n for cell, n in counted if 0 < cell <= 1)
    above = sum(n for cell, n in counted if cell > 2)
    return fractions if above and fractions > 1 and fractions + above == sum(n for _, n in counted) else 0


def _as_numbers(cells: Sequence[Cell], sign: Decimal, sheet: str, letter: str) -> tuple[Sequence[Cell], list[Finding]]:
    """Cells of a column of numbers with thousands and percents as the column and the file write them, and what has to
    be reported."""
    written, thousands = plain(cells, sign)
    written, percents = with_percents(written)
    findings = []
    if thousands:
        meant = thousands[0].replace(".", "").replace(",", "")
        problem = THOUSANDS.format(thousands[0], meant, len(thousands))
        findings.append(Finding("note", sheet, None, letter, thousands[0], problem, FIX_NUMBERS))
    if SHARES.search(letter) and (fractions := _fractions_beside_shares(written)):
        findings.append(Finding("warning", sheet, None, letter, "", FRACTIONS.format(fractions), FIX_FRACTIONS))
    if percents:
        findings.append(Finding("warning", sheet, None, letter, "", PERCENTS.format(percents), FIX_NUMBERS))
    return written, findings


def unread_dates(column: Column, table: Table, cells: Sequence[Cell], places: Sequence[int]) -> dict[str, list[object]]:
    """Beside a date of Patients in which something stands that is no date: True there, NOT_KNOWN where it is said to be
    unknown.

    Such a cell is not empty: a patient with an unreadable date of death is dead, and must not count as alive.
    """
    if table is not PATIENTS or column.kind != "date":
        return {}
    found = distinct(cells)
    unread = set(places)
    unsaid = set(found.rows_with(says_not_known(cell, column.name) for cell in found.values).tolist())
    if not (unread or unsaid):
        return {}
    marks = [True if place in unread else NOT_KNOWN if place in unsaid else None for place in range(len(cells))]
    return {f"{column.name}{UNREAD}": list(marks)}


def coded_finding(coded: Coded, sheet: str, row: int, letter: str, value: str) -> Finding:
    """What has to be said of one cell: an error where it could not be read, a note where it was read otherwise than
    written."""
    severity: Severity = "error" if coded.problem else "note"
    return Finding(
        severity, sheet, row, letter, value, coded.problem or coded.reported, coded.fix, unread=bool(coded.problem)
    )


def extra_name(heading: str, table: Table) -> str:
    """The heading itself, unless the table has or the reading needs a column of that name (limit, lloq, day ...)."""
    needed = {"source_row"} if table is PATIENTS else NEEDED_NAMES
    return f"{heading}{EXTRA}" if heading in needed or table.column(heading) else heading


def coded_cells(
    cells: Sequence[Cell], column: Column, says_nothing: Callable[[Cell], bool], code: Callable[[Cell], Coded]
) -> tuple[Sequence[object], list[tuple[int, Coded]]]:
    """The stored values of a column, and the places of which something has to be said. Each different cell is read
    once."""
    found = distinct(cells)
    unsaid = Coded(nothing(column))
    coded = [
        unsaid if none else _within(code(cell), column)
        for cell, none in zip(found.values, found.of_texts(says_nothing, False), strict=True)
    ]
    canonical = {word.casefold(): word for word in column.allowed}
    stored = [
        (
            unsaid.value
            if each.problem
            else (
                canonical.get(each.value.casefold(), each.value)
                if canonical and isinstance(each.value, str)
                else each.value
            )
        )
        for each in coded
    ]
    bad = found.rows_with(bool(each.problem or each.reported) for each in coded)
    values: Sequence[object] = found.spread(stored, unsaid.value)  # type: ignore[assignment]
    return values, [(place, coded[found.codes[place]]) for place in bad.tolist()]


def _within(coded: Coded, column: Column) -> Coded:
    """The coded cell, or what is wrong with it if its number lies outside what the column can hold."""
    number = coded.value.value if isinstance(coded.value, Measured) else coded.value
    if not isinstance(number, float) or math.isnan(number):
        return coded
    fix = "Correct it, or leave the cell empty."
    if column.least is not None and number < column.least:
        return Coded(None, f"{number:g} is less than {column.least:g}, which cannot be.", fix)
    if column.most is not None and number > column.most:
        return Coded(None, f"{number:g} is more than {column.most:g}, which cannot be.", fix)
    return coded


def use_of(
    grid: Grid, index: int, table: Table, name: str, rows: Sequence[int], values: Mapping[str, Sequence[object]]
) -> Use:
    """That this column of the grid, in these rows, became `name` of the table."""
    extra = table.column(name) is None
    filled = _with_value(values[name]) if extra else ~are_nothing(values[name])  # type: ignore[arg-type]
    return Use(grid, index, table.name, name, extra, rows, filled, values["source_row"])  # type: ignore[arg-type]


def _with_value(cells: Sequence[Cell]) -> NDArray[np.bool_]:
    found = distinct(cells)
    return found.flags((not (is_missing(cell) or uncalculated(cell)) for cell in found.values), False)


def are_nothing(values: Sequence[object]) -> NDArray[np.bool_]:
    """Of each stored value whether it stands for nothing: None, NaN, or a measurement of neither a value nor a
    limit."""
    if any(isinstance(value, Measured) for value in values[:1]):
        return np.fromiter((math.isnan(each.value) and not each.below for each in values), np.bool_)  # type: ignore[attr-defined]
    return pd.isna(objects(values))


MRD_WORDS: Final = f"{MRD_NEGATIVE}, {MRD_POSITIVE} or {MRD_NOT_DONE}"
UNCLEAR_MRD: Final = '"{}" does not say whether MRD is negative or positive; it counts as not done.'
CONTRARY_MRD: Final = '"{}" stands in the response, and MRD is {} beside it; the latter counts.'


def with_mrd(read: ReadTable) -> ReadTable:
    """The table with MRD in the schema's words, its own column before the words of the response; what cannot be
    reported is a finding."""
    if read.table is not RESPONSE_TABLE or read.frame.empty:
        return read
    findings: list[Finding] = []
    found: list[str | None] = []
    responses = _written_responses(read)
    words = {given: mrd_word(given) or given for given in read.frame["mrd"].unique() if isinstance(given, str)}
    said_by = {written: mrd_in(written) for written in set(responses)}
    for row, given, written in zip(read.frame["source_row"], read.frame["mrd"], responses, strict=True):
        own, said = words.get(given), said_by[written]
        found.append(own or said or None)
        findings += _unclear_mrd(read, row, own) + _contrary_mrd(read, row, own, said, written)
    mrd = pd.Series(found, read.frame.index, dtype="object")
    return replace(read, frame=read.frame.assign(mrd=mrd), findings=(*read.findings, *findings))


def _unclear_mrd(read: ReadTable, row: int, own: str | None) -> list[Finding]:
    if not own or mrd_word(own):
        return []
    letter = read.letters.get("mrd", "mrd")
    return [Finding("warning", read.sheet, row, letter, own, UNCLEAR_MRD.format(own), f"Write {MRD_WORDS}.")]


def _contrary_mrd(read: ReadTable, row: int, own: str | None, said: str, written: str) -> list[Finding]:
    """A warning where the response says otherwise than MRD beside it."""
    if own not in (MRD_NEGATIVE, MRD_POSITIVE) or said in ("", own, MRD_NOT_DONE):
        return []
    letter = read.letters.get("response", "response")
    return [Finding("warning", read.sheet, row, letter, written, CONTRARY_MRD.format(written, own), "Correct one.")]


def _written_responses(read: ReadTable) -> list[str]:
    """The words of the response, row by row, as they stand in the sheet; nothing where no column holds them."""
    use = next((each for each in read.uses if each.name == "response" and each.table == read.table.name), None)
    if use is None:
        return [""] * len(read.frame)
    cells = [(use.grid.rows[row][use.column : use.column + 1] or (None,))[0] for row in use.rows]
    return ["" if is_missing(cell) else text(cell) for cell in cells]
