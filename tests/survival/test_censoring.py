"""The rules behind an endpoint in words: what counts, who is censored when, how many."""

from derived.courses import made
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.cohort.endpoint_choice import Definition
from lib.survival.censoring import censoring
from lib.survival.outcome import time_to_event


def said(opened, endpoint, definition=None):
    return censoring(time_to_event(selected(opened), endpoint, by(opened, "-"), "months", definition or Definition()))


def test_time_to_progression_says_how_many_deaths_are_censored_and_what_pfs_counts():
    ttp, os = {"a": (10, 0), "b": (6, 1), "c": (8, 0)}, {"a": (10, 1), "b": (9, 1), "c": (8, 0)}
    lines = said(made("abc", ttp=ttp, os=os, pfs={"a": (10, 1), "b": (6, 1), "c": (8, 0)}), "ttp")
    assert (
        lines[0]
        == "Time to progression: event = progression; others without progression are censored at their last assessment (1 patient)."
    )
    assert lines[1].startswith("1 death without progression censored at death:")
    assert lines[2] == "Progression-free survival of the same patients counts 2 events, time to progression 1 event."
    assert len(said(made("abc", ttp=ttp, os=os), "ttp")) == 2


def test_every_given_endpoint_has_its_sentence():
    (line,) = said(example(), "os")
    assert (
        line
        == "Overall survival: event = death of any cause; the living are censored at their last contact (6 patients)."
    )
    assert "progression or death, whichever comes first" in said(synthetic(), "pfs")[0]
    assert "as the workbook counts it" in said(made("a", time_to_icu={"a": (3, 0)}), "time_to_icu")[0]


def test_a_derived_endpoint_says_of_what():
    lines = said(example(), "dor")
    assert lines[0].startswith(
        "Duration of response: event = progression or death, counted from the first response; confirmation"
    )
    assert lines[-1] == "Derived from Responses, TTP and OS: the workbook gives no duration of response."


def test_the_list_of_event_free_survival_is_always_displayed():
    assert "event = progression or death;" in said(example(), "efs")[0]
    assert "event = death;" in said(example(), "efs", Definition(efs_events=("death",)))[0]


def test_time_from_apheresis_says_that_patients_enter_at_infusion():
    cohort = made("a", os={"a": (9, 1)}, therapies=[("a", "other", "apheresis", -30)])
    assert "patients enter at their infusion" in said(cohort, "os", Definition(origin="apheresis"))[-1]


def test_nobody():
    for endpoint in ("os", "ttp", "dor", "efs"):
        outcome = time_to_event(nobody(example()), endpoint, by(example()), "months")
        assert "(0 patients)" in censoring(outcome)[0]
