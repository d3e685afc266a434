"""The table is found wherever it stands in a sheet."""

from lib.intake.files.grid import Grid
from lib.intake.sheets.block import find_block

SIMPLE = (("Patient", "Age", "Arm"), ("P1", "50", "A"), ("P2", "60", "B"))


def block(*rows, **more):
    return find_block(Grid("Sheet", tuple(rows), **more))


def test_a_plain_table():
    found = block(*SIMPLE)
    assert found.header == (0,) and found.rows == (1, 2) and found.headings == ("Patient", "Age", "Arm")
    assert list(found.cells("Age")) == ["50", "60"]


def test_titles_above_and_notes_and_totals_below():
    wide = [("Patient", "Age", "Arm", "CRP")] + [(f"P{n}", str(50 + n), "A", "5") for n in range(5)]
    found = block(
        ("Our CAR-T patients",), (), ("as of May", None), *wide, (), ("Total", "5", None, None), ("* two were lost",)
    )
    assert found.header == (3,) and len(found.rows) == 5
    assert [reason for _, reason in found.left_out] == ["a total", "a note"]


def test_merged_headers_with_days_below():
    rows = (
        ("Patient", "Age", "Copies per µg", None, None),
        (None, None, "0", "7", "14"),
        ("P1", "50", "3", "4", "5"),
        ("P2", "51", "3", "4", "5"),
    )
    for merged in ((), ((1, 3, 1, 5),)):
        found = block(*rows, merged=merged)
        assert found.header == (0, 1) and found.rows == (2, 3)
        assert found.path("7") == ("Copies per µg", "7")


def test_one_heading_of_two_columns_without_merged_cells():
    head, data = ("Patient", "Arm", "Remission", None, "Age"), [(f"P{n}", "A", n, "CR", 50) for n in range(4)]
    found = block(head, (None, None, "Tag", "Best", None), *data)
    assert found.header == (0, 1) and found.path("Best") == ("Remission", "Best") and len(found.rows) == 4
    for other in ((None, None, "Tag", None, None), (None, None, 28, "PR", None), ("P9", None, "Tag", "Best", None)):
        assert block(head, other, *data).header == (0,), f"{other} is a row of data"


def test_a_row_of_units_becomes_part_of_the_names():
    found = block(("Patient", "Age", "Hb"), ("", "years", "g/dL"), ("P1", "50", "12.5"), ("P2", "61", "9.5"))
    assert found.headings == ("Patient", "Age (years)", "Hb (g/dL)") and found.rows == (2, 3)


def test_a_header_that_comes_again_and_blank_rows():
    found = block(*SIMPLE, (), SIMPLE[0], ("P3", "70", "A"))
    assert found.rows == (1, 2, 5) and found.left_out == ((4, "the header again"),)


def test_a_blank_column_has_no_name():
    assert block(("Patient", None, "Age"), ("P1", None, "5"), ("P2", None, "6")).headings == ("Patient", "", "Age")


def test_words_alone_are_data_not_a_second_header():
    found = block(
        ("id", "arm", "answer"), ("P1", "A", "good"), ("P2", "B", "bad"), ("P3", "A", "good"), ("P4", "B", "bad")
    )
    assert found.header == (0,) and len(found.rows) == 4


def test_sheets_without_a_table():
    assert block() is None
    assert block(("Read me",), ("one line",)) is None


def names_of(*first_cells):
    """Which of these stand as the last row's first cell and are taken for a total."""
    rows = [("Patient", "Age", "Arm", "CRP"), *((f"P{n}", "50", "A", "5") for n in range(5))]
    found = {cell: block(*rows, (cell, "5", None, None)).left_out for cell in first_cells}
    return [cell for cell, left in found.items() if left]


def test_a_patient_named_like_a_total_stays():
    totals = [
        "Total",
        "Total:",
        "Total (n)",
        "Mean age",
        "SD",
        "n = 5",
        "Median, range",
        "Summe",
        "合计 5",
        "Mean ± SD",
    ]
    assert names_of(*totals) == totals
    assert names_of("SD-001", "Sum 12", "n =", "N-04", "Mean-1", "Countess", "SD 3", "Total3") == []


def test_stated_header_rows_are_read_like_those_that_were_found():
    rows = (
        ("Patient", "Copies", None, None),
        (None, "7", "14", "28"),
        ("P1", "3", "4", "5"),
        ("P2", "3", "4", "5"),
        (),
        ("Total", "2", None, None),
    )
    grid = Grid("Sheet", rows, merged=((1, 2, 1, 4),))
    stated = find_block(grid, (0, 1))
    assert stated == find_block(grid)
    assert stated.headings == ("Patient", "7", "14", "28") and stated.path("28") == ("Copies", "28")
    assert stated.rows == (2, 3) and stated.left_out == ((5, "a total"),)
