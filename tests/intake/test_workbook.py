"""Workbooks through the front door: what is read, in whatever order, and what goes no further."""

import datetime as dt

import pytest
from workbooks import DATA, ENDPOINTS, EVENTS, FOUR, GOOD, KINETICS, PATIENTS, example, ids, of, only, read, read_with

from lib.intake import read as workbook
from lib.intake import transport
from lib.intake.draft import read_files
from lib.intake.files.formats import read_grids
from lib.intake.files.grid import Grid
from lib.intake.files.limits import Unsafe
from lib.intake.infer.guess import suggest

EXAMPLE = DATA / "pomalidomide_cohort.xlsx"


def test_the_example_reads_without_a_finding():
    cohort = example()
    assert cohort.findings == ()
    assert (cohort.n, cohort.n_opened, cohort.study.synthetic) == (17, 16, True)
    assert {name: len(table) for name, table in cohort.tables.items() if len(table)} == {
        "infusions": 17,
        "endpoints": 34,
        "responses": 42,
        "adverse_events": 93,
        "therapies": 8,
        "kinetics": 208,
        "labs": 1452,
    }
    assert [variable.name for variable in cohort.variables] == [
        "arm",
        "age_years",
        "sex",
        "emd",
        "high_risk_cytogenetics",
        "prior_lines",
        "prior_imid",
        "prior_asct",
        "kps_below_60",
        "disease_status",
        "product",
    ]
    assert (cohort.endpoints["problem"] == "").all()


def test_one_patient():
    cohort = read({"Patients": FOUR[:2]})
    assert (ids(cohort), cohort.n_opened, cohort.findings) == (["P1"], 1, ())


@pytest.mark.parametrize(
    ("rows", "end"),
    [
        pytest.param([FOUR[0]], "Write one row a patient.", id="only a header"),
        pytest.param(
            [FOUR[0], [None, "A", "yes", 50]],
            'Sheet "Patients", row 2, column "patient_id": This row has no patient id and was set aside. Write the'
            " patient's study code.",
            id="nobody has an id",
        ),
    ],
)
def test_nobody(rows, end):
    with pytest.raises(Unsafe) as refused:
        read({"Patients": rows})
    assert str(refused.value) == f"The table of patients has no patient in it. {end}"


@pytest.mark.parametrize(
    "sheets",
    [
        pytest.param({"Sheet1": []}, id="an empty workbook"),
        pytest.param({"Sheet1": [["what", "ever"], [1, 2]]}, id="something else"),
        pytest.param({"Patients": [["arm", "emd"], ["A", "yes"]]}, id="no patient id"),
        pytest.param({"Assays": [["experiment", "measure", "value"]]}, id="assays without a value"),
    ],
)
def test_a_workbook_without_patients_gets_one_sentence(sheets):
    with pytest.raises(Unsafe) as refused:
        read(sheets)
    assert str(refused.value) == workbook.NO_PATIENTS


def test_no_file_at_all():
    with pytest.raises(Unsafe):
        read_files([])


def test_assays_alone_are_a_cohort():
    cohort = read(
        {
            "Assays": [
                ["experiment", "measure", "value", "note"],
                ["killing", "lysis", 40, "x"],
                ["killing", "lysis", "n.d.", "y"],
            ]
        }
    )
    assert (cohort.n, cohort.n_opened, len(cohort.assays)) == (0, 0, 2)
    assert (
        only(cohort).sentence()
        == 'Sheet "Assays", row 3, column "C (value)": "n.d." is not a number. Write a number, or leave the cell empty'
        " if it is not known."
    )


def test_all_missing_but_the_ids():
    cohort = read({"Patients": [FOUR[0], *([name, None, "NA", "?"] for name in PATIENTS)]})
    assert (cohort.n, cohort.variables, cohort.findings) == (4, (), ())


def test_a_missing_required_column():
    cohort = read_with(kinetics=[["patient_id", "day", "unit"], ["P1", 7, "copies"]])
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.column) == ("error", "Kinetics", 1, "value")
    assert found.problem == 'The column "value" is missing.'
    assert cohort.n == 4


def test_a_column_that_stands_twice():
    cohort = read(
        {
            "Patients": [
                ["Patient ID", "arm", "Arm", "ldh", "LDH "],
                ["P1", "A", "B", 1.5, 2.5],
                ["P2", "A", "B", 3.5, 4.5],
            ]
        }
    )
    assert [(found.severity, found.row, found.column, found.problem) for found in cohort.findings] == [
        ("error", 1, "C (Arm)", "This column stands twice; the first is read."),
        ("error", 1, "E (LDH)", "This column stands twice; the first is read."),
    ]
    assert (cohort.patients["arm"].tolist(), cohort.patients["ldh"].tolist()) == (["A", "A"], [1.5, 3.5])


def test_a_hidden_sheet_is_not_read():
    cohort = read({"Patients": FOUR, "Endpoints": [ENDPOINTS, ["P1", "os", 3, "months", 1]]}, hidden=["Endpoints"])
    found = only(cohort)
    assert (found.severity, found.sheet, found.row, found.problem) == (
        "note",
        "Endpoints",
        None,
        "This sheet is hidden and was not read.",
    )
    assert cohort.endpoints.empty


def test_an_unknown_sheet_is_told_and_an_empty_one_is_not():
    cohort = read(
        {
            "Patients": FOUR,
            "To do": [["call the pharmacy"]],
            "Empty": [],
            "Data dictionary": [["column", "kind"], ["arm", "text"]],
        }
    )
    found = only(cohort)
    assert (found.severity, found.sheet, found.problem) == (
        "note",
        "To do",
        "This sheet is none of the tables and was not read.",
    )


def test_two_sheets_of_one_table():
    cohort = read({"Patients": FOUR, "Baseline": [["patient_id", "sex"], ["P1", "F"]]})
    asked, unread = cohort.findings
    assert "Several sheets hold patients" in asked.problem and len(cohort.patients) == 4
    assert unread.sheet == "Baseline" and "was not read" in unread.problem


def test_measurements_of_patients_whom_no_sheet_lists():
    cohort = read({"Kinetics": [KINETICS, ["P1", 0, 5, None, None]]})
    assert cohort.patients["patient_id"].tolist() == ["P1"] and "taken as all there are" in only(cohort).problem


def test_order_of_sheets_columns_and_place_of_tables_are_nothing():
    sheets = dict(GOOD)
    plain = read(sheets)
    turned = {name: [list(row)[::-1] for row in rows] for name, rows in reversed(list(sheets.items()))}
    for other in (read(turned), read(sheets, down=7, right=3)):
        assert other.findings == plain.findings == ()
        assert {variable.name for variable in other.variables} == {variable.name for variable in plain.variables}
        for name, table in plain.tables.items():
            assert other.tables[name][list(table.columns)].equals(table), name


def test_places_are_given_as_the_sheet_shows_them_wherever_the_table_stands():
    found = only(read({"Patients": [*FOUR[:2], ["P2", "A", "no", "old"]]}, down=7, right=3))
    assert (found.row, found.column) == (10, "G (age_years)")


def test_headers_as_people_write_them():
    cohort = read(
        {"Patients": [["Patient ID", "Group", "Age (years)", "High-risk", "Gender"], ["P1", "A", 50, "yes", "F"]]}
    )
    assert [variable.name for variable in cohort.variables] == ["arm", "age_years", "high_risk_cytogenetics", "sex"]


def test_a_column_of_the_right_name_goes_before_its_synonym():
    cohort = read({"Patients": [["patient_id", "group", "arm"], ["P1", "g1", "A"], ["P2", "g2", "B"]]})
    assert cohort.patients["arm"].tolist() == ["A", "B"]
    assert cohort.patients["group"].tolist() == ["g1", "g2"]


def test_extra_columns_are_kept_and_typed():
    header = [*FOUR[0], "LDH [U/L]", "ISS stage", "smoker"]
    cohort = read(
        {
            "Patients": [
                header,
                *(
                    [*row, 200 + 7.5 * place, ["I", "II", "I", None][place], ["y", "n", None, "y"][place]]
                    for place, row in enumerate(FOUR[1:])
                ),
            ]
        }
    )
    assert cohort.findings == ()
    assert [(variable.name, variable.kind, variable.levels) for variable in cohort.variables[3:]] == [
        ("ldh", "number", ()),
        ("iss_stage", "category", ("I", "II")),
        ("smoker", "category", ("no", "yes")),
    ]


def test_one_slip_in_a_column_of_numbers():
    values = [210, 250.5, "haemolysed", 300, 310, dt.datetime(2023, 3, 1), 330, 340, 350, "#REF!"]
    cohort = read({"Patients": [["patient_id", "ldh"], *([f"P{place}", value] for place, value in enumerate(values))]})
    assert [(found.row, found.column, found.value) for found in cohort.findings] == [
        (4, "B (ldh)", "haemolysed"),
        (7, "B (ldh)", ""),
        (11, "B (ldh)", "#REF!"),
    ]
    assert cohort.variables[0].kind == "number"
    assert int(cohort.patients["ldh"].isna().sum()) == 3 and cohort.n == 10


def test_rows_that_differ_only_in_a_comment_are_two_rows():
    rows = [
        [*EVENTS, "comment"],
        ["P1", "CRS", 2, 1, 5, "first"],
        ["P1", "CRS", 2, 1, 5, "second"],
        ["P1", "CRS", 2, 1, 5, "second"],
    ]
    cohort = read_with(adverse_events=rows)
    assert len(cohort.adverse_events) == 2
    assert [(found.severity, found.row, found.problem) for found in cohort.findings] == [
        ("warning", 4, "This row is equal to a row above it and was set aside.")
    ]


def test_one_endpoint_in_two_spellings_is_one():
    cohort = read_with(
        endpoints=[
            ENDPOINTS,
            ["P1", "OS", 6, "months", 1],
            ["P1", "os", 7, "months", 1],
            ["P2", " Os ", 7, "months", 0],
        ],
        responses=[["patient_id", "day", "response"], ["P1", 400, "CR"]],
    )
    assert cohort.endpoint_names == ("os",)
    assert cohort.endpoints[["patient_id", "time"]].to_numpy().tolist() == [["P1", 6], ["P2", 7]]
    assert [found.problem for found in of(cohort, "error")] == [
        "This row has the same patient_id, infusion, endpoint as a row above it and was set aside."
    ]


def test_one_term_in_two_spellings_is_one():
    cohort = read_with(adverse_events=[EVENTS, ["P1", "Neutropenia", 2, 1, 5], ["P2", "neutropenia ", 3, 1, 5]])
    assert cohort.vocabulary["term"] == ("Neutropenia",)
    assert only(cohort).problem == '"neutropenia" was taken for "Neutropenia".'


def test_terms_of_interest_come_first_then_by_number_of_patients():
    events = [("P1", "Fever"), ("P1", "Anemia"), ("P2", "Anemia"), ("P2", "ICANS"), ("P3", "CRS"), ("P1", "Fever")]
    cohort = read_with(
        adverse_events=[["patient_id", "term", "grade"], *([*event, grade] for grade, event in enumerate(events))][:7]
    )
    assert cohort.vocabulary["term"] == ("CRS", "ICANS", "Anemia", "Fever")


def test_an_excluded_patient_is_read_but_not_counted():
    cohort = read(
        {
            "Patients": [
                ["patient_id", "analysis_set", "exclusion_reason"],
                ["P1", "included", None],
                ["P2", "Excluded", "too ill"],
                ["P3", None, None],
            ]
        }
    )
    assert (cohort.n, cohort.n_opened) == (3, 2)
    assert cohort.patients["analysis_set"].tolist() == ["included", "excluded", "included"]


def test_the_columns_that_the_parser_made_are_not_made_again(monkeypatch):
    monkeypatch.setattr(Grid, "_cells", lambda *_: pytest.fail("a column was put together from the rows again"))
    for grid in read_grids(EXAMPLE.read_bytes(), EXAMPLE.name):
        assert [tuple(grid.whole_column(place)) for place in range(grid.width)] == [*zip(*grid.rows, strict=True)]


def test_the_meaning_of_a_template_is_found_once_for_its_first_summary(monkeypatch):
    asked = []
    monkeypatch.setattr(transport, "suggest", lambda *given: asked.append(given) or suggest(*given))
    monkeypatch.setattr(workbook, "suggest", lambda *_: pytest.fail("found again"))
    request = transport.Request("draft", EXAMPLE.name, "", None)
    answer = transport.answer_bytes(read_grids(EXAMPLE.read_bytes(), EXAMPLE.name), request, lambda _: None)
    assert len(asked) == 1
    assert transport.read_answer(answer).suggestion.is_template
