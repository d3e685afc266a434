"""Best responses and rates of the example, of nobody, one patient and made cohorts; the paper's numbers."""

import pytest
from golden.cohorts import by, cohort, example, nobody, selected

from lib.cohort.response_scale import CLINICAL_BENEFIT as CBR
from lib.cohort.response_scale import CR, VGPR
from lib.cohort.response_scale import OVERALL as ORR
from lib.response.best.result import FOLLOWED, MRD, MRD_ASSESSED, MRD_IN_CR, best_response
from lib.response.rate import EVALUABLE, INFUSED
from response.made import assessed, example_best, followed, made


def of(row):
    return [(rate.n, rate.of) for rate in row.groups]


def test_every_patient_of_the_example_responded():
    total = example_best().rate(ORR).total
    assert (total.n, total.of) == (16, 16)
    assert (total.share.low, total.share.high) == pytest.approx((0.79409279, 1.0), abs=1e-8)


def test_complete_responses_in_both_denominators():
    every, inside = example_best().rate(CR), example_best().rate(CR, FOLLOWED)
    assert of(every) == [(0, 8), (4, 8)] and every.test.p == pytest.approx(0.0769231, abs=1e-6)
    assert of(inside) == [(0, 8), (4, 6)] and inside.test.p == pytest.approx(0.0149850, abs=1e-6)


def test_denominators_are_printed_where_they_differ():
    printed = [(row.outcome, row.denominator) for row in example_best().printed]
    assert len(printed) == 8 and {name for _, name in printed} == {INFUSED, FOLLOWED}


def test_levels_add_up_to_all_infused():
    result = example_best()
    assert [sum(row.groups[slot].n for row in result.levels) for slot in (0, 1)] == [8, 8]
    assert sum(row.total.n for row in result.levels) == 16


def test_nobody_and_one_patient():
    nothing = best_response(nobody(example()), by(example()))
    assert nothing.n == 0 and nothing.levels == () and nothing.rate(ORR).total.share.value is None
    one = example_best("sex=F", "age_years=57..57", "arm=Pomalidomide")
    assert one.n == 1 and (one.rate(ORR).total.n, one.rate(ORR).total.of) == (1, 1)
    assert one.rate(ORR).test.p is None


def test_not_evaluable_patients_stay_among_all_infused():
    rows = assessed(("a1", 28, "MR"), ("a2", 28, "NE"), ("b1", 28, "PR"), ("b2", 28, "SD"))
    opened = selected(made({"A": ["a1", "a2", "a3"], "B": ["b1", "b2"]}, rows))
    result = best_response(opened, by(opened))
    assert of(result.rate(ORR)) == [(0, 3), (1, 2)] and of(result.rate(ORR, EVALUABLE)) == [(0, 1), (1, 2)]
    assert of(result.rate(CBR)) == [(1, 3), (1, 2)] and of(result.rate(VGPR)) == [(0, 3), (0, 2)]
    assert {row.outcome: row.total.n for row in result.levels} == {
        "PR": 1,
        "MR": 1,
        "SD": 1,
        "NE": 1,
        "Not assessed": 1,
    }


def test_an_early_death_stays_among_all_infused():
    opened = selected(
        made({"A": ["a1"], "B": ["b1"]}, assessed(("a1", 28, "PR")), endpoints=followed(a1=(9, 0), b1=(0.2, 1)))
    )
    result = best_response(opened, by(opened))
    assert of(result.rate(ORR)) == [(1, 1), (0, 1)] and of(result.rate(ORR, FOLLOWED))[1] == (0, 1)


def test_mrd_among_those_assessed_for_it_and_in_cr():
    rows = assessed(
        ("a1", 28, "CR", "negative"), ("a2", 28, "VGPR", "negative"), ("a3", 28, "CR", "not done"), ("b1", 28, "sCR", "positive")
    )  # fmt: skip
    opened = selected(made({"A": ["a1", "a2", "a3"], "B": ["b1", "b2"]}, rows))
    result = best_response(opened, by(opened))
    assert of(result.rate(MRD)) == [(2, 3), (0, 2)] and of(result.rate(MRD, MRD_ASSESSED)) == [(2, 2), (0, 1)]
    assert of(result.rate(MRD, MRD_IN_CR)) == [(1, 1), (0, 1)] and result.mrd_outside == 1
    assert all(row.outcome != MRD for row in example_best().rates)


def test_whoever_has_no_group_is_counted():
    rows = [{"patient_id": "x", "arm": None}, {"patient_id": "y", "arm": "A"}]
    opened = selected(cohort(rows, responses=assessed(("x", 28, "CR"), ("y", 28, "CR"))))
    result = best_response(opened, by(opened))
    assert result.n == 1 and result.n_selected == 2
