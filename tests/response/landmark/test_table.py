"""The printed table at landmarks."""

from golden.cohorts import by, example, nobody

from lib.response.landmark.result import landmark_responses
from lib.response.landmark.table import landmark_table
from response.made import example_landmarks


def test_month_3_stands_in_both_denominators():
    table = landmark_table(example_landmarks())
    rows = {row[:2]: row[2:] for row in table.rows}
    assert rows["Month 3", "VGPR or better, of all infused"] == ("11/16: 68.8 % (41.3–89)", "5/8: 62.5 % (24.5–91.5)", "6/8: 75 % (34.9–96.8)", "+12.5 (−29.1 to +49.1)", ">0.9999")  # fmt: skip
    assert rows["Month 3", "VGPR or better, of those evaluable"][1:] == (
        "5/8: 62.5 % (24.5–91.5)",
        "6/6: 100 % (54.1–100)",
        "+37.5 (−8.2 to +69.4)",
        "0.2088",
    )
    assert ("Month 1", "VGPR or better, of those evaluable") not in rows and len(table.numbers.rows) == 90


def test_one_group_and_nobody():
    table = landmark_table(landmark_responses(nobody(example()), by(example(), "-")))
    assert table.header == ("Landmark", "Response", "All patients") and {row[2] for row in table.rows} == {"0/0"}
