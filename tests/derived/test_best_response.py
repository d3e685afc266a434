"""Best overall response: until progression or another treatment; what is known of whoever has no assessment that
counts."""

from functools import cache

from golden.cohorts import example, nobody, selected

from derived.courses import all_of, made
from lib.derived.best_response import (
    UNCONFIRMED,
    best_confirmed_responses,
    best_overall_responses,
    only_undated,
)

CASES = {  # patient: assessments and the best of them; progression is told from these
    "a": ([], None),
    "b": ([(-7, "CR"), (0, "CR")], None),
    "c": ([(28, "PR"), (60, "CR"), (90, "VGPR")], "CR"),
    "d": ([(28, "PR"), (60, "PD"), (90, "CR")], "PR"),
    "e": ([(28, "PR"), (60, "CR")], "PR"),  # next therapy on day 40
    "f": ([(28, "PR"), (60, "CR")], "CR"),  # maintenance from day 40 on
    "g": ([(28, "SD"), (60, "sCR")], "SD"),  # another infusion on day 40
    "h": ([(28, "PD")], "PD"),
    "i": ([(28, "NE")], "NE"),
    "j": ([(28, "NE"), (60, "MR")], "MR"),
    "k": ([(None, "CR"), (28, "PR")], "PR"),
    "l": ([(None, "PR"), (None, "CR")], "CR"),
}
THERAPIES = [("e", "subsequent", "X", 40), ("f", "maintenance", "X", 40)]
WITH_ENDPOINTS = {  # patient: assessments, TTP, the best response
    "a": ([(28, "PR"), (60, "CR")], (50, 1), "PR"),
    "b": ([], (20, 1), "PD"),
    "c": ([(28, "NE")], (50, 1), "PD"),
    "d": ([(20, "PD"), (90, "CR")], (120, 0), "CR"),  # TTP as given decides
}


@cache
def cases():
    rows = [(patient, *row) for patient, (responses, _) in CASES.items() for row in responses]
    return all_of(made("".join(CASES), responses=rows, therapies=THERAPIES, infusions=[("g", 1, 0), ("g", 2, 40)]))


def test_nobody():
    assert best_overall_responses(nobody(example())).tolist() == []


def test_the_best_before_progression_and_other_treatment():
    assert best_overall_responses(cases()).to_dict() == {patient: best for patient, (_, best) in CASES.items()}


def test_progression_as_the_workbook_gives_it_decides():
    rows = [(patient, *row) for patient, (responses, *_) in WITH_ENDPOINTS.items() for row in responses]
    cohort = all_of(made("abcd", responses=rows, ttp={patient: case[1] for patient, case in WITH_ENDPOINTS.items()}))
    assert best_overall_responses(cohort).to_dict() == {patient: case[2] for patient, case in WITH_ENDPOINTS.items()}


def test_a_death_of_which_nobody_says_why_is_no_progression():
    (best,) = best_overall_responses(all_of(made("a", pfs={"a": (20, 1)}, os={"a": (20, 1)})))
    assert best is None


def test_who_has_assessments_without_a_day_only():
    assert only_undated(cases()) == {"l"}


def test_the_example():
    found = best_overall_responses(selected(example()))
    assert found["P1":"P8"].tolist() == ["CR", "CR", "CR", "VGPR", "VGPR", "CR", "VGPR", "PR"]
    assert found["C1":"C8"].value_counts().to_dict() == {"VGPR": 5, "PR": 3}


CONFIRMED = {  # patient: assessments, the best that two consecutive ones both reach
    "a": ([], None),
    "b": ([(28, "PR")], UNCONFIRMED),
    "c": ([(28, "PR"), (60, "PR")], "PR"),
    "d": ([(28, "PR"), (60, "CR")], "PR"),
    "e": ([(28, "CR"), (60, "CR"), (90, "VGPR")], "CR"),
    "f": ([(28, "PR"), (60, "SD"), (90, "PR")], "SD"),  # two assessments, not one after the other
    "g": ([(28, "PR"), (60, "NE"), (90, "VGPR")], "PR"),  # not evaluable is passed over
    "h": ([(28, "SD")], "SD"),  # needs no second one
    "i": ([(28, "PD")], "PD"),
    "j": ([(None, "CR"), (None, "CR")], UNCONFIRMED),  # without days nothing follows anything
    "k": ([(28, "PR"), (60, "VGPR")], UNCONFIRMED),  # the second after another therapy on day 40
    "l": ([(28, "sCR"), (60, "CR")], "CR"),
    "m": ([(28, "PR"), (60, "PD")], UNCONFIRMED),  # progression confirms no response
    "o": ([(60, "CR"), (28, "VGPR"), (90, "CR")], "CR"),  # in order of days, not of rows
}


def test_confirmed_by_two_consecutive_assessments():
    rows = [(patient, *row) for patient, (responses, _) in CONFIRMED.items() for row in responses]
    cohort = all_of(made("".join(CONFIRMED), responses=rows, therapies=[("k", "subsequent", "X", 40)]))
    assert best_confirmed_responses(cohort).to_dict() == {patient: best for patient, (_, best) in CONFIRMED.items()}
    assert best_confirmed_responses(nobody(example())).tolist() == []
