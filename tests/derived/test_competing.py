"""Two causes that compete, of hand-worked patients, and the public data of mgus2."""

import numpy as np
from golden.cohorts import example, nobody, selected

from derived.courses import all_of, made, reported
from lib.cohort.endpoint_choice import Definition, offered_incidences
from lib.derived.best_response import NOT_ASSESSED
from lib.derived.endpoint import competing_rows


def rows(endpoint, ids="abcde", **tables):
    table = reported(competing_rows(all_of(made(ids, **tables)), endpoint).table, "time", "cause", "problem")
    return {patient: row[:2] if not row[2] else row[2] for patient, row in table.items()}


def test_progression_and_death_keep_the_times_as_they_are_written():
    found = competing_rows(
        all_of(made("ab", ttp={"a": (5.85, 1), "b": (7, 0)}, os={"a": (9, 1), "b": (7, 1)}, unit="months")), "ttp"
    )
    assert reported(found.table, "time", "cause") == {"a": (5.85, 1), "b": (7, 2)}
    assert set(found.table["unit"]) == {"months"} and found.died_later == 0


def test_deaths_after_follow_up_for_progression_are_counted():
    found = competing_rows(all_of(made("ab", ttp={"a": (50, 0), "b": (60, 0)}, os={"a": (90, 1), "b": (60, 0)})), "ttp")
    assert found.died_later == 1 and found.table["cause"].tolist() == [0, 0]


def test_next_therapy_against_death():
    tables = {"os": {"a": (300, 1), "b": (200, 1), "c": (250, 0)}, "therapies": [("a", "subsequent", "X", 120)]}
    assert rows("ttnt", "abcd", **tables) == {"a": (120, 1), "b": (200, 2), "c": (250, 0), "d": "no last contact"}
    assert rows("ttnt", "ab", os={"a": (300, 1), "b": (200, 1)}, ttnt={"a": (120, 1), "b": (200, 0)}) == {
        "a": (120, 1),
        "b": (200, 2),
    }


def test_response_against_progression_treatment_and_death():
    found = rows(
        "response",
        "abcdefg",
        responses=[
            ("a", 30, "PR"),
            ("b", 60, "PR"),
            ("c", 30, "SD"),
            ("d", 30, "SD"),
            ("e", 30, "SD"),
            ("e", 90, "PR"),
            ("a", 90, "CR"),
        ],
        ttp={"a": (100, 1), "b": (60, 1), "c": (80, 0), "d": (80, 0), "e": (150, 0), "f": (20, 0), "g": (40, 0)},
        os={"a": (200, 1), "b": (90, 1), "c": (80, 1), "d": (80, 0), "e": (150, 0), "f": (20, 1), "g": (40, 0)},
        therapies=[("e", "subsequent", "X", 70)],
    )
    assert found == {
        "a": (30, 1),
        "b": (60, 2),
        "c": (80, 2),
        "d": (30, 0),
        "e": (70, 2),
        "f": (20, 2),
        "g": NOT_ASSESSED,
    }


def test_complete_response_waits_for_cr():
    tables = {
        "responses": [("a", 30, "PR"), ("a", 90, "sCR"), ("b", 30, "PR")],
        "pfs": {"a": (200, 0), "b": (100, 1)},
        "os": {"a": (200, 0), "b": (300, 0)},
    }
    assert rows("complete_response", "ab", **tables) == {"a": (90, 1), "b": (100, 2)}
    assert rows("response", "ab", **tables) == {"a": (30, 1), "b": (30, 1)}


def test_best_response_is_the_first_day_of_the_best_that_came():
    tables = {
        "responses": [
            ("a", 30, "PR"),
            ("a", 90, "VGPR"),
            ("a", 120, "VGPR"),
            ("a", 150, "PR"),
            ("b", 30, "SD"),
            ("c", 30, "PR"),
            ("c", 300, "CR"),
        ],
        "pfs": {"a": (200, 0), "b": (100, 1), "c": (250, 1)},
        "os": {"a": (200, 0), "b": (300, 0), "c": (400, 1)},
    }
    assert rows("best_response", "abc", **tables) == {"a": (90, 1), "b": (100, 2), "c": (30, 1)}


def test_a_response_of_a_patient_whose_progression_is_not_known_is_not_counted():
    found = rows(
        "response",
        "ab",
        responses=[("a", 30, "PR"), ("b", 30, "PR")],
        pfs={"a": (100, 1)},
        os={"a": (200, 0), "b": (200, 0)},
    )
    assert found == {"a": (30, 1), "b": "no progression-free survival recorded"}


def test_from_apheresis():
    tables = {"ttp": {"a": (100, 1)}, "os": {"a": (200, 0)}, "therapies": [("a", "other", "apheresis", -35)]}
    found = competing_rows(all_of(made("a", **tables)), "ttp", Definition(origin="apheresis"))
    assert reported(found.table, "entry", "time", "cause") == {"a": (35, 135, 1)} and found.origin == "apheresis"


def test_every_offered_curve_of_the_example_and_of_nobody():
    for endpoint in offered_incidences(example()):
        table = competing_rows(selected(example()), endpoint).table
        assert len(table) == 16 and np.all(table["cause"].isin([0, 1, 2]))
        assert len(competing_rows(nobody(example()), endpoint).table) == 0
