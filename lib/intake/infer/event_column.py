"""Which column of an event table is which: by the names of event_synonym.py, each role once, days and dates told apart by their values."""

import re
from typing import Final

from lib.cohort.schema import TABLES
from lib.intake.cells.dates import counts_days
from lib.intake.infer.column import ColumnView, SheetView, of_course
from lib.intake.infer.endpoint_pair import COMPUTED, time_unit
from lib.intake.infer.question import Proposal, Proposals, Subject
from lib.intake.infer.synonyms import TABLE_ROLES

MOSTLY: Final = 0.6
LONGEST: Final = 15000  # days: 41 years; a greater number is a date as some program counts it
SEVERITY_CODE: Final = ("aetoxgr", "aetoxgrn", "atoxgr", "atoxgrn", "aesevn", "asevn", "aesev", "asev")
STANDARDISED: Final = (
    "lbstresn",
    "lbstresu",
    "pcstresn",
    "pcstresu",
    "rsstresc",
)  # SDTM has them beside values as they came
BEST_TERM: Final = ("aedecod", "aeterm")
AMBIGUOUS: Final = (
    "time",
    "event",
    "date",
    "day",
    "value",
    "response",
    "kind",
    "grade",
)  # names that many files use for something else
DAY_NAMES: Final = (
    "ady",
    "astdy",
    "aendy",
    "aestdy",
    "aeendy",
    "day",
    "study_day",
    "lbdy",
    "pcdy",
    "cpdy",
    "rsdy",
    "trdy",
    "vsdy",
    "exstdy",
    "exendy",
    "cmstdy",
    "cmendy",
)


def event_roles(sheet: SheetView, table: str, taken: Proposals) -> Proposals:
    """The roles of the columns that the table needs; columns already taken are left alone."""
    schema = next(each for each in TABLES if each.name == table)
    found: dict[str, str] = {
        each.name: each.key for each in sheet.columns
        if _may_be(each, sheet, taken, {}) and each.key != "patient_id" and schema.column(each.key) and each.key not in AMBIGUOUS
    }  # fmt: skip
    for role, pattern in TABLE_ROLES[table]:
        matching = [
            each for each in sheet.columns if _may_be(each, sheet, taken, found) and pattern.fullmatch(each.key)
        ]
        of_patient = {each.name: _is_of_patient(each, role, sheet) for each in matching}
        for column in sorted(matching, key=lambda each: (of_patient[each.name], _preference(each))):
            timed = (table, role) == ("responses", "start_time") or (role == "visit" and _is_day(column))
            full = _full_role("time" if timed else role, column)
            if full == "unit_in_words" and "unit" in found.values():
                continue
            if full and full not in found.values() and _agrees(full, column, table, sheet.repeated):
                found[column.name] = full
    return {name: _proposal(sheet.column(name), table, role) for name, role in found.items()}


def _may_be(column: ColumnView, sheet: SheetView, taken: Proposals, found: dict[str, str]) -> bool:
    free = column.name != sheet.patient and not column.private and column.name not in taken and column.name not in found
    return free and not COMPUTED.search(column.key)


def _is_of_patient(column: ColumnView, role: str, sheet: SheetView) -> bool:
    """Whether a time never changes within a patient of a sheet with several rows each, or is one of the course: none of a measurement."""
    return role.endswith("time") and (column.constant >= 0.9 if sheet.repeated else of_course(column))


def _preference(column: ColumnView) -> int:
    """Of several columns under one role the coded ones come first, with numbers before words."""
    order = (*BEST_TERM, *SEVERITY_CODE, "paramcd", *STANDARDISED, *DAY_NAMES)
    return order.index(column.key) if column.key in order else len(order)


def _is_day(column: ColumnView) -> bool:
    """Whether a column of visits or time points holds how much time had passed, and no numbers or names of visits."""
    named = column.heading.unit or re.search(r"time_?point|zeitpunkt", column.key)
    return bool(named) and column.profile.numbers >= MOSTLY


def _full_role(role: str, column: ColumnView) -> str:
    if role == "param":
        return "unit_in_words"
    if not role.endswith("time"):
        return role
    stem = role.removesuffix("time")
    if column.profile.dates >= MOSTLY or are_dates(column):
        return f"{stem}date"
    is_count = column.profile.numbers >= MOSTLY and column.profile.high <= LONGEST
    return f"{stem}day" if is_count else ""


def are_dates(column: ColumnView) -> bool:
    """Whether the numbers of this column are dates as a program counts them (23,021 days since 1960), and no study days."""
    return column.profile.numbers >= MOSTLY and counts_days((column.profile.low, column.profile.high))


def _agrees(role: str, column: ColumnView, table: str, repeated: bool) -> bool:
    values = column.profile
    if table == "responses" and role == "response":
        return values.responses >= 0.1 and values.dates < MOSTLY
    if role == "value" and table in ("labs", "kinetics"):
        return values.numbers >= 0.5 and (column.constant < 0.9 or not repeated)
    if role in ("term", "therapy", "test", "endpoint_name", "state", "event", "measure"):
        return values.numbers < MOSTLY and values.dates < MOSTLY and values.filled > 0
    if role == "grade" and table == "labs":
        return values.numbers >= MOSTLY or not values.filled
    return role != "unit_in_words" or (values.numbers < MOSTLY and any("(" in word for word in values.words))


def _proposal(column: ColumnView, table: str, role: str) -> Proposal:
    values = column.profile
    if role == "unit_in_words":
        return Proposal("labs.unit", "names of tests with their units in brackets", "likely")
    if role.endswith("day"):
        unit, certain, why = ("days", True, "named like study days") if column.key in DAY_NAMES else time_unit(column)
        if table == "kinetics" and not certain:
            unit = "days"  # what the schema has; nobody follows copies for months without saying so
        return Proposal(
            f"{table}.{role}", why, "certain" if certain else "open", () if certain else ("unit",), unit=unit
        )
    if role.endswith("date") and are_dates(column):
        why = f"numbers such as {values.low:.0f}, which no study day is: dates as a program counts them"
        return Proposal(f"{table}.{role}", why, "open", ("unit",))
    if role == "label":
        return Proposal("infusions.label", "words for the infusions", "certain")
    kinds = {"ae", "sae", "death"}
    if role == "term" and {word.casefold() for word in values.words} <= kinds:
        return Proposal(f"{table}.{role}", "kinds of events (AE, SAE), no terms", "open", ("role",))
    asks: tuple[Subject, ...] = (
        ("unit",) if role == "value" and table == "kinetics" and not column.heading.brackets else ()
    )
    shown = ", ".join(values.words[:3])
    return Proposal(
        f"{table}.{role}",
        f"named like {role.replace('_', ' ')}: {shown}",
        "certain" if values.filled else "likely",
        asks,
    )
