"""The table of parameters by patient: what is not calculated says why."""

import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.cohort.kinetic_series import series_keys
from lib.kinetics.parameters import parameters_table
from lib.kinetics.series import kinetics


def result(made, grouping="arm", *filters):
    return kinetics(selected(made, *filters), series_keys(made)[0], by(made, grouping))


def reported(table):
    names = [name for name, _ in table.numbers.columns]
    assert all(len(row) == len(names) for row in table.numbers.rows)
    return [dict(zip(names, row, strict=True)) for row in table.numbers.rows]


def test_one_row_a_patient_and_infusion_with_the_required_columns():
    rows = reported(parameters_table(result(synthetic())))
    assert {"patient", "infusion", "cmax", "tmax", "auc_0_28", "tlast", "half_life"} <= set(rows[0])
    keys = [(row["patient"], row["infusion"]) for row in rows]
    assert len(keys) == len(set(keys)) and {infusion for _, infusion in keys} == {1, 2}
    for row in rows:
        for name in ("cmax", "tmax", "auc_0_28", "tlast", "half_life"):
            assert row[name] is not None or f"{name}:" in row["reason"]


def test_units_stand_with_the_columns():
    units = dict(parameters_table(result(example())).numbers.columns)
    assert units["cmax"] == "copies/µg DNA" and units["auc_0_28"] == "days × copies/µg DNA" and units["tmax"] == "days"


def test_a_parameter_that_cannot_be_calculated_says_why_in_its_cell():
    made = cohort(arms(A=["a1"]), kinetics=[{"patient_id": "a1", "day": 7, "value": 900, "lloq": 50}])
    table = parameters_table(result(made), every_column=True)
    (row,) = table.rows
    assert row[1:] == ("900", "7", "NC a", "NC a", "7", "NC b", "NC c", "NC d", "NC e", "900", "–", "–")
    assert table.notes[0].startswith(
        "NC, not calculated: a, sampling ended, still quantifiable; b, still quantifiable in the last sample; c,"
    )
    (numbers,) = reported(table)
    assert "auc_0_28: last sample on day 7, still quantifiable" in numbers["reason"]
    assert "fold_expansion: no sample on day 1" in numbers["reason"]


def test_the_window_of_a_half_life_stands_beside_it_even_where_it_is_not_reported():
    rows = {row["patient"]: row for row in reported(parameters_table(result(example())))}
    assert (rows["C3"]["half_life"], rows["C3"]["half_life_n"], rows["C3"]["half_life_first_day"]) == (None, 4, 14)
    assert rows["C3"]["half_life_adjusted_r2"] == pytest.approx(0.750, abs=5e-4)
    printed = next(row for row in parameters_table(result(example()), every_column=True).rows if row[0] == "C3")
    assert printed[-2:] == ("14–60 (4)", "0.750")


def test_ten_columns_stand_on_the_page_and_all_when_asked_for():
    few, every = parameters_table(result(example())), parameters_table(result(example()), every_column=True)
    assert few.header == (
        *("Patient", "Group", "Cmax", "Tmax", "AUC0-28", "AUC0-90", "Tlast", "Tbql", "Half-life", "Fold expansion"),
    )
    assert set(few.header) < set(every.header) and len(every.header) == 14 and few.numbers == every.numbers
    assert parameters_table(result(synthetic())).header[1] == "Infusion", "where there are several"


def test_two_infusions_of_one_patient_are_two_rows():
    """The peaks and folds of a published patient with two infusions (Zhao et al. 2021): 35 and 4494.3 times day 1."""
    rows = [(1, 1, 331.4), (1, 6, 11_600), (1, 28, 90), (2, 1, 32.71), (2, 5, 147_000), (2, 28, 3000)]
    made = cohort(
        [{"patient_id": "z1"}],
        infusions=[{"patient_id": "z1", "infusion": 1, "day": 0}, {"patient_id": "z1", "infusion": 2, "day": 179}],
        kinetics=[
            {"patient_id": "z1", "infusion": infusion, "day": day, "value": value, "lloq": 10}
            for infusion, day, value in rows
        ],
    )
    first, second = reported(parameters_table(result(made, "-")))
    assert (first["infusion"], first["tmax"], second["infusion"], second["tmax"]) == (1, 6, 2, 5)
    assert first["fold_expansion"] == pytest.approx(35.0, abs=0.05)
    assert second["fold_expansion"] == pytest.approx(4494.3, abs=0.5)
    assert second["cmax"] / first["cmax"] == pytest.approx(12.67, abs=0.01)


def test_who_never_expanded_has_no_parameters_and_folds_that_are_lower_bounds_are_marked():
    patients = reported(parameters_table(result(synthetic())))
    assert sum(row["fold_at_least"] for row in patients if row["infusion"] == 1) == 25
    silent = [row for row in patients if row["cmax"] is None]
    assert len(silent) == 3 and all("cmax: never above" in row["reason"] for row in silent)
    printed = {row[0]: row for row in parameters_table(result(synthetic())).rows if row[1] == "1"}
    assert {printed[row["patient"]][3] for row in silent} == {"< LLOQ"}


def test_nobody_one_group_and_one_sample():
    empty = parameters_table(kinetics(nobody(example()), series_keys(example())[0], by(example())))
    assert empty.n == 0 and all(test.p is None for test in empty.tests)
    assert parameters_table(result(example(), "-")).tests == ()
    made = cohort(arms(A=["a1"], B=["b1"]), kinetics=[{"patient_id": "a1", "day": 7, "value": "BLQ"}])
    single = parameters_table(result(made))
    assert single.n == 1 and len(single.header) == len(single.rows[0])
