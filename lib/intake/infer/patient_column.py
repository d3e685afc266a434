"""Which columns of a sheet speak of the patient: age, sex, arm, stage, dates of the course ... by name, and by whether the values agree."""

import re
from typing import Final

from lib.cohort.schema import PATIENTS
from lib.intake.infer.column import ColumnView
from lib.intake.infer.event_column import are_dates
from lib.intake.infer.question import Proposal
from lib.intake.infer.synonyms import DATE_ROLES, PATIENT_ROLES

OLDEST: Final = 120
DATED: Final = 0.5
CHANGE: Final = re.compile(r".*(regress|shrink|change_(from|in)|best_change|percent_change|pchg).*")
CAUSE: Final = re.compile(
    r"dth_?caus|cause_of_death|cod|todesursache|cause_du_deces|causa_de_muerte|死因|cat_cause_death"
)
TREATMENT_END: Final = re.compile(
    r"end_?trt|trt_?ed(t|tm|y)?|trt01edtm?|(treatment|therapy)_(end|stop)(_\w+)?|end_of_treatment(_\w+)?|therapieende"
)
TREATMENT_ON: Final = re.compile(r"contin\w*_(treatment|therapy)|(treatment|therapy)_ongoing|on_treatment")
RESPONSE_NAME: Final = re.compile(r"(^|_)(response|remission|ansprechen|reponse|respuesta)(_|$)|缓解")
NAMED_DATE: Final = re.compile(r"date|datum|fecha|(^|_)(dt|data|dat|dte)(_|$)|dtc?$|日期|日")
MOSTLY: Final = 0.6
MOST_ARMS: Final = 12
MOST_LEVELS: Final = {"patients.sex": 5, "patients.arm": 60, "patients.site": 60, "patients.stage": 60}
YES_OR_NO: Final = ("patients.emd", "patients.prior_asct", "patients.high_risk_cytogenetics")


def patient_role(column: ColumnView) -> Proposal:
    """What this column says of the patient; patients.covariate where nothing finer fits."""
    values, key = column.profile, column.key
    if (values.dates >= DATED and values.filled) or (NAMED_DATE.search(key) and are_dates(column)):
        return _dated(column)
    numeric = values.numbers >= MOSTLY
    timed_response = RESPONSE_NAME.search(key) and numeric and values.n_levels > 3
    named = (
        (TREATMENT_END.fullmatch(key) and numeric, Proposal("therapies.stop_day", "named like the end of a treatment")),
        (TREATMENT_ON.fullmatch(key), Proposal("therapies.ongoing", "named like a treatment that goes on")),
        (CAUSE.fullmatch(key), Proposal("endpoints.cause", "named like a cause of death")),
        (CHANGE.fullmatch(key), Proposal("responses.change", "named like a change of the tumour")),
        (
            timed_response,
            Proposal("responses.day", "numbers under the name of a response: its time?", "open", ("role",)),
        ),
    )
    if found := next((proposal for fits, proposal in named if fits), None):
        return found
    exact = [f"patients.{key}"] if PATIENTS.column(key) else []
    for role in (*exact, *(role for role, pattern in PATIENT_ROLES if pattern.fullmatch(key))):
        if checked := _checked(role, column):
            return checked
    return Proposal("patients.covariate", _looks(column), "likely")


def is_of_schema(role: str) -> str:
    """The schema's column that this role of a patient fills, or ""."""
    table, _, name = role.partition(".")
    return name if table == "patients" and PATIENTS.column(name) else ""


def _dated(column: ColumnView) -> Proposal:
    key = column.key
    if re.search(r"trt\d*_?ed|rf_?x?end|_?eot_?|end_of_treatment|ap\d+edtm", key):
        return Proposal("therapies.stop_date", "dates under a name like the end of treatment", "likely")
    for role, pattern in DATE_ROLES:
        if pattern.search(key):
            if role == "endpoints.start_date":
                return Proposal(
                    role, "dates of diagnosis: whether they are day 0 is not in the file", "open", ("role",)
                )
            return Proposal(role, f"dates, named like {role.partition('.')[2].replace('_', ' ')}", "certain")
    return Proposal("extra", "dates that no table needs", "likely")


def _checked(role: str, column: ColumnView) -> Proposal | None:
    values = column.profile
    name = role.partition(".")[2].replace("_", " ")
    wordy = values.filled > 0 and values.numbers < MOSTLY
    if role == "patients.age_years" and wordy:
        return Proposal("patients.age_group", "named like an age, classes and no numbers", "certain")
    if role in YES_OR_NO and values.yes_no < MOSTLY and values.filled:
        return Proposal("patients.covariate", f"named like {name}, but not yes or no")
    if not _agrees(role, column):
        return None
    if role == "patients.age_years":
        return Proposal(role, f"named like an age, numbers {values.low:g} to {values.high:g}", "certain")
    return Proposal(role, f"named like {name}; {_looks(column)}", "certain" if is_of_schema(role) else "likely")


def _agrees(role: str, column: ColumnView) -> bool:
    """Whether the values can be what the name says."""
    values = column.profile
    if role == "patients.age_years":
        return values.filled > 0 and values.high <= OLDEST and values.low >= 0
    if role == "patients.arm" and values.numbers > MOSTLY:
        return values.whole == 1 and values.n_levels <= MOST_ARMS
    return values.n_levels <= MOST_LEVELS.get(role, values.n_levels)


def _looks(column: ColumnView) -> str:
    values = column.profile
    if not values.filled:
        return "an empty column"
    if values.numbers >= MOSTLY and values.n_levels > 5:
        return f"{'whole numbers' if values.whole == 1 else 'numbers'} {values.low:g} to {values.high:g}"
    return f"{values.n_levels} different values: {', '.join(values.words[:3])}"
