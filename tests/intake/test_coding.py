"""One cell -> one value; what cannot be read is missing, with a sentence, and never "no" or "censored"."""

import datetime as dt
import math

import pytest

from lib.intake.cells.coding import Measured, as_number, coder, is_missing, text

NOON = dt.datetime(2023, 7, 31, 12, 30)
DAY = dt.datetime(2023, 7, 31)


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "NA", "n/a", "N.A.", ".", "-", "–", "?", "unk", "Unknown", math.nan, "\u00a0"]
)
def test_words_for_no_value(cell):
    assert is_missing(cell)


@pytest.mark.parametrize("cell", [0.0, "0", False, "no", "#N/A", DAY, "none of these"])
def test_a_value_is_not_missing(cell):
    assert not is_missing(cell)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (True, "yes"),
        (False, "no"),
        (None, ""),
        (DAY, "2023-07-31"),
        (NOON, "2023-07-31 12:30"),
        (" two\nlines ", "two lines"),
        ("\x1b[31mred", "[31mred"),
        (1e21, "1e+21"),
    ],
)
def test_text_is_what_a_reader_sees(cell, shown):
    assert text(cell) == shown


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (0.0, 0),
        ("-3", -3),
        ("−3", -3),
        (" 12.5 ", 12.5),
        ("12,5", 12.5),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("1,2345", 1.2345),
        ("1,234,567", 1234567),
        ("1,234.5", 1234.5),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
    ],
)
def test_numbers(cell, number):
    assert as_number(cell) == number


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "x",
        "1 2",
        "1.2.3",
        "1,23,4",
        "1,234",
        "<5",
        ">5",
        "1e999",
        math.inf,
        math.nan,
        True,
        None,
        DAY,
        "nan",
        "inf",
        "0x1F",
        "1_000",
    ],
)
def test_what_is_no_number(cell):
    assert as_number(cell) is None


@pytest.mark.parametrize("kind", ["number", "measurement"])
def test_an_ambiguous_comma_is_asked_about_and_not_guessed(kind):
    coded = coder(kind)("1,234")
    assert coded.problem == '"1,234" can be 1234 or 1.234.'
    assert coded.fix == "Write 1234, or a decimal point."


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("yes_no", "Y", "yes"),
        ("yes_no", "JA", "yes"),
        ("yes_no", 1.0, "yes"),
        ("yes_no", True, "yes"),
        ("yes_no", "是", "yes"),
        ("yes_no", "+", "yes"),
        ("yes_no", "n", "no"),
        ("yes_no", 0.0, "no"),
        ("yes_no", False, "no"),
        ("yes_no", "nein", "no"),
        ("yes_no", "否", "no"),
        ("grade", 3.0, 3),
        ("grade", "III", 3),
        ("grade", "Grade 4", 4),
        ("grade", "G2", 2),
        ("grade", "gr. 1", 1),
        ("grade", "0", 0),
        ("grade", "v", 5),
        ("event", 1.0, 1),
        ("event", "dead", 1),
        ("event", "Deceased", 1),
        ("event", True, 1),
        ("event", "yes", 1),
        ("event", 0.0, 0),
        ("event", "Alive", 0),
        ("event", "censored", 0),
        ("event", False, 0),
        ("event", "lost to follow-up", 0),
        ("response", "vgpr", "VGPR"),
        ("response", "SCR", "sCR"),
        ("response", "Complete  response", "CR"),
        ("response", "progression", "PD"),
        ("whole", 2.0, 2),
        ("whole", "3", 3),
        ("category", 3.0, "3"),
        ("category", "≥ 5", "≥ 5"),
        ("id", 7.0, "7"),
        ("date", DAY, dt.date(2023, 7, 31)),
        ("date", NOON, dt.date(2023, 7, 31)),
        ("date", "2023-07-31", dt.date(2023, 7, 31)),
        ("date", "2023/7/1", dt.date(2023, 7, 1)),
        ("date", "2023-07-31T08:00", dt.date(2023, 7, 31)),
    ],
)
def test_readable(kind, cell, value):
    coded = coder(kind)(cell)
    assert (coded.value, coded.problem) == (value, "")


@pytest.mark.parametrize(
    ("kind", "cell", "problem"),
    [
        ("yes_no", "maybe", '"maybe" is neither yes nor no.'),
        ("yes_no", 2.0, '"2" is neither yes nor no.'),
        ("grade", "6", '"6" is not a grade.'),
        ("grade", "-1", '"-1" is not a grade.'),
        ("grade", 2.5, '"2.5" is not a grade.'),
        ("grade", "2-3", '"2-3" is not a grade.'),
        ("grade", "grade", '"grade" is not a grade.'),
        ("grade", DAY, '"2023-07-31" is not a grade.'),
        ("event", 2.0, '"2" does not say whether the event happened.'),
        ("event", "LTFU?", '"LTFU?" does not say whether the event happened.'),
        ("event", 0.5, '"0.5" does not say whether the event happened.'),
        ("event", "status", '"status" does not say whether the event happened.'),
        ("response", "great", '"great" is not a response.'),
        ("number", "about 5", '"about 5" is not a number.'),
        ("number", DAY, '"2023-07-31" is not a number.'),
        ("number", True, '"yes" is not a number.'),
        ("day", "day 3", '"day 3" is not a number.'),
        ("whole", 1.5, '"1.5" is not a whole number.'),
        ("whole", "second", '"second" is not a whole number.'),
        ("date", "31.07.2023", '"31.07.2023" is not a date.'),
        ("date", "07/31/2023", '"07/31/2023" is not a date.'),
        ("date", 45138.0, '"45138" is not a date.'),
        ("date", "2023-02-30", '"2023-02-30" is not a date.'),
        ("date", "2023-01-0199", '"2023-01-0199" is not a date.'),
        ("category", DAY, '"2023-07-31" is a date.'),
        ("measurement", "high", '"high" is not a number.'),
        ("measurement", "<", '"<" is not a number.'),
        ("measurement", "<-5", '"<-5" is not a number.'),
    ],
)
def test_unreadable(kind, cell, problem):
    coded = coder(kind)(cell)
    assert coded.problem == problem
    assert coded.value is None, "what cannot be read has no value: never 0, never no"
    assert coded.fix.endswith(".")


@pytest.mark.parametrize(
    "kind",
    ["id", "text", "category", "yes_no", "number", "whole", "day", "date", "grade", "response", "event", "measurement"],
)
@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("#REF!", '"#REF!" is a spreadsheet error.'),
        ("#N/A", '"#N/A" is a spreadsheet error.'),
        ("#DIV/0!", '"#DIV/0!" is a spreadsheet error.'),
        ("#SPILL!", '"#SPILL!" is a spreadsheet error.'),
        ("=B2/C2", "This formula has no value."),
    ],
)
def test_spreadsheet_errors_are_no_values_of_any_kind(kind, cell, problem):
    coded = coder(kind)(cell)
    assert (coded.value, coded.problem) == (None, problem)


@pytest.mark.parametrize(
    ("cell", "measured"),
    [
        (1200.0, (1200, False, None, False)),
        ("1,5", (1.5, False, None, False)),
        ("<1000", (None, True, 1000, False)),
        ("< 0,1", (None, True, 0.1, False)),
        ("BLQ", (None, True, None, False)),
        (">100000", (100000, False, None, True)),
        ("≤ 5", (None, True, 5, False)),
        ("undetectable", (None, True, None, False)),
        (0.0, (0, False, None, False)),
    ],
)
def test_measurements(cell, measured):
    coded = coder("measurement")(cell)
    assert isinstance(coded.value, Measured)
    assert tuple(None if isinstance(part, float) and math.isnan(part) else part for part in coded.value) == measured


@pytest.mark.parametrize("written", ["nCR", "near CR", "Near-complete response"])
def test_near_complete_response_is_vgpr_and_that_is_told(written):
    coded = coder("response")(written)
    assert (coded.value, coded.problem) == ("VGPR", "") and "read as VGPR" in coded.reported
