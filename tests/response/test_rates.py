"""A rate, its limits and its test; outcomes of the criteria."""

import pandas as pd

from lib.cohort.response_scale import CLINICAL_BENEFIT as CBR
from lib.cohort.response_scale import CR, IMWG, VGPR
from lib.cohort.response_scale import OVERALL as ORR
from lib.response.rates import differing, rate_row

OUTCOMES = {outcome.name: outcome.levels for outcome in IMWG.outcomes}


def row(reached, groups, names=("A", "B"), denominator="all infused"):
    return rate_row(ORR, denominator, pd.Series(reached, dtype=bool), pd.Series(groups, dtype=object), names)


def test_levels_of_imwg():
    assert OUTCOMES[CR] == ("sCR", "CR") and OUTCOMES[VGPR] == ("sCR", "CR", "VGPR")
    assert OUTCOMES[ORR] == ("sCR", "CR", "VGPR", "PR") and OUTCOMES[CBR] == (*OUTCOMES[ORR], "MR")


def test_nobody_has_no_rate_and_no_test():
    found = row([], [])
    assert found.total.of == 0 and found.total.share.reason == "no patients"
    assert found.test.p is None and found.test.reason
    half = row([True], ["A"])
    assert half.groups[1].share.value is None and half.groups[0].share.value == 1 and half.test.p is None


def test_groups_add_up_and_one_group_is_not_tested():
    found = row([True, False, True, True], ["A", "A", "B", "B"])
    assert [(rate.n, rate.of) for rate in found.groups] == [(1, 2), (2, 2)] and (found.total.n, found.total.of) == (
        3,
        4,
    )
    assert found.test.name == "Fisher's exact test" and found.test.p == 1.0
    assert row([True], ["A"], names=("A",)).test.reason == "one group only"
    assert row([True] * 3, ["A", "B", "C"], names=("A", "B", "C")).test.name.startswith("Fisher-Freeman-Halton")


def test_denominators_that_are_the_same_are_said_once():
    every, same = row([True, False], ["A", "B"]), row([True, False], ["A", "B"], denominator="evaluable")
    fewer = row([True], ["A"], denominator="followed")
    assert differing([every, same, fewer]) == (every, fewer)
