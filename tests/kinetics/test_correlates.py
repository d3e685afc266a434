"""What expansion can be looked at beside, and its values."""

from functools import cache

import numpy as np
from golden.cohorts import arms, cohort, example, synthetic

from lib.kinetics.correlates import default_factors, factor_values, factors

PATIENTS = [f"a{number}" for number in range(1, 13)]


@cache
def made():
    patients = [
        {**row, "ferritin": value, "late": 1}
        for row, value in zip(
            arms(A=PATIENTS), (100, 9000, None, 350, 720, 1500, 60, 33, 48, 210, 2500, 800), strict=True
        )
    ]
    lab = {"test": "CRP", "unit": "mg/L"}
    return cohort(
        patients,
        labs=[
            {"patient_id": "a1", "day": -3, "value": 12, **lab},
            {"patient_id": "a1", "day": 5, "value": 90, **lab},
            {"patient_id": "a2", "day": 0, "value": "<4", **lab},
        ],
        responses=[
            {"patient_id": "a1", "day": 28, "response": "PR"},
            {"patient_id": "a1", "day": 90, "response": "CR"},
            {"patient_id": "a2", "day": 28, "response": "NE"},
            {"patient_id": "a3", "day": 60, "response": "CR"},
        ],
        therapies=[{"patient_id": "a3", "kind": "subsequent", "therapy": "x", "start_day": 40}],
        adverse_events=[
            {"patient_id": "a1", "term": "CRS", "grade": 2},
            {"patient_id": "a1", "term": "CRS", "grade": 1},
            {"patient_id": "a2", "term": "CRS", "grade": None},
        ],
    )


def test_factors_and_those_of_the_report():
    found = {factor.slug: factor for factor in factors(made())}
    assert list(found) == ["best_response", "crs_grade", "ferritin", "baseline_crp"]
    assert found["best_response"].levels == ("PR", "CR") and found["crs_grade"].levels == ("0", "1", "2")
    assert found["ferritin"].log and found["ferritin"].time_not_stated and not found["ferritin"].after
    assert found["best_response"].after and found["crs_grade"].after
    assert [factor.slug for factor in default_factors(synthetic())] == [
        "best_response",
        "crs_grade",
        "icans_grade",
        "ldh",
    ]
    of_example = [factor.slug for factor in factors(example())]
    assert of_example[:4] == ["best_response", "crs_grade", "icans_grade", "age_years"]
    assert all(slug.startswith("baseline_") for slug in of_example[4:]) and len(of_example) == 10, "the sheet Labs"
    assert factors(cohort(arms(A=["a1"]))) == ()


def test_values_by_patient_and_nan_where_not_known():
    found = {factor.slug: factor_values(made(), factor).tolist()[:3] for factor in factors(made())}
    assert np.array_equal(found["best_response"], [1, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(found["crs_grade"], [2, np.nan, 0], equal_nan=True), "a grade not stated is not 0"
    assert np.array_equal(found["ferritin"], [100, 9000, np.nan], equal_nan=True)
    assert np.array_equal(found["baseline_crp"], [12, 2, np.nan], equal_nan=True), "below 4: half of it"


def test_no_factor_is_lost_for_its_script_or_its_unit():
    """Two columns in Chinese letters and one test in two units have plain names of their own."""
    made = cohort(
        [
            {"patient_id": patient, "铁蛋白": number, "乳酸脱氢酶": number * 2}
            for number, patient in enumerate(PATIENTS, start=1)
        ],
        labs=[{"patient_id": "a1", "day": -3, "test": "CRP", "unit": unit, "value": 12} for unit in ("mg/L", "nmol/L")],
    )
    assert [(factor.slug, factor.title) for factor in factors(made)] == [
        ("column", "铁蛋白"),
        ("column_2", "乳酸脱氢酶"),
        ("baseline_crp", "CRP before infusion, mg/L"),
        ("baseline_crp_2", "CRP before infusion, nmol/L"),
    ]
