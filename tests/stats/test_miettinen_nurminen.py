"""Miettinen and Nurminen's interval: Newcombe's table of methods, the paper's pairs, R's numbers by another way, and
its edges."""

import pytest
from golden.reference import golden
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.estimate import Estimate
from lib.stats.proportions import constrained, miettinen_nurminen

PAIRS = golden("toxicity")["pairs"]
PUBLISHED = {**golden("stats")["newcombe1998"], **golden("stats")["seed_pairs"]}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["counts"]))
def test_the_limits_are_those_found_without_the_closed_form(pair):
    found = miettinen_nurminen(*pair["counts"])
    assert [found.low, found.high] == pytest.approx(pair["miettinen_nurminen"], abs=2e-8)


@pytest.mark.parametrize("written", PUBLISHED)
def test_published_examples(written):
    counts = [int(number) for part in written.split(" ")[-1].split("-") for number in part.split("/")]
    found = miettinen_nurminen(*counts)
    assert [found.low, found.high] == pytest.approx(PUBLISHED[written]["mn"], abs=6e-5)


def test_nobody_everybody_one_patient_and_no_patients():
    for counts in ((0, 8, 0, 8), (8, 8, 8, 8), (0, 1, 0, 1)):
        found = miettinen_nurminen(*counts)
        assert found.value == 0 and -1 < found.low < 0 < found.high < 1
    apart = miettinen_nurminen(5, 5, 0, 5)
    assert (apart.value, apart.high) == (1, 1) and 0 < apart.low < 1
    assert miettinen_nurminen(0, 0, 3, 8) == Estimate(None, reason="a group has no patients")


def test_a_higher_level_is_wider():
    narrow, wide = (miettinen_nurminen(3, 8, 7, 8, level) for level in (0.9, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


share = st.integers(1, 30).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(share, share)
def test_it_holds_the_difference_and_turns_with_the_groups(first, second):
    found, turned = miettinen_nurminen(*first, *second), miettinen_nurminen(*second, *first)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert (turned.low, turned.high) == (pytest.approx(-found.high, abs=1e-7), pytest.approx(-found.low, abs=1e-7))


@given(share, share, st.floats(-0.95, 0.95))
def test_the_constrained_shares_differ_as_assumed(first, second, assumed):
    group, reference = constrained((*first, *second), assumed)
    assert 0 <= reference <= 1 and 0 <= group <= 1
    assert group - reference == pytest.approx(assumed, abs=1e-6)
