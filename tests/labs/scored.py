"""A made cohort whose laboratory values give ICAHT, T-ICAHT and CAR-HEMATOTOX."""

from functools import cache

from golden.cohorts import STUDY, arms, as_workbook
from workbook import Rows

from lib.cohort.model import Cohort
from lib.intake.draft import read_workbook

WEEKS = (0, 7, 14, 21, 28)
COUNTS = {  # neutrophils, 10^9/L, by day
    "a1": {-6: 3.0, **dict.fromkeys(WEEKS, 2.0), 40: 2.0, 60: 1.8},  # early 0, late 0
    "a2": {-6: 0.9, 0: 2.0, 3: 0.4, 10: 0.9, 17: 2.0, 24: 2.0, 40: 0.9, 60: 0.9},  # 7 days: early 2; late 2
    "a3": {
        -6: 2.0,
        0: 2.0,
        3: "<0.1",
        10: 0.3,
        17: 2.0,
        24: 2.0,
        40: 2.0,
    },  # 14 days, 7 of them <= 100: early 3; one late value
    "a4": {-6: 2.0, 0: 0.4, 7: 0.3, 14: 0.2},  # dies on day 18, never above 500: early 4
    "b1": {-6: 2.0, 0: 2.0, 20: 0.3},  # too thin
    "b2": {},  # no values
    "b3": {
        -6: 2.0,
        0: 2.0,
        6: 0.4,
        13: 0.4,
        20: 2.0,
        25: 0.1,
        29: 0.1,
    },  # progression on day 20: 14 days (6 to 19): early 3
}
BEFORE = {  # platelets 10^9/L, haemoglobin g/dL, CRP mg/dL, ferritin ng/mL on day -6
    "a1": (220, 12.4, 0.8, 180),
    "a2": (60, 8.5, 2.4, 1400),
    "a3": (130, 12.0, 0.5, None),
    "b1": (60, 12.0, None, None),
    "b3": (220, 12.4, "<0.5", 180),
}
TESTS = (("PLT", "G/L"), ("Hb", "g/dL"), ("CRP", "mg/dL"), ("Ferritin", "ng/mL"))


@cache
def scored_cohort() -> Cohort:
    """The cohort as it is opened."""
    return read_workbook(as_workbook(scored_rows()), "scores.xlsx")


def scored_rows() -> dict[str, Rows]:
    """The rows of its workbook."""
    labs: list[dict[str, object]] = [
        {"patient_id": patient, "day": day, "test": "ANC", "value": value, "unit": "10^9/L"}
        for patient, counts in COUNTS.items()
        for day, value in counts.items()
    ]
    labs += [
        {"patient_id": patient, "day": -6, "test": test, "value": value, "unit": unit}
        for patient, values in BEFORE.items()
        for (test, unit), value in zip(TESTS, values, strict=True)
        if value is not None
    ]
    labs += [
        {"patient_id": "a1", "day": -3, "test": "PLT", "value": 50, "unit": "G/L"},  # after lymphodepletion began
        {"patient_id": "a1", "day": 1, "test": "Neutrophils %", "value": 60, "unit": "%"},
    ]
    therapies = [
        *(
            {"patient_id": patient, "kind": "lymphodepletion", "therapy": "Flu/Cy", "start_day": -5, "stop_day": -3}
            for patient in ("a1", "a2", "a3", "b1")
        ),
        {"patient_id": "a2", "kind": "other", "therapy": "Pegfilgrastim", "start_day": 5},
        {"patient_id": "a3", "kind": "other", "therapy": "G-CSF"},
        {"patient_id": "b1", "kind": "other", "therapy": "GM-CSF", "start_day": 5},
        {"patient_id": "a1", "kind": "prior line", "therapy": "mobilisation with filgrastim"},
    ]
    endpoints = [
        *({"patient_id": patient, "endpoint": "os", "time": 10, "event": 0} for patient in COUNTS if patient != "a4"),
        {"patient_id": "a4", "endpoint": "os", "time": 18 / 30.4375, "event": 1},
        {"patient_id": "b3", "endpoint": "ttp", "time": 20 / 30.4375, "event": 1},
    ]
    settings = [{"setting": setting, "column": column, "value": value} for setting, column, value in STUDY]
    patients = arms(A=["a1", "a2", "a3", "a4"], B=["b1", "b2", "b3"])
    return {"study": settings, "patients": patients, "labs": labs, "therapies": therapies, "endpoints": endpoints}
