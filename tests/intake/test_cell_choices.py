"""Sentinels, the order of dates, and which of several rows counts. Hand-worked."""

import datetime as dt
import math

import pandas as pd
import pytest

from lib.cohort.schema import ADVERSE_EVENTS, ENDPOINTS, LABS, RESPONSE_TABLE
from lib.intake.apply.patient_rows import one_row_each
from lib.intake.cells.dates import date_coder


def read(order, *cells):
    code = date_coder(order, cells)
    return [code(cell).value or code(cell).problem for cell in cells]


@pytest.mark.parametrize(
    ("order", "cells", "expected"),
    [
        ("", ("13/04/2021", "03/04/2021"), [dt.date(2021, 4, 13), dt.date(2021, 4, 3)]),  # 13 settles the column
        ("", ("04/13/2021", "03/04/2021"), [dt.date(2021, 4, 13), dt.date(2021, 3, 4)]),
        ("", ("03.04.2021",), [dt.date(2021, 4, 3)]),  # dots: the day stands first
        ("", ("05/05/2021",), [dt.date(2021, 5, 5)]),  # either way the same
        ("day first", ("03/04/2021",), [dt.date(2021, 4, 3)]),
        ("month first", ("03/04/21", "03/04/75"), [dt.date(2021, 3, 4), dt.date(1975, 3, 4)]),
        (
            "",
            ("2021-04-03", "3 Apr 2021", "Mai 4, 2021", "44289", dt.datetime(2021, 4, 3, 8)),
            [dt.date(2021, 4, 3), dt.date(2021, 4, 3), dt.date(2021, 5, 4), dt.date(2021, 4, 3), dt.date(2021, 4, 3)],
        ),
    ],
)
def test_dates(order, cells, expected):
    assert read(order, *cells) == expected


def test_an_ambiguous_date_names_both_and_an_impossible_one_is_none():
    assert read("", "03/04/2021") == ['"03/04/2021" can be 2021-04-03 or 2021-03-04.']
    assert read("", "13/04/2021", "04/13/2021", "03/04/2021")[2].startswith(
        '"03/04/2021" can be'
    )  # the column contradicts itself
    assert read("day first", "31/02/2021", "sometime") == ['"31/02/2021" is not a date.', '"sometime" is not a date.']


def chosen(table, choice, columns, *rows):
    kept, findings = one_row_each(pd.DataFrame(rows, columns=columns), table, choice, "Sheet")
    return kept.values.tolist(), [finding.problem for finding in findings]


EVENT_COLUMNS = ["patient_id", "infusion", "term", "grade", "start_day"]
EVENTS = (
    ("P1", 1, "CRS", 1.0, 3.0),
    ("P1", 1, "CRS", 3.0, 1.0),
    ("P1", 1, "ICANS", 2.0, 2.0),
    ("P2", 1, "CRS", None, 4.0),
    ("P2", 1, "CRS", 2.0, 5.0),
)


@pytest.mark.parametrize(
    ("choice", "grades"),
    [("first", [3.0, 2.0, None]), ("last", [1.0, 2.0, 2.0]), ("worst", [3.0, 2.0, 2.0])],
)
def test_one_row_a_patient_and_term(choice, grades):
    kept, (note,) = chosen(ADVERSE_EVENTS, choice, EVENT_COLUMNS, *EVENTS)
    assert [None if math.isnan(row[3]) else row[3] for row in kept] == grades
    assert note.startswith("2 rows of Adverse events were left out") and f"the {choice} one counts" in note


def test_without_a_choice_or_repeats_nothing_is_left_out():
    assert len(chosen(ADVERSE_EVENTS, "", EVENT_COLUMNS, *EVENTS)[0]) == 5
    assert chosen(ADVERSE_EVENTS, "last", EVENT_COLUMNS, EVENTS[0], EVENTS[2])[1] == []


def test_the_worst_endpoint_is_the_earliest_event():
    columns = ["patient_id", "infusion", "endpoint", "time", "event"]
    rows = (
        ("P1", 1, "pfs", 9.0, 1.0),
        ("P1", 1, "pfs", 4.0, 1.0),
        ("P1", 1, "pfs", 2.0, 0.0),
        ("P2", 1, "pfs", 5.0, 0.0),
        ("P2", 1, "pfs", 3.0, 0.0),
    )
    kept, _ = chosen(ENDPOINTS, "worst", columns, *rows)
    assert [row[3] for row in kept] == [4.0, 3.0]


def test_the_worst_response_and_the_worst_laboratory_grade():
    columns = ["patient_id", "infusion", "day", "response"]
    rows = (("P1", 1, 28.0, "CR"), ("P1", 1, 90.0, "PD"), ("P1", 1, 60.0, "NE"))
    assert chosen(RESPONSE_TABLE, "worst", columns, *rows)[0][0][3] == "PD"
    columns = ["patient_id", "infusion", "day", "visit", "test", "value", "grade"]
    rows = (
        ("P1", 1, 7.0, None, "ANC", 0.2, 4.0),
        ("P1", 1, 7.0, None, "ANC", 0.9, 3.0),
        ("P1", 1, 8.0, None, "ANC", 0.9, 3.0),
    )
    assert [row[5] for row in chosen(LABS, "worst", columns, *rows)[0]] == [0.2, 0.9]  # each day by itself


def test_rows_without_days_count_in_the_order_of_the_sheet():
    columns = ["patient_id", "infusion", "term", "grade", "start_day"]
    rows = (("P1", 1, "CRS", 1.0, None), ("P1", 1, "CRS", 2.0, 3.0))
    assert chosen(ADVERSE_EVENTS, "last", columns, *rows)[0][0][3] == 2.0
