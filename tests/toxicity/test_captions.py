"""The toxicity headline, caption and notes."""

from golden.cohorts import arms, by, cohort, example, nobody, selected

from lib.toxicity.captions import headline, method, period_notes, printed_threshold
from lib.toxicity.event_table import notes
from lib.toxicity.incidence import incidence


def of(made, grouping="arm"):
    return incidence(selected(made), by(made, grouping))


def test_the_headline_names_the_commonest_severe_event():
    sentence, warning = headline(of(example()))
    assert (
        sentence
        == "Most frequent adverse event of grade 3 or more: Neutropenia, Control 8 (100 %), Pomalidomide 6 (75 %)."
    )
    assert warning == ""
    assert headline(of(example(), "-"))[0] == "Most frequent adverse event of grade 3 or more: Neutropenia, 14 (88 %)."


def test_the_headline_without_severe_events_and_without_any():
    mild = cohort(arms(A=["a1"], B=["b1"]), adverse_events=[{"patient_id": "a1", "term": "CRS", "grade": 1}])
    assert headline(of(mild))[0] == "Most frequent adverse event: CRS, A 1 (100 %), B 0 (0 %)."
    none = cohort(arms(A=["a1", "a2"]))
    assert headline(of(none))[0] == "No adverse events."
    assert headline(incidence(nobody(example()), by(example())))[0] == "No adverse events."


def test_the_method_gives_the_denominators_and_a_note_who_is_in_none():
    assert "all treated patients (n = 16: Control 8, Pomalidomide 8)" in method(of(example()))
    made = of(cohort([*arms(A=["a1"], B=["b1"]), {"patient_id": "c1"}]))
    assert period_notes(made) == ["1 patient without Arm not shown."]


def test_the_day_on_which_groups_became_known_stands_in_the_method_and_not_in_the_notes():
    found = of(example())
    assert "Arm became known by day 61" in method(found) and not any(
        "became known" in note for note in notes(found, found.rows)
    )


def test_thresholds_are_printed_with_signs():
    assert [printed_threshold(each) for each in ("grade >= 3", "grade 1-2", "any grade")] == [
        "grade ≥ 3",
        "grade 1–2",
        "any grade",
    ]


def test_two_scales_of_one_term_are_told():
    rows = [
        {"patient_id": f"a{number}", "term": "CRS", "grade": 1, "grading_system": system}
        for number, system in ((1, "Lee 2014"), (2, "ASTCT 2019"))
    ]
    made = of(cohort(arms(A=["a1", "a2"], B=["b1"]), adverse_events=rows))
    assert any("these grades are not interchangeable" in note for note in notes(made, made.rows))
