"""An endpoint by patient in days; whoever has no usable row has the reason."""

import pytest
from golden.cohorts import example, nobody

from derived.courses import MONTH, all_of, made, reported
from lib.derived.follow_up import death_days, died_on, endpoint_days, first_days


def test_months_become_days_and_the_missing_have_a_reason():
    cohort = all_of(made("abc", os={"a": (10, 1), "b": (-1, 1)}, unit="months"))
    assert reported(endpoint_days(cohort, "os"), "day", "event", "problem") == {
        "a": (pytest.approx(10 * MONTH), 1, ""),
        "b": (None, None, "negative time"),
        "c": (None, None, "no overall survival recorded"),
    }
    assert death_days(cohort).dropna().tolist() == [10 * MONTH]


def test_the_day_of_death_is_known_to_the_precision_of_written_months():
    cohort = all_of(made("ab", os={"a": (183, 1), "b": (183, 0)}))
    days = death_days(cohort)
    assert died_on(cohort, days.fillna(183) - 0.375).tolist() == [True, False]
    assert died_on(cohort, days - 1.5).tolist() == [False, False]


def test_nobody():
    part = nobody(example())
    assert len(endpoint_days(part, "os")) == len(first_days(part.responses, "day", part)) == 0
