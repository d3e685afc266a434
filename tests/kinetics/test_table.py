"""Tables of parameters, their summary, and the comparison at a day."""

import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.kinetics.result import compared_at, kinetics
from lib.kinetics.series import series_keys
from lib.kinetics.table import comparison_table, parameters_table, summary_table


def result(made, grouping="arm", *filters, day=None):
    found = kinetics(selected(made, *filters), series_keys(made)[0], by(made, grouping))
    return found if day is None else compared_at(found, day)


def told(table):
    names = [name for name, _ in table.numbers.columns]
    assert all(len(row) == len(names) for row in table.numbers.rows)
    return [dict(zip(names, row, strict=True)) for row in table.numbers.rows]


def test_one_row_a_patient_and_infusion_with_the_required_columns():
    rows = told(parameters_table(result(synthetic())))
    assert {"patient", "infusion", "cmax", "tmax", "auc_0_28", "tlast", "half_life"} <= set(rows[0])
    keys = [(row["patient"], row["infusion"]) for row in rows]
    assert len(keys) == len(set(keys)) and {infusion for _, infusion in keys} == {1, 2}
    for row in rows:
        for name in ("cmax", "tmax", "auc_0_28", "tlast", "half_life"):
            assert row[name] is not None or f"{name}:" in row["reason"]


def test_units_stand_with_the_columns():
    units = dict(parameters_table(result(example())).numbers.columns)
    assert units["cmax"] == "copies/µg DNA" and units["auc_0_28"] == "days × copies/µg DNA" and units["tmax"] == "days"


def test_the_summary_by_group():
    table = summary_table(result(example()))
    assert table.header == ("Parameter", "Control", "Pomalidomide", "p")
    assert table.rows[1] == ("Tmax, days, median (range)", "7 (5–10), n = 8", "7 (5–10), n = 8", ">0.9999")
    assert table.caption == "After infusion 1. p: Mann-Whitney test (exact); Mann-Whitney test (normal approximation)."
    assert table.notes == () and len(table.tests) == 5
    assert any("Never above the limit of quantification" in note for note in summary_table(result(synthetic())).notes)
    assert all(
        row["value"] is not None or row["reason"] == "no values"
        for row in told(summary_table(result(synthetic(), "arm", "arm=Lenalidomide")))
    )


def test_the_papers_month_1():
    table = comparison_table(result(example()))
    assert table.title == "Day 28 by Arm" and table.caption.startswith("Samples within 3 days of day 28")
    assert [(test.name, round(test.p, 4)) for test in table.tests] == [
        ("Mann-Whitney test (exact)", 0.9591), ("Student's t test", 0.7491)]  # fmt: skip
    assert "As published: Student's t test on raw values, p = 0.7491 (n = 16; below the limit: LLOQ/2)." in table.notes
    assert comparison_table(result(example(), day=3)).caption.startswith("Samples within 1 day of day 3")


@pytest.mark.parametrize("make", [parameters_table, summary_table, comparison_table])
def test_nobody_one_group_and_one_sample(make):
    empty = make(kinetics(nobody(example()), series_keys(example())[0], by(example())))
    assert empty.n == 0 and all(test.p is None for test in empty.tests)
    assert make(result(example(), "-")).tests == ()
    made = cohort(arms(A=["a1"], B=["b1"]), kinetics=[{"patient_id": "a1", "day": 7, "value": "BLQ"}])
    single = make(result(made))
    assert single.n == 1 and len(single.header) == len(single.rows[0])


def test_a_parameter_that_cannot_be_calculated_says_why_in_its_cell():
    made = cohort(arms(A=["a1"]), kinetics=[{"patient_id": "a1", "day": 7, "value": 900, "lloq": 50}])
    (row,) = parameters_table(result(made)).rows
    assert row[3:] == (
        "900",
        "7",
        "NC: last sample on day 7, still quantifiable",
        "7",
        "NC: fewer than three falling values after the peak",
        "NC: one sample",
    )
