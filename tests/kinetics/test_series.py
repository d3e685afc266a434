"""One specimen, one assay, one unit: series are never mixed."""

import math

from golden.cohorts import arms, cohort, example, nobody, selected, synthetic

from lib.kinetics.series import SeriesKey, series, series_keys


def sample(patient, day, value, **more):
    return {"patient_id": patient, "day": day, "value": value, **more}


def test_no_samples():
    assert series_keys(cohort(arms(A=["a1"]))) == ()
    assert len(series(nobody(example()), SeriesKey("blood", "qPCR", "copies/µg DNA"))) == 0


def test_the_series_with_most_values_comes_first():
    made = cohort(arms(A=["a1"]), kinetics=[
        sample("a1", 1, 5, specimen="marrow", unit="copies"), sample("a1", 1, 5), sample("a1", 2, 6)])  # fmt: skip
    keys = series_keys(made)
    assert [key.specimen for key in keys] == ["blood", "marrow"]
    assert [key.label for key in keys] == ["blood, assay not stated", "marrow, assay not stated, copies"]
    assert [len(series(made, key)) for key in keys] == [2, 1]


def test_values_below_the_limit_are_nan_with_their_limit_and_unreadable_ones_are_left_out():
    made = cohort(arms(A=["a1"]), kinetics=[
        sample("a1", 14, "<50"), sample("a1", 7, 900, lloq=50), sample("a1", 21, 20, lloq=50), sample("a1", 28, "BLQ"),
        sample("a1", 35, "much"), sample("a1", None, 7), sample("a1", 60, 0)])  # fmt: skip
    table = series(made, series_keys(made)[0])
    assert table["day"].tolist() == [7, 14, 21, 28, 60]
    assert table["below"].tolist() == [False, True, True, True, True]
    assert table["value"].tolist()[0] == 900 and table["value"].isna().sum() == 4
    assert table["lloq"].tolist()[:3] == [50, 50, 50] and math.isnan(table["lloq"].tolist()[3])


def test_samples_of_every_infusion_are_kept_in_order():
    table = series(selected(synthetic()), series_keys(synthetic())[0])
    assert set(table["infusion"]) == {1, 2}
    assert table.equals(table.sort_values(["patient", "infusion", "day"], kind="stable", ignore_index=True))


def test_ids_stay_whatever_is_selected_and_the_first_series_has_the_plain_one():
    kinds = [
        ("blood", "qPCR", "copies"),
        ("blood", "qPCR", "%"),
        ("bone marrow", "flow", "%"),
        ("血", "qPCR", "copies"),
        ("血", "流", "x"),
    ]
    rows = [sample(f"a{number}", 1, 5, specimen=specimen, assay=assay, unit=unit)
            for place, (specimen, assay, unit) in enumerate(kinds) for number in range(9 - place)]  # fmt: skip
    made = cohort(arms(A=[f"a{number}" for number in range(9)]), kinetics=rows)
    keys = series_keys(made)
    assert [key.id("profile") for key in keys[:3]] == [
        "kinetics.profile",
        "kinetics.profile.blood_qpcr_percent",
        "kinetics.profile.bone_marrow_flow",
    ]
    assert len({key.slug for key in keys}) == 5 and all(key.slug.isascii() for key in keys)
    assert series_keys(nobody(made)) == keys
