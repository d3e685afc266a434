"""Landmark analyses against R, and who is kept, dropped and reported at the edges."""

import pytest
from golden.cohorts import by, cohort, example, nobody, selected
from golden.reference import golden, same

from lib.cohort.endpoint_choice import Definition
from lib.derived.exposure import exposure_of
from lib.stats.time_dependent import HAD_EVENT, NOT_KNOWN, WAS_CENSORED
from lib.survival.curves import CurveOptions
from lib.survival.kaplan_meier import Look
from lib.survival.landmark import landmark_method, landmark_survival
from lib.survival.regrouping import EndpointChoice
from survival.compared import LATE, MONTH, final_arm, heart, in_months, of_example, small

TIMES = {"a1": (100, 1), "a2": (200, 1), "a3": (50, 0), "b1": (300, 1), "b2": (150, 1), "b3": (90, 0)}


def ratio(result):
    found = next(group.hazard_ratio for group in result.survival.groups if group.hazard_ratio)
    return found.value, found.low, found.high


@pytest.mark.parametrize("unit", ["months", "weeks", "days"])
@pytest.mark.parametrize(
    ("endpoint", "sizes", "dropped", "p", "hazard_ratio"),
    [("ttp", (8, 7), 1, 0.3205736, 0.542136), ("os", (9, 7), 0, 0.01489387, 0.1716838)],
)
def test_the_example_at_one_month_in_every_unit(endpoint, sizes, dropped, p, hazard_ratio, unit):
    found = of_example(endpoint, unit=unit).landmark
    assert (found.sizes, len(found.dropped), found.n_later) == (sizes, dropped, 1)
    assert found.survival.logrank.p == same(p) and ratio(found)[0] == same(hazard_ratio)


@pytest.mark.parametrize("month", [1, 2])
@pytest.mark.parametrize("endpoint", ["ttp", "os"])
def test_groups_formed_anew_are_rs(endpoint, month):
    """In the months of starting in which R counts: the workbook's day 61 is after 2 months of 30.4375 days."""
    expected = golden("competing")["landmarks"]["rederived"][endpoint][f"month_{month}"]
    found = of_example(endpoint, month * MONTH, known=in_months()).landmark
    assert found.sizes == (expected["unexposed"], expected["exposed"])
    assert len(found.dropped) == expected["dropped"]
    assert found.survival.logrank.p == same(expected["logrank_p"])


@pytest.mark.parametrize("month", [1, 2, 3])
@pytest.mark.parametrize("endpoint", ["ttp", "os"])
def test_the_final_arm_kept_at_the_landmark_is_rs(endpoint, month):
    expected = golden("survival")["seed_reconstruction_SYNTHETIC"][endpoint]["landmark"][f"month_{month}"]
    found = of_example(endpoint, month * MONTH, known=final_arm()).landmark
    assert found.sizes == (expected["n_control"], expected["n_pom"])
    assert found.survival.logrank.p == same(expected["logrank_p"])
    if found.survival.n_events >= 10:  # with fewer, Firth's ratio stands in for Cox's
        assert ratio(found) == tuple(same(expected[key]) for key in ("hr", "lower", "upper"))


def test_the_definition_of_the_endpoint_and_the_scale_of_the_limits_count_here_too():
    made, split = selected(example()), by(example())
    known, deaths = exposure_of(made, split), Definition(efs_events=("death",), origin="apheresis")
    plain = landmark_survival(made, EndpointChoice("efs", "months", deaths, CurveOptions("plain")), known, split, MONTH)
    usual = landmark_survival(made, EndpointChoice("os", "months"), known, split, MONTH)
    assert plain.survival.logrank.p == usual.survival.logrank.p and plain.survival.outcome.origin == "infusion"
    low = [result.survival.groups[0].curve.low[3] for result in (plain, usual)]
    assert low[0] != low[1] and "(plain; before" in landmark_method(plain, Look(limits=True))


@pytest.mark.parametrize("day", [30, 60, 90])
def test_heart_is_rs(day):
    made, split = selected(heart()), by(heart())
    found = landmark_survival(made, EndpointChoice("os", "days"), exposure_of(made, split), split, day)
    expected = golden("competing")["landmarks"]["heart"][f"day_{day}"]
    assert (found.survival.n, len(found.dropped), found.sizes[1]) == (
        expected["n"],
        expected["dropped"],
        expected["exposed"],
    )
    assert ratio(found) == tuple(same(expected[key]) for key in ("hr", "low", "high"))
    assert found.survival.logrank.p == same(expected["logrank_p"])


def test_nobody_at_all():
    made, split = nobody(heart()), by(heart())
    found = landmark_survival(made, EndpointChoice("os", "days"), exposure_of(made, split), split, 30)
    assert (found.sizes, len(found.dropped), found.too_few, found.instead) == ((0, 0), 0, True, None)
    assert found.survival.logrank.p is None and found.survival.follow_up.value is None


def test_nobody_exposed_yet_offers_the_next_landmark():
    found = small({"b1": 40, "b2": 45, "b3": 80}, dict.fromkeys(TIMES, (400, 1))).landmark
    assert found.sizes == (6, 0) and found.too_few and found.n_later == 3
    assert (found.instead.days, found.instead.n_others, found.instead.n_known) == (3 * MONTH, 3, 3)


def test_everybody_exposed_offers_an_earlier_landmark():
    starts = dict.fromkeys(TIMES, 100.0) | {"b1": 5, "b2": 5, "b3": 5}
    found = small(starts, dict.fromkeys(TIMES, (400, 1)), 200.0).landmark
    assert found.sizes == (0, 6) and found.instead.days == 3 * MONTH
    assert (found.instead.n_others, found.instead.n_known) == (3, 3)


def test_all_dropped():
    found = small({"b1": 5}, TIMES, 400.0).landmark
    assert found.survival.n == 0 and dict(found.reasons) == {HAD_EVENT: 4, WAS_CENSORED: 2}
    assert found.too_few and found.instead is None


def test_who_has_no_start_day_is_dropped_and_named():
    found = small({"b1": 10, "b2": None, "b3": 12}, TIMES).landmark
    assert dict(found.reasons) == {NOT_KNOWN: 1} and list(found.dropped["patient"]) == ["b2"]
    assert found.sizes == (3, 2)


def test_exposed_on_day_0_and_on_the_day_of_the_landmark_are_exposed():
    assert small({"b1": 0, "b2": 30, "b3": 31}, TIMES).landmark.sizes == (4, 2)


@pytest.mark.parametrize(
    ("unit", "days"), [("days", 60.0), ("weeks", 60.0), ("months", 60.0), ("weeks", 3 * MONTH), ("months", 3 * MONTH)]
)
def test_an_event_on_the_day_of_the_landmark_is_dropped_in_every_unit(unit, days):
    found = small({"b1": 5, "b2": 5, "b3": 5}, {**TIMES, "a1": (days, 1), "b2": (days, 0)}, days, unit).landmark
    reasons = dict(zip(found.dropped["patient"], found.dropped["reason"], strict=True))
    assert reasons["a1"] == HAD_EVENT and reasons["b2"] == WAS_CENSORED


def test_kept_and_dropped_are_everybody_once():
    found = small({"b1": 10, "b2": None}, {**TIMES, "a1": (20, 1)}).landmark
    assert sorted([*found.survival.outcome.table["patient"], *found.dropped["patient"]]) == sorted(TIMES)
    assert (found.survival.outcome.table["time"] > 0).all()


def test_two_infusions_each_have_their_own_start():
    patients = [{"patient_id": name, "arm": arm} for name, arm in zip("abcd", "AABB", strict=True)]
    infusions = [
        {"patient_id": name, "infusion": number, "infusion_day": 300 * (number - 1)}
        for name in "abcd"
        for number in (1, 2)
    ]
    endpoints = [
        {"patient_id": name, "infusion": number, "endpoint": "os", "time": 100 + number, "event": 1}
        for name in "abcd"
        for number in (1, 2)
    ]
    therapies = [
        {"patient_id": name, "infusion": number, "kind": "maintenance", "therapy": "B", "start_day": day}
        for name, number, day in (("c", 1, 10), ("d", 1, 50), ("c", 2, 20), ("d", 2, 20))
    ]
    made = cohort(patients, LATE, infusions=infusions, endpoints=endpoints, therapies=therapies)
    sizes = []
    for infusion in (1, 2):
        part, split = selected(made, infusion=infusion), by(made)
        sizes.append(landmark_survival(part, EndpointChoice("os", "days"), exposure_of(part, split), split, 30).sizes)
    assert sizes == [(3, 1), (2, 2)]


def test_follow_up_counts_from_the_landmark():
    found = of_example("os").landmark
    assert found.survival.follow_up.value == pytest.approx(26) and found.survival.follow_up_of == "os"
