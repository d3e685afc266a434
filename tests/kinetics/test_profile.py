"""Geometric means with values below the limit, and the figure over them."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import golden
from hypothesis import given
from hypothesis import strategies as st

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import series_keys
from lib.derived.sampling import near_days, nominal_days
from lib.kinetics.day_comparison import UNKNOWN_LIMIT, compare_at, compared_at
from lib.kinetics.profile import PROFILES, USUAL, kinetics_chart, kinetics_figure, look_of, profile
from lib.kinetics.profile_tables import DEVIATION, LONGEST_GAP_DAYS, MOST_LINES, NO_BARS
from lib.kinetics.series import kinetics
from lib.publication.palette import GROUP_COLOURS


def samples(*rows, lloq: float | None = 50.0) -> pd.DataFrame:
    """Rows of (patient, group, day, value); None = below the limit."""
    table = pd.DataFrame(rows, columns=["patient", "group", "day", "value"]).astype({"day": float, "value": float})
    return table.assign(below=table["value"].isna(), lloq=np.nan if lloq is None else lloq, infusion=1.0)


def of_days(table, names):
    """The profile at the table's own nominal days."""
    days, slot = nominal_days(table["day"]), pd.Index(names).get_indexer(pd.Index(table["group"]))
    return profile(near_days(table.assign(slot=slot), days), names, days)


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


def figure(made, grouping="arm", *filters, infusion=1, **options):
    chosen = selected(made, *filters, infusion=infusion)
    result = kinetics(chosen, series_keys(made)[0], by(made, grouping))
    return kinetics_figure(result, compared_at(result), replace(USUAL, **options))


def one(*samples, lloq: float | None = 50):
    rows = [{"patient_id": "a1", "day": day, "value": value, "lloq": lloq} for day, value in samples]
    return figure(cohort(arms(A=["a1"], B=["b1"]), kinetics=rows))


def test_every_quantifiable_sample_is_a_point_and_every_other_is_counted_under_its_day():
    made = figure(example())
    points, counts = made.tables["point"], made.tables["count"]
    assert len(points) == int((~made.data["below"].astype(bool)).sum()) and (points["amount"] >= 1000).all()
    below = counts[counts["line"] > 2]
    assert dict(zip(zip(below["slot"], below["day"], strict=True), below["text"], strict=True)) == {
        (0, 0): "8",
        (0, 90): "3",
        (0, 120): "7",
        (0, 150): "6",
        (1, 0): "8",
        (1, 120): "5",
        (1, 150): "6",
    }
    assert made.tables["row"]["heading"].tolist()[0] == "Patients sampled" and "Below LLOQ" in set(
        made.tables["row"]["heading"]
    )


def test_lines_stop_below_the_limit_and_at_long_gaps():
    tables = one((1, 100), (7, 900), (14, 0), (21, 300), (28, 200), (28 + LONGEST_GAP_DAYS + 1, 100)).tables
    pieces = tables["line"].groupby("piece")["day"].apply(list).tolist()
    assert pieces == [[1, 7], [21, 28], [89]]
    joined = one((1, 100), (1 + LONGEST_GAP_DAYS, 90)).tables
    assert joined["line"]["piece"].nunique() == 1


def test_means_are_drawn_where_the_profile_has_them_and_never_below_the_limit():
    made = figure(example())
    means = made.tables["mean"]
    days = means.groupby("group")["day"].apply(list).to_dict()
    assert days["Control"][-1] == 90 and days["Pomalidomide"][-1] == 100
    (hollow,) = means[means["fill"] == "#FFFFFF"].to_dict("records")
    assert (hollow["group"], hollow["day"], hollow["amount"]) == ("Control", 90, 1000), "its mean is 799"
    assert hollow["mean"].endswith("(below LLOQ)") and hollow["low"] == hollow["high"] == 1000
    assert made.caption.endswith("open symbol, mean below the LLOQ.") and (means["amount"] >= 1000).all()


def test_bars_are_the_interval_or_the_geometric_deviation_and_are_named():
    amounts = [400.0, 900.0, 2500.0]
    table = samples(*((f"p{place}", "A", 7, value) for place, value in enumerate(amounts)))
    (row,) = of_days(table, ("A",)).to_dict("records")
    assert row["deviation"] == pytest.approx(np.exp(np.log(amounts).std(ddof=1)))
    interval, deviation, none = (figure(example(), bars=bars) for bars in (USUAL.bars, DEVIATION, NO_BARS))
    for made, words in ((interval, "with 95 % CI"), (deviation, "with geometric SD"), (none, "Geometric mean; thin")):
        assert words in made.caption
    at_7 = [made.tables["mean"].query("day == 7 and slot == 0").iloc[0] for made in (interval, deviation, none)]
    assert at_7[0]["high"] < at_7[1]["high"] and at_7[2]["low"] == at_7[2]["high"] == at_7[2]["amount"]
    assert interval.numbers == deviation.numbers


def test_the_geometric_deviation_is_rs():
    """exp(sd(log(x))) of six peaks in R 4.2.2: 3.894743."""
    peaks = [12000.0, 48000.0, 95000.0, 210000.0, 5000.0, 33000.0]
    table = samples(*((f"p{place}", "A", 7, value) for place, value in enumerate(peaks)))
    assert of_days(table, ("A",))["deviation"].item() == pytest.approx(3.894743, abs=5e-7)


def test_two_patients_have_a_mean_without_bars():
    pair = [{"patient_id": f"a{n}", "day": 7, "value": 900.0 * n, "lloq": 50} for n in (1, 2)]
    three = [{"patient_id": f"b{n}", "day": 7, "value": 900.0 * n, "lloq": 50} for n in (1, 2, 3)]
    means = figure(cohort(arms(A=["a1", "a2"], B=["b1", "b2", "b3"]), kinetics=pair + three)).tables["mean"]
    assert [row["high"] > row["low"] for row in means.to_dict("records")] == [False, True]


def test_of_more_than_four_groups_bars_are_off_unless_asked_for():
    for name, bars in (("arm", USUAL.bars), ("many", NO_BARS)):
        groups = {f"G{n}": [f"{n}a", f"{n}b"] for n in range(3 if name == "arm" else 6)}
        samples = [
            {"patient_id": each, "day": 7, "value": 900, "lloq": 50} for both in groups.values() for each in both
        ]
        made = cohort(arms(**groups), kinetics=samples)
        settled = PROFILES.settled(Analysis(made, made, by(made), "months"), series_keys(made)[0], {})
        assert settled.bars == bars


def test_groups_stand_beside_each_other_not_on_each_other():
    at_7 = figure(example()).tables["mean"].query("day == 7")
    assert at_7["at"].is_unique and at_7["at"].diff().abs().max() < 0.02


def test_of_more_than_sixty_patients_quartiles_are_drawn_instead_of_lines():
    few, many = figure(synthetic()), figure(synthetic(70, 2))
    assert len(few.tables["line"]) and not len(few.tables["band"]) and few.n <= MOST_LINES < many.n
    assert len(many.tables["band"]) and not len(many.tables["line"]) and not len(many.tables["point"])
    assert (many.tables["band"]["low"] <= many.tables["band"]["high"]).all()
    assert "; pale bars, quartiles of the patients" in many.caption and "thin lines, patients" in few.caption


def test_quartiles_of_two_groups_are_bands_and_of_more_are_bars_each_behind_its_mean():
    made = synthetic(70, 2)
    two, three = figure(made, "emd"), figure(made)
    assert "; bands, quartiles of the patients" in two.caption
    assert set(three.tables["band"]["at"]) <= set(three.tables["mean"]["at"])
    assert not set(two.tables["band"]["at"]) <= set(two.tables["mean"]["at"])


def test_of_one_patient_no_mean_is_named():
    assert one((7, 900), (28, 300)).caption == "Thin lines, patients."


def test_an_interval_that_goes_beyond_the_axis_ends_in_an_arrowhead_that_the_caption_names():
    values = {"a": (60, 900), "b": (70, 800), "c": (40000, 700)}
    rows = [
        {"patient_id": name, "day": day, "value": value, "lloq": 50}
        for name, both in values.items()
        for day, value in zip((7, 28), both, strict=True)
    ]
    made = figure(cohort(arms(A=list(values), B=["d"]), kinetics=rows))
    below, above = made.tables["beyond"].sort_values("amount").to_dict("records")
    ends = made.tables["edge"]["amount"]
    assert (below["amount"], above["amount"]) == (ends.min(), ends.max()) and (below["turn"], above["turn"]) == (180, 0)
    assert below["day"] == above["day"] == 7 and below["spread"].endswith("(95 % CI)")
    assert made.caption.endswith("; arrowhead, 95 % CI beyond the axis.")
    assert figure(example()).tables["beyond"].empty and "arrowhead" not in figure(example()).caption


def test_the_band_lies_between_the_quartiles_of_type_7():
    """Of 1000, 2000 ... 61000, R's quantile(type = 7): 16000 and 46000."""
    ids = [f"x{n:02d}" for n in range(1, 62)]
    rows = [{"patient_id": each, "day": 7, "value": 1000.0 * n, "lloq": 50} for n, each in enumerate(ids, 1)]
    band = figure(cohort(arms(A=ids), kinetics=rows)).tables["band"]
    assert band[["low", "high"]].to_numpy().tolist() == [[16000, 46000]]


def test_numbers_under_the_axis_are_patients_sampled():
    counts = figure(example()).tables["count"]
    at_60 = counts[(counts["day"] == 60) & (counts["line"] <= 2)]
    assert dict(zip(at_60["slot"], at_60["text"], strict=True)) == {0: "7", 1: "6"}
    assert (counts["text"].astype(int) > 0).all()


def test_nothing_that_cannot_stand_on_a_log_axis_is_drawn():
    for made in (one((7, "BLQ"), lloq=None), one((0, 0), (7, 0)), one((-3, 90), (7, 80))):
        for name in ("line", "point", "mean", "limit", "decade", "edge"):
            assert (made.tables[name]["amount"] > 0).all() and np.isfinite(made.tables[name]["amount"]).all()
    unknown = one((7, "BLQ"), lloq=None)
    assert len(unknown.tables["point"]) == 0 and len(unknown.tables["limit"]) == 0
    assert unknown.notes[1].startswith("1 sample below a limit that is not stated")


def test_the_axis_encloses_what_is_drawn_and_ends_little_under_the_limit():
    for made in (figure(example()), figure(synthetic()), figure(synthetic(70, 2)), one((7, 1000))):
        low, high = made.tables["edge"]["amount"].agg(["min", "max"])
        for name in ("point", "mean", "limit"):
            assert made.tables[name]["amount"].between(low, high).all()
        assert made.tables["mean"][["low", "high"]].stack().between(low, high).all()
        assert made.tables["decade"]["amount"].between(low, high).all() and len(made.tables["decade"]) >= 2
        assert np.log10(made.tables["limit"]["amount"].min() / low) < 0.5, "no empty half decade"


def test_nobody_and_a_filtered_group():
    result = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    empty = kinetics_figure(result, compared_at(result))
    assert empty.alt.endswith("No geometric mean is shown.")
    assert all(len(empty.tables[name]) == 0 for name in ("line", "point", "band", "mean", "count", "limit"))
    assert empty.tables["group"]["label"].tolist() == ["", ""], "the key names only groups that are there"
    part = figure(example(), "arm", "arm=Control")
    assert part.tables["group"]["label"].tolist() == ["Control (8)", ""]
    assert set(part.tables["line"]["slot"]) == {0}


def test_the_data_behind_the_figure_are_the_samples():
    made = figure(example())
    assert list(made.data.columns) == ["patient", "group", "infusion", "day", "value", "below", "lloq", "unit"]
    assert len(made.data) == 208 and made.data["value"].isna().sum() == made.data["below"].sum()


def test_the_first_weeks_are_stretched_and_months_follow_behind_a_break():
    stretched, plain = figure(example()).tables, figure(example(), spread_early_days=False).tables
    assert stretched["axis_title"]["words"].tolist() == ["Days since infusion, then months (M)"]
    assert plain["axis_title"]["words"].tolist() == ["Days since infusion"] and len(plain["axis"]) == 0
    at = dict(zip(stretched["day"]["label"], stretched["day"]["at"], strict=True))
    assert at["0"] == 0 and at["M5"] == 1 and at["14"] == pytest.approx(at["28"] / 2)
    assert at["28"] < stretched["axis"]["at"][0] < at["M2"]
    on_line = dict(zip(plain["line"]["day"], plain["line"]["at"], strict=True))
    assert on_line[28] == pytest.approx(28 / 150)


def test_the_amount_is_on_a_log_axis_with_its_unit():
    chart = {unit: kinetics_chart(GROUP_COLOURS[:2], look_of(unit, 760, ("A", "B"))) for unit in ("copies/µg DNA", "")}
    text = json.dumps(chart["copies/µg DNA"], ensure_ascii=False)
    assert "CAR transgene, copies/µg DNA" in text and '"type": "log"' in text
    assert '"CAR transgene"' in json.dumps(chart[""])


def test_names_stand_beside_their_rows_where_they_fit_and_a_narrow_figure_is_laid_out_anew():
    assert look_of("", 760, ("A", "B")).names == ("A", "B") and look_of("", 760, ("A" * 40, "B")).names == ()
    assert look_of("", 380, ("Pomalidomide", "Control")).names == () and look_of("", 760, ("all",)).names == ()
    wide, narrow = figure(synthetic()), figure(synthetic(), width=380)
    assert (wide.chart["width"], narrow.chart["width"]) == (760, 380) and wide.numbers == narrow.numbers
    assert narrow.tables["day"]["label"].ne("").sum() < wide.tables["day"]["label"].ne("").sum()


def test_a_tooltip_has_no_exponents():
    made = one((7, 1_234_567.8), (14, 123_456.7), (21, 98.7654))
    assert made.tables["point"]["shown"].tolist() == ["1,234,568", "123,457", "98.7654"]


def test_notes_count_patients_without_samples_and_samples_without_a_limit():
    made = cohort(
        arms(A=["a1"], B=["b1", "b2"]),
        kinetics=[{"patient_id": "a1", "day": 7, "value": "BLQ"}, {"patient_id": "b1", "day": 7, "value": 900}],
    )
    drawn = figure(made)
    assert drawn.notes[0] == "1 of 3 patients without samples of this series or without a group."
    assert drawn.notes[1].startswith("1 sample below a limit that is not stated")
    assert drawn.notes[2] == "Never above the LLOQ: A 1 (in no mean; lowest rank for Cmax and AUC)."
    assert "Day 7 (± 1): Mann-Whitney test (exact), p > 0.99 (n = 2; below the limit: lowest rank)." in drawn.method
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
