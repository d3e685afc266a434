"""What the columns of a stranger's workbook mean: choices that somebody confirmed, kept as JSON, applied again to next month's file.

A sheet is read once or several times: a flat sheet is read as Patients, and once more for each of its endpoints. docs/mapping.md
describes the JSON for whoever writes it by hand.
"""

import json
import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final, Literal

from lib.cohort.schema import TABLES
from lib.cohort.time_unit import UNITS
from lib.intake.files.limits import column_letter, column_number

VERSION: Final = 1
DateOrder = Literal["", "day first", "month first", "year first"]
DATE_ORDERS: Final[tuple[DateOrder, ...]] = ("", "day first", "month first", "year first")
RowChoice = Literal["", "first", "last", "worst"]
ROW_CHOICES: Final = ("", "first", "last", "worst")
AREA: Final = 4
TABLE_IN_SHEET: Final = re.compile(r"(?P<sheet>.*) \[([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\]")
READ_UNITS: Final = (
    *UNITS,
    "hours",
    "years",
)  # units of time in which a column may be written; all become days or months
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


@dataclass(frozen=True)
class SheetMapping:
    """How one sheet is read. `header_rows` as the spreadsheet numbers them; () = found again in each file.

    `set_aside` are columns that were left out on purpose: names, record numbers, dates of birth. `area` is the table within
    the sheet (first row, first column, last row, last column as the spreadsheet numbers them; () = the whole sheet); a sheet
    with two tables stands twice. `transposed` = each column is a patient. `title_rows_as` heads a column that takes the
    titles standing alone in a row above the rows of a group; the blanks of the columns in `filled_down` repeat the cell
    above. `appended` are further sheets with the same headings, read below this one, and `sheet_name_as` heads a column that
    takes the sheets' names. `part` names the instrument of a REDCap export that is read ("" = all rows).
    """

    sheet: str
    readings: tuple[Reading, ...] = ()
    header_rows: tuple[int, ...] = ()
    set_aside: tuple[str, ...] = ()
    area: tuple[int, ...] = ()
    transposed: bool = False
    title_rows_as: str = ""
    filled_down: tuple[str, ...] = ()
    appended: tuple[str, ...] = ()
    sheet_name_as: str = ""
    colour_as: str = ""
    part: str = ""

    @property
    def layout(self) -> "SheetMapping":
        """Where the table lies, without what is read from it."""
        return replace(self, readings=(), set_aside=())

    @property
    def name(self) -> str:
        """What this table is called: its sheet, with the area, part or further sheets that tell it from others."""
        more = f" + {' + '.join(self.appended[:2])}" if self.appended else ""
        more += f" + {len(self.appended) - 2} more" if len(self.appended) > 2 else ""
        return f"{self.sheet}{area_name(self.area)}{f' [part: {self.part}]' if self.part else ''}{more}"


def area_name(area: Sequence[int]) -> str:
    """[A3:F20]: brackets and colons cannot stand in the name of a sheet."""
    if len(area) != AREA:
        return ""
    top, left, bottom, right = area
    return f" [{column_letter(left)}{top}:{column_letter(right)}{bottom}]"


def table_in_sheet(name: str) -> tuple[str, tuple[int, ...]]:
    """The sheet and the area that such a name speaks of."""
    found = TABLE_IN_SHEET.fullmatch(name)
    if not found:
        return name, ()
    return found["sheet"], (int(found[3]), column_number(found[2]), int(found[5]), column_number(found[4]))


@dataclass(frozen=True)
class HighRisk:
    """High-risk cytogenetics as any of these columns of Patients, each with the texts that count as present."""

    lesions: Map[str, tuple[str, ...]] = field(default_factory=dict)
    blank_is_absent: bool = False  # else whoever has none present and one not tested is "not stated"


@dataclass(frozen=True)
class Mapping:
    """All sheets of a workbook. A sheet is found by its name; a lone sheet (a csv file) whatever its name.

    `study` holds settings as the Study sheet would ({"time_unit": "months", "group_by": "arm", "data_cutoff": "2024-05-31"});
    `known_at` says of a patient column "before" or the study day by which it was known.
    """

    sheets: tuple[SheetMapping, ...] = ()
    date_order: DateOrder = ""
    study: Words = field(default_factory=dict)
    known_at: Words = field(default_factory=dict)
    high_risk: HighRisk | None = None
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
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {each.name: getattr(value, each.name) for each in fields(value) if each.name != "version"}
        said = {name: each for name, each in kept.items() if each not in ("", (), {}, False, None)}
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
    area = _list(written, "area", where)
    if area and (len(area) != AREA or not all(isinstance(place, int) and place > 0 for place in area)):
        raise NotAMapping(f"{where}.area is not first row, first column, last row, last column.")

    def said(name: str) -> str:
        return str(written.get(name, ""))

    def listed(name: str) -> tuple[str, ...]:
        return tuple(map(str, _list(written, name, where)))

    return SheetMapping(
        written["sheet"], readings, tuple(rows), listed("set_aside"), tuple(area), bool(written.get("transposed")),
        said("title_rows_as"), listed("filled_down"), listed("appended"), said("sheet_name_as"), said("colour_as"), said("part"),
    )  # fmt: skip


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
