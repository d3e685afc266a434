"""One specimen, one assay, one unit: series are never mixed; the chosen infusion in the samples, every infusion in the
parameters."""

import math

from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.cohort.kinetic_series import SeriesKey, series_keys
from lib.kinetics.series import kinetics, samples_of


def sample(patient, day, value, **more):
    return {"patient_id": patient, "day": day, "value": value, **more}


def test_no_samples():
    assert series_keys(cohort(arms(A=["a1"]))) == ()
    assert len(samples_of(nobody(example()), SeriesKey("blood", "qPCR", "copies/µg DNA"))) == 0


def test_the_series_with_most_values_comes_first():
    made = cohort(
        arms(A=["a1"]),
        kinetics=[sample("a1", 1, 5, specimen="marrow", unit="copies"), sample("a1", 1, 5), sample("a1", 2, 6)],
    )
    keys = series_keys(made)
    assert [key.specimen for key in keys] == ["blood", "marrow"]
    assert [key.label for key in keys] == ["blood, assay not stated", "marrow, assay not stated, copies"]
    assert [len(samples_of(made, key)) for key in keys] == [2, 1]


def test_values_below_the_limit_are_nan_with_their_limit_and_unreadable_ones_are_left_out():
    made = cohort(
        arms(A=["a1"]),
        kinetics=[
            sample("a1", 14, "<50"),
            sample("a1", 7, 900, lloq=50),
            sample("a1", 21, 20, lloq=50),
            sample("a1", 28, "BLQ"),
            sample("a1", 35, "much"),
            sample("a1", None, 7),
            sample("a1", 60, 0),
        ],
    )
    table = samples_of(made, series_keys(made)[0])
    assert table["day"].tolist() == [7, 14, 21, 28, 60]
    assert table["below"].tolist() == [False, True, True, True, True]
    assert table["value"].tolist()[0] == 900 and table["value"].isna().sum() == 4
    assert table["lloq"].tolist()[:3] == [50, 50, 50] and math.isnan(table["lloq"].tolist()[3])


def test_samples_of_every_infusion_are_kept_in_order():
    table = samples_of(selected(synthetic()), series_keys(synthetic())[0])
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
    rows = [
        sample(f"a{number}", 1, 5, specimen=specimen, assay=assay, unit=unit)
        for place, (specimen, assay, unit) in enumerate(kinds)
        for number in range(9 - place)
    ]
    made = cohort(arms(A=[f"a{number}" for number in range(9)]), kinetics=rows)
    keys = series_keys(made)
    assert [key.id("profile") for key in keys[:3]] == [
        "kinetics.profile",
        "kinetics.profile.blood_qpcr_percent",
        "kinetics.profile.bone_marrow_flow",
    ]
    assert len({key.slug for key in keys}) == 5 and all(key.slug.isascii() for key in keys)
    assert series_keys(nobody(made)) == keys


def result(made, grouping="arm", *filters, infusion=1):
    return kinetics(selected(made, *filters, infusion=infusion), series_keys(made)[0], by(made, grouping))


def test_the_example():
    found = result(example())
    assert (found.n, found.n_selected, len(found.of_infusion), found.lloqs) == (16, 16, 16, (1000.0,))
    assert found.month_1 == 28 and found.days[0] == 0


def test_nobody_and_no_samples():
    found = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    assert (found.n, found.days, found.parameters, found.lloqs, len(found.table)) == (0, (), (), (), 0)
    none = kinetics(cohort(arms(A=["a1"])), SeriesKey("blood", "qPCR", ""), by(example(), "-"))
    assert none.n == 0 and none.month_1 == 28


def test_parameters_of_every_infusion_and_means_of_the_chosen_one():
    first, second = result(synthetic()), result(synthetic(), infusion=2)
    assert {each.infusion for each in first.parameters} == {1, 2}
    assert {each.infusion for each in first.of_infusion} == {1}
    assert {each.infusion for each in second.of_infusion} == {2}
    assert second.n == len(second.of_infusion) < first.n
    assert (first.table["infusion"] == 1).all() and (second.table["infusion"] == 2).all()


def test_patients_without_a_group_are_in_the_parameters_and_in_no_mean():
    rows = [
        {"patient_id": patient, "day": day, "value": 100 * day, "lloq": 50}
        for patient in ("a1", "c1")
        for day in (1, 7, 28)
    ]
    made = cohort([*arms(A=["a1"], B=["b1"]), {"patient_id": "c1"}], kinetics=rows)
    found = result(made)
    assert [(each.patient, each.group) for each in found.parameters] == [("a1", "A"), ("c1", None)]
    assert [each.patient for each in found.of_infusion] == ["a1"] and found.n == 1


def test_order_of_rows_is_nothing():
    made = selected(synthetic())
    turned = made.with_tables(made.patients, {**made.tables, "kinetics": made.kinetics[::-1].reset_index(drop=True)})
    first, again = (kinetics(each, series_keys(made)[0], by(made)) for each in (made, turned))
    assert first.parameters == again.parameters
    assert first.table.equals(again.table) and first.days == again.days
