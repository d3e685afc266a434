"""Duration of response, time to next treatment, event-free survival of hand-worked patients."""

import pytest
from golden.cohorts import example, nobody, selected

from derived.courses import MONTH, all_of, made, reported
from lib.cohort.endpoint_choice import AS_USUAL, Definition
from lib.derived.best_response import NOT_ASSESSED
from lib.derived.endpoint import NO_RESPONSE, duration_of_response, event_free, next_treatment


def rows(derived):
    table = reported(derived.table, "time", "event", "problem")
    return {patient: row[:2] if not row[2] else row[2] for patient, row in table.items()}


RESPONDED = [("a", 30, "PR"), ("a", 60, "CR"), ("b", 28, "SD"), ("d", 28, "VGPR"), ("e", 28, "PR"), ("f", 28, "PR")]
ENDS = {
    "ttp": {"a": (100, 1), "b": (50, 1), "d": (80, 0), "e": (20, 0), "f": (90, 0)},
    "os": {"a": (200, 1), "b": (60, 1), "c": (15, 1), "d": (80, 1), "e": (20, 0), "f": (90, 0)},
}


def test_duration_of_response_to_progression_or_death():
    derived = duration_of_response(all_of(made("abcdef", responses=RESPONDED, **ENDS)), AS_USUAL)
    assert rows(derived) == {
        "a": (70, 1),
        "b": NO_RESPONSE,
        "c": NOT_ASSESSED,
        "d": (52, 1),
        "e": "response after the end of follow-up",
        "f": (62, 0),
    }
    assert (derived.event, derived.origin, derived.source) == (
        "progression or death",
        "first response",
        "Responses, TTP and OS",
    )


def test_duration_of_response_to_progression_censors_deaths():
    derived = duration_of_response(all_of(made("abcdef", responses=RESPONDED, **ENDS)), Definition(dor_death=False))
    assert rows(derived)["d"] == (52, 0) and rows(derived)["a"] == (70, 1)
    assert derived.table["censored_at_death"].tolist() == [False, False, False, True, False, False]
    assert derived.event == "progression"


def test_months_of_endpoints_and_days_of_assessments_are_not_rounded():
    derived = duration_of_response(
        all_of(made("a", responses=[("a", 30, "PR")], ttp={"a": (1, 1)}, os={"a": (9, 0)}, unit="months")), AS_USUAL
    )
    assert derived.table["time"].tolist() == [MONTH - 30]


def test_the_response_on_the_day_of_progression_is_none():
    derived = duration_of_response(
        all_of(made("a", responses=[("a", 60, "PR")], ttp={"a": (60, 1)}, os={"a": (60, 1)})), AS_USUAL
    )
    assert rows(derived) == {"a": NO_RESPONSE}


THERAPIES = [
    ("a", "subsequent", "X", 120),
    ("d", "subsequent", "X", None),
    ("e", "subsequent", "X", 400),
    ("g", "subsequent", "X", 70),
]
CONTACT = {"a": (300, 1), "b": (200, 1), "c": (250, 0), "d": (90, 0), "e": (300, 0)}


def test_next_treatment_censors_deaths_and_the_living():
    derived = next_treatment(all_of(made("abcdefg", therapies=THERAPIES, os=CONTACT)), AS_USUAL)
    assert rows(derived) == {
        "a": (120, 1),
        "b": (200, 0),
        "c": (250, 0),
        "d": "start of a subsequent therapy not stated",
        "e": "next therapy after death or last contact",
        "f": "no last contact",
        "g": (70, 1),
    }
    assert derived.table["censored_at_death"].tolist() == [False, True, False, False, False, False, False]


def test_next_treatment_or_death():
    derived = next_treatment(all_of(made("abcdefg", therapies=THERAPIES, os=CONTACT)), Definition(ttnt_death=True))
    assert rows(derived)["b"] == (200, 1) and not derived.table["censored_at_death"].any()
    assert derived.event == "next therapy or death"


COURSE = {
    "ttp": {"a": (100, 1), "b": (100, 0), "c": (100, 0), "d": (100, 0), "e": (100, 0)},
    "os": {"a": (200, 1), "b": (150, 1), "c": (160, 0), "d": (160, 0), "e": (100, 0)},
    "therapies": [("c", "subsequent", "X", 120)],
    "infusions": [("d", 1, 0), ("d", 2, 60)],
}


def test_event_free_survival_waits_for_all_that_the_workbook_tells():
    derived = event_free(all_of(made("abcde", **COURSE)), AS_USUAL)
    assert rows(derived) == {"a": (100, 1), "b": (150, 1), "c": (120, 1), "d": (60, 1), "e": (100, 0)}
    assert derived.event == "progression or death or new therapy or another infusion"
    assert derived.source == "TTP and OS, Therapies, Infusions"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (("progression", "death"), {"a": (100, 1), "b": (150, 1), "c": (100, 0), "d": (100, 0), "e": (100, 0)}),
        (("death", "new therapy"), {"a": (200, 1), "b": (150, 1), "c": (120, 1), "d": (160, 0), "e": (100, 0)}),
        (("progression",), {"a": (100, 1), "b": (100, 0), "c": (100, 0), "d": (100, 0), "e": (100, 0)}),
        (("new therapy",), {"a": (200, 0), "b": (150, 0), "c": (120, 1), "d": (160, 0), "e": (100, 0)}),
    ],
)
def test_event_free_survival_of_the_readers_own_list(events, expected):
    derived = event_free(all_of(made("abcde", **COURSE)), Definition(efs_events=events))
    assert rows(derived) == expected
    assert derived.event == " or ".join(events)


def test_whoever_died_and_is_censored_then_is_marked():
    derived = event_free(all_of(made("abcde", **COURSE)), Definition(efs_events=("new therapy",)))
    assert derived.table["censored_at_death"].tolist() == [True, True, False, False, False]


def test_the_example_and_nobody():
    assert (duration_of_response(selected(example()), AS_USUAL).table["problem"] == "").sum() == 16
    for derive in (duration_of_response, next_treatment, event_free):
        assert len(derive(nobody(example()), AS_USUAL).table) == 0
