"""The one policy for small samples: which groups are compared, by which test, and what is said."""

import numpy as np
import pytest
from golden.reference import floats

from lib.stats.compared import compared_rows, headline_test, logrank_of, short_name
from lib.stats.cox import curves_cross
from lib.stats.estimate import compared_groups, described_only, few_events, penalised_from_the_start, why_described
from lib.stats.kaplan_meier import kaplan_meier


def everybody(_place):
    return 1


def rows(sizes, event=everybody, entry=None):
    group = np.array([name for name, n in sizes.items() for _ in range(n)], dtype=object)
    time = np.arange(1.0, len(group) + 1)
    time = time[np.random.default_rng(5).permutation(len(time))]
    events = np.array([event(place) for place in range(len(group))], dtype=float)
    return compared_rows(time, events, group, tuple(sizes), entry)


def test_groups_of_one_or_two_are_described():
    sizes = {"a": 3, "b": 2, "c": 1, "d": 0}
    assert (compared_groups(sizes), described_only(sizes)) == (("a",), ("b", "c"))
    assert why_described(sizes) == "b, c: described, not compared: fewer than 3 patients."
    assert why_described({"a": 3, "d": 0}) == ""


@pytest.mark.parametrize(("events", "said"), [(1, "few events (1)"), (4, "few events (4)"), (5, ""), (50, "")])
def test_few_events_are_below_five(events, said):
    assert few_events(events) == said


@pytest.mark.parametrize(("events", "penalised"), [((5, 5), False), ((5, 4), True), ((40, 0), True), ((0, 0), True)])
def test_firth_takes_over_below_ten_events_and_without_any_in_a_group(events, penalised):
    assert penalised_from_the_start(events) == penalised


def test_the_rows_of_small_groups_are_in_no_test():
    found = rows({"a": 5, "b": 4, "solo": 1})
    assert (found.names, len(found.time), found.described[:4]) == (("a", "b"), 9, "solo")
    assert logrank_of(found).df == 1
    alone = rows({"a": 5, "b": 2})
    assert logrank_of(alone).reason == "b: described, not compared: fewer than 3 patients"
    assert headline_test(alone, logrank_of(alone)).p is None


@pytest.mark.parametrize(
    ("made", "short"),
    [
        (rows({"a": 15, "b": 15}), "log-rank"),
        (rows({"a": 15, "b": 14}), "permutation log-rank"),
        (rows({"a": 20, "b": 20}, lambda place: int(place % 5 == 0)), "permutation log-rank"),  # 8 events
        (rows({"a": 6, "b": 6}, lambda place: int(place < 6)), "penalised likelihood ratio"),  # one group all censored
        (rows({"a": 5, "b": 5, "c": 5}), "penalised likelihood ratio"),
        (rows({"a": 6, "b": 6}, entry=np.array([0.0] * 11 + [0.5])), "penalised likelihood ratio"),
    ],
)
def test_the_headlines_test_is_one_that_holds_and_is_named(made, short):
    test = headline_test(made, logrank_of(made))
    assert short_name(test) == short and 0 <= test.p <= 1 and test.n == len(made.time)


def test_curves_cross_only_where_each_lies_well_above_the_other_while_enough_are_at_risk():
    early, late = (
        kaplan_meier(floats(1, 1, 1, 9, 9, 9, 9), floats(1, 1, 1, 0, 0, 0, 0)),
        kaplan_meier(floats(*[5] * 5, 9, 9, 9), floats(*[1] * 5, 0, 0, 0)),
    )
    assert curves_cross(early, late) and curves_cross(late, early)
    assert not curves_cross(early, early)
    thin = kaplan_meier(floats(1, 1, 1, 2, 2, 9, 9), floats(1, 1, 1, 0, 0, 0, 0))
    assert not curves_cross(thin, late)  # two are left when the other falls below
