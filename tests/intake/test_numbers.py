"""Numbers as people write them; whether a point parts thousands is decided by the column and the file, never by the
cell."""

from pathlib import Path

import pytest
from workbooks import read, text_table

from lib.intake.cells.numbers import Either, as_number, decimal_sign, plain, with_percents
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile

CASES = Path(__file__).parent / "cases"


def cohort_of(rows, delimiter=";"):
    return read_files([SourceFile("s.csv", text_table(rows, delimiter))])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1'250", 1250),
        ("1’250,5", 1250.5),
        ("1 250", 1250),
        ("1\u2009250", 1250),
        ("1\u202f250,5", 1250.5),
        ("1\u00a0250", 1250),
        ("12 345 678", 12345678),
        ("\u22125", -5),
        ("–5,5", -5.5),
        ("－7", -7),
        ("１２３", 123),
        ("１２．５", 12.5),
        ("1.234,5", 1234.5),
        ("1.234.567", 1234567),
        ("1,234,567.5", 1234567.5),
        ("45 %", 45),
        ("45%", 45),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1e-3", 0.001),
    ],
)
def test_spellings_of_a_number(written, number):
    assert as_number(written) == number


@pytest.mark.parametrize(
    "written", ["1 25", "12 5", "1'25", "1,234", "3-4", "–", "5–7", "1.2.3", "12.03.2021", "%", "", "1 2500"]
)
def test_what_is_no_number(written):
    assert as_number(written) is None


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["3,5", "12"], ","),
        (["3.5"], "."),
        (["1.250", "890"], ""),
        (["1,250"], ""),
        (["3,5", "3.5"], "both"),
        (["1.234,5"], ","),
        (["1,234.5"], "."),
        (["0.125"], "."),
        (["<3,5", "7"], ","),
        ([3.5, 2.0], ""),
        (["1,2", "del(17p)", "t(4;14)", "x"], ""),
    ],
)
def test_the_column_says_how_it_writes_decimals(cells, sign):
    assert decimal_sign(cells) == sign


@pytest.mark.parametrize(
    ("cells", "file_sign", "meant"),
    [
        (["1.250", "890"], ",", ["1250", "890"]),
        (["1.250", "890"], ".", ["1.250", "890"]),
        (["1.250", "890"], "", ["1.250", "890"]),
        (["1,250", "890"], ".", ["1250", "890"]),
        (["1,250", "3,5"], ".", ["1.250", "3,5"]),
        (["<1.250", "7"], ",", ["<1250", "7"]),
    ],
)
def test_thousands_by_column_and_file(cells, file_sign, meant):
    assert plain(cells, file_sign)[0] == meant


def test_where_both_are_written_such_a_cell_is_not_read():
    (cell, _, _), changed = plain(["1.250", "3,5", "2.5"], "")
    assert isinstance(cell, Either) and as_number(cell) is None and not changed


def test_german_thousands():
    cohort = read_files([SourceFile("28b_german_thousands.csv", (CASES / "28b_german_thousands.csv").read_bytes())])
    assert cohort.patients["ferritin"].median() == 1615 and cohort.patients["ldh"].max() == 1050
    assert cohort.endpoints["time"].tolist() == [12.5, 10.0, 8.2, 7.1, 20.9, 15.3, 3.0, 9.4]
    assert sum("decimals are written otherwise" in each.problem for each in cohort.findings) == 2


def test_the_other_column_of_an_english_file_keeps_its_decimals():
    body = [[f"P{n}", "AB"[n % 2], f"1.{n}25", f"{n}.5", f"1,{n}50"] for n in range(8)]
    cohort = cohort_of([["Patient", "Arm", "B2M", "CRP", "Ferritin"], *body], ",")
    assert cohort.patients["b2m"].iloc[2] == 1.225 and cohort.patients["ferritin"].iloc[2] == 1250


def test_a_file_that_writes_both_is_told_and_not_guessed():
    body = [[f"P{n}", "AB"[n % 2], f"1.{n}25", f"{n}.5", f"{n},5"] for n in range(8)]
    cohort = cohort_of([["Patient", "Arm", "Ferritin", "CRP", "Hb"], *body])
    assert "ferritin" not in cohort.patients or cohort.patients["ferritin"].isna().all()
    assert any('"1.225" can be 1225 or 1.225.' in each.problem for each in cohort.findings) or any(
        "Ferritin" in each.column for each in cohort.findings
    )


def test_typed_percents_beside_cells_formatted_as_percents():
    assert with_percents(["45 %", 0.5, 0.25])[0] == ["45 %", 50.0, 25.0]
    assert with_percents(["45 %", 50.0])[1] == 0 and with_percents([0.5, 0.2])[1] == 0
    rows = [
        ["patient_id", "arm", "blasts"],
        ["P1", "A", "45 %"],
        ["P2", "B", 0.3],
        ["P3", "A", 0.75],
        ["P4", "B", "80%"],
        ["P5", "B", "12%"],
        ["P6", "A", 0.05],
    ]
    cohort = read({"Patients": rows})
    assert cohort.patients["blasts"].tolist() == [45, 30, 75, 80, 12, 5]
    assert any("formatted as percents" in each.problem for each in cohort.findings)


def test_a_value_above_the_limit_is_kept_with_its_mark():
    labs = [
        ["patient_id", "day", "test", "value", "unit"],
        ["P1", 0, "ferritin", ">100.000", "µg/L"],
        ["P1", 7, "ferritin", "3,5", "µg/L"],
        ["P2", 0, "ferritin", "≥ 2000", "µg/L"],
        ["P2", 7, "ferritin", "≤5", "µg/L"],
    ]
    cohort = read({"Patients": [["patient_id"], ["P1"], ["P2"]], "Labs": labs})
    assert cohort.labs["value"].fillna(-1).tolist() == [100000, 3.5, 2000, -1]
    assert cohort.labs["above"].tolist() == [True, False, True, False] and cohort.labs["below"].tolist() == [
        False,
        False,
        False,
        True,
    ]
    reported = [each for each in cohort.findings if "above the upper limit" in each.problem]
    assert [each.row for each in reported] == [2, 4] and reported[0].severity == "note"


def test_ids_with_a_decimal_are_the_whole_number():
    patients = [["patient_id", "arm"], ["102.0", "A"], ["103.0", "B"]]
    cohort = read(
        {
            "Patients": patients,
            "Labs": [["patient_id", "day", "test", "value"], [102, 1, "CRP", 3], ["103", 1, "CRP", 4]],
        }
    )
    assert cohort.patients["patient_id"].tolist() == ["102", "103"] and len(cohort.labs) == 2
    other = read({"Patients": [["patient_id", "arm"], ["1.0", "A"], ["1.1", "B"]]})
    assert other.patients["patient_id"].tolist() == ["1.0", "1.1"]


def test_a_value_above_the_limit_is_marked_where_it_is_used():
    from lib.cohort.grouping import parse_grouping
    from lib.cohort.kinetic_series import series_keys
    from lib.kinetics.day_comparison import compared_at
    from lib.kinetics.parameters import parameters_table
    from lib.kinetics.profile import kinetics_figure
    from lib.kinetics.profile_tables import drawn
    from lib.kinetics.series import kinetics
    from lib.labs.profile import labs
    from lib.labs.series import lab_series
    from lib.labs.summary_table import notes as lab_notes

    day = [0, 7, 14, 28]
    copies = [
        ["patient_id", "day", "value", "unit", "lloq"],
        *([f"P{n}", d, ">100000" if d == 7 and n == 1 else 500 + d, "copies", 50] for n in (1, 2) for d in day),
    ]
    values = [
        ["patient_id", "day", "test", "value", "unit"],
        *([f"P{n}", d, "ferritin", "> 2000" if d == 7 else 100 + d, "µg/L"] for n in (1, 2) for d in day),
    ]
    cohort = read({"Patients": [["patient_id", "arm"], ["P1", "A"], ["P2", "B"]], "Kinetics": copies, "Labs": values})
    grouping = parse_grouping("arm", cohort)
    (key,), (series,) = series_keys(cohort), lab_series(cohort)
    result = kinetics(cohort, key, grouping)
    assert "> 100,000" in set(drawn(result.table)["shown"])
    assert any(
        "1 value lies above the upper limit" in each
        for each in (*kinetics_figure(result, compared_at(result)).notes, *parameters_table(result).notes)
    )
    assert any("2 values lie above the upper limit" in each for each in lab_notes(labs(cohort, series, grouping)))
