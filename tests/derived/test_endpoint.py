"""Given endpoints win over derived ones; time from apheresis enters at the infusion."""

import pytest
from golden.cohorts import example, nobody, selected

from derived.courses import MONTH, all_of, made, reported
from lib.cohort.endpoint_choice import Definition
from lib.derived.endpoint import NO_APHERESIS, endpoint_rows


def test_a_given_endpoint_wins():
    tables = {"responses": [("a", 30, "PR")], "ttp": {"a": (100, 1)}, "os": {"a": (200, 0)}}
    derived, given = (
        endpoint_rows(all_of(made("a", **tables, **more)), "dor") for more in ({}, {"dor": {"a": (55, 1)}})
    )
    assert reported(derived.table, "time", "event") == {"a": (70, 1)} and derived.source
    assert reported(given.table, "time", "event") == {"a": (55, 1)} and not given.source and given.origin == "infusion"


def test_who_is_censored_at_death_is_marked_of_a_given_endpoint_too():
    rows = endpoint_rows(
        all_of(
            made(
                "abc",
                ttp={"a": (10, 0), "b": (6, 1), "c": (10, 0)},
                os={"a": (10, 1), "b": (10, 1), "c": (10, 0)},
                unit="months",
            )
        ),
        "ttp",
    )
    assert rows.table["censored_at_death"].tolist() == [True, False, False]


def test_from_apheresis_patients_enter_at_their_infusion():
    therapies = [("a", "other", "apheresis", -35), ("b", "bridging", "X", -10)]
    cohort = all_of(made("ab", os={"a": (10, 1), "b": (8, 0)}, therapies=therapies, unit="months"))
    rows = endpoint_rows(cohort, "os", Definition(origin="apheresis"))
    assert rows.origin == "apheresis"
    assert reported(rows.table, "entry", "time", "problem")["a"] == (
        pytest.approx(35 / MONTH),
        pytest.approx(10 + 35 / MONTH),
        "",
    )
    assert reported(rows.table, "problem")["b"] == (NO_APHERESIS,)


def test_duration_of_response_never_counts_from_apheresis():
    cohort = all_of(
        made(
            "a",
            ttp={"a": (100, 1)},
            os={"a": (200, 0)},
            responses=[("a", 30, "PR")],
            therapies=[("a", "other", "apheresis", -35)],
        )
    )
    assert endpoint_rows(cohort, "dor", Definition(origin="apheresis")).table["time"].tolist() == [70]


def test_an_unknown_endpoint_and_nobody():
    assert len(endpoint_rows(selected(example()), "time_to_icu").table) == 0
    for endpoint in ("os", "dor", "efs", "ttnt"):
        for origin in ("infusion", "apheresis"):
            assert len(endpoint_rows(nobody(example()), endpoint, Definition(origin=origin)).table) == 0
