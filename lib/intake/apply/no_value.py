"""The signs for no value of a sheet become empty cells: those that the mapping names, and those that stand apart, which is told."""

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.cohort.finding import Finding
from lib.intake.cells.coding import text
from lib.intake.cells.missing import Found, missing_in
from lib.intake.cells.translation import folded
from lib.intake.files.grid import Cell
from lib.intake.mapping import SheetMapping
from lib.intake.sheets.block import Block
from lib.intake.sheets.place import PATIENT

MEND_MISSING: Final = (
    "If one of them is a value, say so in the answer about missing values, or under `missing` in the mapping."
)
TAKEN: Final = (
    '{} stand apart from all other values of this column, or are no such value; they were taken for "no value".'
)
SAID: Final = '{} were taken for "no value".'


def without_missing(
    block: Block, sheet: SheetMapping, missing: Map[str, tuple[str, ...]]
) -> tuple[Block, list[Finding]]:
    """The block in which the signs for no value are empty cells: those of the mapping, and in columns that it does not speak of
    those that stand apart (a warning). Ids are left alone; the key "*" speaks of every other column."""
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
    """The signs for no value that stand in this column, with their numbers: those that were said, and those that stand apart."""
    listed = set(map(folded, (*everywhere, *(said or ()))))
    counts = Counter(text(cell) for cell in cells if folded(text(cell)) in listed) if listed else {}
    return dict(counts), missing_in(cells, heading) if said is None else {}


def _told(block: Block, heading: str, counts: Found, stand_apart: bool) -> Finding:
    words = ", ".join(f'"{sign}" ({n})' for sign, n in counts.items())
    problem, severity = (TAKEN, "warning") if stand_apart else (SAID, "note")
    letter = f"{block.grid.column_letter(block.headings.index(heading))} ({heading})"
    return Finding(severity, block.grid.name, None, letter, words, problem.format(words), MEND_MISSING)  # type: ignore[arg-type]
