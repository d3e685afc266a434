"""The different values of a column, and which of them stands in each row."""

import datetime as dt
import math

import numpy as np
import pytest

from lib.intake.files.grid import Cells, distinct

DAY = dt.datetime(2022, 2, 3)
COLUMNS = [
    pytest.param((), [], [], id="nothing"),
    pytest.param(("a",), ["a"], [0], id="one cell"),
    pytest.param(("a", "a", "a"), ["a"], [0, 0, 0], id="all equal"),
    pytest.param((None, None), [], [-1, -1], id="all empty"),
    pytest.param((math.nan, 1.0, math.nan), [1.0], [-1, 0, -1], id="not a number is nothing"),
    pytest.param(("", None, " "), ["", " "], [0, -1, 1], id="a blank text is a text"),
    pytest.param((0.0, -0.0), [0.0], [0, 0], id="minus nought is nought"),
    pytest.param((1.0, "1", 1.0), [1.0, "1"], [0, 1, 0], id="a number and its digits"),
    pytest.param(
        (1.0, "1", True, False, 0.0), [1.0, "1", True, False, 0.0], [0, 1, 2, 3, 4], id="a number, digits, and true"
    ),
    pytest.param((True, 1.0, True, None), [True, 1.0], [0, 1, 0, -1], id="true before 1"),
    pytest.param((True, "True"), [True, "True"], [0, 1], id="true and its word"),
    pytest.param((DAY, "2022-02-03", DAY), [DAY, "2022-02-03"], [0, 1, 0], id="a date and its text"),
    pytest.param(("b", "a", "b", "c"), ["b", "a", "c"], [0, 1, 0, 2], id="in the order met"),
]


def said(found):
    return [(type(value), value) for value in found.values], found.codes.tolist()


@pytest.mark.parametrize(("cells", "values", "codes"), COLUMNS)
def test_the_different_values(cells, values, codes):
    expected = [(type(value), value) for value in values], codes
    assert said(distinct(cells)) == expected
    assert said(distinct(Cells(cells))) == expected
    assert distinct(cells).counts.tolist() == [codes.count(place) for place in range(len(values))]


@pytest.mark.parametrize("cells", [pytest.param(each.values[0], id=each.id) for each in COLUMNS])
def test_some_rows_have_the_values_that_stand_in_them_in_the_order_met(cells):
    whole = Cells((*cells, "z", None, *cells))
    below, backwards = slice(len(cells) + 1, None), np.arange(len(whole))[::-1]
    for rows in (below, backwards, np.array([], dtype=np.intp)):
        picked = whole.at(rows)
        alone = (
            [whole[place] for place in range(len(whole))[rows]] if isinstance(rows, slice) else [whole[n] for n in rows]
        )
        assert list(map(id, picked)) == list(map(id, alone))
        assert said(picked.distinct) == said(distinct(alone))


def test_every_row_is_what_its_code_says():
    cells = Cells([place % 300 for place in range(1000)])  # more values than a byte can number
    assert [cells.distinct.values[code] for code in cells.distinct.codes] == list(cells)
    assert cells.distinct.counts.tolist() == [4] * 100 + [3] * 200


def test_what_is_found_for_each_value_comes_back_row_by_row():
    found = distinct(["a", None, "b", "a"])
    assert found.spread(["A", "B"], "-").tolist() == ["A", "-", "B", "A"]
    assert found.flags([True, False], True).tolist() == [True, True, False, True]
    assert found.rows_with([True, False]).tolist() == [0, 3]
    assert list(found.counted()) == [("a", 2), ("b", 1)]
    assert distinct(["x", "X ", "y"]).words(lambda cell: cell.strip().lower(), lambda cell: cell != "y") == {"x": 2}


def test_each_value_is_looked_at_once():
    seen = []
    found = distinct(["a", "b", "a"])
    look = lambda cell: seen.append(cell) or cell.upper()  # noqa: E731
    assert found.each(look) == found.each(look) == ["A", "B"]
    assert seen == ["a", "b"]
