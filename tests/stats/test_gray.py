"""Gray's test against R's cmprsk, and where there is nothing to compare."""

import numpy as np
import pytest
from golden.reference import floats, same

from lib.stats.log_rank import GRAY, LATE_ENTRY, gray
from stats.competing import NUMBERS, TOYS, drawn, mgus2_by, toy


def groups(*names: str) -> np.ndarray:
    return np.array(names, dtype=object)


def check(found, expected):
    assert (found.statistic, found.df) == (same(expected["statistic"]), expected["df"])
    assert found.p == pytest.approx(expected["p"], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("of", [1, 2])
@pytest.mark.parametrize(("column", "numbers"), [("sex", "gray"), ("age_group", "gray_age")])
def test_mgus2_is_rs(column, numbers, of):
    found = gray(*mgus2_by(column), of)
    check(found, NUMBERS["mgus2"][numbers][str(of)])
    assert (found.name, found.n) == (GRAY, 1384)


def test_mgus2_has_the_p_told_before():
    assert round(gray(*mgus2_by("sex")).p, 4) == 0.2744


@pytest.mark.parametrize("of", [1, 2])
@pytest.mark.parametrize("name", TOYS)
def test_tied_small_cases_are_rs(name, of):
    check(gray(*toy(name), of), NUMBERS["toys"][name]["gray"][str(of)])


def test_nothing_to_compare():
    two = groups(*"aaabbb")
    assert gray(floats(), floats(), groups()).reason == "fewer than two groups have patients"
    assert gray(floats(1), floats(1), groups("a")).reason == "fewer than two groups have patients"
    assert gray(floats(1, 1, 1, 2, 2, 2), floats(0, 2, 0, 2, 0, 2), two).reason == "no events of this cause"
    assert (
        gray(floats(1, 1, 1, 2, 2, 2), floats(0, 0, 0, 1, 1, 1), two).reason == "the groups are never at risk together"
    )
    assert gray(floats(1, 1, 1, 2, 2, 2), np.ones(6), two, 1, floats(0, 0, 0, 1, 1, 1)).reason == LATE_ENTRY
    assert "count from the infusion" in LATE_ENTRY
    assert (
        gray(floats(1, 2, 3, 4), np.ones(4), groups(*"aaab")).reason
        == "groups described, not compared: fewer than 3 patients"
    )
    at_once = gray(floats(4, 4, 4, 4), floats(1, 1, 1, 1), groups("a", "a", "b", "b"))
    assert at_once.p is None and at_once.reason
    after_the_other = gray(floats(1, 1, 2, 2, 3), floats(2, 1, 1, 1, 0), groups("a", "a", "b", "b", "b"))
    assert after_the_other.p is None or 0 <= after_the_other.p <= 1


def test_a_group_gone_before_the_cause_is_no_degree_of_freedom():
    time, cause, group = toy("two_groups")
    early = np.append(time, [0.5, 0.5]), np.append(cause, [0, 2]), np.append(group, ["c", "c"])
    found, without = gray(*early), gray(time, cause, group)
    assert (found.statistic, found.df, found.n) == (same(without.statistic), 1, without.n + 2)


@pytest.mark.parametrize("seed", range(10))
def test_order_names_and_unit_are_nothing(seed):
    time, cause, group = drawn(seed, 30, "abc")
    first = gray(time, cause, group)
    turned = np.random.default_rng(1).permutation(len(time))
    renamed = np.array([{"a": "z", "b": "y", "c": "x"}[name] for name in group], dtype=object)
    for again in (
        gray(time[turned], cause[turned], group[turned]),
        gray(time, cause, renamed),
        gray(time * 7, cause, group),
    ):
        assert (again.statistic, again.df) == (pytest.approx(first.statistic), first.df)


def test_all_other_causes_are_one():
    time, cause, group = drawn(4, 30)
    parted = np.where((cause == 2) & (np.arange(30) % 2 == 0), 3, cause)
    assert gray(time, parted, group).statistic == pytest.approx(gray(time, cause, group).statistic)


@pytest.mark.parametrize("seed", range(60))
def test_thin_data_never_fail(seed):
    generator = np.random.default_rng(seed)
    n = int(generator.integers(1, 9))
    found = gray(
        generator.integers(0, 4, n).astype(float),
        generator.integers(0, 3, n).astype(float),
        generator.choice(groups("a", "b", "c"), n),
    )
    assert (found.p is None) == bool(found.reason)
    assert found.p is None or 0 <= found.p <= 1


def test_a_whole_group_with_early_events_then_others():
    time = floats(*[1] * 10, *[2] * 5, *[3] * 5)
    found = gray(time, np.ones(20), groups(*"a" * 10, *"b" * 10))
    assert (found.p is None) == bool(found.reason)
