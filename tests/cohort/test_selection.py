"""Selections: who is kept, what is said of those left out, and that a written clause reads as the same clause."""

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from golden.cohorts import cohort, example, selected, synthetic
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import ids, read

from cohort.strategies import clauses, selections
from lib.cohort.course_clause import Answered, CourseClause
from lib.cohort.model import SelectedBy, Variable
from lib.cohort.selection import Clause, Selection, describe, find_variable, offered, parse_clause, select
from lib.derived.course_answer import answers

ODD_LEVELS = ("a|b", "50%", "%7C", "who?", "a=b", "two words", "混合 型", "≥5", "x..y", "+", "&", "ß", "a|?")
PEOPLE = [
    {"patient_id": "p1", "arm": "A", "emd": "yes", "age_years": 40},
    {"patient_id": "p2", "arm": "A", "emd": "no", "age_years": 50},
    {"patient_id": "p3", "arm": "B", "emd": None, "age_years": 60},
    {"patient_id": "p4", "arm": "B", "emd": "yes", "age_years": None},
]


@cache
def people():
    return cohort(PEOPLE)


def of_levels(levels):
    """A cohort whose one variable has these levels."""
    return replace(people(), variables=(Variable("arm", "Arm", "category", tuple(levels)),))


def same_rows(first, second):
    """Whether two cohorts hold the same patients and events, whatever the order of their rows."""

    def rows(table):
        return sorted(map(repr, table[sorted(table.columns)].itertuples(index=False)))

    return rows(first.patients) == rows(second.patients) and all(
        rows(table) == rows(second.tables[name]) for name, table in first.tables.items()
    )


def test_an_empty_selection_keeps_the_analysis_set_as_it_is():
    chosen = selected(example())
    assert (chosen.n, chosen.n_opened, chosen.selection, chosen.selected_by) == (16, 16, "all patients", ())
    assert chosen.fingerprint == example().fingerprint
    assert not chosen.endpoints["patient_id"].isin(["C9"]).any()


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (["arm=A"], "p1 p2"),
        (["arm=A|B"], "p1 p2 p3 p4"),
        (["emd=yes"], "p1 p4"),
        (["emd=yes|?"], "p1 p3 p4"),
        (["emd=?"], "p3"),
        (["age=40..50"], "p1 p2"),
        (["age=50..40"], "p1 p2"),
        (["age=50..50"], "p2"),
        (["age=41..59|?"], "p2 p4"),
        (["age=60..inf"], "p3"),
        (["arm=B", "emd=yes"], "p4"),
        (["arm=A", "arm=B"], "p3 p4"),
        (["age=90..99"], ""),
    ],
)
def test_who_is_kept(where, kept):
    assert ids(selected(people(), *where)) == kept.split()


def test_nobody_leaves_every_table_with_its_columns():
    none = select(synthetic(), Selection((Clause("arm"),)))
    assert none.n == 0 and none.selection == "Arm: nobody"
    for name, table in synthetic().tables.items():
        assert list(none.tables[name].columns) == list(table.columns) and none.tables[name].empty
    assert none.vocabulary == synthetic().vocabulary and none.n_opened == 60


def test_excluded_patients_are_out_unless_asked_for():
    both = selected(example(), include_excluded=True)
    assert (both.n, both.n_opened, both.selection) == (17, 17, "patients outside the analysis set included")
    assert set(both.endpoints["patient_id"]) - set(selected(example()).endpoints["patient_id"]) == {"C9"}


def test_the_second_infusion_has_its_own_patients_days_and_endpoints():
    rows = [{"patient_id": "p1", "infusion": number, "day": 100 * (number - 1)} for number in (1, 2)]
    values = [
        {"patient_id": patient, "infusion": number, "day": 7, "value": 500, "lloq": 50}
        for patient, number in (("p1", 1), ("p1", 2), ("p2", 1))
    ]
    made = cohort(
        PEOPLE,
        infusions=[*rows, {"patient_id": "p2", "infusion": 1}],
        kinetics=values,
        endpoints=[
            {"patient_id": "p1", "infusion": number, "endpoint": "os", "time": number, "event": 1} for number in (1, 2)
        ],
    )
    second = selected(made, infusion=2)
    assert (ids(second), second.infusion, second.selection) == (["p1"], 2, "counted from infusion 2")
    assert second.endpoints["time"].tolist() == [2]
    assert second.infusions["infusion"].tolist() == second.kinetics["infusion"].tolist() == [1, 2]
    assert selected(made).endpoints["time"].tolist() == [1]
    assert len(selected(made).kinetics) == 3


def test_assays_speak_of_no_patient_and_are_kept():
    made = read(
        {
            "Patients": [["patient_id", "arm"], ["p1", "A"]],
            "Assays": [["experiment", "measure", "value"], ["killing", "lysis", 40]],
        }
    )
    assert len(select(made, Selection((Clause("arm"),))).assays) == 1


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_selection_twice_in_any_order_of_rows_is_the_selection_once(data):
    made = synthetic()
    asked = data.draw(selections(made))
    once = select(made, asked, answers(made, asked))
    assert same_rows(select(once, asked, answers(once, asked)), once)
    turned = made.with_tables(made.patients[::-1], {name: table[::-1] for name, table in made.tables.items()})
    assert same_rows(select(turned, asked, answers(turned, asked)), once)
    assert once.patients.index.tolist() == list(range(once.n))
    for name, table in once.tables.items():
        assert name == "assays" or set(table["patient_id"]) <= set(ids(once)), name


@given(st.data())
def test_every_patient_is_kept_or_speaks_against_a_clause(data):
    variable = data.draw(st.sampled_from(synthetic().variables))
    clause = data.draw(clauses(variable))
    kept = select(synthetic(), Selection((clause,)))
    out = synthetic().patients[~synthetic().patients["patient_id"].isin(ids(kept))][variable.name]
    inside = out.between(*clause.interval) if clause.interval else out.isin(clause.levels)
    assert not inside.any() and not (clause.keep_missing and out.isna().any())
    assert clause.keep_missing or kept.patients[variable.name].notna().all()


def test_the_fingerprint_is_that_of_the_file_whoever_is_selected():
    assert selected(people(), "emd=yes").fingerprint == people().fingerprint
    assert selected(people(), include_excluded=True).fingerprint == people().fingerprint


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ([], "all patients"),
        (["arm=A"], "Arm: A"),
        (["emd=yes"], "Extramedullary disease: yes, 1 without a value left out"),
        (["emd=yes|no|?"], "Extramedullary disease: yes, no, 1 without a value kept"),
        (["emd=?"], "Extramedullary disease: without a value"),
        (["age=45.5..60"], "Age 45.5 to 60 years, 1 without a value left out"),
        (["age=45..60|?", "arm=B"], "Age 45 to 60 years, 1 without a value kept; Arm: B"),
    ],
)
def test_a_selection_in_words_says_what_becomes_of_missing_values(where, words):
    assert selected(people(), *where).selection == words


def test_who_is_left_out_is_counted_among_those_asked_for():
    made = cohort([*PEOPLE, {"patient_id": "p5", "arm": "B", "analysis_set": "excluded"}])
    assert "1 without a value left out" in selected(made, "emd=yes").selection
    assert "2 without a value left out" in selected(made, "emd=yes", include_excluded=True).selection


def test_words_of_a_variable_that_is_gone():
    assert describe(Selection(infusion=2), people()) == "counted from infusion 2"


def test_one_clause_a_variable():
    asked = Selection((Clause("arm", ("A",)), Clause("emd", ("yes",))))
    changed = asked.with_clause(Clause("arm", ("B",)))
    assert [str(clause) for clause in changed.clauses] == ["arm=B", "emd=yes"]
    assert changed.without("arm").clauses == (Clause("emd", ("yes",)),)
    assert (changed.clause("arm"), changed.without("arm").clause("arm")) == (Clause("arm", ("B",)), None)


@given(st.data())
def test_a_clause_reads_as_it_was_written(data):
    clause = data.draw(clauses(data.draw(st.sampled_from(synthetic().variables))))
    assert parse_clause(str(clause), synthetic()) == clause


def as_stored(word):
    return re.sub(r"[\x00-\x1f\x7f]+", " ", word).strip()


LEVELS = st.text(min_size=1, max_size=8).map(as_stored).filter(bool)


@given(st.lists(LEVELS, min_size=1, max_size=5, unique_by=lambda level: " ".join(level.casefold().split())))
def test_a_clause_of_any_levels_reads_as_it_was_written(levels):
    clause = Clause("arm", tuple(levels))
    assert parse_clause(str(clause), of_levels(levels)) == clause


@pytest.mark.parametrize("level", ODD_LEVELS)
def test_odd_levels_are_filtered_by_what_was_written(level):
    made = cohort([{"patient_id": f"p{place}", "arm": name} for place, name in enumerate(ODD_LEVELS)])
    assert set(made.variable("arm").levels) == set(ODD_LEVELS)
    clause = parse_clause(str(Clause("arm", (level,), keep_missing=True)), made)
    assert clause == Clause("arm", (level,), keep_missing=True)
    assert select(made, Selection((clause,))).patients["arm"].tolist() == [level]


def test_the_ends_of_an_interval_are_not_rounded():
    made = cohort([{"patient_id": f"p{place}", "ldh": value} for place, value in enumerate([1 / 3, 2.5, 262 / 3])])
    ends = made.patients["ldh"].min(), made.patients["ldh"].max()
    assert selected(made, str(Clause("ldh", interval=ends))).n == 3
    assert str(Clause("ldh", interval=(40.0, 60.5))) == "ldh=40..60.5"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("stage=II", 'This workbook has no column "stage" to filter by.'),
        ("=A", 'This workbook has no column "" to filter by.'),
        ("", 'This workbook has no column "" to filter by.'),
        ("patient_id=p1", 'This workbook has no column "patient_id" to filter by.'),
        ("arm", '"arm" does not say what to keep: write arm= and the values.'),
        ("arm=C", 'Arm: this workbook has no "C".'),
        ("arm=A|C|D", 'Arm: this workbook has no "C, D".'),
        ("arm=", 'Arm: this workbook has no "".'),
        *(
            (f"age={wrong}", f'"age={wrong}": write two numbers parted by "..", for example age_years=40..60.')
            for wrong in ("", "50", "40..", "a..b", "40..50..60", "40..50|60..70", "nan..60", "40-60", "?")
        ),
    ],
)
def test_what_cannot_be_followed_gets_one_sentence(written, sentence):
    assert parse_clause(written, people()) == sentence


@pytest.mark.parametrize("word", ["age_years", "Age_Years", "age", " AGE ", "Age"])
def test_a_column_is_found_by_name_label_or_name_without_its_unit(word):
    assert find_variable(people(), word).name == "age_years"


def test_levels_are_found_whatever_their_capitals():
    assert parse_clause("Extramedullary disease= YES |no", people()) == Clause("emd", ("yes", "no"))


def test_the_opened_cohort_stays_as_it_was():
    made = people()
    before = made.patients.copy()
    selected(made, "arm=A", "emd=yes")
    pd.testing.assert_frame_equal(made.patients, before)


def test_a_clause_about_the_course_that_was_not_answered_is_not_passed_over():
    with pytest.raises(ValueError, match="not answered"):
        select(people(), Selection(course=(CourseClause("event", "CRS", 3),)))


def test_whom_an_answer_keeps_is_selected_and_told():
    clause = CourseClause("event", "CRS", 3)
    asked = Selection((Clause("arm", ("A", "B")),)).with_clause(clause)
    reported = Answered(clause, frozenset(ids(people())), frozenset(["p1", "p4"]), frozenset(["p3"]))
    chosen = select(people(), asked, (reported,))
    assert (ids(chosen), chosen.n_opened) == (["p1", "p4"], 4)
    assert chosen.selection == "Arm: A, B; CRS grade ≥ 3, 1 not known (grade not stated) left out"
    assert chosen.selected_by == (SelectedBy("Arm", 0.0), SelectedBy("CRS grade ≥ 3", float("inf")))


def test_each_question_about_the_course_is_asked_once():
    clause, other = CourseClause("event", "CRS", 3), CourseClause("event", "CRS", 2)
    asked = Selection().with_clause(clause).with_clause(other).with_clause(replace(clause, keep_missing=True))
    assert asked.course == (replace(clause, keep_missing=True), other)
    assert asked.without_course(clause.question).course == (other,)


def test_what_a_filter_offers_follows_the_other_filters_and_never_itself():
    everybody = people()
    arm, emd = (everybody.variable(name) for name in ("arm", "emd"))
    chosen = Selection((Clause("emd", ("yes",)), Clause("arm", ("A",))))
    assert offered(everybody, chosen, (), arm) == {"A": (1, 2), "B": (1, 2)}
    assert offered(everybody, chosen, (), emd) == {"no": (1, 1), "yes": (1, 2), "?": (0, 1)}
    crs = CourseClause("event", "CRS", 3)
    found = (Answered(crs, frozenset(), frozenset({"p4"}), frozenset(), 0),)
    assert offered(everybody, Selection(course=(crs,)), found, arm) == {"A": (0, 2), "B": (1, 2)}
