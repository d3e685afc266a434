"""Until when values were followed."""

from golden.cohorts import arms, by, cohort, nobody, selected
from workbooks import example

from lib.derived.lab_values import last_labs


def test_the_six_followed_patients_of_the_example_at_a_median_of_9_months():
    control, pomalidomide = last_labs(selected(example()), by(example()))
    reported = (round(pomalidomide.median, 1), round(pomalidomide.low, 1), round(pomalidomide.high, 1))
    assert reported == (9.0, 7.0, 21.0) and (pomalidomide.n, pomalidomide.n_lost) == (6, 2) and control.n_lost == 0


def test_nobody_and_values_before_the_infusion_only():
    rows = [{"patient_id": "a1", "day": -3, "test": "CRP", "value": 5}]
    made = cohort(arms(A=["a1"]), labs=rows)
    assert last_labs(made, by(made)) == () == last_labs(nobody(example()), by(example()))
