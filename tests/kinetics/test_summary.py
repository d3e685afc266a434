"""Parameters by group: geometric means and gCV, medians, and those who never rose above the limit."""

import numpy as np
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import golden

from lib.cohort.kinetic_series import series_keys
from lib.kinetics.parameters import PARAMETERS, never_expanded
from lib.kinetics.series import kinetics
from lib.kinetics.summary import _group, headline, parameter_summaries, summary_table


def peaks(**values):
    """One patient a value: below on day 0, the peak on day 7, a tenth of it on day 28."""
    groups, rows = {}, []
    for group, amounts in values.items():
        groups[group] = [f"{group}{place}" for place in range(len(amounts))]
        for patient, amount in zip(groups[group], amounts, strict=True):
            rows += [
                {"patient_id": patient, "day": day, "value": value, "lloq": 50}
                for day, value in ((0, 0), (7, amount), (28, amount / 10))
            ]
    made = cohort(arms(**groups), kinetics=rows)
    return kinetics(selected(made), series_keys(made)[0], by(made))


def result(made, grouping="arm", *filters):
    return kinetics(selected(made, *filters), series_keys(made)[0], by(made, grouping))


def reported(table):
    names = [name for name, _ in table.numbers.columns]
    assert all(len(row) == len(names) for row in table.numbers.rows)
    return [dict(zip(names, row, strict=True)) for row in table.numbers.rows]


def summary(result, name):
    return next(each for each in parameter_summaries(result) if each.parameter.name == name)


def test_the_worked_geometric_mean_and_gcv():
    worked = golden("nca")["EX5"]
    found = _group("A", np.array(worked["values"]), True)
    assert found.value == pytest.approx(worked["geomean"], rel=1e-9)
    assert found.gcv == pytest.approx(worked["gcv_pct"], rel=1e-9)
    assert (found.n, found.low, found.high) == (6, 5000, 210_000)
    assert _group("A", np.array(worked["values"]), False).value == worked["median"]


def test_no_values_and_one_value():
    empty, one = _group("A", np.array([]), True), _group("A", np.array([400.0]), True)
    assert (empty.n, empty.value, empty.low, empty.high, empty.gcv) == (0, None, None, None, None)
    assert (one.n, one.value, one.gcv) == (1, pytest.approx(400), None)


def test_who_never_rose_above_the_limit_is_in_no_mean_and_ranks_lowest():
    found = peaks(A=[900, 2500], B=[0, 0, 3600])
    assert never_expanded(found) == {"B": 2}
    cmax = summary(found, "cmax")
    assert [group.n for group in cmax.groups] == [2, 1]
    assert cmax.groups[0].value == pytest.approx((900 * 2500) ** 0.5)
    assert cmax.test.n == 5
    assert summary(found, "tmax").test.n == 3  # a day that does not exist has no rank


def test_who_was_not_sampled_after_the_infusion_is_no_non_expander():
    rows = [
        {"patient_id": patient, "day": day, "value": value, "lloq": 50}
        for patient, day, value in (("a1", 0, 0), ("b1", 7, 900), ("b2", 7, 800))
    ]
    made = cohort(arms(A=["a1"], B=["b1", "b2"]), kinetics=rows)
    found = kinetics(selected(made), series_keys(made)[0], by(made))
    assert never_expanded(found) == {} and summary(found, "cmax").test.n == 2


def test_nobody_one_group_and_the_example():
    empty = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    for each in parameter_summaries(empty):
        assert each.test.p is None and [group.n for group in each.groups] == [0, 0]
    alone = kinetics(selected(example()), series_keys(example())[0], by(example(), "-"))
    assert {each.test.reason for each in parameter_summaries(alone)} == {"one group only"}
    assert [each.parameter for each in parameter_summaries(alone)] == list(PARAMETERS)
    both = kinetics(selected(example()), series_keys(example())[0], by(example()))
    assert [group.value for group in summary(both, "tlast").groups] == [75, 100]


def test_the_summary_by_group():
    table = summary_table(result(example()))
    assert table.header == (
        *("Parameter", "Control (n = 8)", "Pomalidomide (n = 8)"),
        *("Ratio Pomalidomide / Control (95 % CI)", "p"),
    )
    cells = ("57,918 (43,407–77,280; 36 %)", "69,565 (56,611–85,483; 25 %)", "1.20 (0.87–1.66)", "0.28")
    assert table.rows[0] == ("Cmax, copies/µg DNA", *cells)
    assert table.rows[1] == ("Tmax, days", "7 [5–10]", "7 [5–10]", "–", ">0.99")
    assert next(row for row in table.rows if row[0] == "Half-life, days")[1] == "15.0 (10.3–21.8; 37 %), n = 6"
    assert "p: Mann-Whitney test (exact); Mann-Whitney test (exact, given the ties);" in table.method
    assert "the course until then may have led to it" in table.method and len(table.tests) == 8
    (tbql,) = [test for test in table.tests if test.comparison.startswith("Tbql")]
    assert tbql.p is None and "persistence curve" in tbql.reason
    for row in reported(summary_table(result(synthetic(), "arm", "arm=Lenalidomide"))):
        assert row["value"] is not None or "no values" in row["reason"]


def test_tlast_is_described_and_compared_as_time_to_event_only():
    table = summary_table(result(example()))
    (tlast,) = [test for test in table.tests if test.comparison.startswith("Tlast")]
    assert tlast.p is None and "persistence curve and its log-rank test" in tlast.reason
    assert next(row for row in table.rows if row[0].startswith("Tlast"))[-2:] == ("–", "–")


def test_who_is_missing_from_a_comparison_is_counted_by_group_with_the_reason():
    notes = " ".join(summary_table(result(example())).notes)
    ended = "sampling ended, still quantifiable"
    assert f"AUC0-90 missing: Control 1 ({ended}), Pomalidomide 2 ({ended})." in notes
    assert "Half-life missing: Control 2 (R² below 0.9)." in notes


def test_geometric_means_have_their_interval_and_ranges_their_own_names():
    row = next(row for row in reported(summary_table(result(example()))) if row["parameter"] == "cmax")
    assert (row["mean_low"], row["mean_high"]) == (pytest.approx(43407, rel=1e-4), pytest.approx(77280, rel=1e-4))
    assert row["minimum"] < row["mean_low"] and row["maximum"] > row["mean_high"] and "low" not in row


def test_who_never_expanded_and_folds_that_are_lower_bounds_are_counted():
    table = summary_table(result(synthetic()))
    assert table.rows[0][:4] == ("Never above the LLOQ", "1", "0", "2") and "Ratio" not in " ".join(table.header)
    assert table.header[1:4] == ("No maintenance (n = 23)", "Lenalidomide (n = 19)", "Pomalidomide (n = 18)")
    assert any("Never above the LLOQ: No maintenance 1, Pomalidomide 2" in note for note in table.notes)
    assert any("lower bounds, because day 1 lies below the limit" in note for note in table.notes)


def test_nobody_one_group_and_one_sample():
    empty = summary_table(kinetics(nobody(example()), series_keys(example())[0], by(example())))
    assert empty.n == 0 and all(test.p is None for test in empty.tests)
    assert summary_table(result(example(), "-")).tests == ()
    made = cohort(arms(A=["a1"], B=["b1"]), kinetics=[{"patient_id": "a1", "day": 7, "value": "BLQ"}])
    single = summary_table(result(made))
    assert single.n == 1 and len(single.header) == len(single.rows[0])


def test_the_headline_names_peaks_and_their_days():
    assert (
        headline(result(example()))
        == "Cmax, copies/µg DNA, geometric mean (95 % CI): Control 57,918 (43,407–77,280), Pomalidomide 69,565"
        " (56,611–85,483); ratio 1.20 (0.87–1.66). Peaks on days 5 to 10."
    ), "no p of groups that were formed after the infusion"
    assert "; ratio " in (said := headline(result(example(), "emd"))) and "; p = " in said and "(Mann-Whitney)" in said
    assert headline(result(synthetic())).endswith("never rose above the limit of quantification.")


def test_the_headline_of_nobody_and_of_all_below_the_limit():
    empty = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    assert headline(empty) == "Nobody in this selection has samples of this series."
    made = cohort(arms(A=["a1"]), kinetics=[{"patient_id": "a1", "day": day, "value": "<50"} for day in (0, 7, 28)])
    assert headline(result(made)) == "No sample is above the limit of quantification."
