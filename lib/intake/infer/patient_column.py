"""Which columns of a sheet speak of the patient: age, sex, arm, stage, dates of the course ... by name, and by whether
the values agree.

Overall survival from who died and when: a status beside dates, or beside days to death and days to the last follow-up.
The status decides who died. Nobody is taken for alive because a date of death is missing, and nobody for dead because a
column is called "death or last follow-up".
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lib.cohort.schema import PATIENTS
from lib.intake import vocabulary
from lib.intake.cells.coding import is_missing, text
from lib.intake.files.grid import Cell, distinct
from lib.intake.infer.column import ColumnView, SheetView
from lib.intake.infer.endpoint_pair import COMPUTED
from lib.intake.infer.event_column import are_dates
from lib.intake.infer.question import Proposal
from lib.intake.infer.synonyms import DATE_ROLES, EVENT_WORD, PATIENT_ROLES
from lib.intake.sheets.role import keyed

# further days on which a course may be said to begin
NOT_INFUSED: Final = re.compile(r"rand|enrol|regist|inclu|rfst|screen")
ARM_ORDER: Final = vocabulary("arm trt01p treatment_arm planned_arm study_arm rx trt treatment_group trt01a actarm")
OLDEST: Final = 120
DATED: Final = 0.5
CHANGE: Final = re.compile(r".*(regress|shrink|change_(from|in)|best_change|percent_change|pchg).*")
CAUSE: Final = re.compile(
    r"dth_?caus|cause_of_death|cod|todesursache|cause_du_deces|causa_de_muerte|死因|cat_cause_death"
)
TREATMENT_END: Final = re.compile(
    r"end_?trt|trt_?ed(t|tm|y)?|trt01edtm?|(treatment|therapy)_(end|stop)(_\w+)?|end_of_treatment(_\w+)?|therapieende"
)
DEATH: Final = "patients.death_date"
INFUSION: Final = "patients.infusion_date"
COMBINED: Final = "endpoints.end_date"
TREATMENT_DATES: Final = re.compile(r"trt\d*_?ed|rf_?x?end|_?eot_?|end_of_treatment|ap\d+edtm")
EITHER: Final = re.compile(
    r"last|dlc|lfu|(^|_)fu(_|$)|follow_?up|contact|kontakt|letzt|derni|ultim|nouvelles|censor|alive|laatste|末次|随访|最終|_(or|oder|ou|o)_"
)
NOT_OF_COURSE: Final = {  # what such a word speaks of besides
    "patients.last_contact_date": re.compile(
        r"dose|drug|transpl|chemo|therap|treat|bridg|infus|lymphodep|progress|relaps|transfus|vaccin"
    ),
    "patients.progression_date": re.compile(r"(^|_)(prior|previous|before|pre|initial)(_|$)"),
    INFUSION: re.compile(
        r"(^|_)(crs|icans|neurotox\w*|tox\w*|ae|infect\w*)(_|$)|apheres|aferes|bridg|lympho|manufact|order|consent|hospital|admission|discharg|sampl|second|2nd|prior|previous|stop|(^|_)end(_|$)|last|单采"
    ),
}
SURELY_DAY_0: Final = re.compile(
    r"infus|(^|_)doi(_|$)|car_?t(_|$)|cart(_|$)|(^|_)[dj]0(_|$)|(day|tag|jour|dia|giorno|dag)_?0(_|$)|ap01sdtm|trt(01)?_?sdt|输注|回输|輸注|投与"
)
# day 0 of a trial, of another treatment, of a disease
NOT_SURELY_DAY_0: Final = re.compile(r"transplant|baseline|(^|_)start|begin|inclu|rf_?x?st")
TREATMENT_ON: Final = re.compile(r"contin\w*_(treatment|therapy)|(treatment|therapy)_ongoing|on_treatment")
RESPONSE_NAME: Final = re.compile(r"(^|_)(response|remission|ansprechen|reponse|respuesta)(_|$)|缓解")
NAMED_DATE: Final = re.compile(r"date|datum|fecha|(^|_)(dt|data|dat|dte)(_|$)|dt[cm]?$|日期|日")
MOSTLY: Final = 0.6
MOST_ARMS: Final = 12
MOST_LEVELS: Final = {"patients.sex": 5, "patients.arm": 60, "patients.site": 60, "patients.stage": 60}
MOST_LINES: Final = 40
DATE_WORD: Final = re.compile(r"(^|_)(date|dates|datum|fecha|data|dt|dt[cm])(_|$)|datum$|datum_|日期|日付|年月日|日$")
LEAST_SERIAL: Final = 18264  # 1950-01-01 as a spreadsheet counts days; fewer are no date
AT_INFUSION: Final = re.compile(
    r"infus|infuz|reinj|(^|_)inf(_|$)|inje[ck]|car_?t(_|$)|cart(_|$)|treatment|therap|day_?0|d0(_|$)|输注|回输|behandlung"
)
WHETHER: Final = re.compile(  # beside yes and no: whether something was done, not which of several
    r"randomi[sz]\w*|(cart?_)?product|treat(ed|ment)?|behandlung|behandelt|traitement|traite|tratamiento|tratado|trattamento|therapy|cohorte?|kohorte"
)
YES_OR_NO: Final = ("patients.emd", "patients.prior_asct", "patients.high_risk_cytogenetics")
NAMED_LIKE: Final = (  # pattern of the heading, whether numbers must stand below it, role, what it is named like
    (TREATMENT_END, True, "therapies.stop_day", "the end of a treatment"),
    (TREATMENT_ON, False, "therapies.ongoing", "a treatment that goes on"),
    (CAUSE, False, "endpoints.cause", "a cause of death"),
    (CHANGE, False, "responses.change", "a change of the tumour"),
)


def patient_role(column: ColumnView) -> Proposal:
    """What this column says of the patient; patients.covariate where nothing finer fits."""
    key = column.key
    if COMPUTED.search(key):
        return Proposal("patients.covariate", "named like a value that was computed, not observed", "likely")
    nobody_died = not column.profile.filled and _is_named_date(column) and bool(dict(DATE_ROLES)[DEATH].search(key))
    if nobody_died or _is_date(column):
        return _dated(column)
    if of_name := _by_name(column):
        return of_name
    exact = [f"patients.{key}"] if PATIENTS.column(key) else []
    roles = (*exact, *(role for role, pattern in PATIENT_ROLES if pattern.fullmatch(key)))
    checked = (_checked(role, column) for role in roles)
    return next(filter(None, checked), None) or Proposal("patients.covariate", _looks(column), "likely")


def _by_name(column: ColumnView) -> Proposal | None:
    """What a heading says that is no role of Patients."""
    values = column.profile
    numeric = values.numbers >= MOSTLY
    for pattern, needs_numbers, role, name in NAMED_LIKE:
        if pattern.fullmatch(column.key) and (numeric or not needs_numbers):
            return Proposal(role, f"named like {name}")
    if RESPONSE_NAME.search(column.key) and numeric and values.n_levels > 3:
        return Proposal("responses.day", "numbers under the name of a response: its time?", "open", ("role",))
    return None


def _is_date(column: ColumnView) -> bool:
    """Whether dates stand here, or should by the heading."""
    values = column.profile
    named = (NAMED_DATE.search(column.key) or dict(DATE_ROLES)[LAST].search(column.key)) and are_dates(column)
    return values.filled > 0 and bool(values.dates >= DATED or named or _is_named_date(column))


def is_of_schema(role: str) -> str:
    """The schema's column that this role of a patient fills, or ""."""
    table, _, name = role.partition(".")
    return name if table == "patients" and PATIENTS.column(name) else ""


def _is_named_date(column: ColumnView) -> bool:
    """Whether the heading says that dates of the course stand here, even where few of them can be read: what cannot be
    is reported.

    A date of death that nobody can read must not become a remark, and its patient be alive.
    """
    values, patterns = column.profile, dict(DATE_ROLES)
    counted = values.numbers > DATED and values.high < LEAST_SERIAL
    coded = not values.dates and (values.yes_no >= MOSTLY or (values.filled and EVENT_WORD.search(column.key)))
    if not DATE_WORD.search(column.key) or coded or counted or column.private:
        return False
    return any(pattern.search(column.key) for role, pattern in patterns.items() if role != "endpoints.start_date")


def _dated(column: ColumnView) -> Proposal:
    key = keyed(f"{column.above} {column.key}")
    if TREATMENT_DATES.search(key):
        return Proposal("therapies.stop_date", "dates under a name like the end of treatment", "likely")
    death = dict(DATE_ROLES)[DEATH]
    # a band "Follow-up" above a date of death says nothing of it
    either = column.key if death.search(column.key) else key
    if death.search(key) and EITHER.search(either):
        why = "dates of death or of the last contact: the status has to say which"
        return Proposal(COMBINED, why, "open", ("event_values",))
    named = (role for role, pattern in DATE_ROLES if pattern.search(key) and not _speaks_of_else(role, key))
    return _of_the_course(next(named, ""), key)


def _of_the_course(role: str, key: str) -> Proposal:
    """The proposal for dates that are named like this one of the course."""
    if not role:
        return Proposal("extra", "dates that no table needs", "likely")
    if role == "endpoints.start_date":
        return Proposal(role, "dates of diagnosis: whether they are day 0 is not in the file", "open", ("role",))
    doubted = role == INFUSION and NOT_SURELY_DAY_0.search(key) and not SURELY_DAY_0.search(key)
    why = f"dates, named like {role.partition('.')[2].replace('_', ' ')}"
    return Proposal(role, why, "likely", ("time_zero",)) if doubted else Proposal(role, why, "certain")


def _speaks_of_else(role: str, key: str) -> bool:
    return role in NOT_OF_COURSE and bool(NOT_OF_COURSE[role].search(key))


def _checked(role: str, column: ColumnView) -> Proposal | None:
    values = column.profile
    name = role.partition(".")[2].replace("_", " ")
    wordy = values.filled > 0 and values.numbers < MOSTLY
    if role == "patients.age_years" and wordy:
        return Proposal("patients.age_group", "named like an age, classes and no numbers", "certain")
    if role in YES_OR_NO and values.yes_no < MOSTLY and values.filled:
        if dict(PATIENT_ROLES)["patients.cytogenetics"].fullmatch(column.key):
            return None  # the lesions, or high and standard
        return Proposal("patients.covariate", f"named like {name}, but not yes or no")
    if not _agrees(role, column):
        return None
    if role == "patients.age_years":
        return Proposal(role, f"named like an age, numbers {values.low:g} to {values.high:g}", "certain")
    return Proposal(role, f"named like {name}; {_looks(column)}", "certain" if is_of_schema(role) else "likely")


def _agrees(role: str, column: ColumnView) -> bool:
    """Whether the values can be what the name says."""
    values = column.profile
    if role == "patients.prior_lines":
        return not values.filled or _may_be_counted(column)
    if role == "patients.age_years":
        return values.filled > 0 and values.high <= OLDEST and values.low >= 0
    if role == "patients.arm" and values.yes_no >= MOSTLY > values.numbers and WHETHER.fullmatch(column.key):
        return False
    if role == "patients.arm" and values.numbers > MOSTLY:
        return values.whole == 1 and values.n_levels <= MOST_ARMS
    return values.n_levels <= MOST_LEVELS.get(role, values.n_levels)


def _may_be_counted(column: ColumnView) -> bool:
    """Whether small whole numbers stand in it, or words that are not yes and no (S and N)."""
    values = column.profile
    if values.numbers < MOSTLY:
        return values.yes_no < MOSTLY and (values.n_levels > 2 or any(map(str.isdigit, "".join(values.words))))
    return values.whole == 1 and values.low >= 0 and values.high <= MOST_LINES


def _looks(column: ColumnView) -> str:
    values = column.profile
    if not values.filled:
        return "an empty column"
    if values.numbers >= MOSTLY and values.n_levels > 5:
        return f"{'whole numbers' if values.whole == 1 else 'numbers'} {values.low:g} to {values.high:g}"
    return f"{values.n_levels} different values: {', '.join(values.words[:3])}"


def by_role(free: Sequence[ColumnView], found: Map[str, Proposal]) -> dict[str, list[ColumnView]]:
    """The columns that could fill each column of the patients, the best first."""
    several: dict[str, list[ColumnView]] = {}
    for each in free:
        if name := is_of_schema(found[each.name].role):
            several.setdefault(name, []).append(each)
    return {name: sorted(columns, key=lambda each: _preference(name, each)) for name, columns in several.items()}


def _preference(name: str, column: ColumnView) -> tuple[bool | int, ...]:
    """Of several arms the planned one, of ages that at the infusion, of dates that which can only be the infusion."""
    numeric = column.profile.numbers > 0.5
    if name == "arm":
        return (ARM_ORDER.index(column.key) if column.key in ARM_ORDER else 99, numeric)
    if name == "age_years":
        return (
            not AT_INFUSION.search(keyed(column.heading.text)),
            column.key not in ("age", "alter", "edad", "age_years"),
        )
    if name == "infusion_date":
        return (bool(NOT_INFUSED.search(column.key)), not SURELY_DAY_0.search(column.key))
    if name == "last_contact_date":  # whoever leaves a trial may be seen later
        return ("rfpendtc" in column.key, column.key != name)
    return (column.key != name,)


def different_columns(view: SheetView, name: str, several: Sequence[ColumnView]) -> list[ColumnView]:
    """Those of these columns that do not say the same as the first, and it: where both are filled, something else
    stands there."""
    first, *others = several
    if name == "infusion_date":  # a date of randomisation is no rival of that of the infusion
        others = [each for each in others if _preference(name, each) == _preference(name, first)]
    if name == "last_contact_date":  # nor is the end of participation of the day last known alive
        others = [each for each in others if _preference(name, each)[0] == _preference(name, first)[0]]
    mine = _all_plain(view.block.cells(first.name))
    reported = [each for each in others if not _says_same(mine, _all_plain(view.block.cells(each.name)))]
    return [first, *reported]


def _says_same(mine: NDArray[np.object_], theirs: NDArray[np.object_]) -> bool:
    both = (mine != "") & (theirs != "")
    return bool(both.any()) and bool((mine == theirs)[both].all())


def _all_plain(cells: Sequence[Cell]) -> NDArray[np.object_]:
    found = distinct(cells)
    return found.spread(found.each(_plain), "")


def _plain(cell: Cell) -> str:
    """What is compared: a date without its time of day."""
    return "" if is_missing(cell) else text(cell)[:10].casefold()


LAST: Final = "patients.last_contact_date"
