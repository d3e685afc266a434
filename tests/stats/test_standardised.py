"""Standardised mean differences: R's numbers, and where there is none."""

import numpy as np
import pytest
from golden.reference import golden, same

from lib.stats.means import INFINITE, NOBODY, TOO_FEW, category_difference, number_difference

AGE = ((44, 53, 56, 58, 60, 63, 64, 65), (46, 49, 53, 55, 57, 59, 62, 71))
SKEW = {"a": (1.5, 2.25, 100, 3.125), "b": (4, 5.5, 6), "c": (-3, 0, 0.5, 7, 9.75)}
COUNTS = {
    "yes no": ((6, 2), (3, 5)),
    "yes no, large": ((612, 88), (703, 97)),
    "three levels": ((4, 3, 1), (3, 3, 2)),
    "a level in one group only": ((4, 4, 0), (3, 3, 2)),
    "a level in nobody": ((4, 3, 0, 1), (3, 3, 0, 2)),
    "five levels": ((10, 20, 30, 25, 15), (18, 22, 11, 40, 9)),
}


def numbers(*groups):
    return number_difference([np.array(group, dtype=float) for group in groups])


def counts(*groups):
    return category_difference(list(zip(*groups, strict=True)))


def test_numbers_as_r():
    assert numbers(*AGE).value == same(golden("standardised")["age"])
    for pair in ("ab", "ac", "bc"):
        assert numbers(*(SKEW[name] for name in pair)).value == same(golden("standardised")[f"skew {' '.join(pair)}"])


def test_of_more_than_two_groups_the_largest_of_all_pairs():
    assert numbers(*SKEW.values()).value == same(golden("standardised")["skew a c"])
    assert counts((5, 5), (6, 4), (1, 9)).value == counts((6, 4), (1, 9)).value


@pytest.mark.parametrize("name", COUNTS)
def test_categories_as_r(name):
    assert counts(*COUNTS[name]).value == same(golden("standardised")[name])
    assert counts(*reversed(COUNTS[name])).value == same(golden("standardised")[name])
    turned = [group[::-1] for group in COUNTS[name]]  # the order of the levels is nothing
    assert counts(*turned).value == same(golden("standardised")[name])


def test_no_difference_is_zero():
    assert counts((5, 5), (10, 10)).value == pytest.approx(0) and counts((5, 0), (7, 0)).value == 0
    assert numbers((3, 3), (3, 3)).value == 0


def test_huge_numbers_and_tiny_ones():
    for size in (1e300, 1e-300):
        assert numbers(*([size * value for value in group] for group in AGE)).value == same(
            golden("standardised")["age"]
        )


def test_groups_that_share_nothing_have_no_finite_difference():
    assert numbers((3, 3), (4, 4)).reason == INFINITE
    assert counts((5, 0), (0, 5)).reason == INFINITE
    assert counts((5, 0, 0), (0, 3, 2)).reason == INFINITE  # the generalised inverse alone would say 0.29
    assert counts((5, 5), (6, 4), (0, 0)).reason == NOBODY  # a pair that cannot be estimated may be the largest
    assert numbers((1, 2), (3,)).reason == TOO_FEW and numbers((1, 2)).reason == "one group only"
