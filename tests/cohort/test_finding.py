"""Findings as sentences and as a table."""

from lib.cohort.finding import MOST_A_COLUMN, Finding, errors_first, findings_table, listed

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
            "Mend those listed first.",
        ),
    ]
    assert listed(many[:MOST_A_COLUMN]) == many[:MOST_A_COLUMN]
