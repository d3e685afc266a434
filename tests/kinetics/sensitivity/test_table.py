"""The table of sensitivity analyses."""

from golden.cohorts import by, example, selected

from lib.kinetics.result import kinetics
from lib.kinetics.sensitivity.result import sensitivity
from lib.kinetics.sensitivity.table import sensitivity_table
from lib.kinetics.series import series_keys


def test_one_row_a_test_each_with_its_name_n_and_p():
    result = kinetics(selected(example()), series_keys(example())[0], by(example()))
    table = sensitivity_table(result, sensitivity(result))
    assert table.id == "kinetics.sensitivity" and len(table.rows) == len(table.tests) == len(table.numbers.rows)
    assert table.rows[0] == (
        "day 28",
        "Control v Pomalidomide",
        "Mann-Whitney test (exact)",
        "16",
        "–",
        "0.9591",
        "the default test",
    )
    assert table.rows[1][5:] == ("0.7491", "as published (month 1); below the limit: LLOQ/2")
    assert all(
        test.n == 16 and (test.p is not None or test.reason) for test in table.tests if "AUC0-90" not in test.comparison
    )
    names = [name for name, _ in table.numbers.columns]
    assert all(len(row) == len(names) for row in table.numbers.rows)
    assert "formed after infusion" in table.notes[0]
