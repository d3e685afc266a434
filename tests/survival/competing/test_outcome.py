"""Who ended with which cause: units, groups, and that whoever cannot be analysed is counted with the reason."""

import pytest
from derived.courses import made
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.cohort.endpoint_choice import Definition, offered_incidences
from lib.survival.competing.outcome import COLUMNS, competing_outcome


def test_times_are_shown_in_any_unit():
    cohort = made("ab", ttp={"a": (5.85, 1), "b": (7, 0)}, os={"a": (9, 1), "b": (7, 1)}, unit="months")
    months, days = (competing_outcome(selected(cohort), "ttp", by(cohort), unit).table for unit in ("months", "days"))
    assert months["time"].tolist() == [5.85, 7] and months["cause"].tolist() == [1, 2]
    assert days["time"].tolist() == [pytest.approx(5.85 * 30.4375), pytest.approx(7 * 30.4375)]


def test_whose_cause_cannot_be_told_is_counted_with_the_reason():
    cohort = made(
        "abcd", pfs={"a": (90, 1), "b": (90, 1), "c": (90, 0)}, os={"a": (90, 1), "b": (200, 1), "c": (90, 0)}
    )
    outcome = competing_outcome(selected(cohort), "pfs", by(cohort, "-"), "days")
    assert outcome.table["patient"].tolist() == ["b", "c"]
    assert dict(outcome.left_out) == {
        "ended on the day of death, progression or death not stated": 1, "no progression-free survival recorded": 1}  # fmt: skip


def test_the_labels_and_the_causes():
    outcome = competing_outcome(selected(example()), "response", by(example()), "months")
    assert (outcome.label, outcome.causes[0]) == ("Time to response", "Response (PR or better)")
    assert competing_outcome(selected(example()), "ttp", by(example()), "months").label == "Time to progression"


def test_from_apheresis_patients_enter_late():
    cohort = made("a", ttp={"a": (100, 1)}, os={"a": (200, 0)}, therapies=[("a", "other", "apheresis", -35)])
    outcome = competing_outcome(selected(cohort), "ttp", by(cohort), "days", Definition(origin="apheresis"))
    assert outcome.table[["entry", "time"]].to_numpy().tolist() == [[35, 135]]


def test_everybody_is_either_analysed_or_left_out_and_nobody_is_no_trouble():
    for opened in (example(), synthetic()):
        for endpoint in offered_incidences(opened):
            outcome = competing_outcome(selected(opened, "sex=M"), endpoint, by(opened), "months")
            assert len(outcome.table) + sum(n for _, n in outcome.left_out) == outcome.n
            empty = competing_outcome(nobody(opened), endpoint, by(opened), "months")
            assert tuple(empty.table.columns) == COLUMNS and len(empty.table) == empty.n == 0
