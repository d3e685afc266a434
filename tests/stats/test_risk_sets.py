"""Who is at risk at each event time: by counting one by one, and where there is nobody."""

import numpy as np
import pytest
from golden.reference import floats
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.kaplan_meier import kaplan_meier
from lib.stats.risk_sets import at_each, ever_at_risk, from_each, risk_sets


def names(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def test_nobody_and_no_events():
    empty = risk_sets(floats(), floats(), names())
    assert (empty.names, empty.n, empty.at_risk.shape, empty.groups_with_patients) == ((), 0, (0, 0), 0)
    alive = risk_sets(floats(1, 2), floats(0, 0), names("a", "b"))
    assert (alive.at_risk.shape, alive.patients, alive.strata) == ((0, 2), (1, 1), 1)


def test_ties_and_a_censored_time_tied_with_an_event():
    sets = risk_sets(floats(2, 2, 3, 3), floats(1, 0, 1, 1), names("a", "b", "a", "b"))
    assert sets.at_risk.tolist() == [[2, 2], [1, 1]]
    assert sets.events.tolist() == [[1, 0], [1, 1]]
    assert sets.survival_before.tolist() == [1, 0.75]  # just before the time, not after it


def test_who_enters_at_a_time_is_at_risk_after_it():
    sets = risk_sets(floats(5, 6, 7), floats(1, 1, 1), names("a", "a", "b"), entry=floats(0, 0, 5))
    assert sets.at_risk.tolist() == [[2, 0], [1, 1], [0, 1]]


def test_who_is_there_from_the_start_is_at_risk_at_time_0():
    sets = risk_sets(floats(0, 3), floats(1, 1), names("a", "b"), entry=floats(0, 0))
    assert sets.at_risk.tolist() == [[1, 1], [0, 1]]


def test_who_leaves_at_or_before_the_entry_is_left_out():
    sets = risk_sets(floats(5, 5, 8), floats(1, 1, 1), names("a", "a", "b"), entry=floats(5, 0, 9))
    assert (sets.patients, sets.at_risk.tolist()) == ((1, 0), [[1, 0]])
    assert ever_at_risk(floats(0, 3), floats(0, 3)).tolist() == [True, False]


def test_groups_not_named_are_left_out_and_empty_ones_keep_their_column():
    sets = risk_sets(floats(1, 2, 3), floats(1, 1, 1), names("a", "x", "b"), names=("b", "nobody", "a"))
    assert (sets.names, sets.patients, sets.n) == (("b", "nobody", "a"), (1, 0, 1), 2)
    assert sets.at_risk.tolist() == [[1, 0, 1], [1, 0, 0]]


def test_each_stratum_has_its_own_risk_sets_and_curve():
    sets = risk_sets(
        floats(1, 2, 1, 3), floats(1, 1, 1, 0), names("a", "b", "a", "b"), stratum=names("s", "s", "t", "t")
    )
    assert (sets.strata, sets.at_risk.tolist()) == (2, [[1, 1], [0, 1], [1, 1]])
    assert sets.survival_before.tolist() == [1, 0.5, 1]


rows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 6), st.integers(0, 1), st.sampled_from("ab")), min_size=1, max_size=20
)


@given(rows)
def test_counts_are_those_of_counting_one_by_one(observed):
    entry, event = floats(*(start for start, *_ in observed)), floats(*(e for *_, e, _ in observed))
    time, group = floats(*(start + length for start, length, *_ in observed)), names(*(g for *_, g in observed))
    sets = risk_sets(time, event, group, ("a", "b"), entry)
    times = sorted(set(time[event == 1]))
    assert len(sets.at_risk) == len(times)
    for row, when in enumerate(times):
        there = (time >= when) & ((entry < when) | (entry == 0))
        for column, name in enumerate("ab"):
            assert sets.at_risk[row, column] == np.sum(there & (group == name))
            assert sets.events[row, column] == np.sum((time == when) & (event == 1) & (group == name))
    curve = kaplan_meier(time, event, entry)
    before = [curve.survival[np.flatnonzero(curve.time == when)[0] - 1] for when in times]
    assert sets.survival_before.tolist() == pytest.approx(before, abs=1e-12)


def test_counting_at_and_from():
    assert at_each(floats(1, 2, 4), floats(4, 1, 4)).tolist() == [1, 0, 2]
    assert from_each(floats(1, 2, 4), floats(4, 1, 3)).tolist() == [3, 2, 1]
