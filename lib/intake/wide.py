"""Wide series: columns that are one measurement at one day each (D0 D7 D14, copies_7, CRP_d-3, week 4, M3, "30 day response")."""

import re
from dataclasses import dataclass
from typing import Final

from lib.intake.heading import keyed
from lib.intake.mapping import Wide
from lib.intake.sheet_view import ColumnView, SheetView
from lib.intake.synonym import KINETICS_WORD, LAB_TESTS

FACTORS: Final = {"day": 1.0, "week": 7.0, "month": 30.4375}
MARKS: Final = {
    "day": r"d|days?|tage?|jours?|dias?|j|第|天|d\+", "week": r"w|wk|wks|weeks?|wochen?|semaines?|semanas?|周|第", "month": r"m|mo|mos|months?|monate?|mois|mes(es)?|月|个月",
}  # fmt: skip
AFTER: Final = re.compile(
    r"(?P<stem>.*?)(?:[\s_.,:-]*|\b)(?P<mark>[^\W\d_]+)?\s*(?P<plus>[+_. ]?)(?P<n>-?\d+)\s*(?P<tail>天|周|月|个月)?\s*",
    re.I,
)
BEFORE: Final = re.compile(
    r"(?P<n>-?\d+)[\s_-]*(?P<mark>days?|weeks?|wks?|months?|mo|d|tage|wochen|monate|jours|mois)[\s_-]+(?P<stem>.+)",
    re.I,
)
TAIL: Final = re.compile(
    r"(?P<stem>.+?)[\s_-]+(?P<n>-?\d+)[\s_-]*(?P<mark>days?|weeks?|wks?|months?|mos?|mo|d|tage|wochen|monate|jours|mois)",
    re.I,
)
LEAST: Final = 3


@dataclass(frozen=True)
class Series:
    """Columns that belong together: the table they fill, the test they measure, and the day of each."""

    table: str
    stem: str
    wide: tuple[Wide, ...]
    marked: bool  # whether the unit of the days stands in the headings


def all_series(sheet: SheetView) -> tuple[Series, ...]:
    """Every wide series of this sheet."""
    groups: dict[tuple[str, str], list[tuple[ColumnView, float, str]]] = {}
    for column in sheet.columns:
        found = _timed(column)
        if found and column.name != sheet.patient and not column.private:
            stem, day, mark = found
            kind = "words" if column.profile.responses > 0.3 else "numbers"
            if kind == "words" or column.profile.numbers >= 0.6 or not column.profile.filled:
                groups.setdefault((stem, kind), []).append((column, day, mark))
    return tuple(series for (stem, kind), members in groups.items() if (series := _series(stem, kind, members)))


def _series(stem: str, kind: str, members: list[tuple[ColumnView, float, str]]) -> Series | None:
    marked = all(mark for _, _, mark in members)
    if kind == "words":
        if not marked:
            return None
        return Series("responses", stem, tuple(Wide(each.name, {"day": f"{day:g}"}) for each, day, _ in members), True)
    kinetic, lab = bool(KINETICS_WORD.search(stem)), bool(LAB_TESTS.fullmatch(stem))
    least = 2 if (kinetic or lab) else LEAST
    if len(members) < least or not (kinetic or lab or (marked and not stem)):
        return None
    if kinetic or not lab:
        return Series("kinetics", stem, tuple(Wide(each.name, {"day": f"{day:g}"}) for each, day, _ in members), marked)
    test = _shown(members[0][0], stem)
    return Series(
        "labs", stem, tuple(Wide(each.name, {"day": f"{day:g}", "test": test}) for each, day, _ in members), marked
    )


def _timed(column: ColumnView) -> tuple[str, float, str] | None:
    """Stem, day and the unit that the heading names; None where it is no such heading."""
    name = column.name.split(" | ")[-1].strip() if column.above else column.name.strip()
    name = re.sub(r"\s*[(\[（].*?[)\]）]\s*$", "", name)
    if match := BEFORE.fullmatch(name) or TAIL.fullmatch(name):
        unit = _unit(match["mark"])
        return (keyed(f"{column.above} {match['stem']}"), float(match["n"]) * FACTORS[unit], unit) if unit else None
    match = AFTER.fullmatch(name)
    if not match:
        return None
    mark, stem = (match["mark"] or ""), match["stem"]
    unit = _unit(match["tail"] or mark)
    if mark and not unit:
        stem = f"{stem} {mark}"
    whole = keyed(f"{column.above} {stem}")
    return whole, float(match["n"]) * FACTORS[unit or "day"], unit


def _unit(mark: str | None) -> str:
    return next((unit for unit, words in MARKS.items() if mark and re.fullmatch(words, mark.casefold())), "")


def _shown(column: ColumnView, stem: str) -> str:
    """The test as the heading writes it: CRP of CRP_d-3."""
    words = column.above or column.name
    return next((word for word in re.split(r"[\s_|.]+", words) if keyed(word) == stem), stem)
