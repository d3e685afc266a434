"""Which table a sheet holds: by the names and values of its columns, with the name of the sheet as a hint."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Final

from lib.cohort.analyte import parsed
from lib.intake.cells.coding import ROMAN_GRADES
from lib.intake.cells.meanings import says_no_event
from lib.intake.infer.column import ColumnView, SheetView, of_course, responding
from lib.intake.infer.endpoint_pair import VITAL_WORD, endpoint_of, pairs, stacked
from lib.intake.infer.named_rows import KINETIC_UNIT
from lib.intake.infer.patient_column import patient_role
from lib.intake.infer.series import says_days
from lib.intake.infer.synonyms import GENERIC_EVENT, KINETICS_WORD, LAB_TESTS, SHEET_NAMES, TABLE_ROLES
from lib.intake.sheets.role import keyed

MOSTLY: Final = 0.6
LEAST: Final = 2
UNIT_HEADINGS: Final = ("unit", "units", "einheit", "unite", "unidad", "unita", "unidade", "单位", "単位")
FEW_RESPONSES: Final = 0.1  # of what stands under the name of a response
MEASURED_WHEN: Final = re.compile("|".join(each.pattern for role, each in TABLE_ROLES["labs"] if role == "time"))
FEWEST_TESTS: Final = 1  # beside a day, in several rows a patient
CDISC_FLAG: Final = "cnsr"
DEATH: Final = re.compile(r"\b(death|dead|deceased|died|verstorben|tod|exitus|deces)\b|死亡", re.I)


def table_kind(sheet: SheetView) -> str:
    """The table's name in the schema; "deaths" for a list of how patients left; "" for a sheet without patients."""
    hint = next((table for table, pattern in SHEET_NAMES if pattern.fullmatch(sheet.key)), "")
    named = _named_by_roles(sheet)
    repeated = sheet.repeated
    named["responses"] |= _by_values(sheet, named["responses"], hint)
    kinds: tuple[tuple[str, Callable[[], bool]], ...] = (
        (hint, lambda: _is_hinted(sheet, hint, named)),
        ("endpoints", lambda: _is_stacked(sheet, named["endpoints"], hint)),
        ("adverse_events", lambda: _is_toxicity(sheet, named["adverse_events"])),
        ("responses", lambda: _is_responses(sheet, named["responses"])),
        ("kinetics", lambda: repeated and _is_kinetics(sheet, named["kinetics"])),
        ("labs", lambda: repeated and _is_labs(sheet, named["labs"])),
        ("adverse_events", lambda: repeated and _is_graded(sheet, named["adverse_events"])),
        ("deaths", lambda: hint == "deaths" and _is_list_of_deaths(sheet)),
        ("therapies", lambda: _is_treatment(sheet, named["therapies"])),
        ("patients", lambda: bool(sheet.patient or pairs(sheet.columns)) or _patient_like(sheet) >= LEAST),
    )
    return next((table for table, fits in kinds if fits()), "")


def _is_hinted(sheet: SheetView, hint: str, named: dict[str, dict[str, ColumnView]]) -> bool:
    """Whether the columns agree with the name of the sheet."""
    if hint in ("", "patients", "deaths"):
        return False
    tests = len(analytes(sheet)) if hint == "labs" else 0
    return len(named[hint]) + tests >= (1 if hint == "infusions" else 2) and _fits(sheet, hint, named[hint])


def _by_values(sheet: SheetView, named: Map[str, ColumnView], hint: str) -> dict[str, ColumnView]:
    """The column of responses that no heading names, where one alone holds hardly anything else."""
    if not sheet.repeated and hint != "responses":
        return {}
    known = "response" in named and named["response"].profile.responses >= FEW_RESPONSES
    found = [] if known else responding(sheet.columns)
    return {"response": found[0]} if len(found) == 1 else {}


def _is_list_of_deaths(sheet: SheetView) -> bool:
    """Whether it says of each patient how he left, and hardly more."""
    listed = bool(sheet.patient) and not sheet.repeated and deaths_column(sheet) is not None
    return listed and _patient_like(sheet) < LEAST


def _is_stacked(sheet: SheetView, named: dict[str, ColumnView], hint: str) -> bool:
    flagged = any(each.key == CDISC_FLAG for each in sheet.columns)
    several = sheet.repeated or hint == "endpoints"
    return "endpoint" in named and (flagged or (several and bool(stacked(sheet.columns))))


def _is_toxicity(sheet: SheetView, named: dict[str, ColumnView]) -> bool:
    reported = {"grade", "serious", "related", "start_time"} & set(named)
    return "term" in named and bool(reported) and _fits(sheet, "adverse_events", named)


def _is_treatment(sheet: SheetView, named: dict[str, ColumnView]) -> bool:
    """Courses with a drug and an end, several a patient; or a sheet that holds hardly more than drugs and when they
    began."""
    if not sheet.patient or "therapy" not in named:
        return False
    if sheet.repeated and "stop_time" in named:
        return True
    others = len(sheet.columns) - len(named) - 1
    began = bool({"start_time", "stop_time"} & set(named))
    return began and others <= 1 and named["therapy"].key != "arm" and not pairs(sheet.columns)


def _is_kinetics(sheet: SheetView, named: dict[str, ColumnView]) -> bool:
    """Whether numbers that change within the patient stand beside a day under a name of copies or transgenes."""
    changing = [each for each in sheet.columns if each.profile.numbers >= MOSTLY and each.constant < MOSTLY]
    timed = "time" in named or ("visit" in named and says_days(named["visit"]))
    return timed and bool(changing) and (_in_copies(sheet) or any(map(_names_copies, changing)))


def _names_copies(column: ColumnView) -> bool:
    """Whether the heading, the band above it or the unit in its brackets speaks of copies or transgenes."""
    named = any(map(KINETICS_WORD.search, (column.key, column.above.casefold())))
    return named or any(map(KINETIC_UNIT.search, column.heading.brackets))


def _in_copies(sheet: SheetView) -> bool:
    """Whether a column of units has copies and nothing but them and cells."""
    units = [word for each in sheet.columns if each.key in UNIT_HEADINGS for word in each.profile.words]
    return "copies" in " ".join(units) and all(map(KINETIC_UNIT.search, units))


def _is_graded(sheet: SheetView, named: dict[str, ColumnView]) -> bool:
    return "start_time" in named and bool(graded_terms(sheet.columns))


def _is_labs(sheet: SheetView, named: dict[str, ColumnView]) -> bool:
    return (
        _is_long(named)
        or (bool({"time", "visit"} & set(named)) and len(analytes(sheet)) >= FEWEST_TESTS)
        or _is_one_test(sheet)
    )


def _is_long(named: dict[str, ColumnView]) -> bool:
    return "value" in named and bool({"test", "param"} & set(named))


def _is_one_test(sheet: SheetView) -> bool:
    """A sheet of one laboratory test: its values and their dates or days change from row to row, and hardly anything
    else does."""
    changing = [each for each in sheet.columns if each.constant < MOSTLY and not each.private]
    times = [
        each
        for each in changing
        if each.profile.dates >= MOSTLY or (MEASURED_WHEN.fullmatch(each.key) and each.profile.numbers >= MOSTLY)
    ]
    return bool(analytes(sheet) and times) and not any(each.profile.responses > 0.5 for each in changing)


_BEFORE: Final = r"(specify_(the_)?)?((astct|asbmt|ctcae|lee|penn|max)_)?(max_?|worst_?|highest_?|h[oö]chster?_?|maxim(um|o|al\w*|um_\w+)_|maksymaln\w+_|maksimum_|peak_)?((grad[eo]?|grau|gr|stopien)_(m[aá]x_|ma[xs]sim[oa]l?e?_|maxim[oa]l?e?_|de_|d_|del_|di_|of_|der_|des_)*)?"  # noqa: E501
_GRADED: Final = r"(gr|grade?|grad|grado|graad|derecesi|max|worst|(gr|grade?|grad|grado|graad)_(max|worst|maximum|maximal\w*|m[aá][xs]s?im[oa])|max_grade?|worst_grade|score|(最高|最大|最差)?(等级|分级|クレート))?"  # noqa: E501
TERMS: Final = tuple(
    (term, re.compile(rf"{_BEFORE}({names})_?{_GRADED}"))
    for term, names in (
        ("CRS", r"crs|slc|src|cytokine_release(_syndrome)?"),
        ("ICANS", r"icans|crs_?icans|neurotox\w*"),
        ("IEC-HS", r"iec_?hs"),
    )
)
# around the name of a toxicity
WHETHER: Final = re.compile(r"^(any|developed|had)_|_(any|any_grade|present|occurred|yes_no|y_n|ja_nein|oui_non|flag)$")
GRADE: Final = re.compile(rf"(grade|grad|grado|gr\.?|g)?\s*([0-5](\.0)?|{'|'.join(ROMAN_GRADES)})\s*°?", re.I)
REMARKED: Final = re.compile(r"(?:grade |g)?([0-5])\s*[(\[][^()\[\]]+[)\]]", re.I)  # 2 (D3-D7)
GRADE_SAID: Final = re.compile(r"(^|_)(gr|grade?|grado?|graad)(_|$)|等级|分级")
HALF: Final = re.compile(r"([0-4])[.,]5")
OUTCOME: Final = re.compile(  # how a patient ended, which is no toxicity
    rf"{VITAL_WORD.pattern}|progress|progred|relaps|recur|rezidiv|rechut|recai|recidi|censor|zensiert|lost|进展|复发",
    re.I,
)


def graded_terms(columns: Sequence[ColumnView]) -> dict[str, str]:
    """The columns that hold the grades of one toxicity ("CRS grade", "ICANS max"), each with its name. Not where yes/no
    or words stand."""
    return {column.name: term for column in columns if not column.private and (term := _graded_term(column))}


def of_one_toxicity(sheet: SheetView) -> SheetView:
    """The sheet; its name, or the title above it, as a band over its only grade where that is a toxicity: CRS."""
    term = next(filter(None, map(_term_of, map(keyed, (sheet.block.title, sheet.block.layout.sheet)))), "")
    grades = [each for each in sheet.columns if GRADE_SAID.search(each.key)] if term else []
    if len(grades) != 1 or grades[0].above:
        return sheet
    columns = (replace(each, above=term) if each is grades[0] else each for each in sheet.columns)
    return replace(sheet, columns=tuple(columns))


def ungraded_terms(columns: Sequence[ColumnView]) -> dict[str, str]:
    """The columns that say yes or no of one toxicity, each with its name."""
    said = [each for each in columns if each.profile.yes_no == 1 and each.profile.n_levels > 1 and not each.private]
    found = {each.name: _term_of(WHETHER.sub("", each.key)) for each in said}
    return {name: term for name, term in found.items() if term}


def _term_of(key: str) -> str:
    return next((term for term, pattern in TERMS if pattern.fullmatch(key)), "")


def _graded_term(column: ColumnView) -> str:
    graded = set(filter(_is_grade, column.profile.words))
    if not graded or column.heading.unit or not _are_grades(column):
        return ""  # CRS (days) is no grade
    if graded <= {"0", "1", "0.0", "1.0"} and "gr" not in keyed(column.heading.text):
        return ""  # 0 and 1 without the word grade are no and yes
    return _term_named(column)


def _term_named(column: ColumnView) -> str:
    """The toxicity that a heading names, or the band above it."""
    if column.above in dict(TERMS) and GRADE_SAID.search(column.key):
        return column.above
    last = "".join(column.above.split()[-1:])
    keys = (column.key, *(keyed(f"{band} {column.key}") for band in (column.above, last)))  # a band CRS above grade
    return next((term for term, pattern in TERMS if any(map(pattern.fullmatch, keys))), "")


def _is_grade(word: str) -> bool:
    return bool(GRADE.fullmatch(word) or REMARKED.fullmatch(word))


def _are_grades(column: ColumnView) -> bool:
    """Whether all that stands here is a grade or no event; under a heading that says grade, half of it: the rest is
    reported cell by cell."""
    levels = column.profile.levels
    odd = sum(n for word, n in levels if not (_is_grade(word) or HALF.fullmatch(word) or says_no_event(word)))
    return not odd or (GRADE_SAID.search(column.key) is not None and odd * 2 <= sum(n for _, n in levels))


def deaths_column(sheet: SheetView) -> ColumnView | None:
    """A column of words among which is death."""
    worded = (each for each in sheet.columns if each.profile.numbers < MOSTLY)
    return next((each for each in worded if any(map(DEATH.search, each.profile.words))), None)


def analytes(sheet: SheetView) -> tuple[ColumnView, ...]:
    """Columns named like a laboratory test, or with the unit of one, with numbers that change within the patient, or
    that several sheets have."""
    several = not sheet.repeated or bool(sheet.block.layout.appended)
    return tuple(
        each
        for each in sheet.columns
        if (LAB_TESTS.fullmatch(each.key) or (each.constant < MOSTLY and _has_unit_of_a_test(each)))
        and each.profile.numbers >= MOSTLY
        and (each.constant < MOSTLY or several)
    )


def _has_unit_of_a_test(column: ColumnView) -> bool:
    """Whether the heading has a unit per litre in brackets, PCR (mg/L); not of copies or transgenic cells."""
    return any(parsed(each) and not KINETIC_UNIT.match(each) for each in column.heading.brackets)


def _named_by_roles(sheet: SheetView) -> dict[str, dict[str, ColumnView]]:
    found: dict[str, dict[str, ColumnView]] = {}
    for table, roles in TABLE_ROLES.items():
        named = found.setdefault(table, {})
        for column in sheet.columns:
            if column.name == sheet.patient or column.private:
                continue
            role = next((role for role, pattern in roles if pattern.fullmatch(column.key)), "")
            if role and not _is_of_patient(sheet, role, column):
                named.setdefault(role, column)
    return found


def _is_of_patient(sheet: SheetView, role: str, column: ColumnView) -> bool:
    """Whether a column speaks of the patient: the arm in all of his rows, a date of the course in his only one."""
    if sheet.repeated:
        return role == "treatment" and column.constant == 1 and column.profile.n_levels > 1
    return role.endswith("time") and of_course(column)


def _names_events(sheet: SheetView, term: ColumnView) -> bool:
    """Whether words stand in it, and it is no endpoint and no event of a pair of each patient."""
    of_pair = GENERIC_EVENT.fullmatch(term.key) and not sheet.repeated and pairs(sheet.columns)
    outcomes = not sheet.repeated and all(map(OUTCOME.search, filter(_says_event, term.profile.words)))
    return term.profile.filled > 0 and not (endpoint_of(term) or of_pair or outcomes)


def _says_event(word: str) -> bool:
    return not says_no_event(word)


def _fits(sheet: SheetView, table: str, named: dict[str, ColumnView]) -> bool:
    """Whether the columns that the table cannot do without are there and hold what they should."""
    worded = {role for role, column in named.items() if column.profile.numbers < MOSTLY}
    fits = {
        "adverse_events": "term" in worded and _names_events(sheet, named["term"]),
        "labs": _is_long(named) or bool(analytes(sheet)) or _is_wide(sheet),
        "kinetics": "value" in named or _is_wide(sheet),
        "responses": _is_responses(sheet, named, 0.1),
        "therapies": bool({"therapy", "kind"} & set(named)),
        "endpoints": "endpoint" in named,
        "infusions": True,
        "states": "state" in worded and {"start_time", "stop_time"} <= set(named),
        "events": "event" in worded and _is_events(sheet, named),
    }
    return bool(sheet.patient) and fits[table]


def _is_events(sheet: SheetView, named: dict[str, ColumnView]) -> bool:
    """Words and when they happened; not a list of toxicities, and not of how patients left."""
    return "time" in named and all(each.key != "grade" for each in sheet.columns) and deaths_column(sheet) is None


def _is_wide(sheet: SheetView) -> bool:
    numbered = (each for each in sheet.columns if any(map(str.isdigit, each.name)))
    return sum(each.profile.numbers >= MOSTLY for each in numbered) >= 3


def _is_responses(sheet: SheetView, named: dict[str, ColumnView], least: float = 0.3) -> bool:
    response = named.get("response")
    if response is None or response.profile.responses < least or response.profile.numbers > MOSTLY:
        return False
    timed = {"start_time", "stop_time", "time", "visit"} & set(named)
    of_patients = sum(map(of_course, sheet.columns)) > 1  # infusion, death, last contact ... of each
    return bool(timed) and (sheet.repeated or (len(sheet.columns) <= 8 and not of_patients))


def _patient_like(sheet: SheetView) -> int:
    """How many columns speak of a patient, dates of the course among them."""
    return sum(patient_role(each).role not in ("patients.covariate", "extra") for each in sheet.columns)
