"""CSV: opens in a spreadsheet, cannot start a formula there, says where it comes from."""

import csv
import io

import pandas as pd
import pytest
from exhibit_ids import A_ROW_A_PATIENT
from golden.cohorts import arms, by, cohort, selected

from lib.baseline.characteristics import BaselineOptions, baseline
from lib.baseline.table_one import baseline_table
from lib.cohort.finding import Finding
from lib.export.provenance import Provenance
from lib.export.table_file import csv_file, findings_file, harmless
from lib.publication.exhibit import Table
from lib.survival.curves import survival
from lib.survival.outcome import time_to_event
from lib.survival.summary import summary_table


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")  # so that a spreadsheet reads µ as µ
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(line for line in text if not line.startswith("# ")))


def above(content: bytes) -> list[str]:
    """The lines above the data."""
    return [line[2:] for line in content.decode("utf-8-sig").splitlines() if line.startswith("# ")]


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


def test_every_exhibit_as_csv_is_its_data_alone_below_lines_that_say_where_they_come_from(shown, provenance):
    for exhibit in shown.values():
        content = csv_file(exhibit, provenance)
        header, *cells = rows(content)
        assert header == [str(harmless(name)) for name in exhibit.data.columns]
        assert len(cells) == len(exhibit.data)
        lines = above(content)
        assert lines[0] == exhibit.title and lines[-1] == provenance.stamp
        assert provenance.synthetic_words in lines[-2] and lines[-2].startswith(provenance.sentence_of(exhibit)[:20])
        said = "\n".join(lines)
        assert all(" ".join(words.split()) in said for words in (*exhibit.notes, *provenance.warnings_of(exhibit)))
    assert any(provenance.warnings_of(exhibit) for exhibit in shown.values())


def test_pandas_reads_every_cell_below_the_lines_above_also_one_with_a_hash(provenance):
    table = Table("x", "X # 1", ("Arm #1", "n"), (("a # b", "1"), ("c", "2")), notes=("See # 3.",))
    read = pd.read_csv(io.BytesIO(csv_file(table, provenance)), comment="#")
    assert read.to_dict("list") == {"Arm #1": ["a # b", "c"], "n": [1, 2]}


def test_no_part_of_a_line_above_starts_a_formula_where_it_is_parted_at_commas():
    made = cohort(arms(A=["a1"]))
    table = Table("x", "=1", ("a",), (("1",),), caption='b,=1+1, "@SUM(A1)";+2\n=3', notes=(",-cmd|' /C calc'!A0",))
    content = csv_file(table, Provenance.of_cohort(selected(made), by(made)))
    parts = [
        part for line in csv.reader(f"# {each}" for each in above(content)) for cell in line for part in cell.split(";")
    ]
    assert "'=1+1" in parts and not [part for part in parts if part.lstrip(' "').startswith(("=", "+", "-", "@"))]


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
    assert header == ["Group", "p", "p"] and cells == ["a", "1", "2"]


def test_a_table_without_rows_has_a_header(provenance):
    assert rows(csv_file(Table("x", "X", ("Group", "n"), ()), provenance)) == [["Group", "n"]]


def test_data_that_are_not_synthetic_are_not_said_to_be():
    made = cohort(arms(A=["a1"]), [("title", None, "Real")])
    lines = above(csv_file(Table("x", "X", ("a",), (("1",),)), Provenance.of_cohort(selected(made), by(made))))
    assert lines[1:-1] == ["1 of 1 patient (all patients)."]


def test_values_are_written_unrounded(shown, provenance):
    written = pd.read_csv(io.BytesIO(csv_file(shown["survival.os"], provenance)), comment="#")
    assert written["survival"].tolist() == shown["survival.os"].data["survival"].tolist()


def test_findings_as_csv():
    finding = Finding("error", "Patients", 3, "age_years", "=1+1", "not a number", "Write a number.")
    header, cells = rows(findings_file((finding, Finding("note", "", None, "", "", "x", "y"))))[:2]
    assert header == ["severity", "sheet", "row", "column", "value", "problem", "mend"]
    assert cells == ["error", "Patients", "3", "age_years", "'=1+1", "not a number", "Write a number."]
    assert len(rows(findings_file(()))) == 1
