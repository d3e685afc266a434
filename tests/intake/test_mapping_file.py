"""A mapping as JSON: version 2 is checked strictly, each refusal is one sentence with its place; version 1 still
loads."""

import json

import pytest

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
