"""Patients whom a mapping leaves out on purpose (screen failures, say): their rows in other tables go with them, counted."""

from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import replace

from lib.cohort.finding import Finding
from lib.cohort.schema import PATIENTS
from lib.intake.coding import is_missing, text
from lib.intake.layout import Block
from lib.intake.mapped_table import kept_places
from lib.intake.mapping import Reading
from lib.intake.place import PATIENT
from lib.intake.table import ReadTable


def left_out_patients(readings: Iterable[tuple[Block, Reading]]) -> set[str]:
    """The ids that stand only in rows of the table of patients which `keep` leaves out."""
    every: set[str] = set()
    kept: set[str] = set()
    for block, reading in readings:
        heading = reading.columns.get(PATIENT, "")
        if reading.table != PATIENTS.name or heading not in block.headings or not all(each in block.headings for each in reading.keep):  # fmt: skip
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
        problem = f"{int(rows.sum()):,} rows of {read.table.sheet} are of patients whom the mapping leaves out, and were left out with them."
        findings.append(
            Finding("note", read.sheet, None, "", "", problem, "Change the mapping to keep these patients.")
        )
    return found, findings
