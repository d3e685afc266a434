"""What the columns of a stranger's workbook mean: choices that somebody confirmed, kept as JSON, applied again to next
month's file.

A sheet is read once or several times: a flat sheet is read as Patients, and once more for each of its endpoints.
docs/mapping.md describes the JSON for whoever writes it by hand, docs/mapping.schema.json for editors and other
programs. It is checked strictly, so that nothing that somebody wrote is ignored. Version 1 had no `missing`, `exclude`,
`ids`, `area` ... and took numbers for texts; such files are read as they were.
"""

import json
import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails

from lib.cohort.schema import TABLES
from lib.cohort.time_unit import UNITS
from lib.intake.cells.dates import EPOCHS
from lib.intake.files.limits import column_letter, column_number

VERSION: Final = 2
DateOrder = Literal["", "day first", "month first", "year first"]
DATE_ORDERS: Final[tuple[DateOrder, ...]] = ("", "day first", "month first", "year first")
RowChoice = Literal["", "first", "last", "worst"]
ROW_CHOICES: Final = ("", "first", "last", "worst")
AREA: Final = 4
TABLE_IN_SHEET: Final = re.compile(r"(?P<sheet>.*) \[([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\]")
# in which a time or date may be written; all become days or months
READ_UNITS: Final = (*UNITS, "hours", "years", *EPOCHS)
VITAL_STATUS: Final = "vital_status"  # an "endpoint" without a time: who died, where other sheets have the dates
TrueDates = Literal["", "exchanged", "not read"]
DecimalSign = Literal["", ",", "."]
DECIMAL_SIGNS: Final[tuple[DecimalSign, ...]] = ("", ",", ".")
TABLE_NAMES: Final = tuple(table.name for table in TABLES)
STRICT: Final = ConfigDict(extra="forbid", strict=True)


def _one_of(allowed: tuple[str, ...]) -> tuple[AfterValidator, Any]:
    """A text that must be one of these, for the check and for the schema."""

    def check(written: str) -> str:
        if written not in allowed:
            raise ValueError(f'"{written}" is none of {", ".join(allowed)}')
        return written

    return AfterValidator(check), Field(json_schema_extra={"enum": list(allowed)})


def _an_area(written: tuple[int, ...]) -> tuple[int, ...]:
    top, left, bottom, right = written if len(written) == 4 else (1, 1, 1, 1)
    if len(written) not in (0, 4) or bottom < top or right < left:
        raise ValueError(f"{list(written)} is no area; write first row, first column, last row, last column")
    return written


Words = Map[str, str]
TableName = Annotated[str, *_one_of(TABLE_NAMES)]
Unit = Annotated[str, *_one_of(READ_UNITS)]
Place = Annotated[int, Field(ge=1)]  # a row or column as the spreadsheet numbers it
Area = Annotated[tuple[Place, ...], AfterValidator(_an_area)]


@with_config(STRICT)
@dataclass(frozen=True)
class Wide:
    """One value column of a wide sheet: every cell becomes a row, with `constants` beside it ({"day": "7"}, {"test":
    "CRP"})."""

    column: str
    constants: Words = field(default_factory=dict)


@with_config(STRICT)
@dataclass(frozen=True)
class Reading:
    """One way in which a sheet is read: as which table, and which of its columns fills which column of the schema.

    `columns` and `constants` have the schema's column as key. `codes` translate what stands in a cell, per column: of
    the schema, or (Patients) of the sheet; None makes it missing, and a word that is not listed is read as it stands.
    `units` say in which unit a time is written. `keep` reads only rows in which a column of the sheet holds one of
    these texts ("" = an empty cell).
    """

    table: TableName
    columns: Words = field(default_factory=dict)
    constants: Words = field(default_factory=dict)
    codes: Map[str, Map[str, str | None]] = field(default_factory=dict)
    units: Map[str, Unit] = field(default_factory=dict)
    wide: tuple[Wide, ...] = ()
    keep: Map[str, tuple[str, ...]] = field(default_factory=dict)
    one_row: RowChoice = ""  # of several rows of a patient (and endpoint, term, day ...) only this one
    extras: tuple[str, ...] | None = None  # further columns that are kept; None = all that nothing else reads
    no_day_zero: bool = False  # ADaM counts 1 on the day of infusion and -1 before it
    censored_at: str = ""  # Endpoints: the column of the time or date for whom the event did not happen


@with_config(STRICT)
@dataclass(frozen=True)
class SheetMapping:
    """How one sheet is read. `header_rows` as the spreadsheet numbers them; () = found again in each file.

    `set_aside` are columns that were left out on purpose: names, record numbers, dates of birth. `area` is the table
    within the sheet (first row, first column, last row, last column as the spreadsheet numbers them; () = the whole
    sheet); a sheet with two tables stands twice. `transposed` = each column is a patient. `title_rows_as` heads a
    column that takes the titles standing alone in a row above the rows of a group; the blanks of the columns in
    `filled_down` repeat the cell above. `appended` are further sheets with the same headings, read below this one, and
    `sheet_name_as` heads a column that takes the sheets' names; with `own_ids` the same id in two of them is two
    patients, and the sheet's name goes before it. `ids_within` is a column of centres of which each counts its patients
    anew: its word goes before each id. `part` names the instrument of a REDCap export that is read ("" = all rows).
    `headings` are all columns that the sheet had when this was saved: only others are asked about next month.
    """

    sheet: str
    readings: tuple[Reading, ...] = ()
    header_rows: tuple[Place, ...] = ()
    set_aside: tuple[str, ...] = ()
    area: Area = ()
    transposed: bool = False
    title_rows_as: str = ""
    filled_down: tuple[str, ...] = ()
    appended: tuple[str, ...] = ()
    sheet_name_as: str = ""
    colour_as: str = ""
    part: str = ""
    headings: tuple[str, ...] = ()
    own_ids: bool = False
    ids_within: str = ""

    @property
    def layout(self) -> "SheetMapping":
        """Where the table lies, without what is read from it."""
        return replace(self, readings=(), set_aside=(), headings=())

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


@with_config(STRICT)
@dataclass(frozen=True)
class HighRisk:
    """High-risk cytogenetics as any of these columns of Patients, each with the texts that count as present."""

    lesions: Map[str, tuple[str, ...]] = field(default_factory=dict)
    blank_is_absent: bool = False  # else whoever has none present and one not tested is "not stated"


@with_config(STRICT)
@dataclass(frozen=True)
class IdRule:
    """How the ids of patients are made equal across sheets: written differently, they are the same patient.

    `strip_suffix` names a pattern whose end is taken off (see cells/meanings.py), `zero_pad` is the number of digits to
    which the last number is filled up (0 = none), `casefold` = capitals, spaces and marks say nothing, `pairs` say of
    single ids which other they are.
    """

    strip_suffix: str = ""
    zero_pad: Annotated[int, Field(ge=0)] = 0
    casefold: bool = False
    pairs: Words = field(default_factory=dict)


@with_config(STRICT)
@dataclass(frozen=True)
class Mapping:
    """All sheets of a workbook. A sheet is found by its name; a lone sheet (a csv file) whatever its name.

    `study` holds settings as the Study sheet would ({"time_unit": "months", "group_by": "arm", "data_cutoff":
    "2024-05-31"}); `known_at` says of a patient column "before" or the study day by which it was known. `missing` are
    words and codes that are no value, of every column ("*") or of one ("Sheet.Heading"); `exclude` are values
    ("Sheet.Heading") whose patients are outside the analysis set. `true_dates` says of a spreadsheet's own dates that
    day and month were exchanged when the file was made, or that this is not settled and they are not read. `answers`
    are those given to the program's questions, by which the file reopens for editing. `by_name` = every sheet and
    column bears its name in the template and is taken at its word: no rows are joined or dropped, no unit taken off.
    """

    sheets: tuple[SheetMapping, ...] = ()
    date_order: DateOrder = ""
    study: Words = field(default_factory=dict)
    known_at: Words = field(default_factory=dict)
    high_risk: HighRisk | None = None
    missing: Map[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Map[str, tuple[str, ...]] = field(default_factory=dict)
    ids: IdRule = IdRule()
    true_dates: TrueDates = ""
    decimal_sign: DecimalSign = ""  # where no number of the file shows it
    answers: Words = field(default_factory=dict)
    by_name: bool = False
    version: Literal[2] = VERSION


FIRST_VERSION: Final = 1
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
UNKNOWN_KEY: Final = "unexpected_keyword_argument"
MUST_BE: Final = {  # pydantic's types of error -> what may stand there
    "string_type": 'a text in quotes, such as "7"',
    "tuple_type": "a list in [ ]",
    "dict_type": "an object in { }",
    "dataclass_type": "an object in { }",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
}
OF_KEY: Final = {"readings": Reading, "sheets": SheetMapping, "wide": Wide, "high_risk": HighRisk, "ids": IdRule}


class NotAMapping(ValueError):
    """This JSON is no mapping; its text says what is wrong, and where."""


def to_json(mapping: Mapping) -> str:
    """The mapping as it is saved, in the present version; what stands at its default is left out."""
    said = _adapter().dump_python(mapping, mode="json", exclude_defaults=True)
    return json.dumps({"version": VERSION, "sheets": [], **said}, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> Mapping:
    """The mapping in this text, of version 1 or 2. Raises NotAMapping."""
    try:
        written = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise NotAMapping(f"This is not a mapping: {error}.".replace("..", ".")) from error
    if not isinstance(written, dict) or "sheets" not in written:
        raise NotAMapping('This is not a mapping: it has no "sheets".')
    version = written.get("version", FIRST_VERSION)
    if version not in (FIRST_VERSION, VERSION) or isinstance(version, bool):
        raise NotAMapping(
            f"This mapping has version {version}; this program reads versions {FIRST_VERSION} and {VERSION}."
        )
    if version == FIRST_VERSION:
        written = _with_texts(written)
    try:
        mapping = _adapter().validate_json(json.dumps({**written, "version": VERSION}))
    except ValidationError as error:
        raise NotAMapping(_sentence(min(error.errors(), key=_is_misspelt))) from error
    _check_columns(mapping)
    return mapping


def schema() -> dict[str, Any]:
    """The JSON Schema of a mapping, as docs/mapping.schema.json publishes it."""
    made = _adapter().json_schema()
    return {"$schema": DIALECT, **made, "title": "Mapping of a cohort workbook", "required": ["version", "sheets"]}


@cache
def _adapter() -> TypeAdapter[Mapping]:
    return TypeAdapter(Mapping)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; a key that stands twice would be lost without a word. Raises ValueError."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f'"{name}" stands twice in one object')
        found[name] = value
    return found


def _with_texts(written: Any, name: str = "") -> Any:
    """Numbers and truth values as the texts that version 1 took them for, where texts stand."""
    if isinstance(written, dict):
        return {key: _with_texts(each, key if _is_field(key) else name) for key, each in written.items()}
    if isinstance(written, list):
        return [_with_texts(each, name) for each in written]
    if name in ("header_rows", "no_day_zero", "blank_is_absent", "by_name", "version") or written is None:
        return written
    return str(written)


def _is_field(key: str) -> bool:
    return any(each.name == key for kind in (Mapping, *OF_KEY.values()) for each in fields(kind))


def _is_misspelt(error: ErrorDetails) -> bool:
    """False, so that it comes first, for a key that is not known: it explains why another is missing."""
    return error["type"] != UNKNOWN_KEY


def _sentence(error: ErrorDetails) -> str:
    """Where, what stands there, what may stand there."""
    *above, last = error["loc"] or ("",)
    if error["type"] == UNKNOWN_KEY:
        known = ", ".join(each.name for each in fields(_kind(above)))
        return f'{_place(above) or "The mapping"}: "{last}" is not known here; known are {known}.'
    where = _place(error["loc"])
    if error["type"] == "missing":
        return f"{where} is missing."
    if error["type"] == "value_error":
        return f"{where}: {str(error['msg']).removeprefix('Value error, ')}."
    if not where:
        return f"This is not a mapping: {error['msg']}."
    shown = json.dumps(error["input"], ensure_ascii=False)
    shown = shown if len(shown) < 60 else f"{shown[:57]}..."
    if error["type"] == "literal_error":
        return f"{where}: {shown} stands there; it may be {error['ctx']['expected']}."
    return f"{where}: {shown} stands there; it must be {MUST_BE.get(error['type'], error['msg'])}."


def _kind(above: Sequence[int | str]) -> Any:
    """The kind of object at this place."""
    names = [each for each in above if isinstance(each, str)]
    return OF_KEY.get(names[-1], Mapping) if names else Mapping


def _place(parts: Sequence[int | str]) -> str:
    """The place as it is written in programs: sheets[0].readings[1].one_row."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")


def _check_columns(mapping: Mapping) -> None:
    """Every column and constant that a reading fills must be one of its table."""
    for place, sheet in enumerate(mapping.sheets):
        for number, reading in enumerate(sheet.readings):
            table = next(table for table in TABLES if table.name == reading.table)
            named = (*reading.columns, *reading.constants, *(name for wide in reading.wide for name in wide.constants))
            unknown = [name for name in named if table.column(name) is None]
            if unknown:
                known = ", ".join(column.name for column in table.columns)
                where = f"sheets[{place}].readings[{number}]"
                raise NotAMapping(f"{where}: {table.sheet} has no column {', '.join(unknown)}; it has {known}.")
