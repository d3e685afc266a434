"""A curve is thin where fewer than three are at risk."""

import numpy as np
from golden.cohorts import arms, cohort, example, follow_up
from survival.made import late, result

from lib.stats.kaplan_meier import FEWEST_AT_RISK, kaplan_meier, thin_from


def curve(*times, event=1.0):
    return kaplan_meier(np.array(times, dtype=float), np.full(len(times), event))


def test_nobody_and_one():
    assert curve().thin.tolist() == [False] and thin_from(curve()) is None
    assert curve(2).thin.tolist() == [True, True] and thin_from(curve(2)) == 0


def test_the_tail_begins_when_fewer_than_three_remain():
    assert FEWEST_AT_RISK == 3
    assert curve(1, 2, 3, 4, 5).thin.tolist() == [False, False, False, True, True, True]
    assert thin_from(curve(1, 2, 3, 4, 5)) == 3  # after time 3 two remain
    assert thin_from(curve(1, 2, 5, 5, 5)) is None
    assert thin_from(curve(1, 2, 3, 4, 5, event=0.0)) == 3


def test_the_example():
    control, pomalidomide = result(example(), "ttp").groups
    assert (thin_from(control.curve), thin_from(pomalidomide.curve)) == (10.1, 15)


def test_late_entry_can_be_thin_at_first_and_not_later():
    made = late(*[("A", 0, 2, 1)], *[("A", 1, time, 1) for time in (4, 5, 6, 7)])
    (group,) = result(made).groups
    assert group.curve.thin.tolist() == [False, False, False, True, True, True]
    made = late(("A", 0, 2, 1), *[("A", 3, time, 1) for time in (4, 5, 6, 7)])
    (group,) = result(made).groups
    assert group.curve.thin.tolist()[:2] == [True, False] and thin_from(group.curve) == 5


def test_a_group_of_two_is_thin_from_the_start():
    made = cohort(arms(A=["a1", "a2"]), endpoints=follow_up("os", a1=(3, 1), a2=(5, 0)))
    assert thin_from(result(made).groups[0].curve) == 0
