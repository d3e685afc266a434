"""Widths of columns: as their words need, in the room that there is, no word broken."""

import pytest

from lib.export.table_form import cell_lines, column_widths, is_wide, numeric
from lib.publication.exhibit import Table
from lib.publication.text_width import text_width

SIZE, PADDING = 9.0, 11.0
SHORT = Table("a.b", "A", ("Group", "n"), (("Pomalidomide", "8"), ("\u2003range", "–")))
LONG = Table("a.b", "A", ("Group", "Remark"), (("Pomalidomide", "many words " * 30), ("B", "")))


def test_a_table_that_fits_has_columns_as_wide_as_their_longest_cell_and_no_cell_is_broken():
    widths = column_widths(SHORT, 400, SIZE, PADDING)
    assert widths == pytest.approx(
        [text_width("Pomalidomide", SIZE) + PADDING, text_width("n", SIZE, bold=True) + PADDING]
    )
    for row in (SHORT.header, *SHORT.rows):
        assert [cell_lines(cell, width - PADDING, SIZE) for cell, width in zip(row, widths, strict=True)] == [
            [cell] for cell in row
        ]


def test_only_the_longest_column_is_broken_and_the_room_is_used():
    widths = column_widths(LONG, 400, SIZE, PADDING)
    assert sum(widths) == pytest.approx(400, abs=0.1) and widths[0] == pytest.approx(
        text_width("Pomalidomide", SIZE) + PADDING
    )
    assert " ".join(cell_lines(LONG.rows[0][1], widths[1] - PADDING, SIZE)) == LONG.rows[0][1].strip()


def test_where_the_words_alone_are_wider_than_the_room_all_columns_shrink_alike():
    assert sum(column_widths(LONG, 60, SIZE, PADDING)) == pytest.approx(60)


def test_a_table_of_many_columns_of_words_is_wide():
    many = Table("a.b", "A", ("Some words here",) * 12, (("some more words of text",) * 12,))
    assert (
        is_wide(many, 450, SIZE, PADDING)
        and not is_wide(SHORT, 450, SIZE, PADDING)
        and not is_wide(LONG, 450, SIZE, PADDING)
    )


def test_numbers_stand_at_the_right_and_the_first_column_names_the_rows():
    table = Table("a.b", "A", ("Day", "n", "Remark"), (("1", "2", "x"), ("2", "–", "3")))
    assert numeric(table) == [False, True, False] and numeric(Table("a.b", "A", ("a", "b"), ())) == [False, True]
