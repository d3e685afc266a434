"""The shift table: rows, totals, and what is not known."""

from golden.cohorts import by

from labs.made import with_labs
from labs.shift.test_result import ROWS, made
from lib.cohort.ctcae import V5
from lib.labs.grades.result import grades_result
from lib.labs.shift.result import shift
from lib.labs.shift.table import shift_table


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
