"""Sets of columns: a day and what was found then ("scan 1 day", "scan 1 response"), a response and MRD of one day
each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lib.intake.infer.column import ColumnView, SheetView, by_patient
from lib.intake.infer.series import timed
from lib.intake.mapping import Reading

INDEXED: Final = (
    re.compile(r"(?P<pre>[^\W\d_]+(?:_[^\W\d_]+)?)_?(?P<n>\d{1,2})(?:_(?P<post>[^\d]+))?"),
    re.compile(r"(?P<pre>)(?P<post>[^\d]+?)_?(?P<n>\d{1,2})"),
    re.compile(r"(?P<pre>)(?P<n>\d{1,2})(?:st|nd|rd|th|e|er|ere|re|eme|o|a|te)?_(?P<post>[^\d]+)"),
)
TIME_FIRST: Final = re.compile(
    r"^(date|datum|fecha|data|day|tag|jour|dia)_((?:of|de|du|der|des|la|del|della)_)*(\d+\D.*)$"
)
TIME_POST: Final = re.compile(
    r"(^|_)(days?|date|dates|dt|datum|tage?|jours?|dias?|fecha|data|giorni|dagen|time|zeit|weeks?|months?|wochen|monate)(_|$)|日期|天数|天|日"
)
START_POST: Final = re.compile(r"(^|_)(start|began|begin|from|onset|beginn|von|debut|inicio|inizio)(_|$)")
STOP_POST: Final = re.compile(r"(^|_)(stop|end|ended|to|until|till|ende|bis|fin|fine)(_|$)")
MRD_POST: Final = re.compile(r"(^|_)mrd(_|$)")
TERM_POST: Final = re.compile(r"(^|_)(term|event|ae|toxicity)(_|\d|$)")
GRADE_POST: Final = re.compile(r"(^|_)(grade|grad|gr|severity)(_|\d|$)")
FEWEST: Final = 2
RESPONDING, FEW_NUMBERS, MOSTLY = 0.5, 0.5, 0.6


@dataclass(frozen=True)
class SetOfColumns:
    """A day or date and what was found then: one reading, and what each of its columns is."""

    reading: Reading
    roles: tuple[tuple[str, str], ...]  # heading and role


def sets_of_columns(sheet: SheetView) -> tuple[SetOfColumns, ...]:
    """Every set of a numbered day and what was found then, where at least two sets have the same columns."""
    for pattern in INDEXED:
        by_prefix: dict[str, dict[int, dict[str, ColumnView]]] = {}
        for column in sheet.columns:
            match = pattern.fullmatch(TIME_FIRST.sub(r"\3_\1", column.key))
            if match and column.name != sheet.patient and not column.private:
                of = by_prefix.setdefault(match["pre"], {}).setdefault(int(match["n"]), {})
                of.setdefault(match["post"] or "", column)
        found = [each for prefix, sets in by_prefix.items() for each in _sets(sheet, prefix, sets)]
        if found:
            return tuple(found)
    return _with_mrd(sheet)


def _with_mrd(sheet: SheetView) -> tuple[SetOfColumns, ...]:
    """The columns of a response and of MRD at one day each ("Day 28 response", "Day 28 MRD")."""
    times = _times(sheet)
    named = [(name, day) for name, (stem, day) in times.items() if "mrd" in stem.split("_")]
    mrd = {day: name for name, day in named if sheet.column(name).profile.numbers < FEW_NUMBERS}
    responses = [(name, day) for name, (_, day) in times.items() if sheet.column(name).profile.responses >= RESPONDING]
    return tuple(_beside_mrd(sheet, name, mrd[day], day) for name, day in responses if mrd.get(day, name) != name)


def _times(sheet: SheetView) -> dict[str, tuple[str, float]]:
    """The columns whose headings name a day with its unit: stem and day."""
    found = {each.name: timed(each) for each in sheet.columns if not each.private}
    return {name: (each[0], each[1]) for name, each in found.items() if each and each[2]}


def _beside_mrd(sheet: SheetView, response: str, mrd: str, day: float) -> SetOfColumns:
    columns = {**by_patient(sheet), "response": response, "mrd": mrd}
    roles = ((response, "responses.response"), (mrd, "responses.mrd"))
    return SetOfColumns(Reading("responses", columns, {"day": f"{day:.6g}"}), roles)


def _sets(sheet: SheetView, prefix: str, sets: dict[int, dict[str, ColumnView]]) -> list[SetOfColumns]:
    found = [one for n, columns in sorted(sets.items()) if (one := _set(sheet, f"{prefix} {n}".strip(), columns))]
    return found if len(found) >= FEWEST else []


def _set(sheet: SheetView, name: str, columns: dict[str, ColumnView]) -> SetOfColumns | None:
    only = _only_time(columns)
    times = [only] if only else _span(columns)
    roles = _roles([each for each in columns.values() if each not in times])
    if not times or not roles:
        return None
    table = next(iter(roles.values())).partition(".")[0]
    named = _as_times(times, table)
    roles |= {time.name: f"{table}.{role}" for role, time in named.items()}
    units = {role: time.heading.unit or "days" for role, time in named.items() if role.endswith("day")}
    filled = {role.partition(".")[2]: heading for heading, role in roles.items()}
    constants = {"visit": name} if table == "responses" else {}
    return SetOfColumns(Reading(table, by_patient(sheet) | filled, constants, units=units), tuple(roles.items()))


def _as_times(times: Sequence[ColumnView], table: str) -> dict[str, ColumnView]:
    """When it began, and when it ended, by what they fill."""
    both = zip(("start_" if table == "adverse_events" else "", "stop_"), times, strict=False)
    return {f"{stem}{'date' if time.profile.dates >= 0.5 else 'day'}": time for stem, time in both}


def _span(columns: dict[str, ColumnView]) -> list[ColumnView]:
    """When it began and when it ended, where both are days or both are dates; [] where it is not so."""
    both = [
        [each for post, each in columns.items() if pattern.search(post) and each.profile.responses < RESPONDING]
        for pattern in (START_POST, STOP_POST)
    ]
    found = [each[0] for each in both if len(each) == 1]
    kinds = {each.profile.dates >= 0.5 for each in found if max(each.profile.dates, each.profile.numbers) >= 0.5}
    both_or_start = found if kinds == {False} else found[:1]  # the end of a response has no date
    return both_or_start if len(found) == 2 and len(kinds) == 1 else []


def _only_time(columns: dict[str, ColumnView]) -> ColumnView | None:
    named = [
        each
        for post, each in columns.items()
        if TIME_POST.search(post) or (not post and (each.profile.dates >= 0.5 or each.heading.unit))
    ]
    times = [each for each in named if each.profile.dates >= 0.5 or each.profile.numbers >= MOSTLY]
    return times[0] if len(times) == 1 else None


def _roles(columns: Sequence[ColumnView]) -> dict[str, str]:
    """What stands beside the day: a response (and MRD), or a term with its grade."""
    responses = [each for each in columns if each.profile.responses >= 0.5]
    mrd = _called(MRD_POST, columns)
    if len(responses) == 1:
        return {responses[0].name: "responses.response"} | ({mrd[0].name: "responses.mrd"} if len(mrd) == 1 else {})
    terms = [each for each in _called(TERM_POST, columns) if each.profile.numbers < 0.5]
    grades = _called(GRADE_POST, columns)
    if len(terms) == len(grades) == 1 and terms != grades:
        return {terms[0].name: "adverse_events.term", grades[0].name: "adverse_events.grade"}
    return {}


def _called(pattern: re.Pattern[str], columns: Sequence[ColumnView]) -> list[ColumnView]:
    return [each for each in columns if pattern.search(each.key)]
