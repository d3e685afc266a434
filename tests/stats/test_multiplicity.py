"""Holm's adjustment and pairwise log-rank tests against R's p.adjust and survdiff."""

import numpy as np
import pytest
from golden.reference import arrays, floats, golden, same, survival_data
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from lib.stats.compared import benjamini_hochberg, holm, pairwise_logrank
from lib.stats.log_rank import logrank

PAIRS = golden("survival_more")["pairwise"]
CELLS = ("squamous", "smallcell", "adeno", "large")


def test_holm_is_rs():
    numbers = golden("stats")["p_adjust"]
    assert holm(numbers["p"]) == tuple(same(p) for p in numbers["holm"])


def test_benjamini_hochberg_is_rs():
    for numbers in (golden("stats")["p_adjust"], golden("toxicity")):
        assert benjamini_hochberg(numbers["p"]) == tuple(pytest.approx(p, abs=6e-5) for p in numbers["bh"])
        assert holm(numbers["p"]) == tuple(pytest.approx(p, abs=6e-5) for p in numbers["holm"])
    assert benjamini_hochberg([None, 0.03, None]) == (None, 0.03, None) and benjamini_hochberg([]) == ()
    p_values = (np.random.default_rng(5).random(40) ** 3).tolist()
    assert benjamini_hochberg(p_values) == pytest.approx(tuple(multipletests(p_values, method="fdr_bh")[1]))


def test_none_stays_none_and_is_not_counted_as_in_r():
    assert holm(PAIRS["with_missing"]["p"]) == tuple(same(p) for p in PAIRS["with_missing"]["holm"])
    assert holm([None, 0.03, None]) == (None, 0.03, None)
    assert holm([]) == () and holm([None]) == (None,)


def test_holm_is_statsmodels():
    p_values = np.random.default_rng(4).random(40) ** 3
    assert holm(p_values.tolist()) == pytest.approx(tuple(multipletests(p_values, method="holm")[1]))


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=8), st.randoms())
def test_adjusting_never_lowers_p_keeps_the_order_and_follows_the_rows(p_values, random):
    adjusted = holm(p_values)
    known = sorted((p, q) for p, q in zip(p_values, adjusted, strict=True) if p is not None)
    assert all(p <= q <= 1 for p, q in known)
    assert [q for _, q in known] == sorted(q for _, q in known)
    order = random.sample(range(len(p_values)), len(p_values))
    assert holm([p_values[place] for place in order]) == tuple(adjusted[place] for place in order)


def test_pairs_of_cell_types_are_rs():
    rows = survival_data("veteran")
    found = pairwise_logrank(*arrays(rows.assign(g=rows["celltype"])), CELLS)
    assert [[pair.first, pair.second] for pair in found] == PAIRS["pairs"]
    assert [pair.test.p for pair in found] == [same(p) for p in PAIRS["p"]]
    assert [pair.holm_p for pair in found] == [same(p) for p in PAIRS["holm"]]
    assert found[0].test.n == int(rows["celltype"].isin(CELLS[:2]).sum())


def test_a_group_without_patients_has_no_p_and_is_no_comparison():
    time, event, group = arrays(survival_data("ovarian"))
    with_nobody = pairwise_logrank(time, event, group, ("rx1", "rx2", "nobody"))
    assert [pair.holm_p is None for pair in with_nobody] == [False, True, True]
    assert with_nobody[0].holm_p == pytest.approx(logrank(time, event, group).p)
    assert with_nobody[1].test.reason == "fewer than two groups have patients"


def test_nothing_to_pair():
    nobody = np.array([], dtype=object)
    assert pairwise_logrank(floats(), floats(), nobody, ()) == ()
    assert pairwise_logrank(floats(), floats(), nobody, ("a",)) == ()
    (pair,) = pairwise_logrank(floats(), floats(), nobody, ("a", "b"))
    assert pair.holm_p is None and pair.test.p is None


def test_late_entry_goes_into_each_pair():
    time, event, group = arrays(survival_data("lung"))
    entry = np.where(time > 30, 30.0, 0.0)
    (pair,) = pairwise_logrank(time, event, group, ("male", "female"), entry)
    assert pair.test == logrank(time, event, group, entry) != logrank(time, event, group)
