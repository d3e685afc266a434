"""A mapping applied to a stranger's sheet: columns, codes, units, rows, dates; and what no longer fits is said.

A mapping as JSON: version 2 is checked strictly, each refusal is one sentence with its place; version 1 still
loads.
"""

import json

import pytest
from workbooks import text_table, xlsx

from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import (
    VERSION,
    HighRisk,
    IdRule,
    Mapping,
    NotAMapping,
    Reading,
    SheetMapping,
    Wide,
    from_json,
    to_json,
)

FLAT = [
    ["Code", "Group", "FU", "Stat", "CRP d0", "CRP d7", "del17p", "seen"],
    ["A1", "x", "12", "1", "5", "<2", "x", "3/14/2021"],
    ["A2", "y", "24", "2", "6", "", "", "4/13/2021"],
    ["A3", "y", "6", "1", "7", "9", "neg", "12/31/2020"],
]
PATIENTS = Reading("patients", {"patient_id": "Code", "arm": "Group"})
OS = Reading(
    "endpoints",
    {"patient_id": "Code", "time": "FU", "event": "Stat"},
    {"endpoint": "os"},
    {"event": {"1": "1", "2": "0"}},
    {"time": "months"},
)


def read(rows, *readings, **settings):
    aside = settings.pop("set_aside", ())
    mapping = Mapping((SheetMapping("sheet", readings, set_aside=aside),), **settings)
    return read_files([SourceFile("sheet.csv", text_table(rows))], mapping)


def said(cohort, words):
    return [finding for finding in cohort.findings if words in finding.problem]


def test_a_flat_sheet_is_patients_and_endpoints():
    cohort = read(FLAT, PATIENTS, OS)
    assert cohort.endpoints["event"].tolist() == [1, 0, 1]
    assert set(cohort.endpoints["unit"]) == {"months"}
    assert cohort.patients["arm"].tolist() == ["x", "y", "y"]


def test_a_number_that_the_codes_do_not_list_is_never_censored():
    cohort = read([*FLAT, ["A4", "x", "3", "0"]], PATIENTS, OS)
    finding = next(finding for finding in cohort.findings if "among the codes of the mapping" in finding.problem)
    assert (finding.sheet, finding.row, finding.column, finding.value) == ("sheet", 5, "D (Stat)", "0")
    assert cohort.endpoints["event"].isna().tolist() == [False, False, False, True]


def test_columns_of_a_wide_sheet_become_rows_with_their_own_place():
    labs = Reading(
        "labs",
        {"patient_id": "Code"},
        {"test": "CRP"},
        wide=tuple(Wide(f"CRP d{day}", {"day": day}) for day in ("0", "7")),
    )
    cohort = read([*FLAT, ["A4", "x", "3", "1", "1", "high"]], PATIENTS, labs)
    assert cohort.labs[["patient_id", "day"]].to_numpy().tolist() == [
        ["A1", 0],
        ["A2", 0],
        ["A3", 0],
        ["A4", 0],
        ["A1", 7],
        ["A3", 7],
        ["A4", 7],
    ]
    (finding,) = said(cohort, '"high"')
    assert (finding.sheet, finding.row, finding.column) == ("sheet", 5, "F (CRP d7)")


def test_hours_become_days_and_it_is_said():
    rows = [["Code", "h", "v"], ["A1", 12, 5.0]]
    kinetics = Reading("kinetics", {"patient_id": "Code", "day": "h", "value": "v"}, units={"day": "hours"})
    cohort = read(rows, kinetics)
    assert cohort.kinetics["day"].tolist() == [0.5]
    assert said(cohort, "hours") and said(cohort, "There is no table of patients")


@pytest.mark.parametrize(("order", "days"), [("", 31), ("month first", 31)])
def test_dates_of_one_order_are_settled_by_the_column(order, days):
    rows = [["Code", "in", "out"], ["A1", "1/31/2021", "3 Mar 2021"], ["A2", "2/1/2021", "04MAR2021"]]
    patients = Reading("patients", {"patient_id": "Code", "infusion_date": "in", "death_date": "out"})
    cohort = read(rows, patients, date_order=order)
    assert cohort.endpoints.loc[cohort.endpoints["endpoint"] == "os", "time"].tolist() == [days, days]


def test_a_date_of_either_order_is_a_finding():
    rows = [["Code", "in"], ["A1", "1/2/2021"]]
    cohort = read(rows, Reading("patients", {"patient_id": "Code", "infusion_date": "in"}))
    assert said(cohort, '"1/2/2021" can be 2021-02-01 or 2021-01-02.')


def test_rows_without_a_column_of_patients_are_numbered():
    cohort = read(
        FLAT,
        Reading("patients", {"arm": "Group"}),
        Reading("endpoints", {"time": "FU", "event": "Stat"}, {"endpoint": "os"}, OS.codes, OS.units),
    )
    assert cohort.patients["patient_id"].tolist() == cohort.endpoints["patient_id"].tolist() == ["1", "2", "3"]


def test_rows_that_keep_leaves_out_are_counted():
    cohort = read(FLAT, Reading("patients", PATIENTS.columns, keep={"Group": ("Y",)}), OS)
    assert cohort.patients["patient_id"].tolist() == ["A2", "A3"]
    assert said(cohort, "1 rows were not read as patients") and said(cohort, "1 rows of Endpoints are of patients")
    assert all(finding.severity == "note" for finding in cohort.findings)


def test_contradicting_rows_of_a_patient_name_both():
    rows = [
        ["Code", "Sex", "v"],
        ["A1", "F", 1],
        ["A1", "M", 1],
        ["A2", "M", 1],
        ["A2", "", 1],
        ["A3", "F", 1],
        ["A3", "F", 2],
    ]
    cohort = read(rows, Reading("patients", {"patient_id": "Code", "sex": "Sex"}))
    assert cohort.patients["sex"].tolist() == ["F", "M", "F"]
    (finding,) = said(cohort, 'Patient "A1" has "F" in one row and "M" in another')
    assert (finding.row, finding.column) == (3, "B (Sex)")


def test_a_second_sheet_adds_columns_and_keeps_their_place():
    sheets = {"one": [["Code", "Group"], ["A1", "x"], ["A2", "y"]], "two": [["ID", "Age"], ["A2", "old"], ["A1", 50]]}
    mapping = Mapping(
        (
            SheetMapping("one", (PATIENTS,)),
            SheetMapping("two", (Reading("patients", {"patient_id": "ID", "age_years": "Age"}),)),
        )
    )
    cohort = read_files([SourceFile("two.xlsx", xlsx(sheets))], mapping)
    assert cohort.patients["age_years"].tolist()[0] == 50
    (finding,) = said(cohort, '"old"')
    assert (finding.sheet, finding.row, finding.column) == ("two", 2, "B (Age)")


def test_high_risk_is_any_of_the_lesions_and_tells_its_definition():
    absent = read(FLAT, PATIENTS, high_risk=HighRisk({"del17p": ("x",)}, blank_is_absent=True))
    assert absent.patients["high_risk_cytogenetics"].tolist() == ["yes", "no", "no"]
    tested = read(FLAT, PATIENTS, high_risk=HighRisk({"del17p": ("x",)}))
    assert tested.patients["high_risk_cytogenetics"].tolist() == ["yes", None, "no"]
    assert "del17p" in tested.variable("high_risk_cytogenetics").label


def test_what_no_longer_fits_is_said():
    gone = Reading("responses", {"patient_id": "Code", "response": "Best"})
    cohort = read(FLAT, PATIENTS, gone)
    assert said(cohort, "the sheet has none of that name")


def test_columns_set_aside_go_no_further():
    cohort = read(FLAT, PATIENTS, set_aside=("seen", "Stat"))
    assert not {"seen", "Stat", "stat"} & set(cohort.patients.columns)


def test_settings_and_known_at_are_those_of_a_study_sheet():
    cohort = read(FLAT, PATIENTS, study={"time_unit": "weeks", "reference:arm": "y"}, known_at={"arm": "30"})
    arm = cohort.variable("arm")
    assert (cohort.study.time_unit, arm.reference, arm.known_at) == ("weeks", "y", 30)


def test_a_sentinel_far_away_is_missing_with_a_warning():
    rows = [["Code", "Age"], *([f"A{age}", age] for age in range(50, 60)), ["B1", 999]]
    cohort = read(rows, Reading("labs", {"patient_id": "Code", "value": "Age"}, {"test": "LDH"}))
    assert (
        said(cohort, '"999" (1) stand apart from all other values')
        and cohort.labs["value"].max() == 59
        and len(cohort.labs) == 10
    )


def test_mixed_units_of_one_test_become_one():
    rows = [["Code", "v", "u"], ["A1", 12, "g/dL"], ["A2", 130, "g/L"], ["A3", 110, "g/L"], ["A4", 7, "mmol/L"]]
    cohort = read(rows, Reading("labs", {"patient_id": "Code", "value": "v", "unit": "u"}, {"test": "Hb"}))
    assert cohort.labs["value"].tolist() == pytest.approx(
        [120, 130, 110, 112.798]
    )  # 7 mmol/L of haemoglobin, 16.114 g/mmol
    assert cohort.labs["unit"].tolist() == ["g/L"] * 4


def test_json_there_and_back():
    mapping = Mapping(
        (SheetMapping("s", (OS, Reading("labs", extras=())), (2, 3), ("Name",)),), "day first", {"time_unit": "days"}
    )
    assert from_json(to_json(mapping)) == mapping
    with pytest.raises(NotAMapping):
        from_json("[]")


def text(readings=(), version=2, sheet=None, **more):
    return json.dumps(
        {"version": version, "sheets": [{"sheet": "s", "readings": list(readings), **(sheet or {})}], **more}
    )


FULL = Mapping(
    sheets=(
        SheetMapping(
            "s",
            (
                Reading(
                    "labs",
                    {"patient_id": "ID"},
                    codes={"value": {"x": None}},
                    extras=(),
                    wide=(Wide("CRP", {"day": "0"}),),
                ),
            ),
            (2, 3),
            ("Name",),
            (2, 1, 20, 5),
            True,
            "Cohort",
            ("Arm",),
            ("ID", "CRP"),
        ),
    ),
    date_order="day first",
    study={"time_unit": "days"},
    known_at={"arm": "before"},
    high_risk=HighRisk({"del17p": ("x",)}, True),
    missing={"*": ("-999",), "s.LDH": ("n.d.",)},
    exclude={"s.Excl": ("1",)},
    ids=IdRule("_1", 3, True, {"A": "B"}),
    answers={"unit:s:FU": "months"},
)


def test_every_field_goes_there_and_back():
    assert from_json(to_json(FULL)) == FULL
    assert json.loads(to_json(FULL))["version"] == VERSION == 2


def test_what_stands_at_its_default_is_left_out_but_sheets_never():
    assert json.loads(to_json(Mapping())) == {"version": 2, "sheets": []}
    assert from_json(to_json(Mapping())) == Mapping()


def test_version_1_took_numbers_for_texts_and_still_does():
    readings = [
        {"table": "labs", "columns": {"patient_id": "ID"}, "wide": [{"column": "CRP", "constants": {"day": 7}}]}
    ]
    for version in (1, None):
        written = json.loads(text(readings, sheet={"header_rows": [1]}))
        written["version"] = version
        if version is None:
            del written["version"]
        (sheet,) = from_json(json.dumps(written)).sheets
        assert sheet.readings[0].wide[0].constants == {"day": "7"} and sheet.header_rows == (1,)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("{", "This is not a mapping: Expecting property name"),
        ("[]", 'This is not a mapping: it has no "sheets".'),
        ("[" * 100_000, "This is not a mapping: maximum recursion depth"),
        ('{"version": 2, "sheets": [], "sheets": []}', '"sheets" stands twice in one object.'),
        (text(version=3), "This mapping has version 3; this program reads versions 1 and 2."),
        (text(version=True), "This mapping has version True"),
        (text(hugh_risk={}), 'The mapping: "hugh_risk" is not known here; known are sheets, date_order'),
        (text(version=1, hugh_risk={}), '"hugh_risk" is not known here'),
        (text(sheet={"rows": []}), 'sheets[0]: "rows" is not known here; known are sheet, readings'),
        (text([{"tables": "labs"}]), 'sheets[0].readings[0]: "tables" is not known here'),
        (text([{}]), "sheets[0].readings[0].table is missing."),
        (text([{"table": "lab"}]), 'sheets[0].readings[0].table: "lab" is none of study, patients'),
        (
            text([{"table": "labs", "columns": {"tast": "A"}}]),
            "sheets[0].readings[0]: Labs has no column tast; it has patient_id",
        ),
        (text([{"table": "labs", "wide": [{"column": "A", "constants": {"dey": "1"}}]}]), "Labs has no column dey"),
        (
            text([{"table": "labs", "constants": {"day": 7}}]),
            'constants.day: 7 stands there; it must be a text in quotes, such as "7".',
        ),
        (text([{"table": "labs", "one_row": "best"}]), 'one_row: "best" stands there; it may be'),
        (text([{"table": "labs", "units": {"day": "fortnights"}}]), 'units.day: "fortnights" is none of days'),
        (
            text([{"table": "labs", "codes": {"value": "x"}}]),
            'codes.value: "x" stands there; it must be an object in { }.',
        ),
        (text([{"table": "labs", "keep": {"Arm": "x"}}]), 'keep.Arm: "x" stands there; it must be a list in [ ].'),
        (text([{"table": "labs", "no_day_zero": "no"}]), 'no_day_zero: "no" stands there; it must be true or false.'),
        (text(sheet={"header_rows": [0]}), "sheets[0].header_rows[0]: 0 stands there"),
        (text(sheet={"area": [2, 1]}), "sheets[0].area: [2, 1] is no area; write first row"),
        (text(sheet={"area": [9, 1, 2, 4]}), "is no area"),
        (text(missing={"*": "-9"}), 'missing.*: "-9" stands there; it must be a list in [ ].'),
        (text(date_order="dmy"), 'date_order: "dmy" stands there; it may be'),
        (text(high_risk="t414"), 'high_risk: "t414" stands there; it must be an object in { }.'),
        ('{"version": 2, "sheets": [{"sheet": "\\ud800"}]}', "This is not a mapping: "),
    ],
)
def test_every_fault_is_one_sentence_with_its_place(written, sentence):
    with pytest.raises(NotAMapping) as refused:
        from_json(written)
    assert sentence in str(refused.value) and "\n" not in str(refused.value) and str(refused.value).endswith(".")
