"""What the columns of a stranger's workbook mean: choices that somebody confirmed, kept as JSON, applied again to next month's file.

A sheet is read once or several times: a flat sheet is read as Patients, and once more for each of its endpoints. docs/mapping.md
describes the JSON for whoever writes it by hand.
"""

import json
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final, Literal

from lib.cohort.schema import TABLES
from lib.cohort.time_unit import UNITS

VERSION: Final = 1
DateOrder = Literal["", "day first", "month first", "year first"]
DATE_ORDERS: Final[tuple[DateOrder, ...]] = ("", "day first", "month first", "year first")
RowChoice = Literal["", "first", "last", "worst"]
ROW_CHOICES: Final = ("", "first", "last", "worst")
READ_UNITS: Final = (
    *UNITS,
    "hours",
    "years",
)  # units of time in which a column may be written; all become days or months
VITAL_STATUS: Final = "vital_status"  # an "endpoint" without a time: who died, where other sheets have the dates
Words = Map[str, str]


@dataclass(frozen=True)
class Wide:
    """One value column of a wide sheet: every cell becomes a row, with `constants` beside it ({"day": "7"}, {"test": "CRP"})."""

    column: str
    constants: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One way in which a sheet is read: as which table, and which of its columns fills which column of the schema.

    `columns` and `constants` have the schema's column as key. `codes` translate what stands in a cell, per column: of the schema,
    or (Patients) of the sheet; None makes it missing, and a word that is not listed is read as it stands. `units` say in which
    unit a time is written. `keep` reads only rows in which a column of the sheet holds one of these texts ("" = an empty cell).
    """

    table: str
    columns: Words = field(default_factory=dict)
    constants: Words = field(default_factory=dict)
    codes: Map[str, Map[str, str | None]] = field(default_factory=dict)
    units: Words = field(default_factory=dict)
    wide: tuple[Wide, ...] = ()
    keep: Map[str, tuple[str, ...]] = field(default_factory=dict)
    one_row: RowChoice = ""  # of several rows of a patient (and endpoint, term, day ...) only this one
    extras: tuple[str, ...] | None = None  # further columns that are kept; None = all that nothing else reads
    no_day_zero: bool = False  # ADaM counts 1 on the day of infusion and -1 before it
    censored_at: str = ""  # Endpoints: the column of the time or date for whom the event did not happen


@dataclass(frozen=True)
class SheetMapping:
    """How one sheet is read. `header_rows` as the spreadsheet numbers them; () = found again in each file.

    `set_aside` are columns that were left out on purpose: names, record numbers, dates of birth.
    """

    sheet: str
    readings: tuple[Reading, ...] = ()
    header_rows: tuple[int, ...] = ()
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class HighRisk:
    """High-risk cytogenetics as any of these columns of Patients, each with the texts that count as present."""

    lesions: Map[str, tuple[str, ...]] = field(default_factory=dict)
    blank_is_absent: bool = False  # else whoever has none present and one not tested is "not stated"


@dataclass(frozen=True)
class IdRule:
    """How the ids of patients are made equal across sheets: written differently, they are the same patient.

    `strip_suffix` names a pattern whose end is taken off (see cells/ids.py), `zero_pad` is the number of digits to which the last
    number is filled up (0 = none), `casefold` = capitals, spaces and marks say nothing, `pairs` say of single ids which other they are.
    """

    strip_suffix: str = ""
    zero_pad: int = 0
    casefold: bool = False
    pairs: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """All sheets of a workbook. A sheet is found by its name; a lone sheet (a csv file) whatever its name.

    `study` holds settings as the Study sheet would ({"time_unit": "months", "group_by": "arm", "data_cutoff": "2024-05-31"});
    `known_at` says of a patient column "before" or the study day by which it was known. `exclude` are values ("Sheet.Heading") whose
    patients are outside the analysis set.
    """

    sheets: tuple[SheetMapping, ...] = ()
    date_order: DateOrder = ""
    study: Words = field(default_factory=dict)
    known_at: Words = field(default_factory=dict)
    high_risk: HighRisk | None = None
    exclude: Map[str, tuple[str, ...]] = field(default_factory=dict)
    ids: IdRule = IdRule()
    version: int = VERSION


class NotAMapping(ValueError):
    """This JSON is no mapping; its text says what is wrong, and where."""


def to_json(mapping: Mapping) -> str:
    """The mapping as it is saved; what stands at its default is left out."""
    return json.dumps({"version": VERSION, **_plain(mapping)}, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> Mapping:
    """The mapping in this text. Raises NotAMapping."""
    try:
        written = json.loads(text)
    except ValueError as error:
        raise NotAMapping(f"This is not a mapping: {error}.") from error
    if not isinstance(written, dict) or "sheets" not in written:
        raise NotAMapping('This is not a mapping: it has no "sheets".')
    if written.get("version", VERSION) != VERSION:
        raise NotAMapping(f"This mapping has version {written['version']}; this program reads version {VERSION}.")
    sheets = tuple(_sheet(each, place) for place, each in enumerate(_list(written, "sheets", "")))
    high_risk = written.get("high_risk")
    return Mapping(
        sheets=sheets,
        date_order=_one_of(written, "date_order", DATE_ORDERS, ""),
        study=_words(written, "study", ""),
        known_at=_words(written, "known_at", ""),
        high_risk=HighRisk(_texts(high_risk, "lesions", "high_risk"), bool(high_risk.get("blank_is_absent"))) if isinstance(high_risk, dict) else None,
        exclude=_texts(written, "exclude", ""),
        ids=_ids(written.get("ids", {})),
    )  # fmt: skip


def _ids(written: Any) -> IdRule:
    if not isinstance(written, dict) or not isinstance(written.get("zero_pad", 0), int):
        raise NotAMapping("ids is not an object with strip_suffix, zero_pad, casefold and pairs.")
    suffix = str(written.get("strip_suffix", ""))
    return IdRule(suffix, written.get("zero_pad", 0), bool(written.get("casefold")), _words(written, "pairs", "ids"))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {each.name: getattr(value, each.name) for each in fields(value) if each.name != "version"}
        said = {name: each for name, each in kept.items() if each not in ("", (), {}, False, None, IdRule())}
        return {name: _plain(each) for name, each in {**said, **_no_extras(kept)}.items()}
    if isinstance(value, Map):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _no_extras(kept: dict[str, Any]) -> dict[str, Any]:
    """That no further column is kept is not the default: None keeps all that nothing else reads."""
    return {"extras": ()} if kept.get("extras") == () else {}


def _sheet(written: Any, place: int) -> SheetMapping:
    where = f"sheets[{place}]"
    if not isinstance(written, dict) or not isinstance(written.get("sheet"), str):
        raise NotAMapping(f'{where} does not name its "sheet".')
    readings = tuple(
        _reading(each, f"{where}.readings[{n}]") for n, each in enumerate(_list(written, "readings", where))
    )
    rows = _list(written, "header_rows", where)
    if not all(isinstance(row, int) and row > 0 for row in rows):
        raise NotAMapping(f"{where}.header_rows are not numbers of rows.")
    return SheetMapping(written["sheet"], readings, tuple(rows), tuple(map(str, _list(written, "set_aside", where))))


def _reading(written: Any, where: str) -> Reading:
    table = next((table for table in TABLES if isinstance(written, dict) and table.name == written.get("table")), None)
    if table is None:
        raise NotAMapping(f"{where}.table is none of {', '.join(table.name for table in TABLES)}.")
    columns, constants = _words(written, "columns", where), _words(written, "constants", where)
    unknown = [name for name in (*columns, *constants) if table.column(name) is None]
    if unknown:
        raise NotAMapping(f"{where}: {table.sheet} has no column {', '.join(unknown)}.")
    codes = written.get("codes", {})
    if not isinstance(codes, dict) or not all(isinstance(each, dict) for each in codes.values()):
        raise NotAMapping(f"{where}.codes is not a list of translations by column.")
    units = _words(written, "units", where)
    if wrong := [unit for unit in units.values() if unit not in READ_UNITS]:
        raise NotAMapping(f"{where}.units: {', '.join(wrong)} is none of {', '.join(READ_UNITS)}.")
    wide = tuple(
        Wide(str(each.get("column", "")), _words(each, "constants", where))
        for each in _list(written, "wide", where)
        if isinstance(each, dict)
    )
    return Reading(
        table.name, columns, constants,
        {name: {str(word): None if value is None else str(value) for word, value in each.items()} for name, each in codes.items()},
        units, wide, _texts(written, "keep", where), _one_of(written, "one_row", ROW_CHOICES, where),
        tuple(map(str, _list(written, "extras", where))) if "extras" in written else None, bool(written.get("no_day_zero")),
        str(written.get("censored_at", "")),
    )  # fmt: skip


def _list(written: dict[str, Any], name: str, where: str) -> list[Any]:
    found = written.get(name, [])
    if not isinstance(found, list):
        raise NotAMapping(f"{where}.{name} is not a list.".removeprefix("."))
    return found


def _words(written: dict[str, Any], name: str, where: str) -> dict[str, str]:
    found = written.get(name, {})
    if not isinstance(found, dict):
        raise NotAMapping(f"{where}.{name} is not an object of names and texts.".removeprefix("."))
    return {str(key): str(value) for key, value in found.items()}


def _texts(written: dict[str, Any], name: str, where: str) -> dict[str, tuple[str, ...]]:
    found = written.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(each, list) for each in found.values()):
        raise NotAMapping(f"{where}.{name} is not an object of lists.".removeprefix("."))
    return {str(key): tuple(map(str, each)) for key, each in found.items()}


def _one_of(written: dict[str, Any], name: str, allowed: tuple[str, ...], where: str) -> Any:
    found = written.get(name, "")
    if found not in allowed:
        raise NotAMapping(f'{where}.{name}: "{found}" is none of {", ".join(filter(None, allowed))}.'.removeprefix("."))
    return found
