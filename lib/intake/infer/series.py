"""Columns that belong together: one measurement at one day each (D0 D7 D14, CRP_d-3, "30 day response").

The day stands in the heading, or in the band above it, with a time of day where there is one (il6_d1-0300 is day 1,
03:00).
"""

import re
from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from lib.intake.infer.column import ColumnView, SheetView, keyed
from lib.intake.infer.named_rows import (
    BASELINE,
    KINETIC_UNIT,
    LAST_BRACKET,
    LOGARITHM,
    PER,
    at_baseline,
    logged,
    measured_by_title,
    measured_share,
    naming_rows,
    shown,
    test_in,
    unit_in_words,
)
from lib.intake.infer.synonyms import KINETICS_WORD, LAB_TESTS
from lib.intake.mapping import Wide
from lib.intake.sheets.role import bracketed

FACTORS: Final = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4375}
MARKS: Final = {
    "hour": r"h|hrs?|hours?|std|stunden?|heures?|horas?|ore|小时|時間",
    "day": r"d|days?|tage?|jours?|d[ií]as?|giorn[oi]|dag(en)?|dni|dzie[nń]|j|第|天|日|日目|日後|天后|d\+",
    "week": r"w|wk|wks|weeks?|wochen?|semaines?|semanas?|settiman[ae]|wee?ken|周|週",
    "month": r"m|mo|mos|months?|monate?|mois|mes(es)?|mes[ei]|maand(en)?|月|个月|ヶ月",
}
UNITS: Final = r"hours?|hrs?|h|days?|weeks?|wks?|months?|mos?|d|tage?|wochen|monate|stunden|jours?|mois|semaines|d[ií]as?|meses|semanas"  # noqa: E501
AFTER: Final = re.compile(
    r"(?P<stem>.*?)(?:[\s_.,:-]*|\b)(?P<mark>[^\W\d_]+)?\s*(?P<plus>[+_. ]?)(?P<n>-?\d+)\s*(?P<tail>天|周|月|个月|日|週|小时|時間)?\s*(?P<clock>)",  # noqa: E501
    re.I,
)
BEFORE: Final = re.compile(rf"(?P<n>-?\d+)[\s_-]*(?P<mark>{UNITS}|m|w)[\s_-]+(?P<stem>.+)", re.I)
# Day 28 response, M3 CRP
FIRST: Final = re.compile(rf"(?P<mark>{UNITS}|m|w)[\s_.+]*(?P<n>-?\d+)[\s_-]+(?P<stem>[^\W\d_].+)", re.I)
CJK_FIRST: Final = re.compile(r"第?\s*(?P<n>\d+)\s*(?P<mark>个月|[天日周週月])\s*(?P<stem>[^\d\s].*)")  # 第28天疗效
TAIL: Final = re.compile(rf"(?P<stem>.+?)(?:[\s_-]+\+?t?|\+)(?P<n>-?\d+)[\s_-]*(?P<mark>{UNITS}|w)", re.I)
BAND: Final = re.compile(
    r"(?P<before>[^\W\d_]*)\s*[.:+_]*\s*(?P<n>[-\u2212]?\d+)\s*(?P<after>[^\W\d_]*)\s*(post|after|nach|apr[eè]s|dopo|na)?.*",
    re.I,
)  # Day 7, D+7, 第7天, 7 days post infusion
CLOCK: Final = re.compile(
    r"(?P<stem>.*?)[\s_.,:-]*(?P<mark>d|day|days|tag|jour|j|d[ií]a|dag|giorno)[\s_.+]*(?P<n>-?\d{1,3})[\s_,@.-]+(?P<h>[01]?\d|2[0-4])\s*"
    r"(?:[:.h]\s*(?P<m1>[0-5]\d)?|(?P<m2>(?<=\d\d)[0-5]\d))\s*(h|uhr|am)?",
    re.I,
)
CLOCK_ALONE: Final = re.compile(
    r"(?i)\s*(?P<h>[01]?\d|2[0-4])\s*(?::\s*(?P<m>[0-5]\d)|(?:h|uhr)\s*(?P<m2>[0-5]\d)?|(?<=\d\d)(?P<m3>[0-5]\d))\s*(h|uhr)?\s*",
)
RANGE: Final = re.compile(r"\s*(-|–|to|bis|/)\s*\d")  # days 0-7 are no day
HYPHEN: Final = re.compile(r"[^\W\d_]-0(?!\d)")
PADDED: Final = re.compile(r"0\d{2,}")  # 0300 is a time of day or a code, no day
LEAST: Final = 3
CHANGES: Final = 0.6  # of the patients have one value only
FEWEST: Final = 2
NO_TEST: Final = re.compile(r"(^|_)(gr(ade?)?|grad[eo]?|crs|icans|score|ecog|karnofsky|kps|response|status|event|dead|os|pfs|dose|weight|height|age)(_|$)")  # fmt: skip  # noqa: E501
NUMERIC: Final = 0.6  # of the cells of a column of numbers
NOTHING: Final[Map[str, str]] = {}


@dataclass(frozen=True)
class Series:
    """Columns that belong together: the table they fill, the test they measure, and the day of each."""

    table: str
    stem: str
    wide: tuple[Wide, ...]
    marked: bool  # whether the unit of the days stands in the headings
    unit: str = ""  # of the values, where a band above says it
    by: tuple[tuple[str, str], ...] = ()  # columns that name in each row what was measured, by what they fill


Member = tuple[ColumnView, float, str]


def all_series(sheet: SheetView, taken: Sequence[str] = ()) -> tuple[Series, ...]:
    """Every wide series of this sheet."""
    free = (each for each in sheet.columns if each.name not in (*taken, sheet.patient) and not each.private)
    groups = _groups([_titled(sheet, each) for each in free])
    n_of = Counter(stem for (stem, _, _), members in groups.items() for _ in members)
    n_of.update(map(test_in, at_baseline(sheet)))
    by = naming_rows(sheet, taken) if any(not stem for stem, _, _ in groups) else ()
    found = (_series(stem, kind, members, n_of[stem], bool(by)) for (stem, _, kind), members in groups.items())
    series = list(filter(None, found))
    series += _unknown_tests(groups, series)
    return _told_apart([_by_rows(_with_baseline(one, sheet, taken), sheet, by) for one in series])


def _titled(sheet: SheetView, column: ColumnView) -> ColumnView:
    """A column whose heading is a day alone, under what the title above the table or the name of the sheet says was
    measured."""
    found = None if column.above else timed(column)
    return replace(column, above=measured_by_title(sheet)) if found and not found[0] else column


def _groups(columns: Sequence[ColumnView]) -> dict[tuple[str, str, str], list[Member]]:
    """The columns that name a day, by their stem, the unit of their values and their kind."""
    groups: dict[tuple[str, str, str], list[Member]] = {}
    names = {column.name for column in columns}
    for column in columns:
        found, kind = None if _repeats(column.name, names) else timed(column), _kind(column)
        if found and kind:
            stem, day, mark = found
            groups.setdefault((stem, _unit_of_values(column), kind), []).append((column, day, mark))
    return {key: _without_hyphens(members, key[2]) for key, members in groups.items()}


def _without_hyphens(members: list[Member], kind: str) -> list[Member]:
    """The days where a hyphen is no minus: nobody responds before day 0, and Day-0 stands beside Day-7."""
    if kind == "words" or any(HYPHEN.search(f"{column.above} {column.name}") for column, _, _ in members):
        return [(column, abs(day), mark) for column, day, mark in members]
    return members


def _repeats(name: str, names: Set[str]) -> bool:
    """Whether a program gave a heading a number because it stands there several times: CRP, CRP.1, CRP.2."""
    base, point, number = name.rpartition(".")
    return bool(point) and number.isdecimal() and base in names


def _unknown_tests(groups: Map[tuple[str, str, str], list[Member]], series: Sequence[Series]) -> list[Series]:
    """Numbers that are no known series, on days of laboratory tests."""
    known = {wide.column for one in series for wide in one.wide}
    numbers = (each for each in groups.items() if each[0][2] == "numbers" and each[1][0][0].name not in known)
    others = filter(None, (_beside_labs(stem, members) for (stem, _, _), members in numbers))
    days = set().union(*(_days(one) for one in series if one.table != "responses"))
    return [one for one in others if len(days & _days(one)) >= FEWEST]


def _days(series: Series) -> set[str]:
    """The days that its columns measure."""
    return {wide.constants.get("day", "") for wide in series.wide}


def _kind(column: ColumnView) -> str:
    """Whether words for responses stand in it, or numbers; "" for neither."""
    if column.profile.responses > 0.3:
        return "words"
    return "numbers" if measured_share(column) >= NUMERIC else ""


def _beside_labs(stem: str, members: list[Member]) -> Series | None:
    """Numbers of something else on the days of laboratory tests: a test that the program does not know by name."""
    if not stem or len(members) < FEWEST or NO_TEST.search(stem) or not all(mark for _, _, mark in members):
        return None
    unit = _unit_of_values(members[0][0])
    return Series("labs", stem, _wide(members, {"test": shown(members[0][0], stem)}), True, unit)


def _series(stem: str, kind: str, members: list[Member], n_of_stem: int, by_rows: bool) -> Series | None:
    """The series of these columns of one unit; of a laboratory test those in other units count as well. `by_rows` = a
    column names in each row what was measured."""
    marked = all(mark for _, _, mark in members)
    if kind == "words":
        return Series("responses", stem, _wide(members), True) if marked else None
    unit = _unit_of_values(members[0][0])
    table, least = _measured(stem, unit, marked)
    least = FEWEST if by_rows and not stem else least
    if not table or (n_of_stem if table == "labs" else len(members)) < least:
        return None
    more = {"test": shown(members[0][0], stem)} if table == "labs" else {}
    return Series(table, stem, _wide(members, more), marked, unit)


def _measured(stem: str, unit: str, marked: bool) -> tuple[str, int]:
    """The table that a series of numbers fills, "" for none, and how many columns it needs at least."""
    if KINETICS_WORD.search(stem) or (marked and KINETIC_UNIT.match(unit.removeprefix("log10 "))):
        return "kinetics", FEWEST
    if LAB_TESTS.fullmatch(stem):
        return "labs", FEWEST
    return "kinetics" if marked and not stem else "", LEAST


def _wide(members: Sequence[Member], more: Map[str, str] = NOTHING) -> tuple[Wide, ...]:
    return tuple(Wide(column.name, {"day": f"{day:.6g}", **more}) for column, day, _ in members)


def _with_baseline(series: Series, sheet: SheetView, taken: Sequence[str]) -> Series:
    """A laboratory series with the column of the same test under a band "Baseline", whose day is not known: its visit
    is."""
    if series.table != "labs":
        return series
    more = [
        Wide(each.name, {"visit": each.above, "test": series.wide[0].constants["test"]})
        for each in at_baseline(sheet)
        if each.name not in taken and test_in(each) == series.stem
    ]
    return replace(series, wide=(*series.wide, *more))


def _by_rows(series: Series, sheet: SheetView, by: tuple[tuple[str, str], ...]) -> Series:
    """A series of days without a name, where a column names in each row what was measured then."""
    if series.stem or series.table != "kinetics" or not by:
        return series
    if by[0][0] == "assay":
        return replace(series, by=by)
    before = [each.name for each in sheet.columns if BASELINE.fullmatch(each.key) and each.profile.numbers >= NUMERIC]
    return replace(series, table="labs", wide=(*series.wide, *(Wide(name, {"visit": name}) for name in before)), by=by)


def _told_apart(series: Sequence[Series]) -> tuple[Series, ...]:
    """Several kinetics series of one unit bear their own names, so that none fills the gaps of another."""
    units = [one.unit for one in series if one.table == "kinetics"]
    if len(units) < 2 or (len(set(units)) == len(units) and all(units)):
        return tuple(series)
    return tuple(_named(one) if one.table == "kinetics" and one.stem else one for one in series)


def _named(series: Series) -> Series:
    """The series with its own name as the assay."""
    assay = series.stem.replace("_", " ")
    return replace(
        series, wide=tuple(replace(each, constants={**each.constants, "assay": assay}) for each in series.wide)
    )


def _unit_of_values(column: ColumnView) -> str:
    """The unit in the brackets of the heading or of the band above, or spelled out: copies/µg DNA d7."""
    found = (*column.heading.brackets, *re.findall(r"[(\[]([^()\[\]]+)[)\]]", bracketed(column.above)))
    units = [one for one in found if not (_of_bracket(one) or CLOCK_ALONE.fullmatch(one) or LOGARITHM.fullmatch(one))]
    name = column.heading.text.strip()
    before = (_of_clock(name) or _of_unit(name) or _of_end(name) or ("",))[0]
    return logged(column, str(units[0]) if units else unit_in_words(column.above) or unit_in_words(before))


def unit_of_values(column: ColumnView) -> str:
    """The unit of the values of one column, which its heading or the band above says."""
    return _unit_of_values(column) or logged(column, unit_in_words(column.heading.text))


def further_kinetics(columns: Sequence[ColumnView]) -> list[ColumnView]:
    """The columns that measure copies or transgenic cells and change from visit to visit."""
    changing = (one for one in columns if one.profile.numbers >= NUMERIC and one.constant < CHANGES and not one.private)
    return [each for each in changing if KINETIC_UNIT.search(unit_of_values(each)) or KINETICS_WORD.search(each.key)]


def timed(column: ColumnView) -> tuple[str, float, str] | None:
    """Stem, day and the unit that the heading names; None where it is no such heading."""
    name = column.name.split(" | ")[-1].strip() if column.above else column.name.strip()
    name = re.sub(r"\s*[(\[（].*?[)\]）]\s*$", "", bracketed(name)).replace("第", " 第").replace("\u2212", "-").strip()
    if (bracket := LAST_BRACKET.search(column.name)) and (time := _of_bracket(bracket[1])):
        return keyed(f"{_words(column)} {name}"), *time
    if not _ends_in_time(name) and (band := _of_band(column.above) or _in_brackets(column.above)):
        return keyed(name), *band
    found = _of_clock(name) or _of_unit(name) or _of_end(name)
    if not found:
        return None
    stem, day, unit = found
    return keyed(f"{_words(column)} {stem}"), day + _time_of_day(bracket[1] if bracket else ""), unit


def _time_of_day(written: str) -> float:
    """The part of a day that a bracket says and nothing else: (08:00)."""
    match = CLOCK_ALONE.fullmatch(written)
    return (float(match["h"]) + float(match["m"] or match["m2"] or match["m3"] or 0) / 60) / 24 if match else 0.0


def _of_clock(name: str) -> tuple[str, float, str] | None:
    """Stem, day and unit of a day with a time of day: il6_d1-0300."""
    match = CLOCK.fullmatch(name)
    if not match:
        return None
    hours = float(match["h"]) + float(match["m1"] or match["m2"] or 0) / 60
    return match["stem"], float(match["n"]) + hours / 24, "day"


def _of_unit(name: str) -> tuple[str, float, str] | None:
    """Of a number with its unit before or behind the stem: 30 day response, CRP 7 days."""
    match = BEFORE.fullmatch(name) or TAIL.fullmatch(name) or FIRST.fullmatch(name) or CJK_FIRST.fullmatch(name)
    unit = _unit(match["mark"]) if match else ""
    return (match["stem"], float(match["n"]) * FACTORS[unit], unit) if match and unit else None


def _of_end(name: str) -> tuple[str, float, str] | None:
    """Of a number at the end, with a mark or without: CRP_d-3, D14, il6_7. d1-14 is a stretch of days."""
    match = AFTER.fullmatch(name)
    if not match or PADDED.fullmatch(match["n"].lstrip("-")):
        return None
    mark, stem = match["mark"] or "", match["stem"]
    if match["n"].startswith("-") and stem[-1:].isdigit():
        return None
    unit = _unit(match["tail"] or mark)
    return f"{stem} {mark}" if mark and not unit else stem, float(match["n"]) * FACTORS[unit or "day"], unit


def _words(column: ColumnView) -> str:
    """The band above, unless it only spells out the unit of what the heading names."""
    has_own = KINETICS_WORD.search(column.key) or LAB_TESTS.fullmatch(re.sub(r"_?[a-z]?_?\d+$", "", column.key))
    return "" if has_own and PER.search(column.above) else re.sub(r"[(\[].*?[)\]]", "", bracketed(column.above))


def _of_band(above: str) -> tuple[float, str] | None:
    """The day and its unit that a band of the header says and nothing else: Day 7, D+14, Week 4, 7 days post
    infusion."""
    match = BAND.fullmatch(above.strip())
    unit = _unit(match["before"]) or _unit(match["after"]) if match else ""
    if not match or not unit or (match["before"] and not _unit(match["before"])):
        return None
    if RANGE.match(match.string, match.end("n")):
        return None
    return float(match["n"].replace("\u2212", "-")) * FACTORS[unit], unit


def _in_brackets(above: str) -> tuple[float, str] | None:
    """The day that stands in brackets behind the name of a visit: Baseline (day 0), T1 (day 7)."""
    bracket = LAST_BRACKET.search(above)
    return _of_band(bracket[1]) if bracket else None


def day_in_words(written: str) -> float | None:
    """The day that the name of a visit says and nothing else: Day 7, D+14, Week 4, M3; None for Screening or Visit
    2."""
    found = _of_bracket(written) or _in_brackets(written)
    return found[0] if found else None


def says_days(column: ColumnView) -> bool:
    """Whether most of the names of visits in this column say days."""
    days = [day_in_words(word) is not None for word in column.profile.words]
    return sum(days) >= FEWEST and 2 * sum(days) >= len(days)


def _of_bracket(written: str) -> tuple[float, str] | None:
    """The day that a bracket says and nothing else: CRP (d7), IL-6 (day 1, 03:00)."""
    if found := _of_clock(written.strip()):
        stem, day, unit = found
        return None if stem else (day, unit)
    return _of_band(written)


def _ends_in_time(name: str) -> bool:
    match = AFTER.fullmatch(name)
    return bool(match and _unit(match["mark"]) and match["stem"])


def _unit(mark: str | None) -> str:
    return next((unit for unit, words in MARKS.items() if mark and re.fullmatch(words, mark.casefold())), "")
