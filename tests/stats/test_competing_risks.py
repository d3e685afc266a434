"""Aalen-Johansen curves against R's survfit, and what must hold of any of them."""

import numpy as np
import pytest
from golden.reference import floats, golden, same

from lib.stats.competing_risks import cumulative_incidence, incidence_at, limits
from lib.stats.kaplan_meier import kaplan_meier
from lib.stats.proportions import exact_share
from stats.competing import NUMBERS, TOYS, drawn, mgus2, toy

TRANSFORMS = ("log-log", "log", "plain")


def check(curve, expected, of):
    at = np.searchsorted(curve.time, floats(*expected["time"]))
    assert curve.n_at_risk[at].tolist() == expected["n_at_risk"]
    for ours, theirs in (("incidence", "incidence"), ("std_error", "std_error"), ("low", "low"), ("high", "high")):
        found = [None if np.isnan(value) else value for value in getattr(curve, ours)[at]]
        flat = curve.incidence[at] == 0 if ours in ("low", "high") else np.zeros(len(at), dtype=bool)
        assert [one for one, out in zip(found, flat, strict=True) if not out] == [
            same(value) for value, out in zip(expected[of][theirs], flat, strict=True) if not out
        ], (ours, of)
    for row in at[curve.incidence[at] == 0]:  # where R has 0 to 0, or none
        known = curve.known(np.nextafter(curve.time[row], np.inf) if row < len(curve.time) - 1 else curve.time[row])
        assert (curve.low[row], curve.high[row]) == (0, pytest.approx(exact_share(0, int(known)).high))


def test_nobody():
    curves = cumulative_incidence(floats(), floats())
    assert list(curves) == [1]
    assert (curves[1].time.tolist(), curves[1].incidence.tolist(), curves[1].n) == ([0.0], [0.0], 0)
    assert incidence_at(curves[1], 1.0).reason == "no patients"


def test_everyone_censored_and_a_cause_that_does_not_occur():
    curves = cumulative_incidence(floats(1, 2, 2), floats(0, 0, 0), causes=(1, 2))
    assert set(curves) == {1, 2}
    for curve in curves.values():
        assert curve.incidence.tolist() == [0, 0, 0] and curve.n_events == 0
        assert curve.high.tolist() == pytest.approx([exact_share(0, n).high for n in (3, 2, 2)]) and not curve.low.any()
        found = incidence_at(curve, 1.5)
        assert (found.value, found.low, found.high) == (0.0, 0.0, pytest.approx(exact_share(0, 2).high))


def test_before_the_first_event_whoever_went_by_another_cause_is_known_not_to_have_had_it():
    curve = cumulative_incidence(floats(1, 2, 3, 4, 5, 6, 7, 8), floats(2, 2, 2, 0, 0, 1, 0, 0))[1]
    assert incidence_at(curve, 4).high == pytest.approx(exact_share(0, 8).high)  # 5 at risk, 3 died without it
    assert incidence_at(curve, 5.5).high == pytest.approx(exact_share(0, 6).high)  # two censored: nobody knows
    assert incidence_at(curve, 0).high == 0


def test_one_patient():
    curve = cumulative_incidence(floats(3), floats(2))[2]
    assert curve.incidence.tolist() == [0, 1]
    assert incidence_at(curve, 5).value == 1  # nobody is left who could add to it
    assert cumulative_incidence(floats(3), floats(2))[1].incidence.tolist() == [0, 0]


def test_beyond_the_last_observation_nothing_is_known():
    curve = cumulative_incidence(floats(1, 2, 3), floats(1, 2, 0))[1]
    assert incidence_at(curve, 3).value == pytest.approx(1 / 3)
    assert incidence_at(curve, 3.1).reason == "beyond the last observation"
    assert incidence_at(curve, 0).value == 0


def test_who_enters_at_a_time_is_at_risk_after_it_and_a_gap_is_no_error():
    curve = cumulative_incidence(floats(2, 8, 9), floats(1, 1, 0), floats(0, 8, 5))[1]
    assert (curve.time.tolist(), curve.n_at_risk.tolist(), curve.n) == ([0, 2, 9], [1, 1, 1], 2)
    assert curve.incidence.tolist() == [0, 1, 1]


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", TOYS)
def test_small_cases_are_rs(name, transform):
    time, cause, _ = toy(name)
    curves = cumulative_incidence(time, cause, transform=transform)
    for of in (1, 2):
        check(curves[of], NUMBERS["toys"][name]["curves"][transform], f"cause{of}")


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_late_entry_and_three_causes_are_rs(transform):
    late, three = (NUMBERS["more"][name] for name in ("late_entry", "three_causes"))
    given = {name: floats(*values) for name, values in late["given"].items()}
    curves = cumulative_incidence(given["time"], given["cause"], given["entry"], transform=transform)
    for of in (1, 2):
        check(curves[of], late["curves"][transform], f"cause{of}")
    given = {name: floats(*values) for name, values in three["given"].items()}
    curves = cumulative_incidence(given["time"], given["cause"], transform=transform)
    for of in (1, 2, 3):
        check(curves[of], three["curves"][transform], f"cause{of}")


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("sex", ["F", "M"])
def test_mgus2_is_rs(sex, transform):
    rows = mgus2()[mgus2()["sex"] == sex]
    curves = cumulative_incidence(rows["time"].to_numpy(), rows["cause"].to_numpy(), transform=transform)
    expected = NUMBERS["mgus2"]["curves"][sex][transform]
    for of in (1, 2):
        for place, time in enumerate(expected["time"]):
            found = incidence_at(curves[of], time)
            assert found.value == same(expected[f"cause{of}"]["incidence"][place])
            assert (found.low, found.high) == tuple(
                same(expected[f"cause{of}"][side][place]) for side in ("low", "high")
            )


@pytest.mark.parametrize("sex", ["F", "M"])
def test_mgus2_has_the_numbers_told_before(sex):
    rows, reported = mgus2()[mgus2()["sex"] == sex], golden("survival")["mgus2_competing"]["cif"][sex]
    curves = cumulative_incidence(rows["time"].to_numpy(), rows["cause"].to_numpy(), transform="log")
    for place, time in enumerate(reported["times"]):
        progression = incidence_at(curves[1], time)
        row = np.searchsorted(curves[1].time, time, side="right") - 1
        assert progression.value == same(reported["cif_pcm"][place])
        assert incidence_at(curves[2], time).value == same(reported["cif_death"][place])
        assert curves[1].std_error[row] == same(reported["se_pcm"][place])
        assert (progression.low, progression.high) == (
            same(reported["lower_pcm"][place]),
            same(reported["upper_pcm"][place]),
        )


@pytest.mark.parametrize("seed", range(20))
def test_incidences_and_who_is_free_add_up_to_1(seed):
    time, cause, _ = drawn(seed)
    curves = cumulative_incidence(time, cause)
    free = kaplan_meier(time, (cause > 0).astype(float)).survival
    assert sum(curve.incidence for curve in curves.values()) + free == pytest.approx(np.ones_like(free))
    for curve in curves.values():
        assert (np.diff(curve.incidence) >= 0).all()
        inside = ~np.isnan(curve.low)
        assert (curve.low[inside] <= curve.incidence[inside]).all() and (
            curve.incidence[inside] <= curve.high[inside]
        ).all()


@pytest.mark.parametrize("seed", range(5))
def test_one_minus_kaplan_meier_of_one_cause_is_never_less(seed):
    time, cause, _ = drawn(seed)
    naive = 1 - kaplan_meier(time, (cause == 1).astype(float)).survival
    incidence = cumulative_incidence(time, cause)[1].incidence
    assert (naive >= incidence - 1e-12).all() and naive[-1] > incidence[-1]


def test_without_competitors_it_is_one_minus_kaplan_meier_with_greenwoods_variance():
    time, cause, _ = drawn(3)
    event = (cause == 1).astype(float)
    curve, km = cumulative_incidence(time, event)[1], kaplan_meier(time, event)
    assert curve.incidence == pytest.approx(1 - km.survival)
    inside = (km.survival > 0) & (km.survival < 1)
    left = km.n_at_risk * (km.n_at_risk - km.events)
    greenwood = km.survival * np.sqrt(np.cumsum(np.divide(km.events, left, out=np.zeros_like(left), where=left > 0)))
    assert curve.std_error[inside] == pytest.approx(greenwood[inside])


def test_order_of_rows_and_unit_of_time_are_nothing():
    time, cause, _ = drawn(7)
    turned = np.random.default_rng(1).permutation(len(time))
    first, again, scaled = (
        cumulative_incidence(*given)[1]
        for given in ((time, cause), (time[turned], cause[turned]), (time * 30.4375, cause))
    )
    for name in ("incidence", "std_error", "low", "high"):
        assert getattr(again, name) == pytest.approx(getattr(first, name), nan_ok=True)
        assert getattr(scaled, name) == pytest.approx(getattr(first, name), nan_ok=True)


def test_a_higher_level_is_a_wider_interval():
    low, high = limits(floats(0.2), floats(0.1), 0.95, "log-log")
    lower, higher = limits(floats(0.2), floats(0.1), 0.99, "log-log")
    assert lower < low < 0.2 < high < higher
