"""The shift table: each patient once, from baseline to worst."""

from golden.cohorts import by, nobody

from labs.made import with_labs
from lib.cohort.ctcae import V5
from lib.labs.grades import grades_result
from lib.labs.shift import NOT_KNOWN, shift, shift_table

PLT = {"test": "PLT", "unit": "10^9/L"}
ROWS = [
    {**PLT, "patient_id": patient, "day": day, "value": value, "lower_limit": lower}
    for patient, lower, values in (
        ("a1", 125, ((-1, 200), (7, 40))),
        ("a2", None, ((-1, 200), (7, 90))),
        ("b1", 125, ((7, 10),)),
        ("b2", 125, ((-1, 60), (7, 130))),
    )
    for day, value in values
]


def made(opened):
    return shift(grades_result(opened, by(opened), V5), "platelets")


def test_each_patient_counts_once():
    found = made(with_labs(ROWS))
    assert dict(found.counts) == {
        ("A", "0", "3"): 1,
        ("A", "0–1", "0–1"): 1,
        ("B", NOT_KNOWN, "4"): 1,
        ("B", "2", "0"): 1,
    }
    assert found.n == 4 and found.n_worse == {"A": 1, "B": 0} and found.levels == ("0", "0–1", "1", "2", "3", "4")


def test_nobody():
    found = made(nobody(with_labs(ROWS)))
    assert found.n == 0 and found.levels == ("0", "1", "2", "3", "4")


def test_rows_columns_and_notes():
    table = shift_table(made(with_labs(ROWS)), "plt")
    assert table.id == "labs.plt.shift" and table.header == (
        "Group",
        "At baseline",
        *(f"Worst {word}" for word in ("0", "0–1", "1", "2", "3", "4")),
        "n",
    )
    assert ("A", "Grade 0", "·", "·", "·", "·", "1", "·", "1") in table.rows and (
        "B",
        "no value",
        *("·",) * 5,
        "1",
        "1",
    ) in table.rows
    assert sum(int(row[-1]) for row in table.rows) == table.n == 4 and "CTCAE v5" in table.title
    assert any("0–1" in note for note in table.notes) and any(
        "nothing measured by day 0" in note for note in table.notes
    )
    assert sum(row[-1] for row in table.numbers.rows) == 4


def test_one_group():
    opened = with_labs(ROWS)
    table = shift_table(shift(grades_result(opened, by(opened, "-"), V5), "platelets"), "plt")
    assert table.header[0] == "At baseline"
