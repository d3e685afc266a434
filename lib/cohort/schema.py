"""The data dictionary as data: every table of a cohort workbook, its columns, what may stand in them.

The template, the reader, the checks and docs/data_dictionary.md are all made from these values.
"""

from typing import Final

from lib.cohort.column import Column as Column  # noqa: PLC0414  # others know them from here
from lib.cohort.column import Kind as Kind  # noqa: PLC0414
from lib.cohort.column import Table as Table  # noqa: PLC0414
from lib.cohort.time_unit import UNITS

BEFORE_INFUSION: Final = 0.0  # the study day by which a baseline value was known

RESPONSES: Final = (  # of all criteria (response_scale.py), best first within each; NE = not evaluable
    "sCR",
    "CR",
    "CRh",
    "CRi",
    "MLFS",
    "VGPR",
    "nPR",
    "PR",
    "PR-L",
    "MR",
    "SD",
    "NR",
    "PD",
    "NE",
)
GRADING_SYSTEMS: Final = ("ASTCT 2019", "Lee 2014", "CTCAE v5", "CTCAE v6", "other")
THERAPY_KINDS: Final = ("prior line", "transplant", "bridging", "lymphodepletion", "maintenance", "subsequent", "other")
STATE: Final = "State"  # the measure of states that do not say what is followed
ANALYSIS_SETS: Final = ("included", "excluded")
STUDY_SETTINGS: Final = (
    "title",
    "synthetic",
    "note",
    "disease",
    "data_cutoff",
    "time_unit",
    "group_by",
    "order",
    "label",
    "reference",
    "known_at",
    "unit",
    "month_1_response",
)


def _baseline(name: str, kind: Kind, explanation: str, label: str, short: str = "") -> Column:
    return Column(name, kind, explanation, known_at=BEFORE_INFUSION, label=label, short=short)


_ID = Column("patient_id", "id", "study code of the patient (never a name or record number)", required=True)
_INFUSION = Column("infusion", "whole", "which infusion the day is counted from; empty = 1", least=1)
_DAY = Column("day", "day", "days since that infusion; negative = before", unit="days")
_DATE = Column("date", "date", "instead of day: yyyy-mm-dd; becomes a day at once")
_START = Column("start_day", "day", "first day, counted from the infusion; negative = before", unit="days")
_STOP = Column("stop_day", "day", "last day; empty = not stated", unit="days")
_START_DATE = Column("start_date", "date", "instead of start_day: yyyy-mm-dd")
_VISIT = Column("visit", "text", "name of the visit, where days are not exact: week 4, month 3")
_STOP_DATE = Column("stop_date", "date", "instead of stop_day: yyyy-mm-dd")

STUDY: Final = Table(
    "study",
    "Study",
    "Settings of the whole workbook, one a row.",
    (
        Column("setting", "category", "what is set", allowed=STUDY_SETTINGS, required=True),
        Column("column", "text", "for order, label, reference, known_at, unit: the column of Patients that is meant"),
        Column("value", "text", "the value; several values are parted by ;"),
    ),
)

PATIENTS: Final = Table(
    "patients",
    "Patients",
    "One row a patient; any further column may be added.",
    (
        _ID,
        Column("arm", "category", "treatment group", label="Arm"),
        Column(
            "analysis_set", "category", "included, or excluded with its reason; empty = included", allowed=ANALYSIS_SETS
        ),
        Column("exclusion_reason", "text", "why the patient is excluded"),
        Column(
            "age_years", "number", "age at infusion", "years", known_at=BEFORE_INFUSION, label="Age", least=0, most=120
        ),
        _baseline("sex", "category", "F or M", "Sex"),
        _baseline(
            "emd", "yes_no", "extramedullary disease before infusion: yes or no", "Extramedullary disease", "EMD"
        ),
        _baseline(
            "high_risk_cytogenetics",
            "yes_no",
            "by your own definition: yes or no",
            "High-risk cytogenetics",
            "High risk",
        ),
        _baseline("prior_lines", "category", "number of prior lines of therapy", "Prior lines of therapy", "Lines"),
        _baseline("prior_imid", "yes_no", "previous immunomodulatory drug: yes or no", "Previous IMiD", "IMiD"),
        _baseline("prior_asct", "yes_no", "previous autologous transplant: yes or no", "Previous ASCT", "ASCT"),
        _baseline("kps_below_60", "yes_no", "Karnofsky performance status below 60: yes or no", "KPS < 60"),
        _baseline(
            "disease_status", "category", "disease status before infusion", "Disease status before infusion", "Status"
        ),
        Column("infusion_date", "date", "day 0: yyyy-mm-dd; only needed where other dates are given"),
        Column("progression_date", "date", "first progression, if any: yyyy-mm-dd"),
        Column("death_date", "date", "death, if any: yyyy-mm-dd"),
        Column("last_contact_date", "date", "last day the patient was known to be alive: yyyy-mm-dd"),
    ),
)

INFUSIONS: Final = Table(
    "infusions",
    "Infusions",
    "One row a CAR T-cell infusion.",
    (
        _ID,
        Column("infusion", "whole", "1 for the first, 2 for the second ...", required=True, least=1),
        Column("day", "day", "days since infusion 1 (0 for infusion 1)", unit="days"),
        _DATE,
        Column("product", "text", "name of the product"),
        Column("dose", "number", "dose"),
        Column("dose_unit", "text", "for example 10^6 CAR T cells/kg"),
    ),
)

ENDPOINTS: Final = Table(
    "endpoints",
    "Endpoints",
    "One row a patient and endpoint: how long, and did it happen.",
    (
        _ID,
        _INFUSION,
        Column("endpoint", "category", "os, pfs, ttp, efs ... or a name of your own", required=True),
        Column("entry", "number", "time at which observation began, if later than the infusion", least=0),
        Column("time", "number", "time to the event or to the end of observation"),
        Column("unit", "category", "days, weeks or months; empty = the unit set in Study", allowed=UNITS),
        Column("event", "event", "1 = it happened, 0 = censored"),
        Column("cause", "text", "cause of the event, for example progression, infection"),
        Column(
            "censoring_reason", "text", "why observation ended, for example alive at data cut-off, lost to follow-up"
        ),
        Column("start_date", "date", "instead of time: day 0, if not the infusion"),
        Column("end_date", "date", "instead of time: date of the event or of the last observation"),
    ),
)

RESPONSE_TABLE: Final = Table(
    "responses",
    "Responses",
    "One row a response assessment.",
    (
        _ID,
        _INFUSION,
        _DAY,
        _DATE,
        Column(
            "response",
            "response",
            "response at this assessment, by the criteria of the disease",
            allowed=RESPONSES,
            required=True,
        ),
        Column("mrd", "category", "measurable residual disease", allowed=("negative", "positive", "not done")),
        Column("stop_day", "day", "last day on which this response held; empty = not stated", unit="days"),
        Column("ongoing", "yes_no", "still held at the end of observation: yes or no"),
        _VISIT,
    ),
)

ADVERSE_EVENTS: Final = Table(
    "adverse_events",
    "Adverse events",
    "One row an event; patients without events need none.",
    (
        _ID,
        _INFUSION,
        Column("term", "category", "name of the event, for example CRS, ICANS, neutropenia", required=True),
        Column("grade", "grade", "0 to 5; 0 = looked for and absent; empty = grade not stated"),
        Column("grading_system", "category", "scale of the grade", allowed=GRADING_SYSTEMS),
        _START,
        _STOP,
        _START_DATE,
        _STOP_DATE,
        Column("system_organ_class", "text", "MedDRA system organ class"),
        Column("treatment", "text", "for example tocilizumab, steroids"),
        Column("serious", "yes_no", "serious: yes or no"),
        Column("related", "text", "relation to the treatment, for example possible"),
        Column("treatment_emergent", "yes_no", "began or worsened under treatment: yes or no"),
    ),
)

THERAPIES: Final = Table(
    "therapies",
    "Therapies",
    "One row a course of treatment other than the infusion.",
    (
        _ID,
        _INFUSION,
        Column("kind", "category", "what part it plays", allowed=THERAPY_KINDS, required=True),
        Column("therapy", "text", "name of drug or regimen"),
        _START,
        _STOP,
        _START_DATE,
        _STOP_DATE,
        Column("ongoing", "yes_no", "still given at the end of observation: yes or no"),
        Column("dose", "number", "dose"),
        Column("dose_unit", "text", "for example mg/day"),
        Column("line", "whole", "number of the line of therapy"),
        Column("response", "response", "best response to it", allowed=RESPONSES),
    ),
)

KINETICS: Final = Table(
    "kinetics",
    "Kinetics",
    "One row a CAR-transgene or CAR T-cell measurement.",
    (
        _ID,
        _INFUSION,
        _DAY,
        _DATE,
        Column("specimen", "category", "blood, marrow ...; empty = blood"),
        Column("assay", "category", "for example qPCR, ddPCR, flow; empty = not stated"),
        Column("value", "measurement", "a number, or <1000, or BLQ", required=True, least=0),
        Column("unit", "text", "for example copies/µg DNA"),
        Column("lloq", "number", "lower limit of quantification, in the same unit", least=0),
    ),
)

LABS: Final = Table(
    "labs",
    "Labs",
    "One row a laboratory value.",
    (
        _ID,
        _INFUSION,
        _DAY,
        _DATE,
        Column("test", "category", "for example neutrophils, haemoglobin, CRP", required=True),
        Column("value", "measurement", "a number, or <0.1", required=True),
        Column("unit", "text", "for example 10^9/L"),
        Column("lower_limit", "number", "lower limit of the reference range"),
        Column("upper_limit", "number", "upper limit of the reference range"),
        _VISIT,
        Column("grade", "number", "toxicity grade of the value; negative = too low"),
        Column("baseline", "yes_no", "the value at baseline: yes or no"),
    ),
)

STATES: Final = Table(
    "states",
    "States",
    "One row a stretch of time in which something held: a disease state, B-cell aplasia, an arm before and after"
    " crossover.",
    (
        _ID,
        _INFUSION,
        Column("measure", "category", f"what is followed, for example disease, B cells, arm; empty = {STATE}"),
        Column("state", "category", "what held, for example remission, relapse, aplasia", required=True),
        Column("start_day", "day", "first day; empty = where the state before it ended, or the infusion", unit="days"),
        _STOP,
        _START_DATE,
        _STOP_DATE,
        Column("ongoing", "yes_no", "still held at the end of observation: yes or no"),
    ),
)

EVENTS: Final = Table(
    "events",
    "Events",
    "One row an event that no other sheet has and that the swimmer plot shall mark.",
    (
        _ID,
        _INFUSION,
        Column(
            "event", "category", "your own name for it, for example biopsy, admission, second opinion", required=True
        ),
        _DAY,
        _DATE,
    ),
)

ASSAYS: Final = Table(
    "assays",
    "Assays",
    "One row a well or tube of a laboratory experiment; no patients.",
    (
        Column("experiment", "category", "name of the experiment", required=True),
        Column("measure", "category", "what was measured, for example killing, live cells, apoptosis", required=True),
        Column("condition", "category", "group, for example pomalidomide"),
        Column("concentration", "number", "concentration"),
        Column("concentration_unit", "text", "for example µg/mL"),
        Column("time", "number", "time point"),
        Column("time_unit", "text", "for example hours, days"),
        Column("replicate", "whole", "number of the technical replicate"),
        Column("value", "number", "measured value", required=True),
        Column("unit", "text", "for example %"),
    ),
)

# keyed by patient
EVENT_TABLES: Final = (
    INFUSIONS,
    ENDPOINTS,
    RESPONSE_TABLE,
    ADVERSE_EVENTS,
    THERAPIES,
    KINETICS,
    LABS,
    STATES,
    EVENTS,
)
TABLES: Final = (STUDY, PATIENTS, *EVENT_TABLES, ASSAYS)

ENDPOINT_LABELS: Final = {
    "os": ("Overall survival", "death"),
    "pfs": ("Progression-free survival", "progression or death"),
    "ttp": ("Time to progression", "progression"),
    "efs": ("Event-free survival", "event"),
    "dor": ("Duration of response", "progression or death"),
    "ttnt": ("Time to next treatment", "next treatment"),
}


def endpoint_label(endpoint: str) -> str:
    """The endpoint's name as a reader knows it; an endpoint of the user's own keeps its name."""
    return ENDPOINT_LABELS.get(endpoint, (endpoint.replace("_", " "), "event"))[0]


def event_word(endpoint: str) -> str:
    """What the endpoint waits for: death, progression, or event."""
    return ENDPOINT_LABELS.get(endpoint, ("", "event"))[1]
