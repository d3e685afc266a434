"""Findings as sentences and as a table."""

from dataclasses import fields, replace

import pandas as pd
import pytest

from lib.cohort.finding import (
    COLUMNS,
    MOST_A_COLUMN,
    Finding,
    FindingGroup,
    RowSetAside,
    at_rows,
    errors_first,
    findings_table,
    grouped,
    listed,
    rows_set_aside,
    without_values,
)

ERROR = Finding("error", "Patients", 3, "B (arm)", "x", "It is wrong.", "Mend it.")
WARNING = Finding("warning", "Patients", None, "", "", "It is odd.", "Look at it.")
NOTE = Finding("note", "", None, "", "", "Nothing was said.", "")


def test_sentences():
    assert ERROR.sentence() == 'Sheet "Patients", row 3, column "B (arm)": It is wrong. Mend it.'
    assert WARNING.sentence() == 'Sheet "Patients": It is odd. Look at it.'
    assert NOTE.sentence() == "Nothing was said."


def test_errors_come_first_and_keep_their_order():
    second = Finding("error", "Labs", 2, "", "", "a", "b")
    assert errors_first([NOTE, WARNING, ERROR, second]) == (ERROR, second, WARNING, NOTE)
    assert errors_first([]) == ()


def test_the_table():
    table = findings_table([ERROR, WARNING])
    assert list(table.columns) == ["severity", "sheet", "row", "column", "value", "problem", "mend"]
    assert table["row"].tolist()[0] == 3 and table["row"].isna().tolist() == [False, True]
    assert len(findings_table([])) == 0


def test_of_very_many_only_the_first_are_listed():
    many = [Finding("error", "Labs", row, "D (value)", "x", "No.", "Mend.") for row in range(MOST_A_COLUMN + 5)]
    assert listed([ERROR, *many]) == [
        ERROR,
        *many[:MOST_A_COLUMN],
        Finding(
            "error",
            "Labs",
            None,
            "D (value)",
            "",
            "5 more problems in this column are not listed.",
            "Fix those listed first.",
        ),
    ]
    assert listed(many[:MOST_A_COLUMN]) == many[:MOST_A_COLUMN]


def test_rows_set_aside_are_always_listed_and_findable():
    many = [Finding("error", "Labs", row, "A (id)", "x", "No.", "Mend.", True) for row in range(1, MOST_A_COLUMN + 50)]
    assert listed(many) == many
    assert len(rows_set_aside(many)) == len(many)


def test_rows_set_aside_are_told_once_with_all_reasons():
    first = Finding("error", "Labs", 2, "", "", "One.", "", True)
    again = [first, replace(first, problem="Two."), first, replace(first, row=3), ERROR, replace(first, row=None)]
    assert rows_set_aside(again) == (RowSetAside("Labs", 2, "One. Two."), RowSetAside("Labs", 3, "One."))
    assert rows_set_aside([ERROR]) == ()


def test_a_finding_says_no_more_in_files_than_before():
    table = findings_table([replace(ERROR, sets_aside=True)])
    assert list(table.columns) == list(COLUMNS) == [*[field.name for field in fields(Finding)][:6], "mend"]


def test_equal_problems_are_one_group_with_their_number_and_first_rows():
    many = [replace(ERROR, row=row, value=f"x{row}", problem=f'"x{row}" is not a grade.') for row in range(3, 303)]
    (group,) = grouped(many)
    assert group == FindingGroup(
        "error", "Patients", "B (arm)", '"…" is not a grade.', "Mend it.", 300, (3, 4, 5, 6, 7)
    )


def test_a_group_of_equal_words_keeps_them_and_one_of_one_too():
    assert [group.problem for group in grouped([ERROR, replace(ERROR, row=4)])] == ["It is wrong."]
    alone = replace(ERROR, value="III", problem='"III" is not 3.')
    assert grouped([alone])[0].problem == '"III" is not 3.'
    assert grouped([]) == ()


def test_groups_are_of_one_severity_sheet_and_column_errors_first():
    given = [
        NOTE,
        WARNING,
        ERROR,
        replace(ERROR, column="C (emd)"),
        replace(ERROR, sheet="Labs"),
        replace(ERROR, row=9),
    ]
    assert [(group.severity, group.sheet, group.column, group.n) for group in grouped(given)] == [
        ("error", "Patients", "B (arm)", 2),
        ("error", "Patients", "C (emd)", 1),
        ("error", "Labs", "B (arm)", 1),
        ("warning", "Patients", "", 1),
        ("note", "", "", 1),
    ]
    assert grouped([WARNING])[0].rows == ()


@pytest.mark.parametrize(
    ("problem", "value", "pattern"),
    [
        ('"a "b" c" is not a number.', 'a "b" c', '"…" is not a number.'),
        ('OS of patient "P1" is not used: negative time.', "", 'OS of patient "…" is not used: negative time.'),
        ("-1.5 is less than 0, which cannot be.", "-1.5", "… is less than …, which cannot be."),
        ("The date beside it is day 29; the day is used.", "28", "The date beside it is day …; the day is used."),
        (
            "20 is below its limit, 50.5, but 1,234 and 1e-05 are not.",
            "",
            "… is below its limit, …, but … and … are not.",
        ),
        ("Grading by CTCAE v5 in 10^9/L.", "", "Grading by CTCAE v5 in 10^9/L."),
        ("It is wrong.", "", "It is wrong."),
    ],
)
def test_what_changes_from_cell_to_cell_is_taken_out(problem, value, pattern):
    assert without_values(replace(ERROR, value=value, problem=problem)) == pattern


def test_findings_of_rows_name_the_words_of_the_row():
    frame = pd.DataFrame({"source_row": [2.0, 3.0], "day": [1.5, 2.0], "who": ["{day}", "B"]})
    assert at_rows(frame, "note", ("S", "day"), 'Day {day:g} of "{who}".', "Mend.", "{day:g}") == [
        Finding("note", "S", 2, "day", "1.5", 'Day 1.5 of "{day}".', "Mend."),
        Finding("note", "S", 3, "day", "2", 'Day 2 of "B".', "Mend."),
    ]
    assert at_rows(frame.assign(sheet="T", column="c")[:1], "error", None, "x", "y", sets_aside=True) == [
        Finding("error", "T", 2, "c", "", "x", "y", True)
    ]
    assert at_rows(frame[:0], "note", ("S", "day"), "x", "y") == []


def test_what_is_the_same_in_all_of_a_group_stays():
    words = 'OS of patient "P{}" is longer than 20 years.'
    many = [replace(ERROR, row=row, problem=words.format(row)) for row in (1, 2)]
    assert grouped(many)[0].problem == 'OS of patient "…" is longer than 20 years.'
    nested = [replace(ERROR, value=value, problem=f'"{value}" is not one of 3.') for value in ('a "b', 'c "d" "e"')]
    assert grouped(nested)[0].problem == '"…" is not one of 3.'
