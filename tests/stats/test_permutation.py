"""The permutation log-rank test against coin's exact distribution, its censoring check, and the words beside it."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, floats, golden, same, survival_data, survival_numbers
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.permutation import (
    ASSUMES,
    CENSORING_NAME,
    DOES_NOT_HOLD,
    MONTE_CARLO,
    censoring_difference,
    censoring_differs,
    logrank_scores,
    permutation_logrank,
    permutation_note,
)

GOLDEN = golden("survival")["seed_reconstruction_SYNTHETIC"]["exact_permutation_logrank"]
COIN = golden("survival_more")["permutation"]


def names(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


@pytest.mark.parametrize("name", SEED)
def test_all_arrangements_of_the_reconstruction(name):
    found = permutation_logrank(*arrays(survival_data(name)))
    assert found.p == same(GOLDEN[name]["p_two_sided_absU"]) == same(COIN[name])
    assert found.name == "permutation log-rank (|O-E|, all 12,870 arrangements)"
    assert GOLDEN["n_perm"] == 12_870


def test_ties_are_coins():
    given_ = COIN["tied_small"]["given"]
    found = permutation_logrank(floats(*given_["time"]), floats(*given_["ev"]), names(*given_["g"]))
    assert found.p == same(COIN["tied_small"]["p"])


def test_too_many_arrangements_are_drawn_and_the_name_says_so():
    found, again = (permutation_logrank(*arrays(survival_data("ovarian"))) for _ in range(2))
    assert found == again
    error = 2.5758 * np.sqrt(found.p * (1 - found.p) / 10_000)
    assert found.name == f"permutation log-rank (|O-E|, 10,000 random arrangements, p within {error:.4f})"
    p = COIN["ovarian"]
    assert found.p == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / MONTE_CARLO))


def test_a_drawn_p_is_never_0():
    found = permutation_logrank(np.arange(1.0, 61), np.ones(60), np.repeat(names("a", "b"), 30))
    assert found.p == 1 / (1 + MONTE_CARLO)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_the_statistic_is_observed_minus_expected(name):
    time, event, group = arrays(survival_data(name))
    expected = survival_numbers(name)["logrank"]
    assert permutation_logrank(time, event, group).statistic == pytest.approx(
        abs(expected["obs"][0] - expected["exp"][0]), rel=1e-6
    )
    assert logrank_scores(time, event).sum() == pytest.approx(0, abs=1e-9)


def test_nothing_to_compare():
    a_b = names("a", "b")
    assert permutation_logrank(floats(), floats(), names()).reason == "fewer than two groups have patients"
    assert permutation_logrank(floats(1), floats(1), names("a")).reason == "fewer than two groups have patients"
    assert permutation_logrank(floats(1, 2), floats(0, 0), a_b).reason == "no events"
    assert permutation_logrank(floats(2, 2), floats(1, 1), a_b).reason == "every arrangement gives the same"
    assert permutation_logrank(floats(1, 2, 3), np.ones(3), names("a", "b", "c")).reason == "made for two groups"
    late = permutation_logrank(floats(1, 2), floats(1, 1), a_b, floats(0, 1))
    assert late.reason == "not computed where patients enter late" and late.p is None


def test_one_against_one_can_only_be_1():
    assert permutation_logrank(floats(1, 2), floats(1, 1), names("a", "b")).p == 1


def test_the_smallest_possible_p_of_one_against_five():
    assert permutation_logrank(np.arange(1.0, 7), np.ones(6), names("b", *"aaaaa")).p > 1 / 6  # the last is as extreme
    alone = permutation_logrank(np.arange(1.0, 7), np.ones(6), names(*"aaaaa", "b"))
    assert alone.p == pytest.approx(1 / 6)


rows = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 1), st.sampled_from("ab")), min_size=2, max_size=9)


def columns(observed):
    return (*(floats(*(row[place] for row in observed)) for place in (0, 1)), names(*(g for *_, g in observed)))


@given(rows)
def test_p_is_that_of_dealing_one_by_one(observed):
    time, event, group = columns(observed)
    found = permutation_logrank(time, event, group)
    if found.p is None:
        return
    scores, size = logrank_scores(time, event), int(np.sum(group == "a"))
    sums = [abs(scores[list(chosen)].sum()) for chosen in combinations(range(len(time)), size)]
    assert len(sums) == comb(len(time), size)
    assert found.p == pytest.approx(np.mean(np.array(sums) >= found.statistic - 1e-9))


@pytest.mark.parametrize("name", ["ttp", "ovarian"])
def test_order_names_and_unit_are_nothing(name):
    time, event, group = arrays(survival_data(name))
    found, shuffled = permutation_logrank(time, event, group), np.random.default_rng(2).permutation(len(time))
    swapped = np.where(group == group[0], "z", "y").astype(object)
    for other in (
        permutation_logrank(time[shuffled], event[shuffled], group[shuffled]),
        permutation_logrank(time * 30.5, event, swapped),
    ):
        assert (other.p, other.name) == (found.p, found.name)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_the_test_of_censoring_is_rs_with_events_before_censorings(name):
    found, expected = censoring_difference(*arrays(survival_data(name))), COIN["censoring"][name]
    assert (found.statistic, found.p, found.name) == (same(expected["chisq"]), same(expected["p"]), CENSORING_NAME)


def test_who_has_the_event_on_a_day_is_not_censored_on_it():
    found = censoring_difference(floats(2, 2, 2, 3), floats(1, 0, 0, 0), names("a", "a", "b", "b"))
    assert found.statistic == pytest.approx((1 - 2 / 3) ** 2 / (2 * (1 / 3) * (2 / 3) * (1 / 2)))  # 3 at risk, not 4


def test_the_note_says_whether_the_assumption_holds():
    assert permutation_note(*arrays(survival_data("lung"))) == DOES_NOT_HOLD  # p 0.013
    assert permutation_note(*arrays(survival_data("veteran"))) == ASSUMES
    assert permutation_note(*arrays(survival_data("ovarian"))) == ASSUMES
    for name in SEED:  # no control is censored, half of the others are
        assert permutation_note(*arrays(survival_data(name))) == DOES_NOT_HOLD
    assert ASSUMES == "permutation p, assumes equal censoring"
    assert DOES_NOT_HOLD == "permutation p, assumes equal censoring, which does not hold here"


@pytest.mark.parametrize("name", [*DATA_SETS, *SEED])
def test_whether_censoring_differs_is_what_the_test_that_is_shown_says(name):
    time, event, group = arrays(survival_data(name))
    shown = censoring_difference(time, event, group)
    assert censoring_differs(time, event, group) == censoring_differs(time, event, group, shown)


def test_where_censoring_cannot_be_compared():
    a_b = names("a", "b")
    none = censoring_difference(floats(1, 2), floats(1, 1), a_b)
    assert none.reason == "nobody is censored" and none.p is None
    assert not censoring_differs(floats(1, 2), floats(1, 1), a_b)
    assert not censoring_differs(floats(1, 2), floats(0, 0), a_b)
    assert censoring_differs(floats(1, 2), floats(0, 1), a_b)
    assert permutation_note(floats(), floats(), names()) == ASSUMES
