"""Which sheet is which table, and which column is which: by name, for workbooks shaped like the template."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from lib.cohort.schema import EVENTS, PATIENTS, STATES, TABLES, Column, Table

PATIENT: Final = "patient_id"  # the column by which tables are joined
TABLE_NAMED: Final = {table.name: table for table in TABLES}
TABLE_WORDS: Final = {
    word: table
    for table, words in {
        "patients": "patient baseline demographics",
        "endpoints": "endpoint survival outcomes",
        "responses": "response",
        "adverse_events": "adverse_event ae aes toxicity",
        "therapies": "therapy treatments",
        "infusions": "infusion",
        "kinetics": "kinetic car_kinetics",
        "labs": "lab laboratory",
        "states": "state disease_states",
        "events": "event own_events",
        "assays": "assay",
        "study": "settings",
    }.items()
    for word in words.split()
}
COLUMN_WORDS: Final = {
    word: column
    for column, words in {
        "patient_id": "patient id subject subject_id study_id pt usubjid",
        "arm": "group treatment_arm",
        "age_years": "age",
        "sex": "gender",
        "emd": "extramedullary_disease",
        "high_risk_cytogenetics": "high_risk",
        "prior_lines": "lines",
        "infusion": "infusion_number infusion_no",
    }.items()
    for word in words.split()
}
START_WORDS: Final = {"day": "start_day", "date": "start_date"}  # in tables of what starts and stops
STARTED_WORDS: Final = COLUMN_WORDS | START_WORDS
PATIENT_ENDPOINT: Final = re.compile(r"(?P<endpoint>.+)_(?P<part>days|weeks|months|event)")
BY_NAME: Final = (STATES, EVENTS)  # their columns are those of many other sheets: only the name of the sheet tells them
CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z]{3})(?=[A-Z]{2,})")
BRACKETS: Final = re.compile(r"[(\[（［]([^()\[\]（）［］]*)[)\]）］]")
BARE_UNIT: Final = re.compile(
    r"(?<=\w)[\s_,]+(?:in\s+)?((?:[mnpfkµμu]?(?:g|mol|IU|UI|U|IE|E|kat|eq)|[x×*]?\s?10\S+|[GTKM]|Tsd\.?|Mio\.?)\s?/\s?[mdnpµμuf]?[lL])\s*$"
)
# del(17p), t(4;14): not a unit in brackets
LESION_HEAD: Final = re.compile(r"\s*(del|t|gain|amp|dup|inv|add)\s*\(", re.I)
VISIT_IN_DAYS: Final = re.compile(r"visit\s*[(\[](study )?(days?|d)[)\]]", re.I)
TIME_PARTS: Final = ("days", "weeks", "months")


@lru_cache(maxsize=4096)
def bracketed(name: str) -> str:
    """A heading with the unit of a concentration behind it in brackets: CRP mg/L is CRP (mg/L)."""
    return BARE_UNIT.sub(r" (\1)", name)


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """The key of a heading or of a sheet's name, the same everywhere: "Patient ID", "patient-id " and "PatientID" are
    patient_id.

    What stands in brackets is a unit or a remark and no part of it, unless nothing else stands there, or it names a
    lesion: del(17p).
    """
    name = "day" if VISIT_IN_DAYS.fullmatch(name) else bracketed(name)
    is_whole = LESION_HEAD.match(name) or not BRACKETS.sub("", name).strip()
    return keyed(name if is_whole else BRACKETS.sub(" ", name))


@lru_cache(maxsize=4096)
def keyed(written: str) -> str:
    """Lower case, accents and umlauts as plain letters, everything else than letters and digits as _."""
    split = CAMEL.sub("_", written.replace("ß", "ss"))
    plain = "".join(each for each in unicodedata.normalize("NFKD", split) if not unicodedata.combining(each))
    return re.sub(r"[\W_]+", "_", plain.casefold()).strip("_")


@lru_cache(maxsize=1024)
def table_for(sheet_name: str, headers: tuple[str, ...]) -> Table | None:
    """The table of this sheet: by its name; else by its columns, if it has all that one table requires."""
    word = normalised(sheet_name)
    word = TABLE_WORDS.get(word, word)
    by_name = next((table for table in TABLES if word in (table.name, normalised(table.sheet))), None)
    if by_name and (by_name not in BY_NAME or (_has_required(by_name, headers) and _has_time(by_name, headers))):
        return by_name
    candidates = [
        table
        for table in TABLES
        if table not in BY_NAME and _has_required(table, headers) and _own_columns(table, headers) >= 1
    ]
    return max(candidates, key=lambda table: _own_columns(table, headers), default=None)


def column_for(header: str, table: Table) -> Column | None:
    """The schema's column for this header, or None for an extra column."""
    return column_called(normalised(header), table)


def column_called(word: str, table: Table) -> Column | None:
    """The schema's column for a header that was normalised."""
    words = STARTED_WORDS if table.column("start_day") else COLUMN_WORDS
    return table.column(word) or table.column(words.get(word, ""))


def columns_for(headings: Sequence[str], table: Table) -> list[Column | None]:
    """The schema's column of each header. A synonym counts only where the name itself is not there: `arm` before
    `group`."""
    found = [table.column(normalised(heading)) for heading in headings]
    taken = {column.name for column in found if column}
    for place, heading in enumerate(headings):
        synonym = column_for(heading, table)
        if synonym and synonym.name not in taken:
            found[place] = synonym
            taken.add(synonym.name)
    return found


def endpoint_parts(headings: Iterable[str]) -> dict[str, dict[str, str]]:
    """The columns of Patients that speak of an endpoint: {"os": {"months": "OS months", "event": "OS event"}}."""
    parts: dict[str, dict[str, str]] = {}
    for heading in headings:
        if match := PATIENT_ENDPOINT.fullmatch(normalised(heading)):
            parts.setdefault(match["endpoint"], {})[match["part"]] = heading
    return parts


def is_whole_endpoint(parts: Mapping[str, str]) -> bool:
    """Whether an endpoint has both its time and its event."""
    return "event" in parts and any(part in parts for part in TIME_PARTS)


def _has_required(table: Table, headers: tuple[str, ...]) -> bool:
    found = {column.name for header in headers if (column := column_for(header, table))}
    return {column.name for column in table.columns if column.required} <= found


def _has_time(table: Table, headers: tuple[str, ...]) -> bool:
    """Whether a day or a date stands in the sheet: an event of 0 and 1 beside a time is an endpoint."""
    found = {column.kind for header in headers if (column := column_for(header, table))}
    return bool({"day", "date"} & found)


def _own_columns(table: Table, headers: tuple[str, ...]) -> int:
    """How many headers speak for this table, beyond the patient id that nearly all tables share."""
    known = sum(1 for header in headers if (column := column_for(header, table)) and column.name != "patient_id")
    if table is PATIENTS:
        known += sum(1 for header in headers if PATIENT_ENDPOINT.fullmatch(normalised(header)))
    return known
