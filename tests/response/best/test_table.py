"""The printed table of best responses."""

from golden.cohorts import by, example, nobody

from lib.response.best.result import best_response
from lib.response.best.table import best_table
from response.made import example_best


def test_rows_of_the_example():
    table = best_table(example_best())
    rows = {row[0]: row[1:] for row in table.rows}
    assert table.id == "response.best" and table.header == ("Best response", "Total (n = 16)", "Control (n = 8)", "Pomalidomide (n = 8)", "Pomalidomide − Control, % points (95 % CI)", "p")  # fmt: skip
    assert rows["CR or better, of all infused"] == (
        "4/16: 25 % (7.3–52.4)",
        "0/8: 0 % (0–36.9)",
        "4/8: 50 % (15.7–84.3)",
        "+50 (+6.8 to +78.5)",
        "0.0769",
    )
    assert rows["CR or better, of those followed to month 3"][2:] == (
        "4/6: 66.7 % (22.3–95.7)",
        "+66.7 (+17.7 to +90.3)",
        "0.0150",
    )
    assert rows["VGPR"] == ("8 (50 %)", "5 (62.5 %)", "3 (37.5 %)", "", "")
    assert "Clopper-Pearson" in table.caption and "Fisher's exact test" in table.caption


def test_one_group_has_neither_total_nor_p_and_nobody_has_rows_without_numbers():
    table = best_table(best_response(nobody(example()), by(example(), "-")))
    assert table.header == ("Best response", "All patients (n = 0)") and all(row[1] == "0/0" for row in table.rows)
