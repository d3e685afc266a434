"""What a mapping leaves out: rows, patients (screen failures, say) with their rows in other tables, signs for no value;
and high-risk cytogenetics by the user's own definition.

The signs for no value of a sheet become empty cells: those that the mapping names, and those that stand apart, which is
reported. High risk is any of the lesions that she ticked: whoever has one present is high risk; whoever has all of them
absent is not; a lesion that was not tested leaves it open, unless an empty cell was said to mean absent. Which lesions
count differs between authors (IMWG 2016, IMS/IMWG 2025), so it is never assumed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import ADVERSE_EVENTS, ENDPOINTS, PATIENTS, STUDY
from lib.intake.apply.rows import with_none
from lib.intake.apply.table import ReadTable
from lib.intake.cells.coding import filled, is_missing, text
from lib.intake.cells.meanings import Found, folded, missing_in, translated
from lib.intake.files.grid import Cell, Cells, distinct
from lib.intake.mapping import HighRisk, Mapping, Reading, SheetMapping
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import PATIENT, TABLE_NAMED, columns_for, normalised

NO_EXCLUSION: Final = (
    (
        "The mapping leaves patients out by this column, and the file has none of that name; nobody was left out"
        " because of it."
    ),
    "Give the column its old name, or change the mapping.",
)
MAIN: Final = {  # the column that a wide sheet spreads out
    "infusions": "dose",
    "endpoints": "time",
    "responses": "response",
    "adverse_events": "grade",
    "therapies": "therapy",
    "kinetics": "value",
    "labs": "value",
    "assays": "value",
    "patients": "patient_id",
    "study": "value",
    "states": "state",
    "events": "event",
}


def left_out_patients(readings: Iterable[tuple[Block, Reading]]) -> set[str]:
    """The ids that stand only in rows of the table of patients which `keep` leaves out."""
    every: set[str] = set()
    kept: set[str] = set()
    for block, reading in readings:
        heading = reading.columns.get(PATIENT, "")
        if reading.table != PATIENTS.name or not {heading, *reading.keep} <= set(block.headings):
            continue
        cells = block.cells(heading)
        every |= {text(cell) for cell in cells if not is_missing(cell)}
        kept |= {text(cells[place]) for place in kept_places(block, reading)}
    return every - kept


def without_patients(reads: Map[str, ReadTable], left_out: set[str]) -> tuple[dict[str, ReadTable], list[Finding]]:
    """The tables without rows of these patients, and a note for each table that had any."""
    found: dict[str, ReadTable] = {}
    findings: list[Finding] = []
    for name, read in reads.items():
        rows = read.frame[PATIENT].isin(left_out) if PATIENT in read.frame.columns and left_out else None
        if rows is None or not rows.any() or read.table is PATIENTS:
            found[name] = read
            continue
        found[name] = replace(read, frame=read.frame[~rows].reset_index(drop=True))
        problem = (
            f"{int(rows.sum()):,} rows of {read.table.sheet} are of patients whom the mapping leaves out, and were left"
            " out with them."
        )
        findings.append(
            Finding("note", read.sheet, None, "", "", problem, "Change the mapping to keep these patients.")
        )
    return found, findings


def with_exclusions(
    read: ReadTable, blocks: Sequence[Block], mapping: Mapping, ids: Map[str, str]
) -> tuple[ReadTable, list[Finding]]:
    """The patients with `analysis_set` excluded, and the reason, where a column that the mapping names says so.

    `ids` give the spelling of each patient's id that counts. A column that is gone is a warning: nobody is left out
    because of it.
    """
    reasons: dict[str, str] = {}
    findings: list[Finding] = []
    for place, words in mapping.exclude.items():
        block, heading = _column_at(place, blocks)
        if block is None:
            findings.append(Finding("warning", read.sheet, None, place, "", *NO_EXCLUSION))
            continue
        found = {ids.get(each, each): word for each, word in _rows_with(block, heading, words, mapping) if each}
        reasons |= {patient: f"{heading}: {word}" for patient, word in found.items()}
        shown = " or ".join(f'"{word}"' for word in words)
        problem = f'{len(found):,} patients with {shown} in "{heading}" are outside the analysis set.'
        findings.append(
            Finding("note", block.grid.name, None, heading, "", problem, "Change the mapping to count them.")
        )
    if not reasons:
        return read, findings
    out = read.frame[PATIENT].isin(list(reasons))
    why = read.frame[PATIENT].map(reasons)
    frame = read.frame.assign(
        analysis_set=read.frame["analysis_set"].mask(out, "excluded"),
        exclusion_reason=read.frame["exclusion_reason"].where(read.frame["exclusion_reason"].notna(), why),
    )
    return replace(read, frame=with_none(frame)), findings


def _column_at(place: str, blocks: Sequence[Block]) -> tuple[Block | None, str]:
    """The sheet and the column of "Sheet.Heading"; a lone sheet whatever its name; None where there is no such
    column."""
    named = [block for block in blocks if place.startswith(f"{block.grid.name}.")]
    for block in named or (blocks if len(blocks) == 1 else ()):
        for heading in filter(None, block.headings):
            if place.endswith(f".{heading}"):
                return block, heading
    return None, ""


def _rows_with(block: Block, heading: str, words: Sequence[str], mapping: Mapping) -> list[tuple[str, str]]:
    """The patient and the word of each row in which one of these words stands."""
    said = {word.strip().casefold() for word in words}
    cells = [text(cell) for cell in block.cells(heading)]
    return [
        (patient, word) for patient, word in zip(_ids_in(block, mapping), cells, strict=True) if word.casefold() in said
    ]


def _ids_in(block: Block, mapping: Mapping) -> list[str]:
    """The patient of each row; where no column names them, rows are numbered from 1."""
    readings = [
        reading
        for sheet in mapping.sheets
        if sheet.name == block.grid.name or len(mapping.sheets) == 1
        for reading in sheet.readings
    ]
    heading = next((each.columns[PATIENT] for each in readings if each.columns.get(PATIENT) in block.headings), "")
    return [*map(text, block.cells(heading))] if heading else [str(n) for n, _ in enumerate(block.rows, start=1)]


NO_LESION: Final = (
    "The definition of high risk names this column, and no table of patients has it.",
    "Give the column its old name, or define high risk again.",
)
COLUMN: Final = "high_risk_cytogenetics"
LABEL: Final = "High-risk cytogenetics"


def with_high_risk(read: ReadTable, definition: HighRisk) -> tuple[ReadTable, list[Finding]]:
    """The patients with `high_risk_cytogenetics` as yes, no or None, and the definition in words as a note."""
    there = {name: words for name, words in definition.lesions.items() if name in read.frame.columns}
    gone = [name for name in definition.lesions if name not in there]
    if not there or gone:
        return read, [Finding("warning", read.sheet, None, name, name, *NO_LESION) for name in gone]
    blank = definition.blank_is_absent
    lesions = ([_present(cell, words, blank) for cell in read.frame[name]] for name, words in there.items())
    values = list(map(_any, zip(*lesions, strict=True)))
    words = {"yes": "yes", "no": "no", None: "not stated"}
    counts = ", ".join(f"{values.count(value)} {said}" for value, said in words.items())
    said = f"{definition_in_words(definition)}: {counts}."
    note = Finding("note", read.sheet, None, "", "", said, "Change it in the mapping.")
    letters = {COLUMN: ", ".join(read.letters[name] for name in there), **read.letters}
    frame = read.frame.assign(**{COLUMN: pd.Series(values, read.frame.index, dtype="object")})
    return replace(read, frame=frame, letters=letters), [note]


def definition_in_words(definition: HighRisk) -> str:
    """High-risk cytogenetics = any of del(17p), t(4;14) (an empty cell counts as absent)."""
    blank = " (an empty cell counts as absent)" if definition.blank_is_absent else ""
    return f"{LABEL} = any of {', '.join(definition.lesions)}{blank}"


def _present(cell: Cell, words: tuple[str, ...], blank_is_absent: bool) -> bool | None:
    if isinstance(cell, str) and cell.strip().casefold() in {word.casefold() for word in words}:
        return True
    if is_missing(cell):
        return False if blank_is_absent else None
    return text(cell).casefold() in {word.strip().casefold() for word in words}


def _any(states: tuple[bool | None, ...]) -> str | None:
    return "yes" if any(states) else None if None in states else "no"


FIX_MISSING: Final = (
    "If one of them is a value, say so in the answer about missing values, or under `missing` in the mapping."
)
TAKEN: Final = (
    '{} stand apart from all other values of this column, or are no such value; they were taken for "no value".'
)
SAID: Final = '{} were taken for "no value".'


def without_missing(
    block: Block, sheet: SheetMapping, missing: Map[str, tuple[str, ...]]
) -> tuple[Block, list[Finding]]:
    """The block in which the signs for no value are empty cells: those of the mapping, and in columns that it does not
    speak of those that stand apart (a warning). Ids are left alone; the key "*" speaks of every other column."""
    ids = {reading.columns.get(PATIENT) for reading in sheet.readings}
    found = {
        heading: _signs(block.cells(heading), heading, missing.get(f"{sheet.name}.{heading}"), missing.get("*", ()))
        for heading in block.headings
        if heading and heading not in ids
    }
    findings = [
        _told(block, heading, said | taken, bool(taken)) for heading, (said, taken) in found.items() if said or taken
    ]
    signs = {heading: frozenset(map(folded, said | taken)) for heading, (said, taken) in found.items() if said or taken}
    return replace(block, missing=signs), findings


def _signs(
    cells: Sequence[Cell], heading: str, said: tuple[str, ...] | None, everywhere: tuple[str, ...]
) -> tuple[Found, Found]:
    """The signs for no value that stand in this column, with their numbers: those that were said, and those that stand
    apart."""
    listed = set(map(folded, (*everywhere, *(said or ()))))
    counts = Counter(text(cell) for cell in cells if folded(text(cell)) in listed) if listed else {}
    return dict(counts), missing_in(cells, heading) if said is None else {}


def _told(block: Block, heading: str, counts: Found, stand_apart: bool) -> Finding:
    words = ", ".join(f'"{sign}" ({n})' for sign, n in counts.items())
    problem, severity = (TAKEN, "warning") if stand_apart else (SAID, "note")
    letter = f"{block.grid.column_letter(block.headings.index(heading))} ({heading})"
    return Finding(severity, block.grid.name, None, letter, words, problem.format(words), FIX_MISSING)  # type: ignore[arg-type]


def kept_places(block: Block, reading: Reading) -> Sequence[int]:
    """The places among the data rows that `keep` leaves."""
    kept = np.ones(len(block.rows), dtype=bool)
    for heading, allowed in reading.keep.items():
        words = {each.strip().casefold() for each in allowed}
        found = distinct(block.cells(heading))
        kept &= found.flags((text(cell).casefold() in words for cell in found.values), "" in words)
    return range(len(kept)) if kept.all() else np.flatnonzero(kept).tolist()


def rows_with_something(block: Block, reading: Reading, kept: Sequence[int]) -> Sequence[int]:
    """The rows in which anything stands but the patient, where the table is one of events: a blank cell is no event."""
    reported = _telling(block, reading)
    if reading.table in (PATIENTS.name, STUDY.name) or not reported:
        return kept
    # a status that is not known is reported, not left out
    coded = reading.codes if reading.table != ENDPOINTS.name else {}
    something = np.zeros(len(kept), dtype=bool)
    for heading in reported:
        something |= filled(translated(cells_of(block, heading, kept), coded.get(_filled(reading, heading), {})))
    return kept if something.all() else np.asarray(kept, dtype=np.intp)[something].tolist()


def _telling(block: Block, reading: Reading) -> list[str]:
    """The columns that say something of an event, besides whose it is."""
    headings = [heading for name, heading in reading.columns.items() if name not in (PATIENT, "infusion")]
    measured = reading.table in ("kinetics", "labs", "assays") and "visit" not in reading.columns
    if measured or (reading.table == ADVERSE_EVENTS.name and "term" in reading.constants):
        headings = [heading for name, heading in reading.columns.items() if name == MAIN.get(reading.table)]
    censored = reading.censored_at and reading.censored_at in block.headings
    return [*headings, reading.censored_at] if headings and censored else headings


def _filled(reading: Reading, heading: str) -> str:
    return next((name for name, each in reading.columns.items() if each == heading), "")


def cells_of(block: Block, heading: str, kept: Sequence[int]) -> Sequence[Cell]:
    """What stands in this column in the rows at these places."""
    return cells if len(kept) == len(cells := block.cells(heading)) else Cells(cells[place] for place in kept)


TWICE: Final = ("This column stands twice; the first is read.", "Delete or rename one of the two.")


def left_by_name(block: Block, table: str) -> tuple[list[str], list[Finding]]:
    """The columns that are not read where each is called by its own name: without one, empty further ones, and those of
    which the same name stands before them, each with an error."""
    names: set[str] = set()
    left, findings = [], []
    for heading, column in zip(block.headings, columns_for(block.headings, TABLE_NAMED[table]), strict=True):
        name = column.name if column else normalised(heading) or heading
        if not block.path(heading) or not (column or filled(block.cells(heading)).any()):
            left.append(heading)
        elif name in names:
            left.append(heading)
            findings.append(_twice(block, heading))
        else:
            names.add(name)
    return left, findings


def _twice(block: Block, heading: str) -> Finding:
    grid, written, letter = block.grid, block.path(heading)[-1], block.grid.column_letter(block.headings.index(heading))
    return Finding("error", grid.name, grid.first_row + block.header[-1], f"{letter} ({written})", written, *TWICE)
