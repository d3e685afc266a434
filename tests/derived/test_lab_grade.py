"""CTCAE grades of single values at every boundary, of baselines, and of what cannot be graded."""

import numpy as np
import pandas as pd
import pytest
from golden.cohorts import arms, cohort, nobody

from lib.cohort.ctcae import V5, V6, scale_of
from lib.derived.lab_values import NO_ULN, ends, grade_words, lab_grades, worst_lab_grades

NAN = float("nan")
LOW = [  # analyte, version, LLN, (value, grade) at and around each boundary
    ("neutrophils", V5, 1.8, [(1.8, 0), (1.79, 1), (1.5, 1), (1.49, 2), (1.0, 2), (0.99, 3), (0.5, 3), (0.49, 4)]),
    (
        "neutrophils",
        V6,
        1.8,
        [(1.79, 0), (1.5, 0), (1.49, 1), (1.0, 1), (0.99, 2), (0.5, 2), (0.49, 3), (0.1, 3), (0.09, 4)],
    ),
    ("lymphocytes", V5, 1.1, [(1.1, 0), (1.09, 1), (0.8, 1), (0.79, 2), (0.5, 2), (0.49, 3), (0.2, 3), (0.19, 4)]),
    ("haemoglobin", V5, 120, [(120, 0), (119, 1), (100, 1), (99, 2), (80, 2), (79, 3), (10, 3)]),
    ("haemoglobin", V6, 120, [(120, 0), (119, 1), (100, 1), (99, 2), (80, 2), (79, 3), (10, 3)]),
    ("platelets", V5, 125, [(125, 0), (124, 1), (75, 1), (74, 2), (50, 2), (49, 3), (25, 3), (24, 4)]),
    ("platelets", V6, 125, [(125, 0), (124, 1), (75, 1), (74, 2), (50, 2), (49, 3), (25, 3), (10, 3), (9, 4)]),
    ("leukocytes", V5, 4, [(4, 0), (3.9, 1), (3, 1), (2.9, 2), (2, 2), (1.9, 3), (1, 3), (0.9, 4)]),
    ("leukocytes", V6, 4, [(3, 1), (2.9, 2), (1.9, 3), (0.9, 4)]),
    ("fibrinogen", V5, 2, [(2, 0), (1.99, 1), (1.5, 1), (1.49, 2), (1, 2), (0.99, 3), (0.5, 3), (0.49, 4)]),
    ("fibrinogen", V5, 4, [(1.0, 3), (0.99, 4), (0.49, 4)]),
    ("fibrinogen", V5, NAN, [(0.49, 4)]),
]
HIGH = [  # analyte, version, ULN, baseline above the ULN (or none), (value, grade)
    ("ALT", V5, 40, NAN, [(40, 0), (41, 1), (120, 1), (121, 2), (200, 2), (201, 3), (800, 3), (801, 4)]),
    ("ALT", V6, 40, NAN, [(40, 0), (41, 1), (120, 1), (121, 2), (200, 2), (201, 3), (800, 3), (801, 4)]),
    ("AST", V5, 39, 40, [(59, 0), (60, 1), (120, 1), (121, 2), (200, 2), (201, 3), (800, 3), (801, 4)]),
    ("ALT", V6, 39, 40, [(39, 0), (40, 1), (60, 1), (61, 2), (80, 2), (81, 3), (160, 3), (161, 4)]),
    ("bilirubin", V5, 20, NAN, [(20, 0), (21, 1), (30, 1), (31, 2), (60, 2), (61, 3), (200, 3), (201, 4)]),
    ("bilirubin", V5, 19, 20, [(20, 0), (21, 1), (30, 1), (31, 2), (60, 2), (61, 3), (200, 3), (201, 4)]),
    ("bilirubin", V6, 19, 20, [(19, 0), (20, 1), (30, 1), (31, 2), (50, 2), (51, 3), (200, 3), (201, 4)]),
]


def graded(analyte, version, values, lower=NAN, upper=NAN, reference=NAN, below=False):
    rows = pd.DataFrame(
        {
            "amount": NAN if below else values,
            "below": below,
            "limit": values,
            "lower": lower,
            "upper": upper,
            "reference": reference,
        }
    )
    return ends(scale_of(analyte, version), rows.astype({"amount": float}))


@pytest.mark.parametrize(("analyte", "version", "lower", "cells"), LOW)
def test_lower_limits_are_strict(analyte, version, lower, cells):
    values, grades = map(list, zip(*cells, strict=True))
    low, high = graded(analyte, version, values, lower=lower)
    assert low.tolist() == grades == high.tolist()


@pytest.mark.parametrize(("analyte", "version", "upper", "baseline", "cells"), HIGH)
def test_multiples_of_the_limit_or_of_an_abnormal_baseline(analyte, version, upper, baseline, cells):
    values, grades = map(list, zip(*cells, strict=True))
    assert graded(analyte, version, values, upper=upper, reference=baseline)[0].tolist() == grades


def written(number):
    """As a laboratory writes it: 3.6, not 3.5999999999999996."""
    return float(f"{number:.6g}")


@pytest.mark.parametrize(
    ("analyte", "bounds"), [("ALT", {1: 1, 2: 3, 3: 5, 4: 20}), ("bilirubin", {1: 1, 2: 1.5, 3: 3, 4: 10})]
)
def test_exactly_a_multiple_of_any_limit_is_not_above_it(analyte, bounds):
    limits = [limit / 100 for limit in range(10, 6000, 7)]
    for grade, multiple in bounds.items():
        at = [written(multiple * limit) for limit in limits]
        above = [written(multiple * limit * 1.001) for limit in limits]
        assert set(graded(analyte, V5, at, upper=limits)[0]) == {grade - 1.0}
        assert set(graded(analyte, V5, above, upper=limits)[0]) == {float(grade)}
        by_own = graded(analyte, V5, at, upper=0.05, reference=limits)[0] if multiple > 1.5 else np.array([grade - 1.0])
        assert set(by_own) == {grade - 1.0}, "of an abnormal baseline"


def test_exactly_a_share_of_any_lower_limit_is_not_below_it():
    limits = [limit / 100 for limit in range(210, 6000, 7)]
    for grade, share in {1: 1, 2: 0.75, 3: 0.5, 4: 0.25}.items():
        at = [written(share * limit) for limit in limits]
        assert set(graded("fibrinogen", V5, at, lower=limits)[0]) == {grade - 1.0}


@pytest.mark.parametrize("version", [V5, V6])
@pytest.mark.parametrize(
    ("value", "grade"),
    [(1.21, 0), (1.2, 0), (1.19, 1), (0.91, 1), (0.9, 2), (0.61, 2), (0.6, 3), (0.51, 3), (0.49, 4), (0.3, 4)],
)
def test_fibrinogen_falls_from_an_abnormal_baseline_by_percent(version, value, grade):
    """Baseline 1.2 g/L under a lower limit of 2: 25 % down is 0.9, 50 % 0.6, 75 % 0.3; below 50 mg/dL is grade 4
    anyway."""
    rows = [
        {"day": day, "value": amount, "test": "Fibrinogen", "unit": "g/L", "lower_limit": 2, "upper_limit": None}
        for day, amount in ((-3, 1.2), (14, value))
    ]
    found = worst_lab_grades(lab_grades(made(*rows), version))
    assert found[["baseline_low", "low"]].to_numpy().tolist() == [[2, grade]]
    assert lab_grades(made(*rows), version).n_abnormal == 1


def test_fibrinogen_of_a_normal_baseline_is_a_share_of_the_limit():
    rows = [
        {"day": day, "value": amount, "test": "Fibrinogen", "unit": "g/L", "lower_limit": 2}
        for day, amount in ((-3, 2.0), (14, 1.4))
    ]
    assert worst_lab_grades(lab_grades(made(*rows), V5))["low"].tolist() == [2]
    assert lab_grades(made(*rows), V5).n_abnormal == 0


def test_an_upper_limit_of_0_is_none():
    assert lab_grades(made({"day": 3, "value": 100, "upper_limit": 0}), V5).ungraded == ((NO_ULN, 1),)


def test_without_the_lower_limit_grade_1_is_not_told_from_0():
    low, high = graded("platelets", V5, [200, 75, 74])
    assert low.tolist() == [0, 0, 2] and high.tolist() == [1, 1, 2]
    assert [grade_words(*pair) for pair in ((0, 1), (2, 2), (NAN, NAN))] == ["0–1", "2", "–"]
    low, high = graded("neutrophils", V6, [2.0])
    assert low.tolist() == high.tolist() == [0], "v6 begins grade 1 at 1.5, no limit of the laboratory is needed"


def test_below_a_limit_of_detection_only_what_is_certain():
    low, high = graded("neutrophils", V5, [0.5, 0.6, 0.1], lower=1.8, below=True)
    assert low.tolist() == [4, 3, 4] and high.tolist() == [4, 4, 4]


def made(*rows):
    common = {"patient_id": "a1", "test": "ALT", "unit": "U/L", "upper_limit": 40}
    return cohort(arms(A=["a1", "a2"]), labs=[{**common, **row} for row in rows])


def worst(*rows, version=V5):
    table = worst_lab_grades(lab_grades(made(*rows), version))
    return table[["patient", "baseline_low", "low"]].fillna(-1).to_numpy().tolist()


def test_baseline_is_the_last_by_day_0_unless_one_is_marked():
    assert worst({"day": -9, "value": 150}, {"day": 0, "value": 30}, {"day": 5, "value": 130}) == [["a1", 0, 2]]
    assert worst({"day": -9, "value": 30, "baseline": "yes"}, {"day": 0, "value": 130}, {"day": 5, "value": 50}) == [
        ["a1", 0, 2]
    ]
    assert worst({"day": 5, "value": 130}) == [["a1", -1, 2]], "no baseline"
    assert worst({"day": -1, "value": 130}) == [["a1", 2, -1]], "nothing after"


def test_an_abnormal_baseline_is_the_measure_of_later_values_and_the_versions_differ():
    rows = ({"day": -1, "value": 100}, {"day": 5, "value": 250})
    assert worst(*rows) == [["a1", 1, 1]] and worst(*rows, version=V6) == [["a1", 1, 3]]
    assert lab_grades(made(*rows), V5).n_abnormal == 1


def test_what_cannot_be_graded_is_counted_with_its_reason():
    rows = (
        {"day": 1, "value": 100, "upper_limit": None},
        {"day": 2, "value": 100, "unit": "furlong"},
        {"day": 3, "value": "BLQ"},
        {"day": 1, "test": "CRP", "value": 4},
        {"day": 4, "value": 100},
    )
    found = lab_grades(made(*rows), V5)
    assert len(found.table) == 1 and sum(n for _, n in found.ungraded) == 3
    assert "no upper limit of the reference range" in dict(found.ungraded)
    lymphocytes = made({"day": 1, "test": "ALC", "unit": "10^9/L", "value": 0.1})
    assert lab_grades(lymphocytes, V6).ungraded == (("CTCAE v6 has no grades by value: lymphocytes", 1),)
    assert lab_grades(lymphocytes, V5).table["low"].tolist() == [4]


def test_nobody_and_the_order_of_rows():
    empty = lab_grades(nobody(made({"day": 1, "value": 100})), V5)
    assert empty.table.empty and worst_lab_grades(empty).empty and empty.ungraded == ()
    rows = [{"day": day, "value": value} for day, value in ((-1, 30), (3, 130), (9, 30))]
    assert worst(*rows) == worst(*rows[::-1])
    assert not np.isnan(worst_lab_grades(lab_grades(made(*rows), V5))["low"]).any()
