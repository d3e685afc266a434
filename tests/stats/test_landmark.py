"""Who is analysed from a landmark on, against R and by hand; groups formed anew, and the final arm kept."""

import numpy as np
import pandas as pd
import pytest
from golden.reference import HERE, RECONSTRUCTION, SEED, arrays, floats, golden, same, survival_data
from lifelines import CoxPHFitter

from lib.stats.log_rank import logrank
from lib.stats.time_dependent import EXPOSED, HAD_EVENT, NOT_KNOWN, UNEXPOSED, WAS_CENSORED, landmark
from stats.observed import exposed_at

NUMBERS = golden("competing")["landmarks"]
MONTH = 30.4375


def names(*of: str | None) -> np.ndarray:
    return np.array(of, dtype=object)


def compared(found, group=EXPOSED):
    """Cox's ratio, also where events are few (lifelines, because the program itself then gives a penalised one), and
    log-rank p."""
    rows = pd.DataFrame({"time": found.time, "event": found.event, "member": (found.group == group).astype(float)})
    fit = CoxPHFitter().fit(rows, "time", "event", fit_options={"precision": 1e-12}).summary.loc["member"]
    ratio = tuple(float(fit[name]) for name in ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%"))
    return ratio, logrank(found.time, found.event, found.group).p


def heart(at: float):
    rows = pd.read_csv(HERE / "heart_wide.csv")
    group = exposed_at(rows["exposure_day"].to_numpy(float), at)
    return landmark(rows["futime"].to_numpy(float), rows["event"].to_numpy(float), group, at)


@pytest.mark.parametrize("day", [30, 60, 90])
def test_heart_is_rs(day):
    found, expected = heart(day), NUMBERS["heart"][f"day_{day}"]
    assert (len(found.kept), len(found.dropped), np.sum(found.group == EXPOSED)) == (
        expected["n"],
        expected["dropped"],
        expected["exposed"],
    )
    ratio, p = compared(found)
    assert ratio == tuple(same(expected[key]) for key in ("hr", "low", "high"))
    assert p == same(expected["logrank_p"])


def test_heart_at_day_30_has_the_numbers_told_before():
    reported = golden("survival")["heart_immortal_time"]["landmark30"]
    found = heart(30)
    ratio, p = compared(found)
    assert (len(found.kept), len(found.dropped), np.sum(found.group == EXPOSED)) == (78, 25, 35)
    assert (ratio[0], p) == (same(reported["hr"]), same(reported["logrank_p"]))


@pytest.mark.parametrize("month", [1, 2])
@pytest.mark.parametrize("endpoint", SEED)
def test_groups_of_the_synthetic_cohort_formed_anew_are_rs(endpoint, month):
    start = pd.read_csv(RECONSTRUCTION.with_name("patients.csv"))["maintenance_start_month"].to_numpy(float)
    time, event, _ = arrays(survival_data(endpoint))
    found, expected = (
        landmark(time, event, exposed_at(start, month), month),
        NUMBERS["rederived"][endpoint][f"month_{month}"],
    )
    assert (np.sum(found.group == UNEXPOSED), np.sum(found.group == EXPOSED), len(found.dropped)) == (
        expected["unexposed"],
        expected["exposed"],
        expected["dropped"],
    )
    ratio, p = compared(found)
    assert (ratio[0], p) == (same(expected["hr"]), same(expected["logrank_p"]))


def test_groups_formed_anew_at_one_month_have_the_numbers_told_before():
    reported = {"ttp": (8, 7, 1, 0.3205736, 0.542136), "os": (9, 7, 0, 0.01489387, 0.1716838)}
    for endpoint, (unexposed, exposed, dropped, p, ratio) in reported.items():
        found = NUMBERS["rederived"][endpoint]["month_1"]
        assert (found["unexposed"], found["exposed"], found["dropped"]) == (unexposed, exposed, dropped)
        assert (found["logrank_p"], found["hr"]) == (same(p), same(ratio))


@pytest.mark.parametrize("month", [1, 2, 3])
@pytest.mark.parametrize("endpoint", SEED)
def test_the_final_arm_kept_at_the_landmark_is_rs(endpoint, month):
    expected = golden("survival")["seed_reconstruction_SYNTHETIC"][endpoint]["landmark"][f"month_{month}"]
    found = landmark(*arrays(survival_data(endpoint)), month)
    arms = ("Control", "Pomalidomide")
    assert tuple(np.sum(found.group == arm) for arm in arms) == (expected["n_control"], expected["n_pom"])
    ratio, p = compared(found, arms[1])
    assert ratio == tuple(same(expected[key]) for key in ("hr", "lower", "upper"))
    assert p == same(expected["logrank_p"])


def test_nobody_and_nobody_left():
    assert landmark(floats(), floats(), names(), 1).kept.tolist() == []
    found = landmark(floats(1, 2), floats(1, 0), names("a", "b"), 2)
    assert (len(found.time), found.dropped) == (0, ((0, HAD_EVENT), (1, WAS_CENSORED)))


def test_who_leaves_on_the_day_itself_is_dropped_and_the_clock_starts_anew():
    found = landmark(floats(30, 30, 31, 90), floats(1, 0, 1, 0), names("a", "a", "b", "b"), 30)
    assert found.dropped == ((0, HAD_EVENT), (1, WAS_CENSORED))
    assert (found.kept.tolist(), found.time.tolist(), found.event.tolist()) == ([2, 3], [1, 60], [1, 0])


def test_exposure_on_the_day_itself_counts_and_later_or_never_does_not():
    assert exposed_at(floats(0, 30, 31, np.nan), 30).tolist() == [EXPOSED, EXPOSED, UNEXPOSED, UNEXPOSED]
    assert exposed_at(floats(5), 30, ("no", "yes")).tolist() == ["yes"]


def test_a_group_that_is_not_known_is_dropped_and_told():
    found = landmark(floats(5, 5, 1), floats(1, 1, 1), names("a", None, None), 2)
    assert found.dropped == ((1, NOT_KNOWN), (2, HAD_EVENT))


def test_who_comes_later_than_the_landmark_enters_late():
    found = landmark(floats(90, 90, 90), floats(1, 1, 1), names("a", "a", "b"), 30, floats(0, 20, 50))
    assert found.entry.tolist() == [0, 0, 20]


def test_kept_and_dropped_are_everybody_once():
    generator = np.random.default_rng(1)
    time, event = generator.exponential(10, 200), generator.integers(0, 2, 200).astype(float)
    group = generator.choice(np.array(["a", "b", None], dtype=object), 200)
    found = landmark(time, event, group, 6)
    assert sorted([*found.kept, *(place for place, _ in found.dropped)]) == list(range(200))
    assert (found.time > 0).all()


def test_the_unit_is_nothing():
    time, event, group = arrays(survival_data("ttp"))
    months, days = landmark(time, event, group, 1), landmark(time * MONTH, event, group, MONTH)
    assert months.kept.tolist() == days.kept.tolist() and months.dropped == days.dropped
