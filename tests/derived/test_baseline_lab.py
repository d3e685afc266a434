"""The value of a laboratory test before the infusion."""

import math

from golden.cohorts import arms, cohort, nobody

from lib.derived.lab_values import baseline_lab


def test_the_marked_value_else_the_last_before_the_infusion():
    lab = {"test": "ferritin", "unit": "µg/L"}
    made = cohort(
        arms(A=["a1", "a2", "a3", "a4", "a5"]),
        labs=[
            {"patient_id": "a1", "day": -9, "value": 300, **lab},
            {"patient_id": "a1", "day": -2, "value": 500, **lab},
            {"patient_id": "a1", "day": 3, "value": 900, **lab},
            {"patient_id": "a2", "day": -9, "value": 310, "baseline": "yes", **lab},
            {"patient_id": "a2", "day": -2, "value": 510, **lab},
            {"patient_id": "a3", "day": 1, "value": 320, **lab},
            {"patient_id": "a4", "day": 0, "value": "<40", **lab},
            {"patient_id": "a5", "day": 0, "value": 9, "test": "ferritin", "unit": "pmol/L"},
        ],
    )
    found = baseline_lab(made, "ferritin", "µg/L")
    assert found[["a1", "a2", "a4"]].tolist() == [500, 310, 20]
    assert math.isnan(found["a3"]) and math.isnan(found["a5"]) and len(found) == 5
    assert len(baseline_lab(nobody(made), "ferritin", "µg/L")) == 0
    assert baseline_lab(made, "CRP").isna().all()
