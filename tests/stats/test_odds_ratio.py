"""The conditional odds ratio: R's fisher.test as far as it is exact, its equations solved exactly, and tables with
empty cells."""

import pytest
from golden.reference import golden

from lib.stats.proportions import EVERYBODY, INFINITE, NOBODY, odds_ratio
from lib.stats.ranks import fisher

PAIRS = golden("toxicity")["pairs"]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["counts"]))
def test_it_is_rs(pair):
    found = odds_ratio(*pair["counts"])
    assert [found.value, found.low, found.high] == [
        None if number is None else pytest.approx(number, rel=1e-6, abs=1e-9) for number in pair["odds_ratio"]
    ]
    for ours, theirs in zip((found.value, found.low, found.high), pair["odds_ratio_of_fisher_test"], strict=True):
        assert ours == (
            None if theirs is None else pytest.approx(theirs, rel=1e-2, abs=1e-9)
        )  # their search stops early
    with_event, of, with_event_reference, of_reference = pair["counts"]
    assert fisher([with_event, with_event_reference], [of, of_reference]).p == pytest.approx(pair["fisher_p"])


def test_the_papers_extramedullary_disease():
    found, published = odds_ratio(5, 8, 2, 8), golden("stats")["seed_pairs"]["EMD 5/8-2/8"]
    assert found.value == pytest.approx(published["cond_or"], rel=2e-4)
    assert [found.low, found.high] == pytest.approx(published["cond_or_ci"], rel=2e-3)


def test_empty_cells_have_a_limit_and_a_reason_never_nan():
    none = odds_ratio(0, 8, 3, 8)
    assert (none.value, none.low) == (0, 0) and 0 < none.high < 10
    infinite = odds_ratio(3, 8, 0, 8)
    assert (infinite.value, infinite.high, infinite.reason) == (None, None, INFINITE) and infinite.low > 0
    assert infinite.low == pytest.approx(1 / none.high)
    assert odds_ratio(8, 8, 3, 8).reason == INFINITE
    for counts, reason in (((0, 8, 0, 8), NOBODY), ((8, 8, 8, 8), EVERYBODY)):
        found = odds_ratio(*counts)
        assert (found.value, found.low, found.high, found.reason) == (None, 0, None, reason)
    assert odds_ratio(0, 0, 1, 2).reason == "a group has no patients"
