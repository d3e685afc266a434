"""Values at visits and nominal days, quartiles, ranks and tests."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from golden.cohorts import by, nobody, selected
from golden.reference import exact_rank_p
from hypothesis import given
from hypothesis import strategies as st

from labs.made import result, sixteen, with_labs
from lib.labs.profile import UNKNOWN_LIMIT, Place, comparisons, labs, profile
from lib.labs.series import lab_series


def test_nominal_days_of_the_made_cohort():
    found = result(sixteen())
    assert [place.day for place in found.places][:5] == [0, 1, 3, 5, 7] and found.places[-1].day == 28
    assert (found.n, found.n_selected, found.n_untimed, found.n_repeated) == (16, 16, 0, 0)
    assert len(found.summaries) == 2 * len(found.places) == 2 * len(found.comparisons)
    assert found.reference_limits == {"lower": 0, "upper": 5} and found.detection_limits == (4,)


VISITS = [
    {"patient_id": patient, "visit": visit, "day": day, "value": value}
    for patient, shift in (("a1", 0), ("a2", 1), ("b1", 2), ("b2", 3))
    for visit, day, value in (("late", 28 + shift, 9), ("early", shift, 5))
]


def test_visits_in_their_order_with_their_median_day():
    found = result(with_labs(VISITS, A=["a1", "a2"], B=["b1", "b2"]))
    assert found.by_visit and [(place.at, place.label, place.day) for place in found.places] == [
        (0, "early", 1.5),
        (1, "late", 29.5),
    ]
    assert [(each.n, each.numbers["median"]) for each in found.summaries] == [(2, 5), (2, 5), (2, 9), (2, 9)]
    part = result(with_labs(VISITS, A=["a1", "a2"], B=["b1", "b2"]), 0, "arm", "arm=A")
    assert [place.label for place in part.places] == ["early", "late"]
    assert [each.n for each in part.summaries] == [2, 0, 2, 0]


def test_the_reader_may_look_at_days_instead():
    found = result(with_labs(VISITS, A=["a1", "a2"], B=["b1", "b2"]), by_visit=False)
    assert not found.by_visit and all(place.visit is None for place in found.places)
    assert not result(sixteen(), by_visit=True).by_visit, "there are no visits"


def test_visits_without_days():
    found = result(with_labs([{**row, "day": None} for row in VISITS], A=["a1", "a2"], B=["b1", "b2"]))
    assert [(place.label, place.day) for place in found.places] == [("late", None), ("early", None)]


def test_further_values_at_a_visit_and_values_without_a_time_are_counted():
    rows = [*VISITS, {"patient_id": "a1", "visit": "early", "day": 5, "value": 100}, {"patient_id": "a1", "value": 7}]
    found = result(with_labs(rows, A=["a1", "a2"], B=["b1", "b2"]), by_visit=True)
    assert (found.n_repeated, found.n_untimed) == (1, 1)
    assert found.summaries[0].numbers["max"] == 5, "the first value counts"
    assert result(with_labs(rows, A=["a1", "a2"], B=["b1", "b2"]), by_visit=False).n_untimed == 1


def test_reference_limits_only_where_they_are_the_same_for_all():
    rows = [{"patient_id": "a1", "day": day, "value": 5, "lower_limit": day, "upper_limit": 9} for day in (1, 2)]
    assert result(with_labs(rows)).reference_limits == {"upper": 9}
    assert result(with_labs([*rows, {"patient_id": "a1", "day": 3, "value": 5}])).reference_limits == {}


def test_nobody_a_patient_without_group_and_order_of_rows():
    made = sixteen()
    empty = labs(nobody(made), lab_series(made)[0], by(made))
    assert (empty.n, empty.places, empty.summaries, empty.reference_limits) == (0, (), (), {})
    rows = [{"patient_id": patient, "day": 1, "value": 5} for patient in ("a1", "b1")]
    assert result(with_labs(rows, A=["a1"], B=["b1"]), 0, "-").n == 2
    part = selected(made)
    turned = part.with_tables(part.patients, {**part.tables, "labs": part.labs[::-1].reset_index(drop=True)})
    first, again = (labs(each, lab_series(made)[0], by(made)) for each in (part, turned))
    assert first.summaries == again.summaries and first.comparisons == again.comparisons


DAY = Place(7.0, "7", 7.0, None)


def sampled(**groups) -> pd.DataFrame:
    """Values by group: a number, "<4", or None (below a limit that is not stated)."""
    rows = [
        (0, name, np.nan if below else value, below, float(value[1:]) if isinstance(value, str) else np.nan)
        for name, values in groups.items()
        for value in values
        for below in (value is None or isinstance(value, str),)
    ]
    table = pd.DataFrame(rows, columns=["place", "group", "value", "below", "limit"])
    return table.astype({"place": int, "value": float, "below": bool, "limit": float})


def one(*values):
    return profile(sampled(A=values), ("A",), (DAY,))[0]


def test_quartiles_are_type_7():
    """R: quantile(c(1, 2, 4, 8, 16, 32)) gives 1.00 2.50 6.00 14.00 32.00."""
    found = one(1, 2, 4, 8, 16, 32)
    assert found.numbers == {"median": 6, "q1": 2.5, "q3": 14, "min": 1, "max": 32}
    assert (found.n, found.n_below, found.reason) == (6, 0, "")


def test_one_value_and_nobody():
    assert set(one(5).numbers.values()) == {5.0}
    empty = one()
    assert empty.reason == "no values" and set(empty.numbers.values()) == {None} and empty.n == 0


def test_a_quantile_below_the_limit_is_no_number():
    found = one("<4", "<4", "<4", 10, 20)
    assert found.numbers == {"median": None, "q1": None, "q3": 10, "min": None, "max": 20}
    assert found.drawn["median"] == 2 and found.limit == 4 and found.n_below == 3
    assert found.reason == "median: below the limit of 4; q1: below the limit of 4; min: below the limit of 4"


def test_below_a_limit_that_is_not_stated_is_lower_than_everything():
    found = one(None, 10, 20, 30, 40)
    assert found.numbers == {"median": 20, "q1": 10, "q3": 30, "min": None, "max": 40}
    assert found.reason == f"min: {UNKNOWN_LIMIT}" and found.drawn["min"] is None
    assert set(one(None, None).numbers.values()) == {None}


def test_groups_at_a_place():
    """R: wilcox.test(c(1, 2, 3), c(4, 5, 6))$p.value is 0.1; kruskal.test with c(7, 8, 9) gives 0.02732372."""
    (found,) = comparisons(sampled(A=[1, 2, 3], B=[4, 5, 6]), ("A", "B"), (DAY,))
    assert found.test.p == pytest.approx(0.1) and (found.test.n, found.place) == (6, DAY)
    (found,) = comparisons(sampled(A=[1, 2, 3], B=[4, 5, 6], C=[7, 8, 9]), ("A", "B", "C"), (DAY,))
    assert (
        found.test.p == pytest.approx(exact_rank_p("nine in order"))
        and found.test.name == "Kruskal-Wallis test (exact)"
    )


def test_below_the_limit_ranks_lowest():
    low, none = (
        comparisons(sampled(A=[first, 2, 3], B=[4, 5, 6]), ("A", "B"), (DAY,))[0].test for first in ("<4", None)
    )
    assert low == none and low.p == pytest.approx(0.1)
    all_below = comparisons(sampled(A=["<4"], B=["<4"]), ("A", "B"), (DAY,))[0].test
    assert all_below.reason == "all values are equal"


def test_one_group_and_no_values_have_no_test():
    assert comparisons(sampled(A=[1, 2]), ("A",), (DAY,))[0].test.reason == "one group only"
    assert comparisons(sampled(A=[1, 2]), ("A", "B"), (DAY,))[0].test.reason == "fewer than two groups have values"


amounts = st.lists(st.one_of(st.floats(0.01, 1e6), st.none(), st.just("<4")), max_size=15)


@given(amounts, amounts, st.randoms())
def test_order_of_rows_is_nothing_and_numbers_are_in_order(first, second, random):
    table = sampled(A=first, B=second)
    found = profile(table, ("A", "B"), (DAY,))
    shuffled = table.sample(frac=1, random_state=random.randint(0, 99))
    assert profile(shuffled, ("A", "B"), (DAY,)) == found
    assert comparisons(shuffled, ("A", "B"), (DAY,)) == comparisons(table, ("A", "B"), (DAY,))
    for each in found:
        known = [each.drawn[name] for name in ("min", "q1", "median", "q3", "max") if each.drawn[name] is not None]
        assert all(high >= low * (1 - 1e-12) for low, high in pairwise(known))
        assert (None in each.numbers.values()) == bool(each.reason)
