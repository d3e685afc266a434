"""All that a mapping can say can be clicked: each field of its types has a control, and a click on it changes that
field."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from intake.layouts import FLAT, HEADER, book
from walking import opened, said, upload

from lib.intake.infer.edits import edit_key
from lib.intake.mapping import HighRisk, IdRule, Mapping, Reading, SheetMapping, Wide

SHEET, FILE = "Change how a sheet is read", "The whole file"
OWN = b"""ID,Arm,visit day,IL6,IL6 later,CRS grade,OS months,last seen months,dead,del17p,t414,AE day
P1,A,7,12,3,2,10,4,1,x,,2
P2,A,8,13,4,0,11,5,0,,x,3
P3,B,9,14,5,1,12,6,1,x,x,4
P4,B,9,15,6,3,13,7,0,,,5
"""
VISITS = b"patient,day,CRP\nP1,1,5\nP1,2,6\nP2,1,7\nP2,3,8\n"
ARMS = {"Arm A": [HEADER, *FLAT[:8]], "Arm B": [HEADER, *FLAT[8:]]}
NOT_CHOSEN = {
    "Mapping.answers": "the clicks themselves",
    "Mapping.version": "of the program",
    "Mapping.by_name": "a workbook in the names of the template, until anything is changed by hand",
    "SheetMapping.headings": "what the sheet had when it was saved",
    "SheetMapping.part": "which form of a REDCap export: each is a sheet of its own in the list of sheets",
}


@dataclass(frozen=True)
class Click:
    """What is opened, which part of the screen, which widgets are set in turn, and what the mapping says then."""

    part: str
    steps: tuple[tuple[str, str, Any], ...]  # kind of widget, key, value
    holds: Callable[[Mapping], bool]
    file: tuple[str, bytes] = ("own.csv", OWN)


def of(mapping: Mapping, table: str) -> Reading:
    return next(each for sheet in mapping.sheets for each in sheet.readings if each.table == table)


def role(heading: str, value: str) -> tuple[str, str, Any]:
    return ("selectbox", f"role own {heading}", value)


LABS = role("IL6", "labs.value")
DAY = ("selectbox", "edit:day:own:IL6", "visit day")
PAGE_2 = ("number_input", "columns of own", 2)
SEVERAL = (
    ("multiselect", "several columns", ["IL6", "IL6 later"]),
    ("selectbox", "several role", "labs.value"),
    ("selectbox", "several day", "visit day"),
    ("button", "several set", None),
)
XLSX = {
    "arms": ("arms.xlsx", book(ARMS)),
    "turned": ("turned.xlsx", book({"Data": list(zip(HEADER, *FLAT, strict=True))})),
    "titled": ("titled.xlsx", book({"All": [["Arm A"], HEADER, *FLAT[:8], ["Arm B"], *FLAT[8:]]})),
    "coloured": (
        "coloured.xlsx",
        book({"All": [HEADER, *FLAT]}, fills={"All": {f"A{n}": "FFFF00" if n < 9 else "92D050" for n in range(2, 18)}}),
    ),
    "blank": (
        "blank.xlsx",
        book({"All": [(*HEADER, "Site"), *((*row, "X" if n % 4 == 0 else None) for n, row in enumerate(FLAT))]}),
    ),
}
CLICKS = {
    "Mapping.sheets": Click(SHEET, (("selectbox", "one row own", "unused"),), lambda m: m.sheets == ()),
    "Mapping.date_order": Click(
        FILE, (("selectbox", "edit:date_order::", "day first"),), lambda m: m.date_order == "day first"
    ),
    "Mapping.true_dates": Click(
        FILE, (("selectbox", "edit:true_dates::", "exchanged"),), lambda m: m.true_dates == "exchanged"
    ),
    "Mapping.decimal_sign": Click(FILE, (("selectbox", "edit:decimal_sign::", ","),), lambda m: m.decimal_sign == ","),
    "Mapping.study": Click(FILE, (("text_input", "study title", "Ours"),), lambda m: m.study["title"] == "Ours"),
    "Mapping.known_at": Click(
        SHEET,
        (("selectbox", "known own Arm", "later"), ("number_input", "known day own Arm", 60)),
        lambda m: m.known_at == {"arm": "60"},
    ),
    "Mapping.high_risk": Click(FILE, (("multiselect", "lesions", ["del17p"]),), lambda m: m.high_risk is not None),
    "Mapping.missing": Click(
        FILE, (("text_input", "missing everywhere", "-9; n.d."),), lambda m: m.missing["*"] == ("-9", "n.d.")
    ),
    "Mapping.ids": Click(FILE, (("checkbox", "ids case", True),), lambda m: m.ids.casefold),
    "SheetMapping.sheet": Click(
        SHEET, (("selectbox", "one row own", "patients"),), lambda m: m.sheets[0].sheet == "own"
    ),
    "SheetMapping.readings": Click(SHEET, (LABS, DAY), lambda m: of(m, "labs").columns["day"] == "visit day"),
    "SheetMapping.header_rows": Click(
        SHEET, (("number_input", "header to own", 2),), lambda m: m.sheets[0].header_rows == (1, 2)
    ),
    "SheetMapping.set_aside": Click(SHEET, (role("IL6", "private"),), lambda m: m.sheets[0].set_aside == ("IL6",)),
    "SheetMapping.area": Click(
        SHEET, (("number_input", "area row own", 4),), lambda m: m.sheets[0].area == (1, 1, 4, 12)
    ),
    "SheetMapping.transposed": Click(
        SHEET, (("checkbox", "transposed of Data", False),), lambda m: not m.sheets[0].transposed, XLSX["turned"]
    ),
    "SheetMapping.title_rows_as": Click(
        SHEET,
        (("text_input", "title_rows_as of All", "Cohort"),),
        lambda m: m.sheets[0].title_rows_as == "Cohort",
        XLSX["titled"],
    ),
    "SheetMapping.filled_down": Click(
        SHEET,
        (("multiselect", "filled_down of All", ["Site"]),),
        lambda m: m.sheets[0].filled_down == ("Site",),
        XLSX["blank"],
    ),
    "SheetMapping.appended": Click(
        SHEET,
        (("multiselect", "appended of Arm A + Arm B", []),),
        lambda m: [each.sheet for each in m.sheets] == ["Arm A", "Arm B"],
        XLSX["arms"],
    ),
    "SheetMapping.sheet_name_as": Click(
        SHEET,
        (("text_input", "sheet_name_as of Arm A + Arm B", "Arm"),),
        lambda m: m.sheets[0].sheet_name_as == "Arm",
        XLSX["arms"],
    ),
    "SheetMapping.own_ids": Click(
        SHEET, (("checkbox", "own_ids of Arm A + Arm B", True),), lambda m: m.sheets[0].own_ids, XLSX["arms"]
    ),
    "SheetMapping.ids_within": Click(
        SHEET, (("selectbox", "ids_within of own", "Arm"),), lambda m: m.sheets[0].ids_within == "Arm"
    ),
    "SheetMapping.colour_as": Click(
        SHEET, (("checkbox", "colour_as of All", False),), lambda m: m.sheets[0].colour_as == "", XLSX["coloured"]
    ),
    "Reading.table": Click(SHEET, (LABS, DAY), lambda m: of(m, "labs").table == "labs"),
    "Reading.columns": Click(
        SHEET, (("selectbox", "patient of own", "IL6"),), lambda m: of(m, "patients").columns["patient_id"] == "IL6"
    ),
    "Reading.constants": Click(
        SHEET,
        (LABS, DAY, ("text_input", "edit:test:own:IL6", "Interleukin")),
        lambda m: of(m, "labs").constants["test"] == "Interleukin",
    ),
    "Reading.units": Click(
        SHEET,
        (PAGE_2, ("selectbox", "edit:unit:own:OS months", "weeks")),
        lambda m: of(m, "endpoints").units == {"time": "weeks"},
    ),
    "Reading.wide": Click(SHEET, SEVERAL, lambda m: sum(each.table == "labs" for each in m.sheets[0].readings) == 2),
    "Reading.one_row": Click(
        SHEET, (("selectbox", "edit:one_row:own:patients", "last"),), lambda m: of(m, "patients").one_row == "last"
    ),
    "Reading.extras": Click(SHEET, (role("visit day", "ignore"),), lambda m: "visit day" in m.sheets[0].set_aside),
    "Reading.no_day_zero": Click(
        SHEET,
        (("checkbox", "edit:no_day_zero:visits:labs", True),),
        lambda m: of(m, "labs").no_day_zero,
        ("visits.csv", VISITS),
    ),
    "Reading.censored_at": Click(
        SHEET,
        (PAGE_2, ("selectbox", "edit:censored_at:own:OS months", "last seen months")),
        lambda m: of(m, "endpoints").censored_at == "last seen months",
    ),
    "Wide.column": Click(
        SHEET, SEVERAL, lambda m: {each.columns.get("value") for each in m.sheets[0].readings} >= {"IL6", "IL6 later"}
    ),
    "Wide.constants": Click(
        SHEET,
        (*SEVERAL[:2], ("text_input", "several test", "Interleukin"), *SEVERAL[2:]),
        lambda m: of(m, "labs").constants["test"] == "Interleukin",
    ),
    "HighRisk.lesions": Click(
        FILE,
        (("multiselect", "lesions", ["del17p"]), ("multiselect", "present del17p", ["x"])),
        lambda m: m.high_risk.lesions == {"del17p": ("x",)},
    ),
    "HighRisk.blank_is_absent": Click(
        FILE,
        (("multiselect", "lesions", ["t414"]), ("checkbox", "edit:blank_is_absent::", True)),
        lambda m: m.high_risk.blank_is_absent,
    ),
    "IdRule.strip_suffix": Click(FILE, (("selectbox", "ids end", "_1"),), lambda m: m.ids.strip_suffix == "_1"),
    "IdRule.zero_pad": Click(FILE, (("checkbox", "ids zeros", True),), lambda m: m.ids.zero_pad == 1),
    "IdRule.casefold": Click(FILE, (("checkbox", "ids case", True),), lambda m: m.ids.casefold),
    "IdRule.pairs": Click(FILE, (("text_area", "ids pairs", "P4 = P3"),), lambda m: m.ids.pairs == {"P4": "P3"}),
}
IN_TABLE = {  # a tick or a word beside each value of a column, in a table that a test cannot click
    "Reading.codes": ("Means", "codes", "A=B", lambda m: of(m, "patients").codes["arm"] == {"A": "B"}),
    "Mapping.missing": ("No value", "missing", '["B"]', lambda m: m.missing["own.Arm"] == ("B",)),
    "Mapping.exclude": ("Patients out", "exclude", '["B"]', lambda m: m.exclude["own.Arm"] == ("B",)),
    "Reading.keep": ("Rows out", "keep", '["", "A"]', lambda m: of(m, "patients").keep["Arm"] == ("", "A")),
}


def names(*kinds: type) -> set[str]:
    return {f"{kind.__name__}.{each.name}" for kind in kinds for each in fields(kind)}


def screen(part: str, name: str = "own.csv", content: bytes = OWN):
    app = upload(opened(), (name, content))
    app.segmented_control(key="reading more").set_value(part).run()
    assert not app.exception, app.exception
    return app


def test_every_field_of_a_mapping_has_a_control():
    every = names(Mapping, SheetMapping, Reading, Wide, HighRisk, IdRule)
    assert every == {*CLICKS, *IN_TABLE, *NOT_CHOSEN}


def alike() -> dict[str, list[Click]]:
    """Clicks of several fields where the same steps change them all, by the first of the fields."""
    found: dict[str, list[Click]] = {}
    for field, click in CLICKS.items():
        same = (each for each, (other, *_) in found.items() if replace(click, holds=other.holds) == other)
        found.setdefault(next(same, field), []).append(click)
    return found


@pytest.mark.parametrize("clicks", alike().values(), ids=alike())
def test_a_click_changes_the_field_and_undo_takes_it_back(clicks):
    click = clicks[0]
    app = screen(click.part, *click.file)
    before = app.session_state["draft"].mapping
    for kind, key, value in click.steps:
        widget = getattr(app, kind)(key=key)
        (widget.click() if kind == "button" else widget.set_value(value)).run()
        assert not app.exception, app.exception
    for each in clicks:
        assert each.holds(app.session_state["draft"].mapping), app.session_state["draft"].mapping
    while not app.button(key="undo").disabled:
        app.button(key="undo").click().run()
    assert app.session_state["draft"].mapping == before and not app.exception


@pytest.mark.parametrize("field", IN_TABLE)
def test_the_table_of_values_has_a_column_for_it_that_counts(field):
    column, kind, answer, holds = IN_TABLE[field]
    app = screen(SHEET)
    assert all(column in table.value.columns for table in app.get("arrow_data_frame") if "Means" in table.value.columns)
    draft = app.session_state["draft"].answered(edit_key(kind, "own", "Arm"), answer)
    assert holds(draft.mapping), draft.mapping


def test_columns_without_a_day_are_not_read_and_one_sentence_says_why():
    app = screen(SHEET)
    before = app.session_state["draft"]
    app.multiselect(key="several columns").set_value(["IL6 later"]).run()
    app.button(key="several set").click().run()
    assert "No day was found for IL6 later" in said(app.warning) and app.session_state["draft"] is before


def test_columns_that_come_in_pairs_take_the_days_to_their_left():
    pairs = b"ID,look A on day,look A,look B on day,look B\nP1,28,PR,90,CR\nP2,30,SD,95,PR\nP3,27,CR,88,CR\n"
    app = screen(SHEET, "pairs.csv", pairs)
    app.multiselect(key="several columns").set_value(["look A", "look B"]).run()
    app.selectbox(key="several role").set_value("responses.response").run()
    app.selectbox(key="several day").set_value("the next column of days or dates to its left").run()
    app.button(key="several set").click().run()
    found = app.session_state["draft"].opened.tables["responses"]
    assert sorted(zip(found["patient_id"], found["day"], found["response"], strict=True))[:2] == [
        ("P1", 28, "PR"),
        ("P1", 90, "CR"),
    ]
    assert len(found) == 6 and not app.exception


def test_columns_of_a_series_take_the_day_and_the_hour_in_their_headings():
    series = b"ID,marker_d1-0300,marker_d2-0300\nP1,5,6\nP2,7,8\nP3,9,10\n"
    app = screen(SHEET, "series.csv", series)
    app.multiselect(key="several columns").set_value(["marker_d1-0300", "marker_d2-0300"]).run()
    app.text_input(key="several test").set_value("marker").run()
    app.button(key="several set").click().run()
    labs = app.session_state["draft"].opened.tables["labs"]
    assert sorted(set(labs["day"])) == [1.125, 2.125] and set(labs["test"]) == {"marker"} and len(labs) == 6
