"""High-risk cytogenetics by the user's own definition: any of the lesions that she ticked, told wherever it is used.

Whoever has one present is high risk; whoever has all of them absent is not; a lesion that was not tested leaves it open, unless an
empty cell was said to mean absent. Which lesions count differs between authors (IMWG 2016, IMS/IMWG 2025), so it is never assumed.
"""

from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.intake.coding import is_missing, text
from lib.intake.grid import Cell
from lib.intake.mapping import HighRisk
from lib.intake.table import ReadTable

COLUMN: Final = "high_risk_cytogenetics"
LABEL: Final = "High-risk cytogenetics"


def with_high_risk(read: ReadTable, definition: HighRisk) -> tuple[ReadTable, list[Finding]]:
    """The patients with `high_risk_cytogenetics` as yes, no or None, and the definition in words as a note."""
    there = {name: words for name, words in definition.lesions.items() if name in read.frame.columns}
    findings = [
        Finding("warning", read.sheet, None, name, name, "The definition of high risk names this column, and no table of patients has it.", "Give the column its old name, or define high risk again.")
        for name in definition.lesions if name not in there
    ]  # fmt: skip
    if not there or findings:
        return read, findings
    columns = [
        [_present(cell, words, definition.blank_is_absent) for cell in read.frame[name]]
        for name, words in there.items()
    ]
    values = [_any(states) for states in zip(*columns, strict=True)]
    counts = ", ".join(
        f"{sum(value == word for value in values)} {said}"
        for word, said in (("yes", "yes"), ("no", "no"), (None, "not stated"))
    )
    note = Finding(
        "note", read.sheet, None, "", "", f"{definition_in_words(definition)}: {counts}.", "Change it in the mapping."
    )
    letters = (
        read.letters
        if COLUMN in read.letters
        else {**read.letters, COLUMN: ", ".join(read.letters[name] for name in there)}
    )
    return replace(
        read, frame=read.frame.assign(**{COLUMN: pd.Series(values, read.frame.index, dtype="object")}), letters=letters
    ), [note]


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
    if any(states):
        return "yes"
    return None if None in states else "no"
