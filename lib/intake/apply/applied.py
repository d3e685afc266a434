"""A mapping and the sheets of a workbook -> every table that the mapping makes of them, and what in the sheets it no
longer fits."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import ADVERSE_EVENTS, ENDPOINTS, PATIENTS, STUDY, TABLES, Table
from lib.intake.apply.left_out import (
    COLUMN,
    definition_in_words,
    left_by_name,
    left_out_patients,
    with_exclusions,
    with_high_risk,
    without_missing,
    without_patients,
)
from lib.intake.apply.mapped_table import Source, mapped_tables
from lib.intake.apply.patient_rows import joined_patients, one_row_a_patient, one_row_each, patients_named_elsewhere
from lib.intake.apply.rows import SPAN, Part, below_each_other, said_otherwise, typed_frame, with_none
from lib.intake.apply.table import ReadTable, Use
from lib.intake.cells.meanings import one_spelling_of_ids
from lib.intake.files.grid import Grid
from lib.intake.mapping import IdRule, Mapping, Reading, SheetMapping
from lib.intake.sheets.block import Block, rows_left_out, with_signs
from lib.intake.sheets.role import PATIENT, normalised

NOT_MAPPED: Final = (
    "The mapping does not speak of this sheet, and it was not read.",
    "Add it to the mapping if it is needed.",
)
HIDDEN_SHEET: Final = ("This sheet is hidden and was not read.", "Show it if it is meant to be read.")
SHEET_GONE: Final = (
    "The mapping speaks of this sheet, and the file has none of that name.",
    "Give the sheet its old name, or leave it out of the mapping.",
)
NUMBERED: Final = (
    "No column holds patients, so every row is one patient, numbered from 1.",
    "Add a column with study codes.",
)
NEW_COLUMN: Final = "The mapping does not know {}."
OWN: Final = "mapping"  # the "sheet" of settings that stand in the mapping
Read = tuple[ReadTable, Reading]  # what one reading of one sheet made


@dataclass(frozen=True)
class Applied:
    """The tables by name, the parts of which their rows speak (see rows.py), findings about the whole, and the grids
    by name."""

    reads: dict[str, ReadTable]
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    grids: Map[str, Grid] = field(default_factory=dict)  # by name, as the blocks have them
    blocks: tuple[Block, ...] = ()  # the tables that were read
    uses: tuple[Use, ...] = ()  # which columns of them each reading took
    set_aside: Map[str, tuple[str, ...]] = field(default_factory=dict)  # by sheet, columns left out on purpose


def applied(blocks: Sequence[Block], mapping: Mapping) -> Applied:
    """Read every sheet that the mapping names, in the order of the mapping."""
    sheets, findings = _sheets(blocks, mapping)
    found, said = _all_readings(sheets, mapping)
    findings += said
    read_blocks = {id(block.grid): block for _, block in sheets}
    findings += chain.from_iterable(map(rows_left_out, read_blocks.values()))
    findings += _not_read(blocks, set(read_blocks))
    reads = [(_numbered(read, number), reading) for number, (read, reading) in enumerate(found)]
    ids, said = _one_id_each(reads, mapping.ids)
    findings += said
    tables, said = _tables([(_with_ids(read, ids), reading) for read, reading in reads], mapping)
    findings += said
    away = left_out_patients([(block, reading) for sheet, block in sheets for reading in sheet.readings])
    tables, said = without_patients(tables, {ids.get(each, each) for each in away})
    findings += said
    if mapping.exclude and PATIENTS.name in tables:
        tables[PATIENTS.name], said = with_exclusions(tables[PATIENTS.name], blocks, mapping, ids)
        findings += said
    parts = _parts(tables, [read.parts[0] for read, _ in reads])
    uses = tuple(chain.from_iterable(read.uses for read, _ in reads))
    grids = {block.grid.name: block.grid for block in blocks}
    return Applied(tables, parts, tuple(findings), grids, tuple(read_blocks.values()), uses, _set_aside(sheets))


def _all_readings(sheets: Sequence[tuple[SheetMapping, Block]], mapping: Mapping) -> tuple[list[Read], list[Finding]]:
    """What each reading of each sheet makes, those of one table together; and what no longer fits."""
    found: dict[str, list[Read]] = {}
    findings: list[Finding] = []
    for sheet, block in sheets:
        for read, reading, said in _readings(sheet, block, mapping):
            findings += said
            if read:
                found.setdefault(read.table.name, []).append((read, reading))
    return [*chain.from_iterable(found.values())], findings


def _set_aside(sheets: Sequence[tuple[SheetMapping, Block]]) -> dict[str, tuple[str, ...]]:
    """The columns of each sheet that are left out on purpose."""
    aside: dict[str, tuple[str, ...]] = {}
    for sheet, block in sheets:
        aside[block.grid.name] = (*aside.get(block.grid.name, ()), *sheet.set_aside)
    return aside


def _sheets(blocks: Sequence[Block], mapping: Mapping) -> tuple[list[tuple[SheetMapping, Block]], list[Finding]]:
    """Each sheet of the mapping that the file has, with its table without signs for no value; and what is to be said of
    them."""
    sheets: list[tuple[SheetMapping, Block]] = []
    findings: list[Finding] = []
    there = _blocks_of(mapping.sheets, with_signs(blocks, mapping.decimal_sign))
    for sheet, given in zip(mapping.sheets, there, strict=True):
        if given is None:
            findings.append(Finding("warning", sheet.sheet, None, "", "", *SHEET_GONE))
            continue
        block, reported = (given, []) if mapping.by_name else without_missing(given, sheet, mapping.missing)
        findings += reported if all(block.grid is not each.grid for _, each in sheets) else []
        sheets.append((sheet, block))
    return sheets, findings


def _not_read(blocks: Sequence[Block], read: set[int]) -> list[Finding]:
    """A note for each sheet whose grid was not read."""
    others = [block.grid for block in blocks if id(block.grid) not in read]
    return [
        Finding("note", grid.name, None, "", "", *(NOT_MAPPED if grid.visible else HIDDEN_SHEET)) for grid in others
    ]


def _one_id_each(found: Sequence[Read], rule: IdRule) -> tuple[dict[str, str], list[Finding]]:
    """The spelling that counts of every id, that of the patients' own sheet first, and a note where the rule changed
    any."""
    if rule == IdRule():
        return {}, []
    in_order = sorted((read for read, _ in found), key=lambda read: read.table is not PATIENTS)
    every = [read.frame[PATIENT].dropna() for read in in_order if PATIENT in read.frame.columns]
    ids = one_spelling_of_ids(chain.from_iterable(every), rule)
    changed = {written: meant for written, meant in ids.items() if written != meant}
    if not changed:
        return ids, []
    shown = ", ".join(f'"{written}" as "{meant}"' for written, meant in list(changed.items())[:3])
    problem = f"{len(changed):,} ids were read as another spelling of the same patient: {shown}."
    return ids, [Finding("note", OWN, None, PATIENT, "", problem, "Change the mapping if they are other patients.")]


def _with_ids(read: ReadTable, ids: Map[str, str]) -> ReadTable:
    """The table with the spelling of each id that counts."""
    if not ids or PATIENT not in read.frame.columns:
        return read
    return replace(read, frame=read.frame.assign(**{PATIENT: read.frame[PATIENT].replace(dict(ids))}))


def _blocks_of(sheets: Sequence[SheetMapping], blocks: Sequence[Block]) -> list[Block | None]:
    """The block of each sheet: by name, else by what is left of the name without capitals and marks; a lone one
    whatever its name."""
    if len(sheets) == 1 and len(blocks) == 1:
        return [blocks[0]]
    exact = {block.layout.name: block for block in blocks}
    loose = {normalised(name): block for name, block in exact.items() if block.layout.name == block.layout.sheet}
    return [exact.get(sheet.name) or loose.get(normalised(sheet.name)) for sheet in sheets]


def _readings(
    sheet: SheetMapping, block: Block, mapping: Mapping
) -> Iterable[tuple[ReadTable | None, Reading, list[Finding]]]:
    """Each reading of the sheet: a table (of a wide sheet several), with what no longer fits beside the first."""
    owner = _owner(sheet)
    unnamed = owner is not None and owner.table == PATIENTS.name and PATIENT not in owner.columns
    left, said = left_by_name(block, sheet.readings[0].table) if mapping.by_name else ([], _new_columns(sheet, block))
    said += [Finding("note", block.grid.name, None, "", "", *NUMBERED)] * unnamed
    for reading in sheet.readings:
        numbered = unnamed and PATIENT not in reading.columns
        extras = tuple(each for each in _extras(sheet, reading, block, owner) if each not in left)
        source = Source(block, extras, numbered, mapping.date_order, mapping.true_dates, mapping.by_name)
        reads, found = mapped_tables(source, reading)
        said += found
        for read in (*reads, *([] if reads else [None])):
            yield read, reading, said
            said = []
    if said:
        yield None, Reading(PATIENTS.name), said


def _owner(sheet: SheetMapping) -> Reading | None:
    """The reading to which further columns of the sheet go: that of the patients, else the first."""
    return next((each for each in sheet.readings if each.table == PATIENTS.name), next(iter(sheet.readings), None))


def _extras(sheet: SheetMapping, reading: Reading, block: Block, owner: Reading | None) -> tuple[str, ...]:
    """The further columns that go along: those named, else, for the one reading that owns the sheet, all that nothing
    reads."""
    aside = set(map(normalised, sheet.set_aside))
    free = [each for each in block.headings if each and normalised(each) not in aside]
    if reading.extras is not None:
        return tuple(each for each in reading.extras if each in free)
    if reading is not owner or reading.wide or reading.table == STUDY.name:
        return ()
    return _unread(sheet, owner, free)


def _unread(sheet: SheetMapping, owner: Reading, headings: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns that nothing reads; a worst grade or best response beside the patient stays one to filter
    by."""
    readings = (each for each in sheet.readings if each is owner or not _is_beside(each))
    read = set(chain.from_iterable(map(_taken, readings)))
    return tuple(each for each in headings if each not in read)


def _is_beside(reading: Reading) -> bool:
    return reading.table == ADVERSE_EVENTS.name or (set(reading.columns) == {"patient_id", "response"})


def _taken(reading: Reading) -> tuple[str, ...]:
    """The columns of the sheet that fill columns of the schema."""
    return (*reading.columns.values(), reading.censored_at, *(wide.column for wide in reading.wide))


def _new_columns(sheet: SheetMapping, block: Block) -> list[Finding]:
    """Columns that a mapping which lists all columns does not list."""
    if not any(each.extras for each in sheet.readings):
        return []
    listed = [(*_taken(each), *each.keep, *(each.extras or ())) for each in sheet.readings]
    known = {normalised(each) for several in (sheet.set_aside, *listed) for each in several}
    new = [each for each in block.headings if each and normalised(each) not in known]
    if not new:
        return []
    problem = NEW_COLUMN.format(f"the column{'s' if len(new) > 1 else ''} {', '.join(new)}")
    fix = "Add what is needed to the mapping; it was not read."
    return [Finding("warning", block.grid.name, None, "", "", problem, fix)]


def _numbered(read: ReadTable, number: int) -> ReadTable:
    """The table with its rows counted in a part of its own, so that a finding about any row finds its way back."""
    offset = number * SPAN
    return replace(
        read,
        frame=read.frame.assign(source_row=read.frame["source_row"] + offset),
        findings=tuple(replace(each, row=each.row + offset) if each.row else each for each in read.findings),
        parts=(Part(number, read.sheet, read.letters),),
        uses=tuple(replace(each, offset=offset) for each in read.uses),
    )


def _parts(reads: Map[str, ReadTable], parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts in their order, those of the patients as the joining left them, which know where added columns
    stand."""
    patients = reads.get(PATIENTS.name)
    joined = {part.number: part for part in patients.parts} if patients else {}
    return tuple(joined.get(part.number, part) for part in parts)


def _tables(found: Sequence[Read], mapping: Mapping) -> tuple[dict[str, ReadTable], list[Finding]]:
    findings: list[Finding] = []
    reads: dict[str, ReadTable] = {}
    for table in TABLES:
        several = _read_as(table, found)
        if table is PATIENTS and several:
            each_once = [one_row_a_patient(read, reading.one_row, mapping.by_name) for read, reading in several]
            reads[table.name] = joined_patients(each_once)
        elif several:
            reads[table.name], said = _together(table, several)
            findings += said
    if PATIENTS.name not in reads and any(PATIENT in read.frame.columns for read in reads.values()):
        reads = {PATIENTS.name: patients_named_elsewhere(reads.values()), **reads}
    if mapping.high_risk and PATIENTS.name in reads:
        reads[PATIENTS.name], said = with_high_risk(reads[PATIENTS.name], mapping.high_risk)
        findings += said
    settings = _settings(mapping)
    if settings:
        reads[STUDY.name] = _study(settings, reads.get(STUDY.name))
    return reads, findings


def _read_as(table: Table, found: Sequence[Read]) -> list[Read]:
    """What was read as the table, in the order of the mapping; the template's own sheet of endpoints counts first."""
    mine = [(read, reading) for read, reading in found if read.table is table]
    own = ENDPOINTS.sheet.casefold()
    return sorted(mine, key=lambda each: table is ENDPOINTS and each[0].sheet.strip().casefold() != own)


def _together(table: Table, several: Sequence[Read]) -> tuple[ReadTable, list[Finding]]:
    """All readings of one table, one under the other. What an earlier reading says of an endpoint, a later one does not
    say again."""
    findings: list[Finding] = []
    frames: list[pd.DataFrame] = []
    for read, reading in several:
        frame, said = one_row_each(read.frame, table, reading.one_row, read.sheet)
        if table.name == "endpoints" and frames:
            findings += said_otherwise(frame, pd.concat(frames), read.sheet)
            frame = _not_yet(frame, pd.concat(frames))
        frames.append(frame)
        findings += said
    first = several[0][0]
    reads = [read for read, _ in several]
    together = replace(
        first,
        sheet=", ".join(dict.fromkeys(read.sheet for read in reads)),
        frame=_as_one(frames, first.frame.dtypes),
        extras=tuple(dict.fromkeys(name for read in reads for name in read.extras)),
        letters={name: letter for read in reversed(reads) for name, letter in read.letters.items()},
        findings=tuple(each for read in reads for each in read.findings),
    )
    return together, findings


def _as_one(frames: Sequence[pd.DataFrame], kinds: pd.Series) -> pd.DataFrame:
    """These frames one under the other, in the kinds of the first."""
    if len(frames) == 1:
        return frames[0]
    together = below_each_other(frames)
    return with_none(together.astype({name: kind for name, kind in kinds.items() if name in together.columns}))


def _not_yet(frame: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    keys = ["patient_id", "infusion", "endpoint"]
    known = set(map(tuple, earlier[keys].astype("object").fillna("").to_numpy()))
    new = [tuple(key) not in known for key in frame[keys].astype("object").fillna("").to_numpy()]
    return frame[new].reset_index(drop=True)


def _settings(mapping: Mapping) -> list[tuple[str, str, str]]:
    """The settings of the mapping as rows of a Study sheet: setting, column, value. `order:arm` speaks of the column
    arm."""
    rows = [(*name.partition(":")[::2], value) for name, value in mapping.study.items()]
    words = {"before": "before infusion", "": "unknown"}
    rows += [("known_at", column, words.get(value, value)) for column, value in mapping.known_at.items()]
    if mapping.high_risk and not any(name == "label" and column == COLUMN for name, column, _ in rows):
        rows.append(("label", COLUMN, definition_in_words(mapping.high_risk).replace(" = any of ", ": any of ")))
    return rows


def _study(rows: Sequence[tuple[str, str, str]], sheet: ReadTable | None) -> ReadTable:
    """The Study sheet, if there is one, and after it the settings of the mapping, which count."""
    values: dict[str, list[object]] = {"source_row": [0] * len(rows), "setting": [row[0] for row in rows]}
    values |= {"column": [row[1] or None for row in rows], "value": [row[2] for row in rows]}
    frame = typed_frame(values, STUDY)
    if sheet is None:
        return ReadTable(STUDY, OWN, frame, (), {}, ())
    return replace(sheet, frame=pd.concat([sheet.frame, frame], ignore_index=True))
