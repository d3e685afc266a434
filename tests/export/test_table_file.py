"""CSV: opens in a spreadsheet, cannot start a formula there, says where it comes from."""

import csv
import io

import pandas as pd
import pytest
from exhibit_ids import A_ROW_A_PATIENT
from golden.cohorts import arms, by, cohort, selected

from lib.baseline.characteristics import baseline
from lib.baseline.table_one import BaselineOptions, baseline_table
from lib.cohort.finding import Finding
from lib.export.provenance import Provenance
from lib.export.table_file import csv_file, findings_file, harmless
from lib.publication.exhibit import Table
from lib.survival.curves import survival
from lib.survival.outcome import time_to_event
from lib.survival.summary import summary_table


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")  # so that a spreadsheet reads µ as µ
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%"])
def test_what_a_spreadsheet_takes_for_a_formula_is_defused(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    "value", ["-5", "+37.5", "-1.2e-3", "x=1", "", None, -5, 3.5, True, "−50 (−78.5 to −6.8)", "<0.0001"]
)
def test_numbers_and_plain_words_stay(value):
    assert harmless(value) == value


def test_hostile_group_names_and_levels_are_defused_in_header_and_cells():
    made = cohort([{**row, "sex": "@SUM(A1)"} for row in arms(**{"-cmd|' /C calc'!A0": ["a1"], "+B": ["b1"]})])
    table = baseline_table(baseline(selected(made), by(made)), BaselineOptions())
    header, *cells = rows(csv_file(table, Provenance.of_cohort(selected(made), by(made))))
    assert "Arm -cmd|' /C calc'!A0 (n = 1)" in header and "Arm +B (n = 1)" in header
    outcome = survival(time_to_event(selected(made), "os", by(made), "months"), selected(made))
    header, *more = rows(csv_file(summary_table(outcome), Provenance.of_cohort(selected(made), by(made))))
    assert {row[0] for row in more} == {"Arm -cmd|' /C calc'!A0", "Arm +B"}
    cells += more
    assert not [cell for row in [header, *cells] for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_every_exhibit_as_csv_has_its_rows_and_says_where_it_comes_from(shown, provenance):
    for exhibit in shown.values():
        header, *cells = rows(csv_file(exhibit, provenance))
        warnings = " ".join(provenance.warnings_of(exhibit))
        said = {"selection": provenance.selection, "warnings": warnings}
        said |= {"data": provenance.fingerprint[:8], "note": provenance.synthetic_words}
        reported = {name: words for name, words in said.items() if words}
        assert header == [*map(str, exhibit.data.columns), *reported]
        assert len(cells) == len(exhibit.data)
        assert {tuple(row[-len(reported) :]) for row in cells} == {tuple(reported.values())}
    assert any(provenance.warnings_of(exhibit) for exhibit in shown.values())


def test_ids_stand_only_where_a_row_is_a_patient_and_nowhere_under_pseudonyms(shown, hidden, provenance):
    with_ids = {identifier for identifier, exhibit in shown.items() if b"ZQX" in csv_file(exhibit, provenance)}
    assert with_ids == A_ROW_A_PATIENT
    for identifier, exhibit in hidden.items():
        content = csv_file(exhibit, provenance)
        assert b"ZQX" not in content, identifier
        assert len(rows(content)) == len(rows(csv_file(shown[identifier], provenance)))


def test_two_columns_of_one_name_stay_two_columns(provenance):
    table = Table("x", "X", ("Group", "p", "p"), (("a", "1", "2"),))
    header, cells = rows(csv_file(table, provenance))
    assert header[:3] == ["Group", "p", "p"] and cells[:3] == ["a", "1", "2"]


def test_a_table_without_rows_has_a_header(provenance):
    assert rows(csv_file(Table("x", "X", ("Group", "n"), ()), provenance)) == [
        ["Group", "n", "selection", "warnings", "data", "note"]
    ]


def test_data_that_are_not_synthetic_carry_no_note():
    made = cohort(arms(A=["a1"]), [("title", None, "Real")])
    reported = Provenance.of_cohort(selected(made), by(made))
    assert rows(csv_file(Table("x", "X", ("a",), (("1",),)), reported))[0] == ["a", "selection", "data"]


def test_values_are_written_unrounded(shown, provenance):
    written = pd.read_csv(io.BytesIO(csv_file(shown["survival.os"], provenance)))
    assert written["survival"].tolist() == shown["survival.os"].data["survival"].tolist()


def test_findings_as_csv():
    finding = Finding("error", "Patients", 3, "age_years", "=1+1", "not a number", "Write a number.")
    header, cells = rows(findings_file((finding, Finding("note", "", None, "", "", "x", "y"))))[:2]
    assert header == ["severity", "sheet", "row", "column", "value", "problem", "mend"]
    assert cells == ["error", "Patients", "3", "age_years", "'=1+1", "not a number", "Write a number."]
    assert len(rows(findings_file(()))) == 1
