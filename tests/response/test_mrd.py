"""MRD: negative at any assessment that counts; not done is not negative."""

import pytest
from golden.cohorts import selected

from lib.response.mrd import mrd_states, read_mrd
from response.made import assessed, made


@pytest.mark.parametrize(
    ("word", "state"),
    [("negative", "negative"), ("Neg.", "negative"), ("MRD-", "negative"), ("MRD negative", "negative"), ("undetectable", "negative"),
     ("positive", "positive"), ("MRD+", "positive"), ("detected", "positive"), ("not detected", "negative"), ("not done", "not done"),
     ("n.d.", "not done"), ("0", "not done")],
)  # fmt: skip
def test_words(word, state):
    assert read_mrd(word) == state


def test_the_best_that_was_found_before_progression():
    rows = assessed(
        ("a1", 28, "CR", "positive"), ("a1", 90, "CR", "negative"), ("a2", 28, "CR", "not done"), ("b1", 28, "CR", "positive"),
        ("b2", 28, "PD", None), ("b2", 60, "CR", "negative"),
    )  # fmt: skip
    cohort = selected(made({"A": ["a1", "a2"], "B": ["b1", "b2"]}, rows))
    assert mrd_states(cohort).to_dict() == {"a1": "negative", "a2": "not done", "b1": "positive", "b2": "not done"}
