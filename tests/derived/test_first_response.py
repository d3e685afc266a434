"""The first response: after the infusion, before progression, before any other treatment."""

import math

from golden.cohorts import example, nobody, selected

from derived.courses import all_of, made
from lib.cohort.response_scale import IMWG
from lib.derived.best_response import best_responses, first_responses


def first(*responses, levels=None, **tables):
    cohort = all_of(made("a", responses=[("a", *row) for row in responses], **tables))
    (day,) = first_responses(cohort, levels) if levels else first_responses(cohort)
    return None if math.isnan(day) else day


def test_pr_or_better_after_day_0():
    assert first((-10, "PR"), (0, "CR"), (28, "MR"), (60, "VGPR"), (90, "CR")) == 60
    assert first((28, "PR"), (60, "VGPR"), (90, "CR"), levels=IMWG.complete) == 90
    assert first((28, "SD"), (60, "NE")) is None
    assert first((None, "PR")) is None


def test_none_on_the_day_of_progression_or_after_it():
    assert first((60, "PR"), ttp={"a": (60, 1)}) is None
    assert first((59, "PR"), ttp={"a": (60, 1)}) == 59
    assert first((60, "PR"), ttp={"a": (50, 1)}, os={"a": (300, 0)}) is None
    assert first((60, "PR"), (30, "PD")) is None
    assert first((60, "PR"), ttp={"a": (60, 0)}) == 60


def test_none_after_another_treatment():
    assert first((60, "PR"), therapies=[("a", "subsequent", "X", 59)]) is None
    assert first((60, "PR"), therapies=[("a", "subsequent", "X", 60)]) == 60
    assert first((60, "PR"), therapies=[("a", "maintenance", "X", 30)]) == 60
    assert first((60, "PR"), infusions=[("a", 1, 0), ("a", 2, 40)]) is None


def test_the_example_and_nobody():
    assert first_responses(selected(example())).notna().sum() == 16
    assert first_responses(selected(example()), IMWG.complete).notna().sum() == 4
    assert len(first_responses(nobody(example()))) == 0


def test_the_best_of_each_patient_of_the_example_and_of_nobody():
    """Four came to CR, at months 2, 3, 8 and 9; nobody's best came before the first response."""
    cohort = selected(example())
    best = best_responses(cohort)
    complete = first_responses(cohort, IMWG.complete)
    assert best[complete.notna()].equals(complete.dropna()) and best.notna().sum() == 16
    assert (best >= first_responses(cohort)).all()
    assert len(best_responses(nobody(example()))) == 0
