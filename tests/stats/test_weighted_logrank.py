"""Weighted log-rank tests against R (survdiff with rho, strata; coxph's score test for late entry), a plain loop,
lifelines."""

import numpy as np
import pytest
from golden.reference import (
    DATA_SETS,
    SEED,
    arrays,
    floats,
    golden,
    maxcombo_numbers,
    same,
    survival_data,
    survival_numbers,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.stats.log_rank import EARLY, EQUAL, LATE, Weighting, covariance, excess, logrank, weighted_logrank, weights
from lib.stats.risk_sets import risk_sets

MORE = golden("survival_more")
FLEMING_HARRINGTON = (EQUAL, EARLY, LATE, Weighting(1, 1))  # in the order of the golden file


def names(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def veteran_by_cell():
    rows = survival_data("veteran")
    return arrays(rows.assign(g=rows["celltype"]))


def late_entry(name: str):
    """As in survival_more.R."""
    rows = survival_data(name)
    every, day = (2, 200) if name == "ovarian" else (3, 30)
    time, event, group = arrays(rows)
    return time, event, group, np.where((rows["id"].to_numpy() % every == 0) & (time > day), float(day), 0.0)


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_peto_peto_is_rs_survdiff_with_rho_1(name):
    found, expected = weighted_logrank(*arrays(survival_data(name)), EARLY), survival_numbers(name)["peto_peto_rho1"]
    assert (found.statistic, found.p, found.df) == (same(expected["chisq"]), same(expected["p"]), 1)
    assert found.name == "Peto & Peto modified (as R's survdiff, rho=1)"


@pytest.mark.parametrize("name", (*DATA_SETS, *SEED))
def test_the_four_weights_of_maxcombo_are_the_golden_ones(name):
    expected = maxcombo_numbers(name)
    for place, weighting in enumerate(FLEMING_HARRINGTON):
        found = weighted_logrank(*arrays(survival_data(name)), weighting)
        where = expected["weights"].index(f"FH({weighting.rho:g},{weighting.gamma:g})")
        assert found.statistic == same(expected["z"][where] ** 2), place
        assert found.p == same(expected["p"][where])


@pytest.mark.parametrize(
    ("case", "weighting"),
    [
        ("celltype_rho1", EARLY),
        ("celltype_rho_half", Weighting(rho=0.5)),
        ("celltype_fh01", LATE),
        ("celltype_fh11", Weighting(1, 1)),
    ],
)
def test_four_groups_are_rs(case, weighting):
    found, expected = weighted_logrank(*veteran_by_cell(), weighting), MORE["weighted"][case]
    assert (found.statistic, found.df, found.p) == (same(expected["chisq"]), 3, same(expected["p"]))


def test_strata_are_rs():
    rows = survival_data("veteran")
    cell = rows["celltype"].to_numpy(object)
    found, expected = weighted_logrank(*arrays(rows), EARLY, stratum=cell), MORE["weighted"]["stratified_rho1"]
    assert (found.statistic, found.df, found.p) == (same(expected["chisq"]), 1, same(expected["p"]))
    assert found.name == "stratified Peto & Peto modified (as R's survdiff, rho=1), 4 strata"
    time, event, arm = arrays(rows)
    found, expected = weighted_logrank(time, event, cell, stratum=arm), MORE["weighted"]["celltype_stratified_by_arm"]
    assert (found.statistic, found.df, found.p) == (same(expected["chisq"]), 3, same(expected["p"]))


@pytest.mark.parametrize(
    ("name", "case", "weighting"),
    [
        ("ovarian", "ovarian_every_second_enters_on_day_200", EQUAL),  # untied: R's score test of coxph
        ("lung", "lung_every_third_enters_on_day_30", EQUAL),
        ("lung", "lung_every_third_enters_on_day_30_fh01", LATE),
    ],
)
def test_late_entry_is_rs(name, case, weighting):
    time, event, group, entry = late_entry(name)
    found, expected = weighted_logrank(time, event, group, weighting, entry), MORE["late_entry"][case]
    assert (found.statistic, found.df, found.p) == (same(expected["chisq"]), 1, same(expected["p"]))


def test_nothing_to_compare():
    a, b = names("a", "b"), names("a", "a", "b", "b")
    assert weighted_logrank(floats(), floats(), names()).reason == "fewer than two groups have patients"
    assert weighted_logrank(floats(1, 2), floats(1, 1), names("a", "a")).reason == "fewer than two groups have patients"
    assert weighted_logrank(floats(1, 2), floats(0, 0), a).reason == "no events"
    apart = weighted_logrank(floats(1, 2, 3, 4), floats(0, 0, 1, 1), b)
    assert apart.reason == "the groups are never at risk together"
    by_turns = weighted_logrank(floats(3, 9), floats(1, 1), a, EQUAL, floats(0, 5))
    assert by_turns.reason == "the groups are never at risk together"
    together = weighted_logrank(floats(4, 4, 4, 4), floats(1, 1, 1, 1), b)
    assert together.reason == "all who were at risk had the event at the same time"
    own = weighted_logrank(floats(1, 2, 3, 4), floats(1, 1, 1, 1), b, stratum=b)
    assert own.reason == "the groups are never at risk together within a stratum"
    once = weighted_logrank(floats(1, 2, 2, 2), floats(1, 0, 0, 0), b, LATE)
    assert once.reason == "the events at which the groups can be compared have weight 0"
    weight_only_alone = weighted_logrank(floats(1, 4, 5, 2), floats(1, 1, 0, 0), names("a", "a", "a", "b"), LATE)
    assert weight_only_alone.reason == once.reason
    gone = weighted_logrank(floats(5, 5), floats(1, 1), a, EQUAL, floats(5, 0))
    assert gone.reason == "fewer than two groups have patients" and gone.n == 1
    for found in (apart, by_turns, together, own, once, weight_only_alone, gone):
        assert found.p is None and found.statistic is None


def test_one_patient_a_group_by_hand():
    found = weighted_logrank(floats(1, 2), floats(1, 1), names("a", "b"))
    assert (found.statistic, found.df) == (pytest.approx(1), 1)  # (1 - 1/2)^2 / (1/2 * 1/2)


def test_groups_that_meet_only_in_pairs_have_a_degree_of_freedom_a_pair():
    group = names("a", "b", "a", "b", "c", "d", "c", "d")
    stratum = names(*"ssssuuuu")
    time, event = floats(1, 2, 3, 4, 1, 2, 3, 4), np.ones(8)
    found = weighted_logrank(time, event, group, stratum=stratum)
    one = weighted_logrank(time[:4], event[:4], group[:4])
    assert (found.df, found.statistic) == (2, pytest.approx(2 * one.statistic))


def by_loop(time, event, group, weighting, entry, stratum):
    """The definition, one event time after another."""
    levels = sorted(set(group))
    scores, variance = np.zeros(len(levels)), np.zeros((len(levels), len(levels)))
    for block in set(stratum):
        survival = 1.0
        for when in sorted(set(time[(event == 1) & (stratum == block)])):
            there = (stratum == block) & (time >= when) & ((entry < when) | (entry == 0))
            now = there & (time == when) & (event == 1)
            n, died = there.sum(), now.sum()
            share = np.array([np.sum(there & (group == level)) for level in levels]) / n
            mine = np.array([np.sum(now & (group == level)) for level in levels])
            weight = survival**weighting.rho * (1 - survival) ** weighting.gamma
            scores += weight * (mine - died * share)
            if n > 1:
                spread = died * (n - died) / (n - 1)
                variance += weight**2 * spread * (np.diag(share) - np.outer(share, share))
            survival *= 1 - died / n
    return scores, variance


rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 6), st.integers(0, 1), st.sampled_from("abc"), st.sampled_from("st")),
    min_size=2,
    max_size=24,
)


def columns(observed):
    entry, event = floats(*(start for start, *_ in observed)), floats(*(e for _, _, e, *_ in observed))
    time = floats(*(start + length for start, length, *_ in observed))
    return time, event, names(*(g for *_, g, _ in observed)), entry, names(*(s for *_, s in observed))


@given(rows, st.sampled_from([EQUAL, EARLY, LATE, Weighting(0.5, 2)]))
def test_excess_and_covariance_are_those_of_the_plain_loop(observed, weighting):
    time, event, group, entry, stratum = columns(observed)
    sets = risk_sets(time, event, group, entry=entry, stratum=stratum)
    weight = weights(sets, weighting)
    scores, variance = by_loop(time, event, group, weighting, entry, stratum)
    assert excess(sets, weight) == pytest.approx(scores, abs=1e-9)
    assert covariance(sets, weight**2) == pytest.approx(variance, abs=1e-9)


@given(rows, st.randoms(), st.sampled_from([EQUAL, EARLY, LATE]))
def test_order_names_and_unit_of_time_are_nothing(observed, random, weighting):
    def test(observed, unit=1.0):
        time, event, group, entry, stratum = columns(observed)
        return weighted_logrank(time * unit, event, group, weighting, entry * unit, stratum)

    found = test(observed)
    renamed = [(start, length, e, {"a": "z", "b": "y", "c": "x"}[g], s) for start, length, e, g, s in observed]
    for other in (test(random.sample(observed, len(observed))), test(renamed), test(observed, 30.5)):
        assert (other.reason, other.df, other.n) == (found.reason, found.df, found.n)
        assert other.p == (None if found.p is None else pytest.approx(found.p, abs=1e-9))
    assert found.p is None or 0 <= found.p <= 1


@given(rows)
def test_without_entry_and_strata_it_is_the_plain_log_rank(observed):
    time, event, group, _, _ = columns(observed)
    plain, found = logrank(time, event, group), weighted_logrank(time, event, group)
    assume(plain.p is not None)
    assert (found.statistic, found.df, found.p) == (pytest.approx(plain.statistic), plain.df, pytest.approx(plain.p))
