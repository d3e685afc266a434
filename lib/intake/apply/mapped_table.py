"""One reading of one sheet -> a ReadTable: columns found, words translated, times in days.

What the mapping names and the sheet no longer has is a finding; a reading without its patients or its filter is not
read at all.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import ENDPOINTS, PATIENTS, STUDY, TABLES, Column, Table
from lib.cohort.time_unit import UNITS
from lib.intake.apply.left_out import MAIN, cells_of, kept_places, rows_with_something
from lib.intake.apply.rows import counted_from_zero, typed_frame
from lib.intake.apply.table import (
    CHOOSES,
    ReadTable,
    Use,
    coded_cells,
    coded_finding,
    date_notes,
    extra_name,
    tidied,
    unread_dates,
    use_of,
    with_mrd,
)
from lib.intake.cells.coding import code_event, coder, filled, is_empty, is_missing, text, uncalculated
from lib.intake.cells.dates import date_coder, with_unit_in_days, with_units_by_row
from lib.intake.cells.meanings import new_words, translated, without_not_yet
from lib.intake.cells.numbers import Decimal, event_by_plus, without_plus
from lib.intake.cells.units import how_long, number_of_each, unit_in, unit_of_each, without_unit
from lib.intake.files.grid import Cell, distinct
from lib.intake.mapping import Reading
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import PATIENT

NOT_READ: Final = "What it fills was not read."
UNLISTED: Final = "(not among the codes of the mapping)"
GONE: Final = "The mapping names this column, and the sheet has none of that name."
MISSING: Final = ('The column "{}" is missing.', "Add it: {}.")
NOT_CHOSEN: Final = ('No column was chosen for "{}".', "Choose one: {}.")
FIX_GONE: Final = "Give the column its old name, or choose another one for it."


@dataclass(frozen=True)
class Source:
    """A sheet on its way into tables: the block, the extra columns that go along, and whether rows are numbered as
    patients.

    `by_name` = it has the template's names and is taken at its word: a row in which nothing stands but the patient is a
    row of it, and times of endpoints stand in days, weeks or months.
    """

    block: Block
    extras: tuple[str, ...]
    numbered: bool = False
    date_order: str = ""
    true_dates: str = ""
    by_name: bool = False


def mapped_tables(source: Source, reading: Reading) -> tuple[list[ReadTable], list[Finding]]:
    """What this reading makes of the sheet: one table, or one a column of a wide sheet; and what no longer fits."""
    table = next(table for table in TABLES if table.name == reading.table)
    headings = source.block.headings
    findings = [_gone(source.block, each) for each in _named(reading) if each not in headings]
    if any(each not in headings for each in reading.keep):
        return [], findings
    kept = kept_places(source.block, reading)
    if not reading.wide:
        reading = replace(reading, columns=_present(reading.columns, headings))
        return [_read(source, reading, table, kept)], findings + _left(source.block, reading, kept)
    reads = []
    for wide in reading.wide:
        if wide.column in headings:
            columns = _present(reading.columns, headings) | {MAIN[table.name]: wide.column}
            one = replace(reading, columns=columns, constants={**reading.constants, **wide.constants}, wide=())
            reads.append(_read(source, one, table, kept))
    return reads, findings + _left(source.block, reading, kept)


@dataclass
class _Columns:
    """The columns of one table as far as they are read, row by row of the sheet's rows `kept` (places) or `rows`
    (indices)."""

    source: Source
    reading: Reading
    table: Table
    kept: Sequence[int]
    rows: Sequence[int]
    values: dict[str, Sequence[object]]
    letters: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def take(self, column: Column) -> None:
        """Read what fills this column of the schema."""
        cells = _cells(self.source, self.reading, column, self.kept)
        if cells is None:
            return
        heading, sheet = self.reading.columns.get(column.name), self.source.block.grid.name
        letter = letter_of(self.source.block, heading) if heading else ""
        of_patients = column.name if self.table is PATIENTS else ""
        cells, reported = without_not_yet(cells, of_patients, Finding("note", sheet, None, letter, "", "", ""))
        self.values[column.name], found = _values(cells, column, self.reading, self.source, letter)
        unread = [each.row for each in found if each.row is not None and each.severity == "error"]
        self.values |= unread_dates(column, self.table, cells, unread)
        self.findings += reported + _placed(found, self.values["source_row"])
        if heading:
            self._used(heading, column.name, letter)

    def take_extra(self, heading: str) -> str:
        """Keep a further column as it stands; its name, "" where another has that."""
        block, name = self.source.block, extra_name(heading, self.table)
        if name in self.values:
            return ""
        letter = letter_of(block, heading)
        words = translated(cells_of(block, heading, self.kept), self.reading.codes.get(heading, {}))
        words, of_unit = _without_its_unit(words, block.grid.name, letter)
        self.values[name], reported = tidied(words, None, block.sign, block.grid.name, letter)
        self.findings += of_unit + reported
        self._used(heading, name, letter)
        return name

    def _used(self, heading: str, name: str, letter: str) -> None:
        block = self.source.block
        self.letters[name] = letter
        self.uses.append(use_of(block.grid, block.headings.index(heading), self.table, name, self.rows, self.values))


def _read(source: Source, reading: Reading, table: Table, kept: Sequence[int]) -> ReadTable:
    block = source.block
    kept = kept if source.by_name else rows_with_something(block, reading, kept)
    rows = block.rows if len(kept) == len(block.rows) else [block.rows[place] for place in kept]
    source_rows: Sequence[object] = np.asarray(rows, dtype=np.int64) + block.grid.first_row  # type: ignore[assignment]
    read = _Columns(source, reading, table, kept, rows, {"source_row": source_rows})
    read.uses += [_choosing(block, reading, heading) for heading in reading.keep]
    for column in table.columns:
        read.take(column)
    read.findings += _times(read.values, table, reading, block.grid.name, read.letters)
    if table is ENDPOINTS and "unit" in read.letters and not source.by_name:
        read.values.update(with_units_by_row(read.values))
    if reading.no_day_zero:
        read.findings += _from_day_zero(read.values, table, block.grid.name, read.letters)
    extras = tuple(filter(None, map(read.take_extra, source.extras)))
    read.findings += _missing_columns(source, table, read.values)
    frame = typed_frame(read.values, table)
    frame = _without_errors(frame, block, reading, kept)
    found = ReadTable(table, block.grid.name, frame, extras, read.letters, tuple(read.findings), uses=tuple(read.uses))
    return with_mrd(_in_order(found) if source.by_name else found)


def _without_errors(frame: pd.DataFrame, block: Block, reading: Reading, kept: Sequence[int]) -> pd.DataFrame:
    """The rows without those in which the grade of one toxicity is an error of the spreadsheet, by which nobody had
    it."""
    if "term" not in reading.constants or "grade" not in reading.columns:
        return frame
    found = distinct(cells_of(block, reading.columns["grade"], kept))
    return frame[found.flags((uncalculated(cell) is None for cell in found.values), True)].reset_index(drop=True)


def _in_order(read: ReadTable) -> ReadTable:
    """The table with its columns, and what is said of them, in the order of the sheet, as menus and findings have
    them."""
    uses = tuple(sorted(read.uses, key=lambda use: use.column))
    letters = {use.name: read.letters[use.name] for use in uses}
    place = {letter: place for place, letter in enumerate(letters.values())}
    findings = sorted(read.findings, key=lambda each: place.get(each.column, len(place)))
    return replace(read, letters=letters, findings=tuple(findings), uses=uses)


def _missing_columns(source: Source, table: Table, there: Container[str]) -> list[Finding]:
    """An error for each column that the table cannot do without."""
    said, fix = MISSING if source.by_name else NOT_CHOSEN
    sheet, row = source.block.grid.name, _header_row(source.block)
    return [
        Finding("error", sheet, row, each.name, "", said.format(each.name), fix.format(each.explanation))
        for each in table.columns
        if each.required and each.name not in there
    ]


def _choosing(block: Block, reading: Reading, heading: str) -> Use:
    """The column that says which rows are read speaks in all of them."""
    there = filled(block.cells(heading))
    return Use(block.grid, block.headings.index(heading), reading.table, CHOOSES, False, block.rows, there, ())


def _cells(source: Source, reading: Reading, column: Column, kept: Sequence[int]) -> Sequence[Cell] | None:
    """What fills this column of the schema, row by row; None where nothing does."""
    heading = reading.columns.get(column.name)
    if reading.censored_at and reading.censored_at in source.block.headings and column.name == _ends_in(reading):
        return _by_event(source.block, reading, heading, kept)
    if heading is not None:
        cells = cells_of(source.block, heading, kept)
        is_shared = column.name in ("unit", "value") and reading.columns.get("unit") == reading.columns.get("value")
        return (unit_of_each(cells) if column.name == "unit" else number_of_each(cells)) if is_shared else cells
    if column.name in reading.constants:
        return [reading.constants[column.name]] * len(kept)
    if column.name == PATIENT and source.numbered:
        return [str(place + 1) for place in kept]
    return None


def _ends_in(reading: Reading) -> str:
    """Whether the end of observation stands as a time or as a date."""
    return "time" if "time" in reading.columns else "end_date"


def _by_event(block: Block, reading: Reading, heading: str | None, kept: Sequence[int]) -> list[Cell]:
    """The time or date of each row: of whom the event did not happen the column `censored_at`, of all others their
    own."""
    own: Sequence[Cell] = cells_of(block, heading, kept) if heading else [None] * len(kept)
    others = cells_of(block, reading.censored_at, kept)
    event = reading.columns.get("event", "")
    said = translated(cells_of(block, event, kept), reading.codes.get("event", {})) if event in block.headings else own
    censored = [not is_missing(cell) and code_event(cell).value == 0 for cell in said]
    return [other if was else mine for mine, other, was in zip(own, others, censored, strict=True)]


def _values(
    cells: Sequence[Cell], column: Column, reading: Reading, source: Source, letter: str
) -> tuple[Sequence[object], list[Finding]]:
    """The stored values, and findings whose `row` is still the place in the list."""
    codes = reading.codes.get(column.name, {})
    strange: tuple[str, ...] = ()
    if codes and letter:
        known = reading.keep.get(reading.columns.get(column.name, ""), ())
        strange = new_words(cells, {**codes, **dict.fromkeys(known, "")}, column)
    if column.kind == "event":  # 1 and 0 may be swapped in this file, so a number that is not listed says nothing
        numbers = [each for each in strange if each.replace(".", "", 1).isdigit()]
        codes = {**codes, **{each: f"{each} {UNLISTED}" for each in numbers}}
    sheet = source.block.grid.name
    cells = _without_additions(cells, column, reading, source)
    words, found = tidied(translated(cells, codes), column, _sign_in(source, letter), sheet, letter)
    code, epoch = coder(column.kind, words), reading.units.get(column.name, "")
    if column.kind == "date":
        code = date_coder(source.date_order, words, epoch, source.true_dates)
        found += date_notes(words, sheet, letter, epoch)
    values, bad = coded_cells(words, column, is_empty if reading.table == STUDY.name else is_missing, code)
    found += [coded_finding(each, sheet, place, letter, text(cells[place])) for place, each in bad]
    if column.kind == "category":
        said = '"{}" is not among the codes of the mapping; it was read as it stands.'
        fix = "Add it to the codes, or correct it."
        found += [Finding("warning", sheet, None, letter, each, said.format(each), fix) for each in strange]
    return values, found


def _without_additions(cells: Sequence[Cell], column: Column, reading: Reading, source: Source) -> Sequence[Cell]:
    """The numbers without the unit behind each; of an endpoint's times, without the plus of those that go on, and of
    its event, whether there is none, where one column says both."""
    if reading.table == ENDPOINTS.name and column.name == "time":
        cells = without_plus(cells)
    if column.kind == "event" and reading.columns.get("time", "") == reading.columns.get(column.name):
        cells = [event_by_plus(cell) for cell in cells]
    if column.kind in ("number", "day", "measurement") and not source.by_name:
        return without_unit(cells, reading.units.get(column.name) or reading.constants.get("unit") or column.unit)
    return cells


def _without_its_unit(cells: Sequence[Cell], sheet: str, letter: str) -> tuple[Sequence[Cell], list[Finding]]:
    """The cells of a further column without the unit that stands behind each number, and a note which it was."""
    unit = unit_in(cells)
    if not unit:
        return cells, []
    said = f'"{unit}" stands behind each number of this column and was taken for its unit.'
    note = Finding("note", sheet, None, letter, unit, said, "Write it in the heading if that is wrong.")
    return without_unit(cells, unit), [note]


def _sign_in(source: Source, letter: str) -> Decimal:
    """How decimals are written in a column of the sheet; what the mapping says in its stead has a point."""
    return source.block.sign if letter else "."


def _times(
    values: dict[str, Sequence[object]], table: Table, reading: Reading, sheet: str, letters: Mapping[str, str]
) -> list[Finding]:
    """Turn times into days, or, for endpoints, into a unit that an endpoint may have; say how."""
    findings: list[Finding] = []
    for name, unit in reading.units.items():
        column = table.column(name)
        if column is None or name not in values or column.kind not in ("day", "number"):
            continue
        is_kept = table is ENDPOINTS and unit in UNITS
        if table is ENDPOINTS:
            values["unit"] = [unit if is_kept else "days"] * len(values[name])
        if not is_kept and unit != "days":
            values[name] = with_unit_in_days(values[name], unit)
            problem = f"Times in this column are {unit}; {how_long(unit)}."
            findings.append(
                Finding("note", sheet, None, letters.get(name, name), "", problem, "They were turned into days.")
            )
    return findings


def _from_day_zero(
    values: dict[str, Sequence[object]], table: Table, sheet: str, letters: Mapping[str, str]
) -> list[Finding]:
    """Count the days of this sheet, which knows no day 0, from the day of the infusion; of endpoints the time."""
    named = (
        column for column in table.columns if column.kind == "day" or (table is ENDPOINTS and column.name == "time")
    )
    days = [column.name for column in named if column.name in letters]
    return [each for name in days for each in counted_from_zero(values, name, sheet, letters[name])]


def _left(block: Block, reading: Reading, kept: Sequence[int]) -> list[Finding]:
    if not (n := len(block.rows) - len(kept)):
        return []
    by = " and ".join(f'"{heading}" is {" or ".join(map(repr_word, words))}' for heading, words in reading.keep.items())
    problem = f"{n:,} rows were not read as {reading.table.replace('_', ' ')}: only those where {by}."
    return [Finding("note", block.grid.name, None, "", "", problem, "Change the mapping to read more.")]


def repr_word(word: str) -> str:
    """A word in quotes; "empty" for none."""
    return f'"{word}"' if word else "empty"


def _gone(block: Block, heading: str) -> Finding:
    return Finding("warning", block.grid.name, None, heading, heading, f"{GONE} {NOT_READ}", FIX_GONE)


def _named(reading: Reading) -> list[str]:
    wide = (each.column for each in reading.wide)
    return [*dict.fromkeys((*reading.columns.values(), *reading.keep, *wide, *(reading.extras or ())))]


def _present(columns: Mapping[str, str], headings: Sequence[str]) -> dict[str, str]:
    return {name: heading for name, heading in columns.items() if heading in headings}


def _placed(found: Sequence[Finding], rows: Sequence[object]) -> list[Finding]:
    return [each if each.row is None else replace(each, row=int(str(rows[each.row]))) for each in found]


def letter_of(block: Block, heading: str) -> str:
    """The column of this heading as a finding shows it: B (patient_id)."""
    return f"{block.grid.column_letter(block.headings.index(heading))} ({heading})"


def _header_row(block: Block) -> int | None:
    return block.grid.first_row + block.header[-1] if block.header else None
