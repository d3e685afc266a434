"""The interaction of group and subgroup against R's anova of two coxph, and ratios within subgroups."""

import numpy as np
import pytest
from golden.reference import floats, golden, same, survival_data

from lib.stats.adjusted_cox import NAME, GroupTimes, interaction, subgroup_hazard_ratios
from stats.observed import CELLTYPES, lung_entry

R = golden("cox")
GROUPS = {"lung": ("male", "female"), "ovarian": ("rx1", "rx2"), "veteran": ("standard", "test")}


def times(name, column="g", names=None, entry=None):
    rows = survival_data(name)
    names = names or GROUPS[name]
    return GroupTimes(
        rows["time"].to_numpy(float), rows["ev"].to_numpy(float), rows[column].to_numpy(object), names, names[0], entry
    )


def older(name, limit):
    return np.where(survival_data(name)["age"] > limit, "older", "younger").astype(object)


def texts(name, column):
    return survival_data(name)[column].astype(str).to_numpy(object)


AGES = ("younger", "older")
CASES = {
    "ovarian_resid": (times("ovarian"), texts("ovarian", "resid_ds"), ("1", "2")),
    "lung_age_65": (times("lung"), older("lung", 65), AGES),
    "lung_late_age_65": (times("lung", entry=lung_entry(survival_data("lung"))), older("lung", 65), AGES),
    "veteran_celltype": (times("veteran"), texts("veteran", "celltype"), CELLTYPES),
    "celltype_by_age_60": (times("veteran", "celltype", CELLTYPES), older("veteran", 60), AGES),
}


@pytest.mark.parametrize("name", CASES)
def test_interactions_are_rs(name):
    test, expected = interaction(*CASES[name]), R["interactions"][name]
    assert (test.statistic, test.df, test.p) == tuple(same(expected[key]) for key in ("chisq", "df", "p"))
    assert (test.name, test.n) == (NAME, len(CASES[name][1]))


def test_reference_and_order_of_levels_are_nothing():
    made, subgroup, levels = CASES["veteran_celltype"]
    turned = GroupTimes(made.time, made.event, made.group, made.names[::-1], "test")
    assert interaction(turned, subgroup, levels[::-1]).p == pytest.approx(
        interaction(made, subgroup, levels).p, rel=1e-8
    )


def test_a_copy_of_the_patients_as_the_other_subgroup_has_no_interaction():
    made = times("ovarian")
    twice = GroupTimes(
        np.tile(made.time, 2), np.tile(made.event, 2), np.tile(made.group, 2), made.names, made.reference
    )
    test = interaction(twice, np.repeat(["x", "y"], 26).astype(object), ("x", "y"))
    assert test.p == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("case", ["lung_age_65", "veteran_celltype"])
def test_ratios_within_subgroups_are_rs(case):
    found = subgroup_hazard_ratios(*CASES[case])
    assert [one.level for one in found] == list(CASES[case][2])
    for one in found:
        expected = R["subgroups"][case][one.level]
        assert (one.n, one.n_events) == (expected["n"], expected["events"])
        assert (one.ratio.value, one.ratio.low, one.ratio.high, one.test.p) == tuple(
            same(expected[key]) for key in ("hr", "low", "high", "p")
        )


def test_a_level_without_patients_keeps_its_line():
    made, subgroup, _ = CASES["lung_age_65"]
    found = subgroup_hazard_ratios(made, subgroup, ("older", "nobody"))
    assert (found[1].n, found[1].n_events, found[1].ratio.reason) == (0, 0, "no patients in female")


def test_levels_without_patients_do_not_count():
    made, subgroup, levels = CASES["lung_age_65"]
    assert interaction(made, subgroup, (*levels, "nobody")) == interaction(made, subgroup, levels)


def test_no_events_in_a_cell_has_no_interaction():
    """R gives p = 0.71 here with the warning that a coefficient may be infinite."""
    test = interaction(times("ovarian"), older("ovarian", 50), AGES)
    assert (test.p, test.reason) == (None, "no events in rx2 with younger")


@pytest.mark.parametrize(
    ("group", "subgroup", "event", "reason"),
    [
        ("", "", (), "fewer than two groups have patients"),
        ("aaaa", "xyxy", (1, 1, 1, 1), "fewer than two groups have patients"),
        ("abab", "xxxx", (1, 1, 1, 1), "fewer than two subgroups have patients"),
        ("abab", "xxyy", (1, 1, 1, 1), "fewer than 5 events"),
        ("abababb", "xxyyxxx", (0, 0, 0, 0, 0, 0, 0), "fewer than 5 events"),
        ("ababaa", "xxyxyx", (1, 1, 1, 1, 1, 1), "no patients in b with y"),
        (
            "aabbccc",
            "xyxyzzz",
            (1, 1, 1, 1, 1, 1, 1),
            "the likelihood has no maximum: the covariates separate those with from those without events",
        ),
    ],
)
def test_not_done_with_its_reason(group, subgroup, event, reason):
    made = GroupTimes(
        floats(*range(1, len(group) + 1)), floats(*event), np.array(list(group), dtype=object), ("a", "b"), "a"
    )
    if "c" in group:
        made = GroupTimes(
            floats(1, 2, 3, 4, 5, 6, 7, 8), np.ones(8), np.array(list("aabbaabb"), dtype=object), ("a", "b"), "a"
        )
        subgroup = "xxxxyyyy"
    test = interaction(made, np.array(list(subgroup), dtype=object), ("x", "y"))
    assert (test.p, test.reason) == (None, reason)


@pytest.mark.parametrize("seed", range(40))
def test_never_an_exception_and_a_p_or_a_reason(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(0, 25))
    letters = np.array(list("ab"), dtype=object)
    made = GroupTimes(
        draw.integers(0, 9, n).astype(float),
        (draw.random(n) < 0.8).astype(float),
        letters[draw.integers(0, 2, n)],
        ("a", "b"),
        "a",
    )
    test = interaction(made, letters[draw.integers(0, 2, n)], ("a", "b"))
    assert test.reason or (0 <= test.p <= 1 and test.df == 1)
