"""Responses as read -> measurable residual disease in the schema's words, and from words of a response that speak of it ("CR, MRD-")."""

from dataclasses import replace
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.response_scale import MRD_NEGATIVE, MRD_NOT_DONE, MRD_POSITIVE, mrd_word
from lib.cohort.schema import RESPONSE_TABLE
from lib.intake.apply.table import ReadTable
from lib.intake.cells.coding import is_missing, text
from lib.intake.cells.response_words import mrd_in

WORDS: Final = f"{MRD_NEGATIVE}, {MRD_POSITIVE} or {MRD_NOT_DONE}"
UNREAD: Final = '"{}" does not say whether MRD is negative or positive; it counts as not done.'
CONTRARY: Final = '"{}" stands in the response, and MRD is {} beside it; the latter counts.'


def with_mrd(read: ReadTable) -> ReadTable:
    """The table with MRD in the schema's words, its own column before the words of the response; what cannot be told is a finding."""
    if read.table is not RESPONSE_TABLE or read.frame.empty:
        return read
    findings: list[Finding] = []
    found: list[str | None] = []
    for row, given, written in zip(read.frame["source_row"], read.frame["mrd"], _responses(read), strict=True):
        own, said = (mrd_word(given) or given if isinstance(given, str) else None), mrd_in(written)
        found.append(own or said or None)
        findings += _unread(read, row, own) + _contrary(read, row, own, said, written)
    mrd = pd.Series(found, read.frame.index, dtype="object")
    return replace(read, frame=read.frame.assign(mrd=mrd), findings=(*read.findings, *findings))


def _unread(read: ReadTable, row: int, own: str | None) -> list[Finding]:
    if not own or mrd_word(own):
        return []
    letter = read.letters.get("mrd", "mrd")
    return [Finding("warning", read.sheet, row, letter, own, UNREAD.format(own), f"Write {WORDS}.")]


def _contrary(read: ReadTable, row: int, own: str | None, said: str, written: str) -> list[Finding]:
    """A warning where the response says otherwise than MRD beside it."""
    if own not in (MRD_NEGATIVE, MRD_POSITIVE) or said in ("", own, MRD_NOT_DONE):
        return []
    letter = read.letters.get("response", "response")
    return [Finding("warning", read.sheet, row, letter, written, CONTRARY.format(written, own), "Correct one.")]


def _responses(read: ReadTable) -> list[str]:
    """The words of the response, row by row, as they stand in the sheet; nothing where no column holds them."""
    use = next((each for each in read.uses if each.name == "response" and each.table == read.table.name), None)
    if use is None:
        return [""] * len(read.frame)
    cells = [(use.grid.rows[row][use.column : use.column + 1] or (None,))[0] for row in use.rows]
    return ["" if is_missing(cell) else text(cell) for cell in cells]
