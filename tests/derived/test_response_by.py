"""The first day of a response at least as good as a threshold."""

import numpy as np
import pytest
from golden.cohorts import arms, cohort, example, nobody, selected

from lib.derived.exposure import response_by


def made(*rows):
    return selected(
        cohort(
            arms(A=["a1", "a2", "a3"]),
            responses=[{"patient_id": patient, "day": day, "response": response} for patient, day, response in rows],
        )
    )


def days(known):
    return [None if np.isnan(day) else day for day in known.day]


def test_nobody_and_nobody_assessed():
    assert days(response_by(nobody(example()), "PR")) == []
    known = response_by(made(), "PR")
    assert (days(known), known.not_stated) == ([None] * 3, ("a1", "a2", "a3"))


def test_the_first_day_of_the_threshold_or_better():
    one = made(
        ("a1", 28, "PR"), ("a1", 61, "CR"), ("a1", 20, "MR"), ("a2", 30, "SD"), ("a3", 90, "sCR"), ("a3", 60, "VGPR")
    )
    assert days(response_by(one, "PR")) == [28, None, 60]
    assert days(response_by(one, "CR")) == [61, None, 90]
    assert days(response_by(one, "sCR")) == [None, None, 90]
    assert response_by(one, "PR").not_stated == ()


def test_not_evaluable_is_no_response_and_no_assessment():
    known = response_by(made(("a1", 28, "NE"), ("a2", 28, "PD"), ("a3", -10, "CR")), "PR")
    assert (days(known), known.not_stated) == ([None] * 3, ("a1",))


def test_a_response_without_a_day_is_told():
    known = response_by(made(("a1", None, "CR"), ("a1", 60, "PR"), ("a2", None, "SD"), ("a3", 5, "SD")), "PR")
    assert (days(known), known.not_stated) == ([60, None, None], ("a1",))


def test_a_response_is_never_later_for_a_lower_threshold():
    opened = selected(example())
    pr, cr = response_by(opened, "PR").day, response_by(opened, "CR").day
    assert (pr[cr.notna()] <= cr[cr.notna()]).all() and cr.notna().sum() < pr.notna().sum()


def test_groups_are_named_by_the_threshold():
    one = made(("a1", 28, "PR"), ("a2", 28, "SD"))
    found = response_by(one, "PR").group_at(30, one.patients["patient_id"])
    assert found.tolist() == ["PR or better", "not PR or better", None]


def test_an_unknown_threshold_is_an_error():
    with pytest.raises(ValueError):
        response_by(made(), "nCR")
