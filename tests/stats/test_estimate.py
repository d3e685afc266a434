"""Never a bare NaN: a value or its reason."""

import pytest

from lib.stats.estimate import Estimate, TestResult, not_done


def test_estimate_has_a_value_or_a_reason():
    assert Estimate(None, reason="no patients").value is None
    assert Estimate(0.0).value == 0.0  # nothing is not missing
    with pytest.raises(ValueError, match="reason"):
        Estimate(None)
    with pytest.raises(ValueError, match="reason"):
        Estimate(1.0, reason="no patients")


def test_test_result_has_a_p_value_or_a_reason():
    assert not_done("a test", 3, "no events") == TestResult("a test", None, None, None, 3, "no events")
    with pytest.raises(ValueError, match="reason"):
        TestResult("a test", 1.0, 1, None, 3)
    with pytest.raises(ValueError, match="reason"):
        TestResult("a test", 1.0, 1, 0.5, 3, "no events")


def test_values_are_frozen():
    with pytest.raises(AttributeError):
        Estimate(1.0).value = 2.0
