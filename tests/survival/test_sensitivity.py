"""Every test beside that of the figure, against R, as printed and as numbers."""

import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, follow_up, nobody, selected, synthetic
from golden.reference import DATA_SETS, SEED, golden, maxcombo_numbers, same, survival_numbers

from lib.stats.estimate import TOO_FEW
from lib.survival.curves import survival
from lib.survival.outcome import time_to_event
from lib.survival.sensitivity import ASYMPTOTIC, LATE_ENTRY, THE_FIGURES, sensitivity, sensitivity_table
from lib.survival.summary import milestones, milestones_table
from survival.data_sets import rows as numbers_of
from survival.made import data_set, late, result

DOES_NOT_HOLD = "permutation p, assumes equal censoring, which does not hold here"


def analyses(made, endpoint="os", grouping="arm", *filters, strata=(), unit="months"):
    found = result(made, endpoint, grouping, *filters, unit=unit)
    return sensitivity(found, selected(made, *filters), [by(made, name) for name in strata])


def named(found, beginning):
    return [one for one in found if one.test.name.startswith(beginning)]


@pytest.mark.parametrize("name", [*DATA_SETS, *SEED])
def test_r_has_the_same_numbers(name):
    found, numbers = analyses(data_set(name), unit="days"), survival_numbers(name)
    (plain,) = [one for one in found if one.test.name == "log-rank (Mantel-Cox)"]
    assert plain.test.p == same(numbers["logrank"]["p"]) and found[0].n_events == numbers["events"]
    (peto,), (late_weights,) = named(found, "Peto"), named(found, "Fleming")
    assert peto.test.p == same(numbers["peto_peto_rho1"]["p"])
    assert late_weights.test.p == same(maxcombo_numbers(name)["p"][2])
    (combined,), expected = named(found, "MaxCombo"), golden("survival_more")["maxcombo"][name]
    assert combined.test.statistic == same(expected["statistic"])
    assert combined.test.p == pytest.approx(expected["p"], abs=4 * expected["error"] + 1e-5 * expected["p"])


@pytest.mark.parametrize("name", SEED)
def test_permutation_and_restricted_means_of_the_reconstruction(name):
    found = analyses(data_set(name), unit="days")
    (permuted,) = named(found, "permutation")
    assert permuted.test.p == pytest.approx(golden("survival_more")["permutation"][name], rel=1e-6)
    (means,) = named(found, "difference in restricted")
    if name == "ttp":  # tau is the golden one there
        expected = survival_numbers(name)["rmst"]
        assert (means.tau, means.effect.value) == (expected["tau"], same(expected["diff_2_minus_1"]))
        assert (means.effect.low, means.effect.high) == (same(expected["lower"]), same(expected["upper"]))
        assert means.test.p == same(expected["p"])
    assert means.comparison == "Pomalidomide − Control" and "days" in means.test.name


def test_unequal_censoring_is_said_in_these_words_and_nothing_is_called_exact():
    found = analyses(example(), "ttp")
    (permuted,) = named(found, "permutation")
    assert permuted.remark == DOES_NOT_HOLD and permuted.test.name.endswith(f"; {DOES_NOT_HOLD}")
    assert not [one for one in found if "exact" in one.test.name + one.remark]
    times = follow_up("os", a1=(1, 1), a2=(4, 0), a3=(6, 1), b1=(2, 1), b2=(5, 0), b3=(7, 1))
    alike = analyses(cohort(arms(A=["a1", "a2", "a3"], B=["b1", "b2", "b3"]), endpoints=times))
    assert named(alike, "permutation")[0].test.name.endswith("; permutation p, assumes equal censoring")


def test_the_figures_test_comes_first_and_none_is_stratified_unasked():
    found = analyses(example())
    assert (found[0].test, found[1].test) == (result(example()).headline, result(example()).logrank)
    assert (found[0].remark, found[1].remark) == (THE_FIGURES, ASYMPTOTIC) and not named(found, "stratified")
    assert not named(found, "log-rank test for trend") and len(found) == 8
    assert analyses(data_set("lung"), unit="days")[0].test.name == "log-rank (Mantel-Cox)"


def test_below_five_events_means_are_withheld_here_as_in_the_table_of_models():
    times = follow_up(
        "os",
        **{f"a{n}": (60 + 40 * n, int(n < 5)) for n in range(1, 9)},
        **{f"b{n}": (300 + 10 * n, 0) for n in range(1, 9)},
    )
    made = cohort(arms(A=[f"a{n}" for n in range(1, 9)], B=[f"b{n}" for n in range(1, 9)]), endpoints=times)
    (means,) = named(analyses(made), "difference in restricted")
    assert (means.test.p, means.effect.value, means.test.reason) == (None, None, TOO_FEW)


def test_stratified_by_what_the_reader_chose():
    by_emd, by_age = named(analyses(synthetic(), "pfs", strata=("emd", "age_years")), "stratified")
    assert by_emd.test.name == "stratified log-rank (Mantel-Cox), 2 strata, by Extramedullary disease"
    assert by_emd.test.n == 56 and by_emd.remark == "4 without Extramedullary disease left out"
    assert by_age.test.p is not None and by_age.n_events <= 44
    (by_arm,) = named(analyses(example(), "os", "emd", strata=("arm",)), "stratified")
    assert by_arm.remark == "Arm became known after infusion"


def test_three_groups_have_a_trend_and_pairs_by_holm():
    found = analyses(synthetic(), "pfs")
    (trend,) = named(found, "log-rank test for trend")
    assert trend.test.df == 1 and trend.comparison == "No maintenance, Lenalidomide, Pomalidomide"
    pairs = [one for one in found if one.unadjusted_p is not None]
    assert len(pairs) == 3 and all(one.test.p >= one.unadjusted_p for one in pairs)
    assert all("Holm over 3 pairs" in one.test.name for one in pairs)
    assert [
        one.test.reason for one in found if one.test.name.startswith(("MaxCombo", "permutation")) and one.test.reason
    ] == ["made for two groups"] * 2
    assert len(named(found, "difference in restricted")) == 2


def test_late_entry():
    found = analyses(
        late(("A", 0, 5, 1), ("A", 2, 8, 1), ("A", 0, 9, 0), ("B", 3, 6, 1), ("B", 0, 9, 0), ("B", 0, 4, 1))
    )
    assert [one.test.reason for one in found if one.test.reason] == [LATE_ENTRY, LATE_ENTRY, TOO_FEW]
    assert found[0].test.p is not None


@pytest.mark.parametrize("filters", [(), ("arm=Control",), ("emd=yes",), ("sex=M", "emd=yes")])
@pytest.mark.parametrize("grouping", ["arm", "emd", "age_years"])
def test_every_test_has_n_and_p_or_a_reason(filters, grouping):
    for one in analyses(example(), "ttp", grouping, *filters, strata=("high_risk_cytogenetics",)):
        assert one.test.name and one.comparison and (one.test.p is None) == bool(one.test.reason)
        assert 0 <= one.n_events <= one.test.n


def test_nobody():
    empty = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert all(
        one.test.reason and one.test.n == 0 for one in sensitivity(empty, nobody(example()), [by(example(), "emd")])
    )


def test_all_events_at_one_time():
    made = cohort(arms(A=["a1", "a2"], B=["b1"]), STUDY, endpoints=follow_up("os", a1=(3, 1), a2=(3, 1), b1=(3, 1)))
    assert all(one.test.reason for one in analyses(made))


def sensitivity_of(made, *wishes, unit="months"):
    found = result(made, *wishes, unit=unit)
    return sensitivity_table(found, sensitivity(found, selected(made, *wishes[2:])))


@pytest.mark.parametrize("made", [example(), synthetic()])
@pytest.mark.parametrize("filters", [(), ("arm=Pomalidomide",), ("sex=F",)])
def test_every_p_that_is_missing_has_its_reason(made, filters):
    for reported in numbers_of(sensitivity_of(made, "os", "arm", *filters)):
        assert (reported["p"] is None) == bool(reported["reason"])


def test_the_sensitivity_table_prints_every_test_with_its_words():
    table = sensitivity_of(example(), "ttp")
    assert table.id == "survival.ttp.sensitivity" and len(table.rows) == len(table.tests) == 8
    assert (
        table.rows[0][0] == "Penalised likelihood ratio test (Firth)"
        and table.rows[0][-1] == "this is the test of the figure"
    )
    assert table.rows[1] == (
        "Log-rank (Mantel-Cox)",
        "Control v Pomalidomide",
        "16",
        "12",
        "5.74",
        "1",
        "0.017",
        "asymptotic: finds differences a little too often in groups this small",
    )
    permuted = next(row for row in table.rows if row[0].startswith("Permutation"))
    assert permuted[-2:] == ("0.013", "permutation p, assumes equal censoring, which does not hold here")
    assert "assumes" not in permuted[0]
    means = table.rows[-1]
    assert means[1] == "Pomalidomide − Control" and means[-1] == "5.4 (95 % CI 1.5 to 9.2) months, tau = 14.0 months"
    assert "significant" not in table.caption + table.method


def test_negative_differences_have_a_minus_and_pairs_their_unadjusted_p():
    rows = sensitivity_of(synthetic(), "pfs").rows
    assert any("95 % CI −" in row[-1] for row in rows)
    assert sum("unadjusted p" in row[-1] for row in rows) == 3
    assert any(row[-1].startswith("not done: made for two groups") for row in rows)


def test_nobody_table():
    empty = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert milestones_table(empty, milestones(empty)).rows[0][2:] == ("no patients",) * 3
    table = sensitivity_table(empty, sensitivity(empty, nobody(example())))
    assert all(row[-1].startswith("not done:") for row in table.rows)
