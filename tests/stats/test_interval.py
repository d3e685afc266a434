"""Shares with exact limits as in R; differences of shares with Newcombe's interval: against his own examples, and where
it has to stop."""

import json
from pathlib import Path

import pytest
from golden.reference import golden
from hypothesis import given
from hypothesis import strategies as st

from lib.stats.estimate import Estimate
from lib.stats.proportions import (
    MIETTINEN_NURMINEN,
    exact_share,
    interval_excludes_zero,
    miettinen_nurminen,
    risk_difference,
)
from lib.stats.ranks import fisher

PUBLIC = json.loads((Path(__file__).parents[1] / "public_data" / "reference.json").read_text(encoding="utf-8"))


def counts(written: str) -> tuple[int, int, int, int]:
    first, second = (tuple(map(int, part.split("/"))) for part in written.rsplit(" ", maxsplit=1)[-1].split("-"))
    return (*first, *second)


@pytest.mark.parametrize("written", golden("stats")["newcombe1998"])
def test_newcombes_own_examples(written):
    found = risk_difference(*counts(written))
    expected = golden("stats")["newcombe1998"][written]["newcombe"]
    assert [found.low, found.high] == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("written", golden("stats")["seed_pairs"])
def test_the_papers_pairs(written):
    found, expected = risk_difference(*counts(written)), golden("stats")["seed_pairs"][written]
    assert found.value == pytest.approx(expected["rd"])
    assert [found.low, found.high] == pytest.approx(expected["newcombe"], abs=5e-5)


def test_the_alternative_is_miettinen_and_nurminens():
    assert (
        risk_difference(4, 8, 8, 8, MIETTINEN_NURMINEN) == miettinen_nurminen(4, 8, 8, 8) != risk_difference(4, 8, 8, 8)
    )


def test_a_group_without_patients_has_no_difference():
    for empty in (risk_difference(0, 0, 3, 8), risk_difference(3, 8, 0, 0)):
        assert empty == Estimate(None, reason="a group has no patients")


def test_nobody_and_everybody_have_an_interval():
    nobody = risk_difference(0, 8, 0, 8)
    assert nobody.value == 0 and nobody.low < 0 < nobody.high
    assert not interval_excludes_zero(nobody)
    apart = risk_difference(8, 8, 0, 8)
    assert apart.value == 1 and apart.high == pytest.approx(1) and apart.low > 0
    assert interval_excludes_zero(apart)


def test_an_interval_without_limits_excludes_nothing():
    assert not interval_excludes_zero(Estimate(None, reason="a group has no patients"))


share = st.integers(1, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(share, share)
def test_the_interval_holds_the_difference_and_turns_with_the_groups(first, second):
    found, turned = risk_difference(*first, *second), risk_difference(*second, *first)
    assert -1 <= found.low <= found.value + 1e-12 and found.value - 1e-12 <= found.high <= 1
    assert (turned.low, turned.high) == (pytest.approx(-found.high), pytest.approx(-found.low))


@pytest.mark.parametrize(("n", "of"), [(16, 16), (6, 6), (5, 8)])
def test_exact_share_as_r(n, of):
    low, high = golden("stats")["clopper_pearson"][f"{n}/{of}"]
    found = exact_share(n, of)
    assert (
        found.value == n / of
        and found.low == pytest.approx(low, rel=1e-6)
        and found.high == pytest.approx(high, rel=1e-6)
    )


def test_exact_share_of_a_trial_as_r():
    groups = PUBLIC["random_cdisc"]["best_CR"]["per_group"].values()
    for group in groups:
        found = exact_share(group["x"], group["n"])
        assert (found.low, found.high) == pytest.approx(group["clopper_pearson"], rel=1e-6)
    test = fisher([group["x"] for group in groups], [group["n"] for group in groups])
    assert test.p == pytest.approx(PUBLIC["random_cdisc"]["best_CR"]["fisher_two_sided_p"], rel=1e-6)


def test_exact_share_of_nobody_and_none():
    assert exact_share(0, 0).value is None and exact_share(0, 0).reason == "no patients"
    assert exact_share(0, 8).low == 0 and exact_share(0, 8).high == pytest.approx(0.3694166, abs=1e-6)
