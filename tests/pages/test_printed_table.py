"""Printed cells in a table with a scroll bar sort as numbers and read as printed."""

import math

import pandas as pd
import pytest
from streamlit import dataframe_util

from pages.frame.printed_table import first_number, sortable


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("48 (80 %)", 48),
        ("57,918 (43,407–77,280; 36 %)", 57918),
        ("−25 (−59 to +12)", -25),
        ("+38 (−11 to +70)", 38),
        ("0.0073 (0.00018–0.098)", 0.0073),
        ("≥5", 5),
        ("∞ (0.026–∞)", math.inf),
    ],
)
def test_a_cell_is_the_number_that_it_begins_with(words, number):
    assert first_number(words) == number


def test_what_is_less_than_a_number_stands_before_it_and_no_number_below_all():
    assert first_number("0.0001") < first_number("<0.001") < first_number("0.001") < first_number("> 0.001")
    assert {first_number(words) for words in ("–", "NE", "", "not reached (NE–NE)")} == {-math.inf}


def test_columns_of_printed_numbers_are_sent_as_numbers_and_shown_as_printed():
    table = pd.DataFrame(
        {
            "Patient": ["1", "2", "3"],
            "Cmax": ["103", "69 (a)", "–"],
            "Group": ["A", "B", "1"],
            "Day": ["2024-01-02"] * 3,
            "n": [1, 2, 3],
        }
    )
    made = sortable(table)
    sent = dataframe_util.convert_anything_to_pandas_df(made)
    assert [isinstance(cell, float) for cell in sent.iloc[0]] == [False, True, False, False, False]
    assert sent["Cmax"].tolist() == [103, 69, -math.inf]
    assert {"103", "69 (a)", "–", "A"} <= set(pd.Series(made.to_html().replace("<", ">").split(">")).str.strip())
    assert sortable(table[["Patient", "Group"]]) is not made and isinstance(
        sortable(table[["Patient", "Group"]]), pd.DataFrame
    )


def test_a_table_with_equal_headings_is_left_as_it_is():
    table = pd.DataFrame([["a", "1", "2"]], columns=["x", "y", "y"])
    assert sortable(table) is table
