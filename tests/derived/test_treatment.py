"""Next therapy, another infusion, apheresis: days by patient."""

import math

from golden.cohorts import example, nobody, selected

from derived.courses import all_of, made
from lib.derived.follow_up import days_from_apheresis, later_infusions, next_therapies, other_treatment


def days(series):
    return [None if math.isnan(value) else value for value in series]


def test_the_first_subsequent_therapy_after_the_infusion():
    cohort = all_of(
        made(
            "abcd",
            therapies=[
                ("a", "subsequent", "X", 200),
                ("a", "subsequent", "Y", 90),
                ("b", "maintenance", "Z", 30),
                ("c", "subsequent", "X", -20),
                ("d", "subsequent", "X", None),
            ],
        )
    )
    found = next_therapies(cohort)
    assert days(found["day"]) == [90, None, None, None]
    assert found["problem"].tolist() == ["", "", "", "start of a subsequent therapy not stated"]


def test_another_infusion_counts_from_the_one_that_is_looked_at():
    cohort = made("ab", infusions=[("a", 1, 0), ("a", 2, 100), ("a", 3, 250), ("b", 1, 0)])
    assert days(later_infusions(all_of(cohort))) == [100, None]
    assert days(later_infusions(all_of(cohort, infusion=2))) == [150]
    assert days(later_infusions(all_of(cohort, infusion=3))) == [None]


def test_other_treatment_is_whichever_comes_first():
    cohort = made(
        "ab",
        infusions=[("a", 1, 0), ("a", 2, 100)],
        therapies=[("a", "subsequent", "X", 60), ("b", "subsequent", "X", 70)],
    )
    assert days(other_treatment(all_of(cohort))) == [60, 70]


def test_the_last_apheresis_before_the_infusion():
    cohort = all_of(
        made(
            "abcd",
            therapies=[
                ("a", "other", "Leukapheresis", -40),
                ("a", "other", "apheresis", -31),
                ("b", "bridging", "VD", -20),
                ("c", "other", "apheresis", 5),
                ("d", "other", None, -9),
            ],
        )
    )
    assert days(days_from_apheresis(cohort)) == [31, None, None, None]


def test_nobody_and_no_tables():
    for part in (nobody(example()), selected(example()), all_of(made("a"))):
        assert len(other_treatment(part)) == len(days_from_apheresis(part)) == part.n
        assert other_treatment(part).isna().all()
