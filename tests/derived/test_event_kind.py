"""Which events are serious, related or treatment-emergent: as the workbook says, and what it does not say is
nothing."""

from golden.cohorts import arms, cohort, example

from lib.derived.adverse_events import kinds_stated, of_kind, only_kinds

EVENTS = [
    {"patient_id": "a1", "term": "CRS", "grade": 3, "serious": "yes", "related": "Probable"},
    {"patient_id": "a1", "term": "ICANS", "grade": 1, "serious": "no", "related": "not related"},
    {"patient_id": "a2", "term": "CRS", "grade": 1, "serious": None, "related": "to the drug, perhaps"},
    {"patient_id": "a2", "term": "ICANS", "grade": 0, "serious": None, "related": None},
]


def made():
    return cohort(arms(A=["a1", "a2"]), adverse_events=EVENTS)


def test_only_kinds_of_which_there_is_an_event_are_offered():
    assert kinds_stated(made()) == ("serious", "related") and kinds_stated(example()) == ()


def test_words_that_state_nothing_are_of_no_kind():
    events = made().adverse_events
    assert of_kind(events, "related").tolist() == [True, False, False, False]
    assert of_kind(events, "serious").tolist() == [True, False, False, False]


def test_what_is_left_out_because_it_is_not_stated_is_said_and_what_was_looked_for_and_absent_stays():
    left, said = only_kinds(made(), ("serious",))
    assert left.adverse_events["grade"].tolist() == [3, 0]
    assert said == ("Of 1 adverse event (1 patient) it is not stated whether serious: not counted.",)
    both, said = only_kinds(made(), ("serious", "related"))
    assert len(both.adverse_events) == 2 and len(said) == 1
    assert only_kinds(made(), ())[0].adverse_events.equals(made().adverse_events)
