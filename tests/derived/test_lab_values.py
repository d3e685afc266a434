"""The laboratory values of a cohort under one name and in one unit."""

import math
from functools import cache

from golden.cohorts import arms, cohort, nobody, selected

from lib.cohort.analyte import NO_UNIT, SHARE_OF_CELLS
from lib.derived.lab_values import COLUMNS, lab_values, unusable

ROWS = [
    {
        "patient_id": "a1",
        "day": 3,
        "test": "ANC",
        "value": 420,
        "unit": "/µL",
        "lower_limit": 1800,
        "upper_limit": 7700,
    },
    {"patient_id": "a1", "day": 5, "test": "Neutrophile", "value": "<0.1", "unit": "G/L"},
    {"patient_id": "a1", "day": 5, "test": "Neutrophils %", "value": 40, "unit": "%"},
    {"patient_id": "a2", "day": -2, "test": "HGB", "value": 9.1, "unit": "g/dL", "baseline": "yes"},
    {"patient_id": "a2", "day": 4, "test": "Hb", "value": 5.0, "unit": "mmol/L", "infusion": 2},
    {"patient_id": "a2", "day": 4, "test": "PLT", "value": 30},
    {"patient_id": "b1", "test": "CRP", "value": 3, "unit": "mg/dL"},
    {"patient_id": "b1", "day": 1, "test": "LDH", "value": 300, "unit": "U/L"},
]


@cache
def made():
    return cohort(arms(A=["a1", "a2"], B=["b1"]), labs=ROWS)


def test_values_limits_and_problems():
    rows = lab_values(made())
    assert tuple(rows.columns) == COLUMNS and len(rows) == 7  # LDH is none of the analytes
    anc = rows[rows["analyte"] == "neutrophils"].set_index("test")
    first = anc.loc["ANC"]
    assert (first["amount"], first["lower"], first["upper"], first["unit"]) == (0.42, 1.8, 7.7, "10^9/L")
    under = anc.loc["Neutrophile"]
    assert under["below"] and math.isnan(under["amount"]) and under["limit"] == 0.1
    share = anc.loc["Neutrophils %"]
    assert math.isnan(share["amount"]) and not share["below"] and share["problem"] == SHARE_OF_CELLS
    haemoglobin = rows[rows["analyte"] == "haemoglobin"]
    assert haemoglobin["amount"].round(6).tolist() == [91.0, 80.57] and haemoglobin["marked"].tolist() == [True, False]
    assert haemoglobin["infusion"].tolist() == [1, 2]
    crp = rows[rows["analyte"] == "CRP"].iloc[0]
    assert crp["amount"] == 30.0 and math.isnan(crp["day"]) and crp["problem"] == ""


def test_what_cannot_be_used_is_counted_with_its_reason():
    assert unusable(lab_values(made())) == (
        ("Neutrophils %", "neutrophils", SHARE_OF_CELLS, 1),
        ("PLT", "platelets", NO_UNIT, 1),
    )


def test_some_analytes_some_patients_and_nobody():
    assert set(lab_values(made(), "CRP", "platelets")["analyte"]) == {"CRP", "platelets"}
    assert set(lab_values(selected(made(), "arm=B"))["patient"]) == {"b1"}
    for nothing in (lab_values(nobody(made())), lab_values(made(), "ferritin"), lab_values(cohort(arms(A=["a1"])))):
        assert not len(nothing) and tuple(nothing.columns) == COLUMNS and unusable(nothing) == ()
