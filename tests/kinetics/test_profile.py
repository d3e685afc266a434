"""Geometric means with values below the limit, and the figure over them."""

import json

import numpy as np
import pandas as pd
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import golden
from hypothesis import given
from hypothesis import strategies as st

from lib.cohort.kinetic_series import series_keys
from lib.derived.nominal_day import nominal_days
from lib.kinetics.day_comparison import UNKNOWN_LIMIT, compare_at, compared_at
from lib.kinetics.profile import BESIDE, LONGEST_GAP_DAYS, kinetics_chart, kinetics_figure, profile
from lib.kinetics.series import kinetics
from lib.publication.palette import GROUP_COLOURS


def samples(*rows, lloq: float | None = 50.0) -> pd.DataFrame:
    """Rows of (patient, group, day, value); None = below the limit."""
    table = pd.DataFrame(rows, columns=["patient", "group", "day", "value"]).astype({"day": float, "value": float})
    return table.assign(below=table["value"].isna(), lloq=np.nan if lloq is None else lloq, infusion=1.0)


def of_days(table, names):
    """The profile at the table's own nominal days."""
    return profile(table, names, nominal_days(table["day"]))


def test_the_geometric_mean_with_its_interval():
    worked = golden("nca")["EX5"]
    table = samples(*((f"p{place}", "A", 7, value) for place, value in enumerate(worked["values"])))
    (row,) = of_days(table, ("A",)).to_dict("records")
    assert row["mean"] == pytest.approx(worked["geomean"], rel=1e-9)
    assert [row["low"], row["high"]] == pytest.approx(worked["gm_ci"], rel=1e-9)
    assert (row["n"], row["n_quantifiable"], row["reason"]) == (6, 6, "")


def test_below_the_limit_enters_as_half_of_it_where_half_are_quantifiable():
    (row,) = of_days(samples(("a", "A", 28, 400), ("b", "A", 28, None)), ("A",)).to_dict("records")
    assert row["mean"] == pytest.approx((400 * 25) ** 0.5)
    (row,) = of_days(samples(("a", "A", 28, 400), ("b", "A", 28, None), ("c", "A", 28, None)), ("A",)).to_dict(
        "records"
    )
    assert np.isnan(row["mean"]) and row["reason"] == "less than half of the samples are quantifiable"
    (row,) = of_days(samples(("a", "A", 28, 400)), ("A",)).to_dict("records")
    assert np.isnan(row["mean"]) and row["reason"] == "fewer than two samples"


def test_below_a_limit_that_is_not_stated_there_is_no_mean_rather_than_one_too_high():
    table = samples(("a", "A", 28, 400), ("b", "A", 28, 900), ("c", "A", 28, None), lloq=None)
    (row,) = of_days(table, ("A",)).to_dict("records")
    assert np.isnan(row["mean"]) and row["reason"] == UNKNOWN_LIMIT and (row["n"], row["n_quantifiable"]) == (3, 2)
    both = pd.concat([table, samples(("d", "B", 28, 5), ("e", "B", 28, 9))])
    assert compare_at(both, 28, ("A", "B")).as_published.reason == UNKNOWN_LIMIT


def test_a_group_without_samples_has_its_row():
    found = of_days(samples(("a", "A", 28, 400), ("b", "A", 28, 900)), ("A", "B"))
    assert found[["group", "n"]].to_numpy().tolist() == [["A", 2], ["B", 0]]
    assert len(of_days(samples(), ("A", "B"))) == 0


@given(st.lists(st.floats(60, 1e6), min_size=2, max_size=12), st.randoms())
def test_a_mean_lies_within_its_interval_and_its_values(values, random):
    table = samples(*((f"p{place}", "A", 7, value) for place, value in enumerate(values)))
    (row,) = of_days(table, ("A",)).to_dict("records")
    assert min(values) * (1 - 1e-9) <= row["mean"] <= max(values) * (1 + 1e-9)
    assert row["low"] <= row["mean"] * (1 + 1e-9) and row["mean"] <= row["high"] * (1 + 1e-9)
    (again,) = of_days(table.sample(frac=1, random_state=random.randint(0, 99)), ("A",)).to_dict("records")
    assert again["mean"] == pytest.approx(row["mean"])


def figure(made, grouping="arm", *filters, infusion=1):
    chosen = selected(made, *filters, infusion=infusion)
    result = kinetics(chosen, series_keys(made)[0], by(made, grouping))
    return kinetics_figure(result, compared_at(result))


def one(*samples, lloq: float | None = 50):
    rows = [{"patient_id": "a1", "day": day, "value": value, "lloq": lloq} for day, value in samples]
    return figure(cohort(arms(A=["a1"], B=["b1"]), kinetics=rows))


def test_every_quantifiable_sample_is_a_point_and_every_other_an_open_symbol():
    tables = figure(example()).tables
    assert len(tables["point"]) + len(tables["below"]) == len(selected(example()).kinetics) == 208
    assert (tables["point"]["amount"] >= 1000).all()
    below = tables["below"]
    assert below["amount"].tolist() == pytest.approx((500 * BESIDE ** below["slot"]).tolist())
    assert set(below["shown"]) == {"< 1,000"}


def test_lines_stop_below_the_limit_and_at_long_gaps():
    tables = one((1, 100), (7, 900), (14, 0), (21, 300), (28, 200), (28 + LONGEST_GAP_DAYS + 1, 100)).tables
    pieces = tables["line"].groupby("piece")["day"].apply(list).tolist()
    assert pieces == [[1, 7], [21, 28], [89]]
    joined = one((1, 100), (1 + LONGEST_GAP_DAYS, 90)).tables
    assert joined["line"]["piece"].nunique() == 1


def test_means_are_drawn_where_the_profile_has_them():
    made = figure(example())
    days = made.tables["mean"].groupby("group")["day"].apply(list).to_dict()
    assert days["Control"][-1] == 90 and days["Pomalidomide"][-1] == 100
    assert (made.tables["mean"]["amount"] > 0).all()


def test_numbers_under_the_axis_are_patients_sampled():
    counts = figure(example()).tables["count"]
    at_60 = counts[counts["day"] == 60]
    assert dict(zip(at_60["slot"], at_60["n"], strict=True)) == {0: 7, 1: 6}
    assert (counts["n"] > 0).all()


def test_nothing_that_cannot_stand_on_a_log_axis_is_drawn():
    for made in (one((7, "BLQ"), lloq=None), one((0, 0), (7, 0)), one((-3, 90), (7, 80))):
        for name in ("line", "point", "below", "mean", "limit", "decade"):
            assert (made.tables[name]["amount"] > 0).all() and np.isfinite(made.tables[name]["amount"]).all()
    unknown = one((7, "BLQ"), lloq=None)
    assert len(unknown.tables["below"]) == 0 and len(unknown.tables["limit"]) == 0
    assert unknown.notes[1].startswith("1 sample below a limit that is not stated")


def test_decades_enclose_what_is_drawn():
    for made in (figure(example()), figure(synthetic()), one((7, 1000))):
        decades, points = made.tables["decade"]["amount"], made.tables["point"]["amount"]
        assert decades.min() <= points.min() and points.max() <= decades.max()


def test_nobody_and_a_filtered_group():
    result = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    empty = kinetics_figure(result, compared_at(result))
    assert empty.alt.endswith("No geometric mean is shown.")
    assert all(len(empty.tables[name]) == 0 for name in ("line", "point", "below", "mean", "count", "limit"))
    assert empty.tables["group"]["label"].tolist() == ["Control (0 of 8)", "Pomalidomide (0 of 8)"]
    part = figure(example(), "arm", "arm=Control")
    assert part.tables["group"]["label"].tolist() == ["Control (8)", "Pomalidomide (0 of 8)"]
    assert set(part.tables["line"]["slot"]) == {0}


def test_the_data_behind_the_figure_are_the_samples():
    made = figure(example())
    assert list(made.data.columns) == ["patient", "group", "infusion", "day", "value", "below", "lloq", "unit"]
    assert len(made.data) == 208 and made.data["value"].isna().sum() == made.data["below"].sum()


def test_the_time_axis_says_when_early_days_are_spread():
    spread, plain = (json.dumps(kinetics_chart(GROUP_COLOURS[:2], "copies", early)) for early in (True, False))
    assert "Days since infusion (square-root scale)" in spread and '"type": "sqrt"' in spread
    assert '"Days since infusion"' in plain and '"sqrt"' not in plain


def test_the_amount_is_on_a_log_axis_with_its_unit():
    text = json.dumps(kinetics_chart(GROUP_COLOURS[:2], "copies/µg DNA", True), ensure_ascii=False)
    assert "CAR transgene, copies/µg DNA" in text and '"type": "log"' in text
    assert '"CAR transgene"' in json.dumps(kinetics_chart(GROUP_COLOURS[:2], "", True))


def test_notes_count_patients_without_samples_and_samples_without_a_limit():
    made = cohort(arms(A=["a1"], B=["b1", "b2"]), kinetics=[
        {"patient_id": "a1", "day": 7, "value": "BLQ"}, {"patient_id": "b1", "day": 7, "value": 900}])  # fmt: skip
    said = figure(made).notes
    assert said[0] == "1 of 3 patients without samples of this series or without a group."
    assert said[1].startswith("1 sample below a limit that is not stated")
    assert said[2].startswith("Never above the limit of quantification: A 1;")
    assert said[3] == "Day 7 (± 1): Mann-Whitney test (exact), p > 0.9999 (n = 2; below the limit: lowest rank)."
    assert figure(example(), "-").notes == ()


def test_the_caption_names_a_later_infusion():
    assert "after infusion 2" in figure(synthetic(), infusion=2).caption
    assert "after infusion" not in figure(synthetic()).caption


def test_every_mean_that_is_missing_has_its_reason():
    found = figure(synthetic(), "arm", "arm=Lenalidomide").numbers
    for *_, n, _quantifiable, mean, low, high, reason in found.rows:
        assert (mean is None) == (low is None) == (high is None) == bool(reason)
        assert n >= 2 or reason == "fewer than two samples"


def test_tests_are_reported_only_of_a_comparison():
    (line,) = figure(example()).tests
    assert (line.comparison, round(line.p, 4)) == ("day 28: Control v Pomalidomide", 0.9591)
    assert figure(example(), "-").tests == ()
