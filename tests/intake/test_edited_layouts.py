"""Layouts changed by hand: headers, areas, joined and turned sheets, which rows count; each does what it says, or says
why it cannot."""

import json
from dataclasses import replace

import pytest
from in_process import in_process

from intake.drafts import answered, cohort, table, usable
from intake.layouts import COHORT, HEADER, book, draft_of
from intake.layouts import FLAT as LAYOUT_FLAT
from intake.test_edited import flat
from lib.intake.infer.edits import edit_key
from lib.intake.infer.question import coded
from lib.intake.mapping import from_json, to_json


@pytest.fixture(autouse=True)
def _here():
    with in_process():
        yield


EVENTS = [
    ("Patient ID", "Adverse event", "Grade", "Day of onset"),
    *((row[0], "CRS", n % 4 + 1, n % 5) for n, row in enumerate(COHORT)),
]
TWO = {"All": [HEADER, *LAYOUT_FLAT, [], ["Toxicity"], *EVENTS]}
ARMS = {"Arm A": [HEADER, *LAYOUT_FLAT[:8]], "Arm B": [HEADER, *LAYOUT_FLAT[8:]]}


def laid(sheet, **layout):
    return {edit_key("layout", sheet): json.dumps(layout)}


def test_the_header_of_one_of_two_tables_moves_and_the_other_stays():
    draft = answered(draft_of(book(TWO)), {edit_key("header", "All [A1:E17]"): "1"})
    opened = cohort(draft)
    assert len(opened.patients) == 16 and len(opened.tables["adverse_events"]) == 16 and draft.problems == ()


def test_a_header_where_the_table_is_not_says_so_and_changes_nothing():
    draft = answered(draft_of(book(TWO)), {edit_key("header", "All [A19:D36]"): "1"})
    assert len(cohort(draft).tables["adverse_events"]) == 16
    assert len(draft.problems) == 1 and "no table is found there" in draft.problems[0]


def test_a_turned_sheet_stays_turned_until_somebody_says_otherwise():
    turned = book({"Data": list(zip(HEADER, *LAYOUT_FLAT, strict=True))})
    assert len(cohort(answered(draft_of(turned), {edit_key("header", "Data"): "1"})).patients) == 16
    draft = answered(draft_of(turned), laid("Data", transposed=False))
    assert not draft.mapping.sheets[0].transposed and draft.preview("Data").columns[1].heading == "P01"
    flat_book = draft_of(book({"Data": [HEADER, *LAYOUT_FLAT]}))
    assert answered(flat_book, laid("Data", transposed=True)).mapping.sheets[0].transposed


def test_sheets_are_taken_apart_and_joined_by_hand():
    apart = answered(draft_of(book(ARMS)), laid("Arm A + Arm B", appended=[]))
    assert [each.sheet for each in apart.mapping.sheets] == ["Arm A", "Arm B"] and len(cohort(apart).patients) == 16
    other = {
        "First": ARMS["Arm A"],
        "Ganz anders": [("Patient ID", "Age", "Weight"), *(row[:3] for row in LAYOUT_FLAT[8:])],
    }
    joined = answered(draft_of(book(other)), laid("First", appended=["Ganz anders"], sheet_name_as="From"))
    assert [each.appended for each in joined.mapping.sheets] == [("Ganz anders",)] and len(
        cohort(joined).patients
    ) == 16
    assert list(cohort(joined).patients["from"].iloc[[0, 15]]) == ["First", "Ganz anders"]


@pytest.mark.parametrize(
    "layout",
    [{"title_rows_as": "Arm"}, {"colour_as": "Row colour"}, {"filled_down": ["gone"]}, {"sheet_name_as": "From"}],
)
def test_what_a_sheet_does_not_have_is_one_sentence(layout):
    draft = answered(draft_of(book({"Data": [HEADER, *LAYOUT_FLAT]})), laid("Data", **layout))
    assert len(draft.problems) == 1 and draft.problems[0].startswith("Data: ") and len(cohort(draft).patients) == 16


@pytest.mark.parametrize("nonsense", ["{", "[1]", '{"transposed": 3}', '{"readings": 1}'])
def test_a_saved_layout_with_something_else_there_is_read_without_it(nonsense):
    assert len(cohort(answered(draft_of(book(TWO)), {edit_key("layout", "All [A1:E17]"): nonsense})).patients) == 16


def test_blanks_that_repeat_the_cell_above():
    rows = [
        ("Patient ID", "Site", "Age"),
        *((f"P{n}", "Kiel" if n == 0 else "Ulm" if n == 3 else None, 60 + n) for n in range(6)),
    ]
    draft = answered(draft_of(book({"Data": rows})), laid("Data", filled_down=["Site"]))
    assert list(cohort(draft).patients["site"]) == ["Kiel"] * 3 + ["Ulm"] * 3


def test_rows_that_are_left_out_and_the_one_that_counts():
    visits = "patient,day,CRP,batch\nP1,1,5,a\nP1,2,6,a\nP2,1,7,b\nP2,3,8,a"
    kept = table(visits, {edit_key("keep", "s", "batch"): json.dumps(["", "a"])})
    assert list(cohort(kept).tables["labs"]["value"]) == [5, 6, 8]
    counted = table(visits, {edit_key("no_day_zero", "s", "labs"): "yes"})
    assert list(cohort(counted).tables["labs"]["day"]) == [0, 1, 0, 2]
    people = "id,age,stage\nP1,60,I\nP1,61,II\nP2,70,I"
    assert list(cohort(table(people, {edit_key("one_row", "s", "patients"): "last"})).patients["stage"]) == ["II", "I"]


def test_the_time_of_those_without_the_event_stands_in_a_column_of_its_own():
    lines = "id,months to death,months seen,dead\nP1,3,9,1\nP2,,7,0\nP3,5,5,1\nP4,,8,0"
    said = {
        "role:s:months to death": "endpoints.time",
        "endpoint:s:months to death": "os",
        "event_values:s:dead": coded({"1": "event", "0": "censored"}),
        edit_key("censored_at", "s", "months to death"): "months seen",
    }
    assert usable(table(lines, said)) == {"P1": (3, 1), "P2": (7, 0), "P3": (5, 1), "P4": (8, 0)}


def test_a_word_of_a_further_column_gets_a_meaning():
    opened = cohort(flat(**{edit_key("codes", "s", "Note"): coded({"a": "first", "b": "no value"})}))
    assert list(opened.patients["note"].fillna("")) == ["first", "", "c", "d"]


def test_a_detail_of_a_column_that_is_not_read_is_told():
    draft = flat(**{"role:s:age": "ignore", edit_key("known_at", "s", "age"): "30"})
    assert len(draft.problems) == 1 and '"age" counts for nothing' in draft.problems[0]


def test_words_are_found_again_under_the_name_of_a_smaller_area():
    said = {
        edit_key("area", "s"): "1,1,4,6",
        edit_key("exclude", "s", "best"): json.dumps(["SD"]),
        edit_key("missing", "s", "age"): json.dumps(["61"]),
    }
    opened = cohort(flat(**said))
    assert opened.n_opened == 2 and opened.patients["age_years"].isna().sum() == 1


def test_a_change_by_hand_keeps_sheets_of_a_saved_mapping_that_are_gone():
    saved = draft_of(book({"People": [HEADER, *LAYOUT_FLAT], "Toxicity": EVENTS})).mapping
    draft = draft_of(book({"People": [HEADER, *LAYOUT_FLAT]})).with_saved(replace(saved, answers={"x": "y"}))
    draft = draft.answered(edit_key("known_at", "People", "Sex"), "before")
    assert [each.sheet for each in draft.mapping.sheets] == ["People", "Toxicity"] or draft.saved is None


@pytest.mark.parametrize(
    "file, said",
    [
        (TWO, {edit_key("header", "All [A1:E17]"): "1"}),
        (TWO, {edit_key("area", "All [A1:E17]"): "1,1,12,5"}),
        (ARMS, laid("Arm A + Arm B", appended=[])),
        (ARMS, laid("Arm A + Arm B", sheet_name_as="Treatment")),
        ({"Data": list(zip(HEADER, *LAYOUT_FLAT, strict=True))}, laid("Data", transposed=False)),
        ({"Data": [HEADER, *LAYOUT_FLAT]}, laid("Data", transposed=True)),
        (
            {"Data": [HEADER, *LAYOUT_FLAT]},
            {edit_key("one_row", "Data", "patients"): "last", edit_key("keep", "Data", "Sex"): '["F"]'},
        ),
    ],
)
def test_a_layout_made_by_hand_is_saved_and_read_again(file, said):
    draft = answered(draft_of(book(file)), said)
    again = draft.with_saved(from_json(to_json(draft.mapping)))
    assert again.mapping.sheets == draft.mapping.sheets
    if isinstance(draft.opened, str):
        assert again.opened == draft.opened
    else:
        assert cohort(again).patients.equals(cohort(draft).patients)


def test_a_second_table_is_named_by_hand_and_stays_when_the_mapping_is_opened_again():
    beside = [(*row, None, *other) for row, other in zip([HEADER, *LAYOUT_FLAT], EVENTS, strict=True)]
    whole = draft_of(book({"All": beside}))
    width = len(HEADER)
    right = f"{chr(66 + width)}1:{chr(69 + width)}17"
    changes = {"All": f"1,1,17,{width}", f"All [{right}]": f"1,{width + 2},17,{width + 5}"}
    draft = answered(whole, {edit_key("area", name): area for name, area in changes.items()})
    again = whole.with_saved(from_json(to_json(draft.mapping)))
    for each in (draft, again):
        assert len(cohort(each).patients) == len(cohort(each).adverse_events) == 16 and each.problems == ()
