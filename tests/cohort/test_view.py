"""The view as a link: what is written reads as the same view, and a wish that cannot be followed is reported."""

import json
from dataclasses import replace

import pytest
from golden.cohorts import arms, by, cohort, example, synthetic
from hypothesis import given
from hypothesis import strategies as st
from workbooks import read

from cohort.strategies import views
from lib.cohort.course_clause import CourseClause
from lib.cohort.grouping import Group, everybody, sized
from lib.cohort.selection import Clause, Selection
from lib.cohort.view import (
    OTHER_GROUPS,
    View,
    first_view,
    followed,
    from_parameters,
    infusion_numbers,
    is_customised,
    to_parameters,
)

TWO = [["Pom", ["Pomalidomide"], "#0072B2"], ["No", ["Control"], ""]]


def groups(listed, reference=""):
    return json.dumps({"groups": listed, "reference": reference})


def test_the_first_view_is_in_the_link_only_by_its_fingerprint():
    first = first_view(example())
    assert to_parameters(first, example()) == {"cohort": [example().fingerprint[:8]]}
    assert from_parameters({}, example()) == (first, ())
    assert from_parameters({"cohort": ["00000000"], "page": ["x"]}, example()) == (first, ())


def test_the_first_view_is_everybody_split_as_study_says_else_by_arm():
    assert first_view(example()) == View(Selection(), by(example()), "months")
    made = cohort(arms(A=["a1"]), (("group_by", None, "age"), ("time_unit", None, "weeks")))
    assert first_view(made) == View(Selection(), everybody(made), "weeks")
    nine = cohort(arms(**{letter: [letter.lower()] for letter in "ABCDEFGHI"}))
    assert first_view(nine).grouping == everybody(nine), "too many arms to compare"


@given(st.data())
def test_a_view_reads_as_it_was_written(data):
    view = data.draw(views(synthetic()))
    parameters = to_parameters(view, synthetic())
    assert all(isinstance(value, str) for values in parameters.values() for value in values)
    assert from_parameters(parameters, synthetic()) == (view, ())


def test_every_wish_at_once():
    made = synthetic()
    merged = [Group("With IMiD", ("Pomalidomide", "Lenalidomide"), "#D55E00"), Group("无", ("No maintenance",))]
    grouping = sized(replace(by(made), groups=tuple(merged), reference="无"), made)
    asked = Selection((Clause("emd", ("yes",), keep_missing=True), Clause("age_years", interval=(40.5, 70))), 2, True)
    parameters = to_parameters(View(asked, grouping, "days"), made)
    assert set(parameters) == {"cohort", "where", "by", "groups", "unit", "infusion", "excluded"}
    assert parameters["where"] == ["emd=yes|?", "age_years=40.5..70"]
    assert from_parameters(parameters, made) == (View(asked, grouping, "days"), ())


def test_a_link_holds_no_patient_and_no_file():
    made = synthetic()
    view = View(Selection((Clause("emd", ("yes",)),), 2, True), by(made, "age@60"), "weeks")
    reported = json.dumps(to_parameters(view, made))
    assert "ZQX" not in reported and "synthetic" not in reported and made.fingerprint not in reported
    assert not [patient for patient in made.patients["patient_id"] if patient in reported]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"where": ["stage=II"]}, 'This workbook has no column "stage" to filter by.'),
        ({"where": ["arm=Lenalidomide"]}, 'Arm: this workbook has no "Lenalidomide".'),
        ({"where": ["age=old"]}, '"age=old": write two numbers parted by "..", for example age_years=40..60.'),
        ({"by": ["stage"]}, 'This workbook has no column "stage" to compare by.'),
        ({"by": ["stage"], "groups": [groups(TWO)]}, 'This workbook has no column "stage" to compare by.'),
        ({"by": ["age@x"]}, '"x" is not a list of cut-points. Write numbers parted by commas, for example 60, 70.'),
        ({"unit": ["years"]}, '"years" is no unit of time that can be shown.'),
        ({"infusion": ["2"]}, 'Nobody in this workbook had infusion "2".'),
        ({"infusion": ["²"]}, 'Nobody in this workbook had infusion "²".'),
        ({"infusion": ["-1"]}, 'Nobody in this workbook had infusion "-1".'),
        ({"groups": [groups([["All", ["Control", "Lenalidomide"], ""]])]}, OTHER_GROUPS),
    ],
)
def test_a_wish_that_cannot_be_followed_is_dropped_with_one_sentence(parameters, sentence):
    assert from_parameters(parameters, example()) == (first_view(example()), (sentence,))


def test_the_other_wishes_are_followed():
    view, dropped = from_parameters(
        {"where": ["stage=II", "emd=yes", "sex=X"], "by": ["sex"], "unit": ["aeons"], "excluded": ["included"]},
        example(),
    )
    assert view == View(Selection((Clause("emd", ("yes",)),), include_excluded=True), by(example(), "sex"), "months")
    assert len(dropped) == 3


@pytest.mark.parametrize(
    "parameters",
    [
        {name: [] for name in ("where", "by", "groups", "unit", "infusion", "excluded")},
        {"by": [""], "groups": [""], "unit": [""], "infusion": [""], "excluded": ["no"]},
    ],
)
def test_empty_wishes_are_none(parameters):
    assert from_parameters(parameters, example()) == (first_view(example()), ())


GARBAGE = [
    "x",
    "null",
    "3",
    "[]",
    "{}",
    "[1]",
    '"groups"',
    "NaN",
    '{"groups":1,"reference":""}',
    '{"groups":[],"reference":""}',
    '{"groups":[1],"reference":""}',
    '{"groups":[["a"]],"reference":""}',
    '{"groups":[["a",1,""]],"reference":""}',
    '{"groups":{"a":1}}',
    groups(TWO)[:-1],
    groups(TWO[:1]),
    groups([*TWO, TWO[0]]),
    groups([*TWO, ["empty", [], ""]]),
    groups([["same", ["Control"], ""], ["same", ["Pomalidomide"], ""]]),
    groups([["\ud800", ["Control"], ""], TWO[0]]),
    groups(TWO, reference="\ud800"),
    "[" * 20_000,
    "1" * 10_000,
]


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_groups_that_are_none_change_nothing(text):
    assert from_parameters({"groups": [text]}, example()) == (first_view(example()), (OTHER_GROUPS,))
    view, dropped = from_parameters({"by": ["-"], "groups": [text]}, example())
    assert (view.grouping, dropped) == (everybody(example()), (OTHER_GROUPS,))


@given(st.dictionaries(st.sampled_from(["where", "by", "groups", "unit", "infusion", "excluded"]), st.lists(st.text())))
def test_a_link_of_anything_gives_a_view(parameters):
    view, _ = from_parameters(parameters, example())
    assert view.grouping.names and view.selection.infusion == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(JSON, JSON)
def test_groups_of_any_shape_give_the_groups_of_the_workbook(listed, reference):
    view, _ = from_parameters({"groups": [json.dumps({"groups": listed, "reference": reference})]}, example())
    assert view.grouping == by(example())


def test_colours_are_colours():
    listed = [["A", ["Control"], "red; background: url(x)"], ["B", ["Pomalidomide"], "#00ff00"]]
    view, dropped = from_parameters({"groups": [groups(listed, "B")]}, example())
    assert dropped == () and [group.colour for group in view.grouping.groups] == ["", "#00ff00"]
    assert (view.grouping.reference_name, [group.size for group in view.grouping.groups]) == ("B", [8, 8])


def test_what_is_customised():
    made = example()
    assert not any(is_customised(by(made, column), made) for column in ("-", "arm", "age", "age@60,70"))
    renamed = replace(by(made), groups=(Group("X", ("Control",), size=8), by(made).groups[1]))
    assert is_customised(renamed, made) and is_customised(replace(by(made), reference="Pomalidomide"), made)


def test_the_infusions_that_anybody_had():
    assert infusion_numbers(example()) == infusion_numbers(cohort(arms(A=["a1"]))) == (1,)
    assert infusion_numbers(synthetic()) == (1, 2)
    rows = [["patient_id", "infusion"], ["P1", 1], ["P1", 3], ["P1", None]]
    assert infusion_numbers(read({"Patients": [["patient_id"], ["P1"]], "Infusions": rows})) == (1, 3)


def test_what_another_workbook_does_not_know_is_left_out_of_a_view_and_the_rest_stays():
    """Widgets may still say what belonged to the workbook before."""
    opened, first = example(), first_view(example())
    known = Selection().with_clause(Clause("emd", ("yes",))).with_clause(Clause("age_years", interval=(50.0, 60.0)))
    wanted = replace(first, selection=known, unit="weeks")
    assert followed(wanted, opened, first) == wanted
    strange = (
        Clause("ward", ("3",)),
        Clause("emd", ("perhaps",)),
        Clause("age_years", ("50",)),
        Clause("emd", interval=(1.0, 2.0)),
    )
    course = (CourseClause("event", "Hiccups", 3), CourseClause("response", "VGPR"))
    asked = replace(known, clauses=(*known.clauses, *strange), course=course, infusion=9)
    kept = followed(View(asked, replace(first.grouping, variable="ward"), "years"), opened, first).selection
    assert kept.clauses == known.clauses and kept.course == course[1:] and kept.infusion == 1
    gone = followed(View(known, replace(first.grouping, groups=first.grouping.groups[:1]), "years"), opened, first)
    assert gone == View(known, first.grouping, first.unit)
