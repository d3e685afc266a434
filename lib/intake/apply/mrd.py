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
    own: list[str | None] = [mrd_word(word) or word if isinstance(word, str) else None for word in read.frame["mrd"]]
    rows, letter = list(read.frame["source_row"]), read.letters.get("mrd", "mrd")
    for row, word in zip(rows, own, strict=True):
        if word and not mrd_word(word):
            findings.append(Finding("warning", read.sheet, row, letter, word, UNREAD.format(word), f"Write {WORDS}."))
    for place, written in enumerate(_responses(read)):
        said = mrd_in(written)
        mine = own[place]
        if said and mine in (MRD_NEGATIVE, MRD_POSITIVE) and said not in (mine, MRD_NOT_DONE):
            place_of = (read.sheet, rows[place], read.letters.get("response", "response"))
            findings.append(Finding("warning", *place_of, written, CONTRARY.format(written, mine), "Correct one."))
        own[place] = mine or said or None
    return replace(
        read,
        frame=read.frame.assign(mrd=pd.Series(own, read.frame.index, dtype="object")),
        findings=(*read.findings, *findings),
    )


def _responses(read: ReadTable) -> list[str]:
    """The words of the response, row by row, as they stand in the sheet; nothing where no column holds them."""
    use = next((each for each in read.uses if each.name == "response" and each.table == read.table.name), None)
    if use is None:
        return []
    cells = [(use.grid.rows[row][use.column : use.column + 1] or (None,))[0] for row in use.rows]
    return ["" if is_missing(cell) else text(cell) for cell in cells]
