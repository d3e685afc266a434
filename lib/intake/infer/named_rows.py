"""Rows of which each is one test (or endpoint) of a patient: its name, the long name beside a code, its unit."""

import re
from collections.abc import Sequence
from typing import Final

from lib.intake.cells.coding import BELOW_LIMIT_WORDS, NEGATIVE_WORDS, text
from lib.intake.files.grid import Cell
from lib.intake.infer.column import ColumnView, SheetView, keyed
from lib.intake.infer.synonyms import KINETICS_WORD, LAB_TESTS, TABLE_ROLES
from lib.intake.mapping import table_in_sheet
from lib.intake.sheets.role import BRACKETS, bracketed, normalised

NO_TIME: Final = re.compile(r"count|number", re.I)
CHANGES: Final = 0.6  # of the patients have one value only
UNIT: Final = dict(TABLE_ROLES["labs"])["unit"]
PER: Final = re.compile(
    r"(?P<what>cop(?:y|ies)|kopien|copias|copie|cells?|zellen)\s*(?:/|per|pro|par|por)\s*(?P<of>.+)", re.I
)
KINETIC_UNIT: Final = re.compile(r"cop(y|ies)\b|kopien\b|(car\S* )?(t.)?cells?\s*/\s*([uµμ]l|mm|ml)|copies", re.I)
BASELINE: Final = re.compile(r"baseline|screening|pre(_\w+)?|vor_\w+|basis\w*|basale?|initial|基线|ベースライン")
SQUARE: Final = re.compile(r"\s*\[[^\[\]]*\]$")
LAST_BRACKET: Final = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]\s*$")
SHORT: Final = 4  # letters of a test
PERCENT: Final = re.compile(r"(^|\s)%|%\s*$")
MICRO: Final = re.compile(r"\b(micro|mikro)gramm?s?\b|\bug\b|\bmcg\b", re.I)


def measured_by_title(sheet: SheetView) -> str:
    """The laboratory test, or the copies or cells, of which a title speaks, with the unit in its brackets; "" where
    none does, or of several tests."""
    above = ([text(cell) for cell in row if cell] for row in sheet.block.grid.rows[: sheet.block.header[0]])
    titles = [*(row[0] for row in above if len(row) == 1), table_in_sheet(sheet.name)[0]]
    title = next(filter(None, map(_measured, titles)), "")
    units = (
        each for each in titles if title and not unit_in_words(title) and each not in title and unit_in_words(each)
    )
    return " ".join(filter(None, (title, next(units, ""))))


def measured_share(column: ColumnView) -> float:
    """Which share of the filled cells are numbers, or words for a negative measurement; 1 of none."""
    negative = sum(n for word, n in column.profile.levels if word.casefold() in NEGATIVE_WORDS)
    return column.profile.numbers + negative / column.profile.filled if column.profile.filled else 1.0


def _measured(title: str) -> str:
    words = [
        word
        for word in re.split(r"[\s:,;|._]+", title.split("(", maxsplit=1)[0])
        if len(word) >= SHORT or word.isupper()
    ]
    tests = [word for word in words if LAB_TESTS.fullmatch(keyed(word))]
    if len(tests) == 1:
        return " ".join((tests[0], *re.findall(r"[(\[][^()\[\]]*[)\]]\s*$", title)))
    is_kinetic = not tests and (KINETICS_WORD.search(keyed(title)) or KINETIC_UNIT.search(title))
    return title if is_kinetic else ""


def naming_rows(sheet: SheetView, taken: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The column that names in each row of a patient what was measured (CRP, ferritin), and that of the units, by what
    they fill."""
    if not sheet.repeated:
        return ()
    free = [each for each in sheet.columns if each.name not in (*taken, sheet.patient)]
    ids = sheet.block.cells(sheet.patient)
    named = [each for each in free if _names_each_row(each, sheet, ids)]
    if not named:
        return ()
    first = next(filter(_names_tests, named), named[0])
    units = (("unit", each.name) for each in free if UNIT.fullmatch(each.key) and each is not first)
    return (("assay" if _names_cells(first) else "test", first.name), *units)


def _names_tests(column: ColumnView) -> bool:
    return any(LAB_TESTS.fullmatch(keyed(word)) for word in column.profile.words)


def _names_cells(column: ColumnView) -> bool:
    """Whether copies or transgenic cells stand in it, and no laboratory test."""
    return not _names_tests(column) and any(KINETICS_WORD.search(keyed(word)) for word in column.profile.words)


def _names_each_row(column: ColumnView, sheet: SheetView, ids: Sequence[Cell]) -> bool:
    """Whether words stand in it of which each comes once a patient, and changes from row to row."""
    if (
        column.private
        or column.profile.numbers >= CHANGES
        or column.profile.dates >= CHANGES
        or column.constant >= CHANGES
    ):
        return False
    both = list(zip(ids, sheet.block.cells(column.name), strict=True))
    return len(set(both)) == len(both)


def long_names(sheet: SheetView, column: str) -> dict[str, str]:
    """The long name that stands beside each code (PARAM beside PARAMCD); {} where none does."""
    beside = next((each.name for each in sheet.columns if each.key == "param" and each.name != column), "")
    return dict(_beside(sheet, column, beside)) if beside else {}


def with_limits(sheet: SheetView, columns: dict[str, str]) -> dict[str, str]:
    """The column of the same results as text as that of the values, where it has values below or above a limit that the
    numbers leave empty (AVALC beside AVAL, LBSTRESC beside LBSTRESN); else {}."""
    key = sheet.column(columns["value"]).key if "value" in columns else ""
    twin = next((each.name for each in sheet.columns if key and each.key == f"{key.removesuffix('n')}c"), "")
    alone = [words for number, words in _beside(sheet, columns["value"], twin) if words and not number] if twin else []
    return {"value": twin} if any(word[0] in "<>≤≥" or word.casefold() in BELOW_LIMIT_WORDS for word in alone) else {}


def no_times(sheet: SheetView, column: str, unit: str) -> set[str]:
    """The codes beside which the unit is no time but a count; none where no column gives the unit."""
    return {code for code, words in _beside(sheet, column, unit) if NO_TIME.search(words)} if unit else set()


def _beside(sheet: SheetView, column: str, other: str) -> list[tuple[str, str]]:
    both = zip(sheet.block.cells(column), sheet.block.cells(other), strict=True)
    return [(text(code), text(words)) for code, words in both]


def unit_in_words(written: str) -> str:
    """The unit that a heading spells out: copies per µg DNA, CAR+ cells/µL, % of CD3; "" for none."""
    spelled = PER.search(written)
    if not spelled:
        return "%" if PERCENT.search(written) else ""
    what = "cells" if spelled["what"].casefold().startswith(("cell", "zell")) else "copies"
    return f"{what}/{MICRO.sub('µg', spelled['of']).strip()}"


LOGARITHM: Final = re.compile(r"(?<![^\W_])(log[\s_]?10|lg|log|ln)(?![^\W_])", re.I)


def logged(column: ColumnView, unit: str) -> str:
    """The unit of numbers, or of their logarithms where the heading says so."""
    said = LOGARITHM.search(f"{column.above} {column.heading.text}")
    if not unit or not said or LOGARITHM.search(unit):
        return unit
    return f"{'log10' if re.search('10|lg', said[0], re.I) else said[0]} {unit}"


def shown(column: ColumnView, stem: str) -> str:
    """The test as the heading writes it: CRP of CRP_d-3."""
    if PERCENT.match(column.above):
        return column.above
    words = f"{column.above} {column.name}"
    named = (word for word in re.split(r"[\s_|.,]+", words) if keyed(word) == stem)
    return shown_test(next(named, stem.replace("_", " ")))


def at_baseline(sheet: SheetView) -> list[ColumnView]:
    """The columns under a band "Baseline"."""
    return [each for each in sheet.columns if BASELINE.fullmatch(keyed(each.above))]


def test_in(column: ColumnView) -> str:
    """The test that a heading under a band names."""
    return normalised(column.name.split(" | ")[-1])


def shown_test(name: str) -> str:
    """A test as people write it: anc is ANC; without its unit: CRP mg/L and CRP [mg/L] are CRP."""
    bare = (BRACKETS if name != bracketed(name) else SQUARE).sub("", bracketed(name)).strip() or name
    return bare.upper() if bare.islower() and len(bare) <= SHORT else bare
