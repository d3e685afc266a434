"""The kinetics of a cohort: the chosen infusion in figure and means, every infusion in the parameters."""

from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.kinetics.result import compared_at, kinetics
from lib.kinetics.series import SeriesKey, series_keys


def result(made, grouping="arm", *filters, day=None, infusion=1):
    found = kinetics(selected(made, *filters, infusion=infusion), series_keys(made)[0], by(made, grouping))
    return found if day is None else compared_at(found, day)


def test_the_example():
    found = result(example())
    assert (found.n, found.n_selected, len(found.of_infusion), found.lloqs) == (16, 16, 16, (1000.0,))
    assert found.comparison.day == 28 and found.days[0] == 0


def test_groups_are_compared_at_another_day():
    assert result(example(), day=90).comparison.day == 90
    assert result(example(), day=90).comparison.default.p != result(example()).comparison.default.p


def test_nobody_and_no_samples():
    found = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    assert (found.n, found.days, found.parameters, found.lloqs, len(found.table)) == (0, (), (), (), 0)
    none = kinetics(cohort(arms(A=["a1"])), SeriesKey("blood", "qPCR", ""), by(example(), "-"))
    assert none.n == 0 and none.comparison.default.reason == "one group only"


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
    assert first.comparison.default == again.comparison.default
    assert first.profile.equals(again.profile)
