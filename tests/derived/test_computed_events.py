"""Computed grades as terms of their own beside the reported ones."""

from golden.cohorts import arms, by, cohort, nobody
from workbooks import example

from lib.cohort.ctcae import V5, V6
from lib.derived.adverse_events import COMPUTED, with_computed_events, worst_grades
from lib.toxicity.event_table import notes
from lib.toxicity.incidence import ANY_EVENT, incidence

LABS = [
    {"patient_id": "a1", "test": "ANC", "unit": "10^9/L", "day": day, "value": value, "lower_limit": 1.8}
    for day, value in ((-3, 3), (5, 0.4), (40, 1.6))
]
EVENT = {"patient_id": "a2", "term": "Neutropenia", "grade": 2, "start_day": 5}


def test_a_term_of_its_own_which_is_no_part_of_any_event():
    opened = cohort(arms(A=["a1"], B=["a2"]), labs=LABS, adverse_events=[EVENT, {**EVENT, "term": "Fever"}])
    added = with_computed_events(opened, V5)
    assert (
        added.vocabulary[COMPUTED] == ("Neutropenia, CTCAE v5 (computed)",) and opened.vocabulary.get(COMPUTED) is None
    )
    assert worst_grades(added).to_numpy().tolist()[-1] == ["a1", "Neutropenia, CTCAE v5 (computed)", 4]
    result = incidence(added, by(added))
    rows = {row.term: row.n for row in result.rows if row.threshold == "any grade"}
    assert (
        rows[ANY_EVENT] == (0, 1)
        and rows["Neutropenia"] == (0, 1)
        and rows["Neutropenia, CTCAE v5 (computed)"] == (1, 0)
    )
    assert any("computed from laboratory values, not reported" in note for note in notes(result, result.rows))
    assert not any("computed from" in note for note in notes(incidence(opened, by(opened)), ()))


def test_without_reported_events_without_values_and_nobody():
    opened = cohort(arms(A=["a1"]), labs=LABS)
    assert len(worst_grades(with_computed_events(opened, V6))) == 1
    empty = with_computed_events(nobody(opened), V5)
    assert worst_grades(empty).empty and empty.vocabulary[COMPUTED] == ("Neutropenia, CTCAE v5 (computed)",)


def test_tests_that_have_no_grades_and_no_tests_at_all_add_nothing():
    for labs in ([{**LABS[0], "test": "CRP", "unit": "mg/L"}], []):
        opened = cohort(arms(A=["a1"]), labs=labs, adverse_events=[{**EVENT, "patient_id": "a1"}])
        added = with_computed_events(opened, V5)
        assert added.vocabulary[COMPUTED] == () and worst_grades(added)["term"].tolist() == ["Neutropenia"]


def test_in_the_example_the_computed_grades_are_those_reported():
    worst = worst_grades(with_computed_events(example(), V5))
    severe = worst[worst["worst"] >= 3].groupby("term")["patient_id"].apply(set)
    for term, computed in (
        ("Neutropenia", "Neutropenia"),
        ("Lymphopenia", "Lymphopenia"),
        ("Anemia", "Anaemia"),
        ("Thrombocytopenia", "Thrombocytopenia"),
    ):
        assert severe[term] == severe[f"{computed}, CTCAE v5 (computed)"], term
