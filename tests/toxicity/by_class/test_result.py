"""Classes: each patient once a class, the commonest first."""

from golden.cohorts import arms, by, cohort, example, selected, synthetic

from lib.derived.period import EARLY, MIDDLE
from lib.toxicity.by_class.result import by_class, has_classes
from lib.toxicity.incidence import Asked, incidence

ROWS = [
    {"patient_id": "a1", "term": "Anemia", "grade": 1, "system_organ_class": "Blood", "start_day": 1},
    {"patient_id": "a1", "term": "Neutropenia", "grade": 4, "system_organ_class": "Blood", "start_day": 40},
    {"patient_id": "b1", "term": "Rash", "grade": None, "system_organ_class": "Skin", "start_day": 2},
    {"patient_id": "b2", "term": "Anemia", "grade": 2, "system_organ_class": "Blood", "start_day": 3},
    {"patient_id": "b2", "term": "Fever", "grade": 2, "start_day": 3},
]
MADE = cohort(arms(A=["a1", "a2"], B=["b1", "b2"]), adverse_events=ROWS)


def classes(period=None):
    result = incidence(selected(MADE), by(MADE), Asked(period) if period else Asked())
    return by_class(selected(MADE), by(MADE), result)


def test_each_patient_counts_once_a_class_at_the_worst_grade():
    found = classes()
    blood, skin = found.classes
    assert (blood.name, [row.n for row in blood.rows], set(blood.terms)) == (
        "Blood",
        [(1, 1), (1, 0)],
        {"Anemia", "Neutropenia"},
    )
    assert [row.n for row in skin.rows] == [(0, 1), (0, 0)] and found.n_unclassed == 1


def test_the_period_is_that_of_the_terms():
    assert [row.n for row in classes(EARLY).classes[0].rows] == [(1, 1), (0, 0)]
    assert [one.name for one in classes(MIDDLE).classes] == ["Blood"]


def test_where_there_are_classes():
    assert has_classes(example()) and has_classes(MADE) and not has_classes(synthetic())
