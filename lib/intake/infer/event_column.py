"""Which column of an event table is which: by the names of synonyms.py, each role once, days and dates told apart by
their values.

Columns that were appended for a second (third ...) infusion: a band "2nd infusion", or headings that are repeated with
a 2. Their dates, doses and products are rows of Infusions, and nothing of them is taken for the first.
"""

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from typing import Final

from lib.intake import vocabulary
from lib.intake.cells.dates import counts_days
from lib.intake.infer.column import ColumnView, SheetView, by_patient, keyed, of_course, responding
from lib.intake.infer.endpoint_pair import COMPUTED, time_unit
from lib.intake.infer.question import Proposal, Proposals, Subject
from lib.intake.infer.series import says_days, unit_of_values
from lib.intake.infer.synonyms import START, STOP, TABLE_ROLES
from lib.intake.mapping import Reading
from lib.intake.sheets.role import TABLE_NAMED

MOSTLY: Final = 0.6
CONSTANT: Final = 0.9
BEGAN_OR_ENDED: Final = re.compile(f"{START}|{STOP}")
DATED_TABLES: Final = {"labs": "date", "kinetics": "date", "responses": "date", "adverse_events": "start_date"}
MOST_INFUSIONS: Final = 10
LONGEST: Final = 15000  # days: 41 years; a greater number is a date as some program counts it
SEVERITY_CODE: Final = ("aetoxgr", "aetoxgrn", "atoxgr", "atoxgrn", "aesevn", "asevn", "aesev", "asev")
# SDTM has them beside values as they came
STANDARDISED: Final = vocabulary("lbstresn lbstresu pcstresn pcstresu rsstresc")
BEST_TERM: Final = ("aedecod", "aeterm")
# names of the schema that many files use for something else
NOT_BY_NAME: Final = vocabulary("patient_id time event date day value response kind grade")
DAY_NAMES: Final = vocabulary(
    "ady astdy aendy aestdy aeendy day d study_day lbdy pcdy cpdy rsdy trdy vsdy exstdy exendy cmstdy cmendy"
)
KINDS_OF_EVENTS: Final = {"ae", "sae", "death"}


def event_roles(sheet: SheetView, table: str, taken: Proposals) -> Proposals:
    """The roles of the columns that the table needs; columns already taken are left alone."""
    free = _free(sheet, taken)
    found = {each.name: each.key for each in free if _is_of_schema(table, each, sheet.repeated)}
    for role, pattern in TABLE_ROLES[table]:
        named = (each for each in free if pattern.fullmatch(each.key) and not _is_of_patient(each, role, sheet))
        for column in _preferred([*named], role, sheet):
            full = _full_role(table, role, column)
            if _is_new(column.name, full, found) and _agrees(table, full, column, sheet.repeated):
                found[column.name] = full
    found |= _by_values(sheet, table, free, found)
    return {name: _proposal(sheet.column(name), table, role) for name, role in found.items()}


def _is_of_patient(column: ColumnView, role: str, sheet: SheetView) -> bool:
    """Whether it holds a date of the patient's course, and no time of an event."""
    return sheet.repeated and role.endswith("time") and of_course(column) and column.constant >= CONSTANT


def _by_values(sheet: SheetView, table: str, columns: Sequence[ColumnView], found: Map[str, str]) -> dict[str, str]:
    """What no heading says: the one column of responses, and the only dates that change from row to row of a
    patient."""
    said, known, free = {}, found.values(), [each for each in columns if each.name not in found]
    responses = responding(free) if table == "responses" and "response" not in known else []
    if len(responses) == 1:
        said[responses[0].name] = "response"
    if table in DATED_TABLES and sheet.repeated and not any(role.endswith(("day", "date")) for role in known):
        said |= _only_dates(free, DATED_TABLES[table])
    return said


def _only_dates(free: Sequence[ColumnView], role: str) -> dict[str, str]:
    """The only dates that change from row to row of a patient."""
    dated = [each for each in free if each.profile.dates >= MOSTLY > each.constant]
    return {dated[0].name: role} if len(dated) == 1 else {}


def _is_of_schema(table: str, column: ColumnView, repeated: bool) -> bool:
    """Whether it is called as the schema calls it, and holds what that should."""
    named = TABLE_NAMED[table].column(column.key) is not None and column.key not in NOT_BY_NAME
    is_time = column.key == "visit" and _tells_time(column)
    return named and not is_time and _agrees(table, column.key, column, repeated)


def _is_new(name: str, role: str, found: Map[str, str]) -> bool:
    """Whether neither the column nor the role is taken; a column of units leaves no need for names with units in
    them."""
    known = found.values()
    return name not in found and role not in ("", *known) and not (role == "unit_in_words" and "unit" in known)


def _free(sheet: SheetView, taken: Proposals) -> list[ColumnView]:
    """The columns that may have a role of an event table."""
    return [
        each
        for each in sheet.columns
        if each.name not in taken and each.name != sheet.patient and not each.private and not COMPUTED.search(each.key)
    ]


def _preferred(columns: Sequence[ColumnView], role: str, sheet: SheetView) -> list[ColumnView]:
    """Of several columns under one role the coded ones come first, with numbers before words; a time that never changes
    within a patient of several rows, or is one of the course, is no time of a measurement and comes last."""
    order = (*BEST_TERM, *SEVERITY_CODE, "paramcd", *STANDARDISED, *DAY_NAMES)

    def rank(column: ColumnView) -> tuple[bool, int]:
        place = order.index(column.key) if column.key in order else len(order)
        of_patient = column.constant >= CONSTANT if sheet.repeated else of_course(column)
        return (role.endswith("time") and of_patient, place)

    return sorted(columns, key=rank)


def _tells_time(column: ColumnView) -> bool:
    """Whether a column of visits or time points holds how much time had passed, and no numbers or names of visits."""
    named = column.heading.unit or re.search(r"time_?point|zeitpunkt", column.key)
    return bool(named) and column.profile.numbers >= MOSTLY


def _full_role(table: str, role: str, column: ColumnView) -> str:
    if role == "param":
        return "unit_in_words"
    if role == "visit" and _tells_time(column):
        role = "time"
    if not role.endswith("time"):
        return role
    if role == "time" and TABLE_NAMED[table].column("visit") and is_worded_day(column):
        return "visit"  # Day 28 and M3 under the name of a day
    return _day_or_date("" if table == "responses" and role == "start_time" else role.removesuffix("time"), column)


def _day_or_date(stem: str, column: ColumnView) -> str:
    """The role of a time by what stands there; "" where it is neither days nor dates."""
    if column.profile.dates >= MOSTLY or are_dates(column):
        return f"{stem}date"
    counts = column.profile.numbers >= MOSTLY and column.profile.high <= LONGEST
    return f"{stem}day" if counts or is_worded_day(column) else ""


def is_worded_day(column: ColumnView) -> bool:
    """Whether words that say days stand in it (Day 3, D+5), and no numbers."""
    return column.profile.numbers < MOSTLY and says_days(column)


def are_dates(column: ColumnView) -> bool:
    """Whether the numbers of this column are dates as a program counts them (23,021 days since 1960), and no study
    days."""
    return column.profile.numbers >= MOSTLY and counts_days((column.profile.low, column.profile.high))


def _agrees(table: str, role: str, column: ColumnView, repeated: bool) -> bool:
    """Whether the values can be what the name says."""
    fits = VALUES.get(f"{table}.{role}") or VALUES.get(role)
    return fits is None or fits(column, repeated)


def _is_worded(column: ColumnView, _: bool) -> bool:
    return column.profile.numbers < MOSTLY and column.profile.dates < MOSTLY and column.profile.filled > 0


def _is_measured(column: ColumnView, repeated: bool) -> bool:
    return column.profile.numbers + column.profile.with_units >= 0.5 and (column.constant < CONSTANT or not repeated)


VALUES: Final[dict[str, Callable[[ColumnView, bool], bool]]] = {  # by role what must stand in the column
    "responses.response": lambda column, _: column.profile.responses >= 0.1 and column.profile.dates < MOSTLY,
    "infusion": lambda column, _: column.profile.dates < MOSTLY and 0 <= column.profile.high < MOST_INFUSIONS,
    "labs.value": _is_measured,
    "kinetics.value": _is_measured,
    "labs.grade": lambda column, _: column.profile.numbers >= MOSTLY or not column.profile.filled,
    "unit_in_words": lambda column, _: (
        column.profile.numbers < MOSTLY and any("(" in word for word in column.profile.words)
    ),
    **dict.fromkeys(("term", "therapy", "test", "endpoint_name", "state", "event", "measure"), _is_worded),
}


def _proposal(column: ColumnView, table: str, role: str) -> Proposal:
    values, of_table = column.profile, f"{table}.{role}"
    if role == "unit_in_words":
        return Proposal("labs.unit", "names of tests with their units in brackets", "likely")
    if role.endswith("day"):
        return _of_day(column, table, role)
    if role.endswith("date") and are_dates(column):
        why = f"numbers such as {values.low:.0f}, which no study day is: dates as a program counts them"
        return Proposal(of_table, why, "open", ("unit",))
    if role == "label":
        return Proposal("infusions.label", "words for the infusions", "certain")
    if role == "term" and {word.casefold() for word in values.words} <= KINDS_OF_EVENTS:
        return Proposal(of_table, "kinds of events (AE, SAE), no terms", "open", ("role",))
    asks: tuple[Subject, ...] = ("unit",) if of_table == "kinetics.value" and not unit_of_values(column) else ()
    why = f"named like {role.replace('_', ' ')}: {', '.join(values.words[:3])}"
    return Proposal(of_table, why, "certain" if values.filled else "likely", asks)


def _of_day(column: ColumnView, table: str, role: str) -> Proposal:
    worded = column.profile.numbers < MOSTLY
    unit, certain, why = (
        ("days", True, "named like study days") if worded or column.key in DAY_NAMES else time_unit(column)
    )
    if certain:
        return Proposal(f"{table}.{role}", why, "certain", unit=unit)
    if table == "kinetics" or (table == "adverse_events" and BEGAN_OR_ENDED.fullmatch(column.key)):
        # what the schema has; nobody follows copies, or says when a toxicity began, in months without saying so
        unit = "days"
    return Proposal(f"{table}.{role}", why, "open", ("unit",), unit=unit)


ORDINALS: Final = (
    (
        2,
        r"2|2nd|ii|second|secondary|zweite[nrs]?|deuxieme|2e|2eme|segund[ao]|2a|second[ao]|tweede|reinfusion|re_infusion|reinfusie",
    ),
    (3, r"3|3rd|iii|third|dritte[nrs]?|troisieme|3e|3eme|tercer[ao]?|3a|terz[ao]|derde"),
)
INFUSION: Final = r"(re)?_?infusion(en|es)?|infus\w*|cart|car_t(_cell)?s?|car_t_zell\w*|gabe|回输|输注|輸注"
NUMBERED: Final = tuple(
    (
        number,
        re.compile(
            rf"(^|.*_)(({words})_({INFUSION})|({INFUSION})(_?(date|day|datum|dose|product|fecha|data))?_?({words}))(_.*|$)|第{'二三'[number - 2]}次.*"  # noqa: E501
        ),
    )
    for number, words in ORDINALS
)
REINFUSION: Final = re.compile(r"(^|.*_)re_?infus\w*(_.*|$)")
SUFFIX: Final = re.compile(r"(?P<base>.+?)_?(?P<n>[23])")
DOSE: Final = re.compile(r"(^|_)(dose|dosis|dosage|cells?)(_|$)")
PRODUCT: Final = re.compile(r"(^|_)(product|produkt|producto|produit)(_|$)")


def later_infusions(sheet: SheetView) -> dict[int, tuple[ColumnView, ...]]:
    """The columns of each later infusion, by its number; {} where the sheet speaks of none."""
    found: dict[int, list[ColumnView]] = {}
    for column in sheet.columns:
        if (number := _number(column)) and not column.private and column.name != sheet.patient:
            found.setdefault(number, []).append(column)
    dated = {number: columns for number, columns in found.items() if any(map(_is_dated, columns))}
    keys = {column.key for column in sheet.columns}
    for column in sheet.columns:
        number = _number_at_the_end(column, keys)
        if number in dated and not _number(column):
            dated[number].append(column)
    return {number: tuple(columns) for number, columns in dated.items()}


def _number_at_the_end(column: ColumnView, keys: set[str]) -> int:
    """The number of a heading that repeats another of these with a number, 0 for none."""
    match = SUFFIX.fullmatch(column.key)
    return int(match["n"]) if match and match["base"].rstrip("_") in keys else 0


def _is_dated(column: ColumnView) -> bool:
    return column.profile.dates >= 0.5 or _is_day(column)


def _number(column: ColumnView) -> int:
    words = keyed(f"{column.above} {column.name}" if column.above else column.key)
    numbered = next(
        (number for number, pattern in NUMBERED if pattern.fullmatch(words) or pattern.fullmatch(column.key)), 0
    )
    return numbered or (2 if REINFUSION.fullmatch(words) else 0)


def _is_day(column: ColumnView) -> bool:
    return bool(re.search(r"(^|_)(days?|tag|jour|dia)(_|$)", column.key)) and column.profile.numbers >= MOSTLY


def infusion_reading(sheet: SheetView, number: int, columns: Sequence[ColumnView]) -> Reading:
    """One row of Infusions a patient who had it."""
    roles = by_patient(sheet)
    for column in columns:
        if column.profile.dates >= 0.5:
            roles.setdefault("date", column.name)
        elif _is_day(column):
            roles.setdefault("day", column.name)
        elif DOSE.search(column.key) and column.profile.numbers >= MOSTLY:
            roles.setdefault("dose", column.name)
        elif PRODUCT.search(column.key):
            roles.setdefault("product", column.name)
    return Reading("infusions", roles, {"infusion": str(number)})
