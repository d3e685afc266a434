"""ANOVA, Tukey, Dunnett and t tests against R (aov, TukeyHSD, multcomp's glht, t.test), and their edges."""

import pytest
from golden.reference import floats, golden, same

from lib.stats.several_groups import anova, dunnett, student_against, tukey

NUMBERS = {name: numbers for name, numbers in golden("several_groups").items() if name != "meta"}
RS_ERROR_OF_P = 5e-6  # R integrates with random points, here to 1e-6
RS_ERROR_OF_LIMITS = 1e-3  # of the width; the quantile is searched for, to 1e-4


def groups(name):
    numbers = NUMBERS[name]
    return {group: floats(*values) for group, values in zip(numbers["names"], numbers["groups"], strict=True)}


def r_numbers(values):
    return [same(value) for value in values]


@pytest.mark.parametrize("name", NUMBERS)
def test_anova_is_rs(name):
    expected, found = NUMBERS[name]["anova"], anova(list(groups(name).values()))
    assert (found.statistic, found.df, found.p) == (same(expected["F"]), expected["df"][0], same(expected["p"]))


@pytest.mark.parametrize("name", NUMBERS)
def test_tukey_is_rs(name):
    expected, found = NUMBERS[name]["tukey"], tukey(groups(name))
    assert [each.difference.value for each in found] == r_numbers(expected["difference"])
    assert [each.test.p for each in found] == pytest.approx(
        expected["p"], rel=1e-6, abs=1e-8
    )  # R's ptukey is no better


@pytest.mark.parametrize("name", NUMBERS)
def test_dunnett_is_rs(name):
    expected, of = NUMBERS[name]["dunnett"], groups(name)
    found = dunnett(of, next(iter(of)))
    assert [each.test.statistic for each in found] == r_numbers(expected["t"])
    assert [each.test.p for each in found] == pytest.approx(expected["p"], rel=0, abs=RS_ERROR_OF_P)
    assert [each.difference.value for each in found] == pytest.approx(expected["difference"])
    for each, low, high in zip(found, expected["low"], expected["high"], strict=True):
        near = RS_ERROR_OF_LIMITS * (high - low)
        assert [each.difference.low, each.difference.high] == pytest.approx([low, high], abs=near)


@pytest.mark.parametrize("name", NUMBERS)
def test_t_tests_against_the_control_are_rs(name):
    expected, of = NUMBERS[name]["student_t"], groups(name)
    found = student_against(of, next(iter(of)))
    assert [each.test.statistic for each in found] == r_numbers(expected["t"])
    assert [each.test.p for each in found] == r_numbers(expected["p"])
    assert [each.adjusted_p for each in found] == r_numbers(expected["holm"])


def test_dunnett_of_one_group_is_the_t_test():
    two = {"0": floats(1, 2, 3), "5": floats(4, 5, 7)}
    (found,), (plain,) = dunnett(two, "0"), student_against(two, "0")
    assert found.test.p == pytest.approx(plain.test.p, rel=1e-6)
    assert (found.first, found.second) == ("5", "0") and found.difference.value == pytest.approx(10 / 3)


@pytest.mark.parametrize(
    "of, reason",
    [
        ({"a": floats(1, 2), "b": floats()}, "fewer than two groups have values"),
        ({"a": floats(1), "b": floats(2)}, "no group has two values"),
        ({"a": floats(1, 1), "b": floats(2, 2)}, "the values of each group are all equal"),
    ],
)
def test_what_cannot_be_compared_says_why(of, reason):
    assert anova(list(of.values())).reason == reason
    assert [each.test.reason for each in (*tukey(of), *dunnett(of, "a"))] == [reason, reason]
    assert tukey(of)[0].difference.reason == reason


def test_an_empty_group_and_an_empty_control():
    of = {"0": floats(1, 2), "1": floats(), "2": floats(4, 6)}
    assert [each.test.reason for each in dunnett(of, "0")] == ["a group has no values", ""]
    assert [each.test.reason for each in tukey(of)] == ["a group has no values", "", "a group has no values"]
    assert {each.test.reason for each in dunnett(of, "1")} == {"the control has no values"}
    assert anova([]).reason == "fewer than two groups have values" and tukey({}) == ()
