"""Groupings: where a number is parted, what a group is called, and who belongs to none."""

from dataclasses import replace

import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from hypothesis import given
from hypothesis import strategies as st

from cohort.strategies import groupings
from lib.cohort.grouping import (
    EVERYBODY,
    MOST_GROUPS,
    Group,
    Grouping,
    can_compare,
    everybody,
    grouping_by,
    parse_cuts,
    parse_grouping,
    sized,
    written,
)


def aged(*ages, **others):
    rows = [{"patient_id": f"p{place}", "arm": "A", "age_years": age} for place, age in enumerate(ages)]
    return cohort([*rows, *({"patient_id": name, "arm": "A", **row} for name, row in others.items())])


def groups_of(made, written):
    return by(made, written).of(made.patients).tolist()


def sizes(grouping):
    return {group.name: group.size for group in grouping.groups}


def test_everybody_is_one_group_that_compares_nothing():
    grouping = by(example(), "-")
    assert grouping == everybody(example())
    assert sizes(grouping) == {EVERYBODY: 16}
    assert (grouping.compares, grouping.known_after_infusion, grouping.time_not_stated) == (False, False, False)
    assert set(grouping.of(example().patients)) == {EVERYBODY} and grouping.n_missing(example().patients) == 0
    assert everybody().groups[0].size == 0


def test_a_number_is_split_at_the_median_of_the_analysis_set():
    made = aged(40, 50, 60, 70, x={"age_years": 100, "analysis_set": "excluded"})
    grouping = by(made, "age")
    assert grouping.at_median and grouping.cuts == (55.0,)
    assert sizes(grouping) == {"Age ≤ 55": 2, "Age > 55": 2}
    assert grouping.of(made.patients).tolist()[-1] == "Age > 55"


def test_who_is_tied_with_the_median_is_below_it_and_with_a_cut_above_it():
    made = aged(40, 50, 50, 50, 70)
    assert groups_of(made, "age@median") == ["Age ≤ 50"] * 4 + ["Age > 50"]
    assert groups_of(made, "age@50") == ["Age < 50"] + ["Age ≥ 50"] * 4


def test_all_equal_one_patient_and_only_excluded_patients_have_a_value():
    assert sizes(by(aged(50, 50), "age")) == {"Age ≤ 50": 2, "Age > 50": 0}
    assert sizes(by(aged(50), "age")) == {"Age ≤ 50": 1, "Age > 50": 0}
    made = aged(None, x={"age_years": 61, "analysis_set": "excluded"})
    assert sizes(by(made, "age")) == {"Age ≤ 61": 0, "Age > 61": 0}


def test_cuts_are_sorted_and_counted_once():
    made = aged(10, 60, 65, 70, 99)
    grouping = by(made, "age@70,60; 60")
    assert grouping.names == ("Age < 60", "Age 60 to < 70", "Age ≥ 70")
    assert grouping.of(made.patients).value_counts(sort=False).tolist() == [1, 2, 2]


def test_names_say_exactly_where_the_cut_is():
    made = cohort([{"patient_id": f"p{place}", "ldh": 12345 + place} for place in range(4)])
    assert by(made, "ldh").names == ("ldh ≤ 12346.5", "ldh > 12346.5")
    grouping = by(made, "ldh@12345.1,12345.2,12345.3")
    assert len(set(grouping.names)) == 4 and sum(group.size for group in grouping.groups) == 4


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("emd", ("EMD no", "EMD yes")),
        ("high_risk_cytogenetics", ("High risk no", "High risk yes")),
        ("prior_lines", ("Lines 3", "Lines 4", "Lines ≥5")),
        ("arm", ("Control", "Pomalidomide")),
        ("sex", ("F", "M")),
        ("age", ("Age ≤ 57.5", "Age > 57.5")),
    ],
)
def test_a_level_that_says_nothing_by_itself_has_the_name_of_its_variable(column, names):
    grouping = by(example(), column)
    assert grouping.names == names
    assert all(group.level == member for group in grouping.groups for member in group.members)


def test_no_two_groups_have_one_name():
    rows = [{"patient_id": f"p{place}", "prior_lines": lines} for place, lines in enumerate(["3", "Lines 3", "4"])]
    assert by(cohort(rows), "prior_lines").names == ("3", "4", "Lines 3")


def test_a_missing_value_belongs_to_no_group():
    made = cohort([*arms(A=["a1"], B=["b1"]), {"patient_id": "c1", "age_years": 50}, {"patient_id": "c2"}])
    assert groups_of(made, "arm") == ["A", "B", None, None]
    assert groups_of(made, "age") == [None, None, "Age ≤ 50", None]
    assert groups_of(made, "age@40,60") == [None, None, "Age 40 to < 60", None]
    assert (by(made).n_missing(made.patients), by(made, "age").n_missing(made.patients)) == (2, 3)


def test_groups_keep_their_place_and_size_whatever_is_selected():
    made = example()
    grouping = by(made, "emd")
    part = selected(made, "emd=yes")
    assert sizes(grouping) == {"EMD no": 9, "EMD yes": 7}
    assert grouping.of(part.patients).tolist() == ["EMD yes"] * 7
    assert grouping.of(nobody(made).patients).tolist() == [] and grouping.n_missing(nobody(made).patients) == 0
    assert by(made, "age").of(nobody(made).patients).tolist() == []


def test_order_and_reference_are_those_of_study_else_the_first():
    study = (("order", "arm", "C; A"), ("reference", "arm", "a"), ("known_at", "arm", "30"))
    made = cohort(arms(A=["a1"], B=["b1"], C=["c1"]), study)
    grouping = by(made)
    assert (grouping.names, grouping.reference_name) == (("C", "A", "B"), "A")
    assert grouping.known_after_infusion and not grouping.time_not_stated
    assert by(cohort(arms(A=["a1"], B=["b1"]), ())).reference_name == "A"
    assert by(cohort(arms(A=["a1"], B=["b1"]), ())).time_not_stated
    assert replace(grouping, reference="gone").reference_name == "C"


def test_merged_groups_hold_the_patients_of_all_their_levels():
    made = cohort(arms(A=["a1", "a2"], B=["b1"], C=["c1"]))
    merged = replace(by(made), groups=(Group("B or C", ("B", "C"), "#112233"), Group("A alone", ("A",))))
    grouping = sized(merged, made)
    assert sizes(grouping) == {"B or C": 2, "A alone": 2}
    assert grouping.of(made.patients).tolist() == ["A alone", "A alone", "B or C", "B or C"]
    assert grouping.levels == ("B or C", "A")


def test_one_level_is_a_grouping_that_compares_nothing():
    grouping = by(cohort(arms(A=["a1", "a2"])))
    assert (grouping.names, grouping.compares) == (("A",), False)


def test_at_most_eight_groups():
    eight = cohort(arms(**{letter: [letter.lower()] for letter in "ABCDEFGH"}))
    nine = cohort(arms(**{letter: [letter.lower()] for letter in "ABCDEFGHI"}))
    assert len(by(eight).groups) == MOST_GROUPS == 8
    assert not can_compare(nine.variable("arm"))
    assert parse_grouping("arm", nine) == "Arm has 9 levels; at most 8 groups can be compared."
    assert len(by(example(), "age@1,2,3,4,5,6,7").groups) == 8
    assert parse_grouping("age@1,2,3,4,5,6,7,8", example()) == "8 cut-points make 9 groups; at most 8 can be compared."


@pytest.mark.parametrize(
    ("text", "cuts"), [("", ()), (" Median ", ()), ("60", (60.0,)), ("70;60,", (60.0, 70.0)), ("-1, 1e3", (-1.0, 1e3))]
)
def test_cut_points(text, cuts):
    assert parse_cuts(text) == cuts


@pytest.mark.parametrize("text", ["sixty", "60..70", "60 70", "nan", "60, inf", ",", "1,2,x"])
def test_what_is_no_list_of_cut_points(text):
    sentence = f'"{text}" is not a list of cut-points. Write numbers parted by commas, for example 60, 70.'
    assert parse_cuts(text) == parse_grouping(f"age@{text}", example()) == sentence


@pytest.mark.parametrize("name", ["stage", "", "patient_id", "@60", "infusion_date"])
def test_an_unknown_column(name):
    assert parse_grouping(name, example()) == f'This workbook has no column "{name.partition("@")[0]}" to compare by.'


def test_cuts_of_a_category_are_nothing():
    assert by(example(), "arm@60") == by(example(), "arm")


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("-", "-"), ("ARM", "arm"), ("age", "age_years@median"), ("age@ 70,60.50", "age_years@60.5,70"), ("EMD", "emd")],
)
def test_as_it_is_written(asked, kept):
    assert written(by(example(), asked)) == kept


@given(st.data())
def test_a_grouping_reads_as_it_was_written(data):
    grouping = data.draw(groupings(synthetic()))
    again = parse_grouping(written(grouping), synthetic())
    assert isinstance(again, Grouping)
    assert (again.variable, again.cuts, again.at_median) == (grouping.variable, grouping.cuts, grouping.at_median)


@given(st.data())
def test_every_patient_is_in_one_group_or_has_no_value(data):
    made = synthetic()
    grouping = data.draw(groupings(made))
    named = grouping.of(made.patients)
    assert set(named.dropna()) <= set(grouping.names)
    assert sum(group.size for group in grouping.groups) + grouping.n_missing(made.patients) == made.n
    if grouping.variable:
        assert (named.isna() == made.patients[grouping.variable].isna()).all()


def test_a_link_to_a_median_is_the_median_of_the_workbook_that_is_opened():
    younger, older = aged(40, 50), aged(70, 80)
    again = by(older, written(by(younger, "age")))
    assert again == grouping_by(older.variable("age_years"), older) and again.cuts == (75.0,)
