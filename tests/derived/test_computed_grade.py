"""Computed grades stand beside the recorded ones, under a name that says so."""

import pandas as pd
from golden.cohorts import example, selected

from lib.derived.adverse_events import ComputedGrades, grading_systems, with_computed, worst_grades

ROWS = pd.DataFrame(
    {
        "patient_id": ["P1", "P1", "C1", "nobody"],
        "term": ["Anemia"] * 4,
        "grade": [2.0, 3.0, 1.0, 4.0],
        "day": [3.0, 9.0, 4.0, 1.0],
    }
)
COMPUTED = ComputedGrades(ROWS, "CTCAE v5", ("Anemia", "Lymphopenia"))


def test_they_are_terms_of_their_own_and_only_of_these_patients():
    before = selected(example())
    made = with_computed(before, COMPUTED)
    worst = worst_grades(made)
    mine = worst[worst["term"] == "Anemia (computed)"]
    assert dict(zip(mine["patient_id"], mine["worst"], strict=True)) == {"P1": 3, "C1": 1}
    assert worst[worst["term"] == "Anemia"].equals(worst_grades(before).query("term == 'Anemia'"))
    assert grading_systems(made)["Anemia (computed)"] == ("CTCAE v5",)
    assert made.vocabulary["term"][-2:] == ("Anemia (computed)", "Lymphopenia (computed)")
    assert "Anemia (computed)" not in before.vocabulary["term"] and len(before.adverse_events) + 3 == len(
        made.adverse_events
    )
    assert (
        made.adverse_events["treatment"].iloc[-1] is None
        and (made.adverse_events.dtypes == before.adverse_events.dtypes).all()
    )


def test_none_computed_changes_only_the_vocabulary():
    made = with_computed(selected(example()), ComputedGrades(ROWS[:0], "CTCAE v5", ("Anemia",)))
    assert len(made.adverse_events) == len(selected(example()).adverse_events)
