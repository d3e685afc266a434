"""Signs for no value: found where they stand apart from the other values, asked once a file, for known columns and
covariates alike."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from in_process import in_process
from workbooks import text_table, xlsx

from lib.intake.cells.coding import is_missing
from lib.intake.cells.meanings import missing_in
from lib.intake.draft import read_draft, read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json, to_json

CASES = Path(__file__).parent / "cases"


def draft(rows, name="s.csv"):
    content = text_table(rows) if isinstance(rows, list) else (CASES / rows).read_bytes()
    with in_process():
        return read_draft([SourceFile(rows if isinstance(rows, str) else name, content)])


def question(made):
    (asked,) = [each for each in made.suggestion.questions if each.subject == "missing"]
    return asked


@pytest.mark.parametrize(
    "word",
    [
        "[Not Available]",
        "<NA>",
        "(unknown)",
        "k.A.",
        "keine Angabe",
        "nicht bestimmt",
        "non disponible",
        "no consta",
        "onbekend",
        "未知",
        "欠測",
        "N/A",
        "n.a.",
        "?",
        "--",
    ],
)
def test_words_that_can_mean_nothing_else_are_missing_everywhere(word):
    assert is_missing(word) and is_missing(f" {word.upper()} ")


@pytest.mark.parametrize(
    "word", ["none", "no", "0", "NED", "not evaluable", "[CR]", "NI", "ND", "negative", "undetectable"]
)
def test_words_that_may_be_a_value_are_not(word):
    assert not is_missing(word)


@pytest.mark.parametrize(
    ("cells", "heading", "found"),
    [
        ([210, -999, 250, 300, 180, -999], "LDH", {"-999": 2}),
        ([61, 55, 99, 70, 49, 58], "Age", {"99": 1}),
        ([61, 30, 99, 85, 49, 92], "Age", {}),  # 99 years beside 92
        ([0, 1, 2, 9, 1, 0, 99], "ECOG", {"9": 1, "99": 1}),
        ([1, 2, 4, 9, 7, 8], "Prior lines", {}),  # nine lines beside eight
        ([0, 1, 0, 1, 1, 9], "OS status", {"9": 1}),
        ([12, 10, 8, 999, 20], "OS months", {"999": 1}),
        ([0, 7, 14, 28, 99], "Day", {}),  # day 99 may follow day 28
        ([-5, -3, 0, 7, -9, 28], "Tag", {}),  # day -9 may precede day -5
        ([-5, 50, 60, 70, 55, 65, -99], "start_day", {}),
        ([0, 7, 14, 28, -9], "Day", {}),
        ([0, 7, 14, 28, -99], "Day", {"-99": 1}),
        ([500, 600, 400, 300, 200, 999], "LDH", {}),  # a value among such values
        ([50, 60, 70, 55, 65, 998], "age", {}),
        ([900, 850, -99, 1200, 9999, 640], "Ferritin", {"-99": 1, "9999": 1}),
        ([5000, 12000, 9999, 300, 8000], "Ferritin", {}),
        (["3,1", "2,8", "999", "5,5", "3,3", "ND"], "B2M", {"999": 1, "ND": 1}),
        (["yes", "no", "n.d.", "NI"], "EMD", {"n.d.": 1, "NI": 1}),
        (["CR", "PR", "NE", "SD", "PD"], "Best response", {}),  # not evaluable is a response
        (["A", "B", "NI", "A", "B"], "Arm", {}),  # it may be the name of a level
        ([999, 1, 2, 3, 4, 5], "AVISITN", {}),  # an unscheduled visit
        ([999, 1, 2], "LDH", {}),  # too few to say anything
        ([9, 9, 9, 9, 9], "Score", {}),
        ([5, 5, 5, 5, 9, 9, 9], "CRP", {}),  # no other values to stand apart from
        ([1, 2, 1, 2, 9, 9, 9, 9, 9], "Score", {}),  # the commonest value is one
        ([5, 5, 5, 5, -9, -9, -9], "CRP", {"-9": 3}),
        (["2021-03-04", "9999-12-31", "2022-01-01"], "death date", {"9999-12-31": 1}),
        (["none", 1, 2, 3, 2], "Lesions", {}),
    ],
)
def test_a_code_stands_apart_from_the_other_values(cells, heading, found):
    cells = [float(cell) if isinstance(cell, int) else cell for cell in cells]  # as workbooks give them
    assert missing_in(cells, heading) == found


def test_all_codes_of_a_file_are_one_question_and_empty_until_it_is_answered():
    made = draft("30_missing_codes.csv")
    asked = question(made)
    assert set(asked.columns) == {"Age", "LDH", "Ferritin", "B2M", "Lines", "ECOG", "EMD", "OS months", "Dead"}
    assert "LDH: -999 (2)" in asked.sentence and not asked.answered and asked.chosen == "missing"
    patients = made.opened.patients.set_index("patient_id")
    assert patients["ldh"].count() == 8 and patients["ldh"].median() == 220
    assert patients["age_years"].max() == 70 and patients["ferritin"].max() == 1500 and patients["b2m"].max() == 5.5
    assert set(patients["emd"].dropna()) == {"yes", "no"} and set(patients["ecog"].dropna()) == {"0", "1", "2"}
    os = made.opened.endpoints.set_index("patient_id")
    assert os.loc["P9", "problem"] == "time missing" and os.loc["P10", "problem"] == "event not stated"
    reported = [each.problem for each in made.opened.findings if "no value" in each.problem]
    assert any('"-999" (2)' in each for each in reported) and len(reported) == 9


def test_the_answer_counts_for_all_or_for_all_but_one():
    made = draft("30_missing_codes.csv")
    values = made.answered("missing", "values").opened.patients
    assert values["ldh"].min() == -999 and values["age_years"].max() == 99
    one = made.answered("missing", "not 99").opened.patients
    assert one["age_years"].max() == 99 and one["ldh"].min() == 180
    saved = from_json(to_json(made.answered("missing", "not 99").mapping))
    assert saved.missing["30_missing_codes.Age"] == () and saved.missing["30_missing_codes.LDH"] == ("-999",)
    again = read_files([SourceFile("30_missing_codes.csv", (CASES / "30_missing_codes.csv").read_bytes())], saved)
    assert again.patients["age_years"].max() == 99 and again.patients["ldh"].min() == 180


def test_words_for_missing_stand_in_no_level():
    patients = draft("k20.csv").opened.patients
    assert patients["p16"].count() == 6 and "[Not Available]" not in set(patients["p16"].dropna())


def test_nine_is_neither_an_event_nor_censored():
    made = draft("31_event_0_1_9.csv")
    events = made.opened.endpoints["event"]
    assert (events == 1).sum() == 6 and (events == 0).sum() == 5 and events.isna().sum() == 1


def test_a_template_with_codes_is_asked_too():
    rows = [["patient_id", "arm", "age_years"], *([f"P{n}", "AB"[n % 2], 50 + n] for n in range(8)), ["P9", "A", 999]]
    with in_process():
        made = read_draft([SourceFile("t.xlsx", xlsx({"Patients": rows}))])
    assert question(made).columns == ("age_years",) and not made.is_settled
    assert made.opened.patients["age_years"].max() == 57


def test_german_codes_and_words():
    rows = [
        ["Patient", "Gruppe", "LDH (U/l)", "MRD"],
        *([f"P{n}", "xy"[n % 2], 200 + n, ("pos", "neg")[n % 2]] for n in range(7)),
        ["P8", "x", "n.b.", "nd"],
        ["P9", "y", 9999, "k.A."],
    ]
    made = draft(rows)
    assert {"LDH (U/l)", "MRD"} == set(question(made).columns)
    assert made.opened.patients["ldh"].max() == 206


def test_everywhere_in_the_mapping():
    rows = [["ID", "a", "b"], *([f"P{n}", n, n + 10] for n in range(6)), ["P9", "x?", "x?"]]
    mapping = from_json(
        '{"version": 2, "sheets": [{"sheet": "s", "readings": [{"table": "patients", "columns": {"patient_id":'
        ' "ID"}}]}], "missing": {"*": ["x?"]}}'
    )
    cohort = read_files([SourceFile("s.csv", text_table(rows))], mapping)
    assert cohort.patients["a"].tolist()[:3] == [0, 1, 2] and cohort.patients[["a", "b"]].iloc[-1].isna().all()
    assert sum(each.no_value for each in cohort.account.columns) == 2


SIGNS = r"""
import sys
sys.path[:0] = ["tests"]
from in_process import read_here
from intake.drafts import question, table

read_here()
rows = ((220, "ND", 50), ("-999", 300, "xx"), (240, "NE", "nd"), (250, "-99", 52), (999, 310, 53))
rows += ((230, 320, 999), (260, 330, "ND"))
lines = "".join(f"{chr(10)}P{n},{a},{b},{c}" for n, (a, b, c) in enumerate(rows))
asked = question(table("ID,LDH,Ferritin,Age" + lines), "missing")
print(asked.sentence, [each.key for each in asked.choices])
"""


def test_the_signs_are_listed_in_the_same_order_each_time(capsys):
    exec(SIGNS, {})  # here, and in a process that orders sets in another way
    here, other = capsys.readouterr().out, {**os.environ, "PYTHONHASHSEED": "1"}
    there = subprocess.run([sys.executable, "-c", SIGNS], env=other, capture_output=True, text=True, check=True).stdout
    assert here == there and "-99 (1), ND (1), NE (1)" in here
