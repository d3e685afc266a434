"""Change from baseline: which value is the baseline, which count, who is left out and why."""

import pytest
from golden.cohorts import by, nobody, selected

from lib.response.change.result import (
    NO_BASELINE,
    NO_VALUES,
    NOTHING_LATER,
    ZERO_BASELINE,
    marker_change,
)
from lib.response.change.series import marker_series
from response.made import assessed, made, measured, with_m_protein


def found(*rows, responses=(), groups=None, **tables):
    opened = made(groups or {"A": ["a1"]}, responses, labs=measured(*rows), **tables)
    return marker_change(selected(opened), marker_series(opened)[0], by(opened, "-"))


def test_nobody():
    opened = with_m_protein(16)
    nothing = marker_change(nobody(opened), marker_series(opened)[0], by(opened))
    assert nothing.n == 0 and nothing.best.empty and nothing.course.empty and nothing.left_out == ()


def test_baseline_is_the_last_value_at_or_before_day_0():
    result = found(("a1", -30, 80), ("a1", -2, 40), ("a1", 28, 10), ("a1", 60, 4), ("a1", 90, 8))
    (row,) = result.best.to_dict("records")
    assert row["baseline"] == 40 and row["day"] == 60 and row["change"] == pytest.approx(-90)
    assert result.course["change"].tolist() == pytest.approx([0, -75, -90, -80])
    assert found(("a1", 0, 20), ("a1", 28, 10)).best["change"].tolist() == [-50]


def test_values_until_progression_or_another_treatment_count():
    values = [("a1", 0, 40), ("a1", 28, 20), ("a1", 60, 60), ("a1", 90, 0)]
    assert found(*values, responses=assessed(("a1", 60, "PD"))).best["change"].tolist() == [-50]
    treated = [{"patient_id": "a1", "kind": "subsequent", "therapy": "X", "start_day": 40}]
    assert len(found(*values, therapies=treated).course) == 2


def test_below_the_limit_of_detection_is_minus_100():
    result = found(("a1", 0, 40), ("a1", 28, "<0.5"))
    assert result.best["change"].tolist() == [-100] and result.best["below"].tolist() == [True]


def test_whoever_is_left_out_has_a_reason():
    rows = [("a1", 10, 5), ("a2", 0, 0), ("a2", 10, 5), ("a3", 0, 7), ("a5", 0, 10), ("a5", 30, 10), ("a5", None, 3)]
    result = found(*rows, groups={"A": ["a1", "a2", "a3", "a4", "a5"]})
    assert dict(result.left_out) == {NO_BASELINE: 1, ZERO_BASELINE: 1, NOTHING_LATER: 1, NO_VALUES: 1}
    assert result.best["change"].tolist() == [0] and result.n_undated == 1


def test_bars_stand_in_order_of_depth_within_each_group():
    opened = with_m_protein(16)
    result = marker_change(selected(opened), marker_series(opened)[0], by(opened))
    assert (result.best.groupby("slot")["change"].diff().dropna() <= 1e-6).all() and result.best[
        "slot"
    ].is_monotonic_increasing
    assert result.n + sum(n for _, n in result.left_out) == 16
