"""Kaplan-Meier curves and their quantiles: against R to six digits, the median traps, edges, properties."""

import numpy as np
import pytest
from golden.reference import DATA_SETS, SEED, arrays, floats, golden, same, survival_data, survival_numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.stats.kaplan_meier import (
    NOBODY,
    NOT_REACHED,
    TRANSFORMS,
    kaplan_meier,
    quantile,
    reverse_follow_up,
    survival_at,
)
from lib.stats.proportions import exact_share

EVERYTHING = (*DATA_SETS, *SEED)
SMALL = golden("more")["curves"]
MORE = golden("survival_more")


def curve_of(name: str, group: str | None = None, transform="log-log"):
    time, event, groups = arrays(survival_data(name))
    mine = np.full(len(time), True) if group is None else groups == group
    return kaplan_meier(time[mine], event[mine], transform=transform)


def at_risk(curve, time: float) -> float:
    """How many are at risk just before this time, read off the curve."""
    later = np.flatnonzero(curve.time >= time)
    return curve.n_at_risk[later[0]] if len(later) else 0


@pytest.mark.parametrize("name", EVERYTHING)
def test_n_and_events_are_rs(name):
    numbers = survival_numbers(name)
    curve = curve_of(name)
    assert (curve.n, curve.n_events) == (numbers["n"], numbers["events"])
    for group, n in numbers["groups"].items():
        mine = curve_of(name, group)
        assert (mine.n, mine.n_events) == (n, numbers["events_by_group"][group])


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", EVERYTHING)
def test_medians_and_quartiles_with_limits_are_rs(name, transform):
    numbers = survival_numbers(name)["survfit"][transform]
    cases = {None: numbers["overall"]}
    medians = numbers["by_group"]["medians"]
    cases |= {group: {key: values[group] for key, values in medians.items()} for group in medians["median"]}
    for group, expected in cases.items():
        curve = curve_of(name, group, transform)
        for share, key in ((0.25, "q25"), (0.5, "median"), (0.75, "q75")):
            found = quantile(curve, share)
            if not found.note:  # R's quantile() gives a midpoint where a curve ends flat at exactly this share
                assert found.value == same(expected[key]), (group, key)
        middle = quantile(curve)
        assert middle.low == same(expected["median_lower"])
        assert middle.high == same(expected["median_upper"])
        assert bool(middle.reason) == (expected["median"] is None)


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", EVERYTHING)
def test_survival_at_times_with_limits_and_n_at_risk_is_rs(name, transform):
    numbers = survival_numbers(name)["survfit"][transform]
    times = numbers["overall"]["surv_at"]["times"]
    cases = {None: numbers["overall"]["surv_at"], **numbers["by_group"]["surv_at"]["groups"]}
    for group, expected in cases.items():
        curve = curve_of(name, group, transform)
        for place, time in enumerate(times):
            found = survival_at(curve, time)
            assert found.value == same(expected["surv"][place]), (group, time)
            n = expected["n_risk"][place]
            flat = expected["surv"][place] == 1 and time > 0  # where R has 1 to 1, or none
            assert found.low == same(exact_share(n, n).low if flat else expected["lower"][place]), (group, time)
            assert found.high == (1 if flat else same(expected["upper"][place])), (group, time)
            assert at_risk(curve, time) == curve.at_risk(time) == n


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", EVERYTHING)
def test_any_quantile_with_limits_on_any_scale_is_rs(name, transform):
    for group, expected in MORE["interval_types"][name][transform].items():
        curve = curve_of(name, group, transform)
        assert curve.transform == transform
        for place, share in enumerate(MORE["shares"]):
            found = quantile(curve, share)
            assert found.value == same(expected["value"][place]), (group, share)
            assert found.low == same(expected["low"][place]), (group, share)
            assert found.high == same(expected["high"][place]), (group, share)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_ties_and_late_entry_with_limits_on_any_scale_are_rs(transform):
    given_, expected = (MORE["tied_late_entry"][key] for key in ("given", "curves"))
    curve = kaplan_meier(*(floats(*given_[key]) for key in ("time", "ev", "entry")), transform=transform)
    for place, time in enumerate(expected[transform]["time"]):
        found = survival_at(curve, time)
        assert found.value == same(expected[transform]["survival"][place])
        flat = expected[transform]["survival"][place] == 1 and time > 0
        low, high = (
            (exact_share(6, 6).low, 1) if flat else (expected[transform][limit][place] for limit in ("low", "high"))
        )
        assert (found.low, found.high) == (same(low), same(high)), time


def test_the_scale_changes_limits_and_nothing_else():
    curves = {transform: curve_of("ovarian", "rx1", transform) for transform in TRANSFORMS}
    plain = curves["plain"]
    for transform in ("log-log", "log"):
        other = curves[transform]
        assert np.array_equal(other.survival, plain.survival) and not np.array_equal(other.low, plain.low)
        assert quantile(other).value == quantile(plain).value
    time, event, _ = arrays(survival_data("ovarian"))
    follow_up = [reverse_follow_up(time, event, transform=transform) for transform in TRANSFORMS]
    assert len({found.value for found in follow_up}) == 1 and len({found.low for found in follow_up}) > 1


@pytest.mark.parametrize("name", EVERYTHING)
def test_reverse_follow_up_is_rs(name):
    expected = dict(survival_numbers(name)["reverse_km_followup"])
    time, event, groups = arrays(survival_data(name))
    assert reverse_follow_up(time, event).value == same(expected.pop("overall"))
    for group, median in expected.items():
        assert reverse_follow_up(time[groups == group], event[groups == group]).value == same(median)


@pytest.mark.parametrize("name", SMALL)
def test_small_curves_are_rs(name):
    given_, expected, median = (SMALL[name][key] for key in ("given", "curve", "median"))
    curve = kaplan_meier(*(floats(*given_[key]) for key in ("time", "event", "entry")))
    rows = np.searchsorted(curve.time, floats(*expected["time"]))
    assert curve.time[rows].tolist() == expected["time"]
    for mine, theirs in ((curve.n_at_risk, "n_at_risk"), (curve.events, "events"), (curve.survival, "survival")):
        assert mine[rows].tolist() == pytest.approx(expected[theirs], rel=1e-6)
    for limit in ("low", "high"):
        missing = [value is None for value in expected[limit]]
        limits = getattr(curve, limit)[rows]
        assert np.isnan(limits).tolist() == missing
        assert limits[~np.isnan(limits)] == pytest.approx(
            [value for value in expected[limit] if value is not None], rel=1e-6
        )
    found = quantile(curve)
    assert (found.value, found.low, found.high) == tuple(same(median[key]) for key in ("median", "low", "high"))


def test_the_seed_medians_are_the_published_ones():
    assert quantile(curve_of("ttp", "Control")).value == pytest.approx(5.85)  # lifelines alone: 7
    assert quantile(curve_of("ttp", "Pomalidomide")).value == pytest.approx(13)  # 15
    assert quantile(curve_of("os", "Control")).value == pytest.approx(10.7)  # 12
    assert quantile(curve_of("os", "Pomalidomide")).reason == NOT_REACHED


def test_the_midpoint_rule_where_half_is_crossed():
    toy = golden("survival")["km_half_toy"]
    assert quantile(kaplan_meier(floats(*toy["time"]), floats(*toy["event"]))).value == toy["median_R_prism"]


def test_a_curve_that_ends_flat_at_half_gives_its_first_time_and_says_so():
    toy = golden("survival")["km_flat_to_end_at_half_toy"]
    found = quantile(kaplan_meier(floats(*toy["time"]), floats(*toy["event"])))
    assert found.value == toy["median_R_print_summary"]
    assert "ends at exactly 50%" in found.note


@pytest.mark.parametrize("n", [2, 4, 6, 8, 14, 18, 20, 44, 58])
def test_an_even_number_without_censoring_has_the_plain_median(n):
    assert quantile(kaplan_meier(np.arange(1.0, n + 1), np.ones(n))).value == pytest.approx((n + 1) / 2)


def test_nobody():
    curve = kaplan_meier(floats(), floats())
    assert (curve.n, curve.n_events, curve.time.tolist(), curve.survival.tolist()) == (0, 0, [0], [1])
    assert quantile(curve).reason == survival_at(curve, 3).reason == NOBODY
    assert reverse_follow_up(floats(), floats()).reason == NOBODY


def test_one_patient():
    died, alive = kaplan_meier(floats(7), floats(1)), kaplan_meier(floats(7), floats(0))
    assert quantile(died).value == 7 and quantile(alive).reason == NOT_REACHED
    assert survival_at(died, 7).value == 0 and survival_at(died, 99).value == 0
    assert survival_at(alive, 7).value == 1
    assert survival_at(alive, 7.1).reason == "beyond the last observation"


def test_no_events_and_all_events_at_one_time():
    none = kaplan_meier(floats(1, 2, 3), floats(0, 0, 0))
    assert none.survival.tolist() == [1, 1, 1, 1]
    assert none.low.tolist() == pytest.approx([0.025 ** (1 / n) for n in (3, 2, 1, 1)]) and (none.high == 1).all()
    assert quantile(none).low is None
    assert quantile(none).reason == NOT_REACHED
    once = kaplan_meier(floats(4, 4, 4), floats(1, 1, 1))
    assert once.survival.tolist() == [1, 0] and quantile(once).value == 4


def test_an_event_on_the_day_of_infusion_counts():
    curve = kaplan_meier(floats(0, 5), floats(1, 0))
    assert (curve.time.tolist(), curve.survival.tolist()) == ([0, 5], [0.5, 0.5])


def test_a_censored_time_tied_with_an_event_is_still_at_risk():
    curve = kaplan_meier(floats(2, 2, 3), floats(1, 0, 1))
    assert curve.n_at_risk.tolist() == [3, 3, 1] and curve.survival.tolist() == pytest.approx([1, 2 / 3, 0])


def test_late_entry_as_in_r():
    time, event, _ = arrays(survival_data("lung"))
    number = survival_data("lung")["id"].to_numpy()
    entry = np.where((number % 3 == 0) & (time > 30), 30.0, 0.0)
    expected = golden("more")["groups"]["lung_every_third_enters_on_day_30"]["median"]
    found = quantile(kaplan_meier(time, event, entry))
    assert (found.value, found.low, found.high) == (
        same(expected["median"]),
        same(expected["low"]),
        same(expected["high"]),
    )


def test_who_leaves_by_the_entry_was_never_there():
    curve = kaplan_meier(floats(5, 5, 8), floats(1, 1, 0), floats(5, 0, 9))
    assert (curve.n, curve.n_events, curve.time.tolist(), curve.survival.tolist()) == (1, 1, [0, 5], [1, 0])
    nobody = kaplan_meier(floats(5), floats(1), floats(5))
    assert (nobody.n, quantile(nobody).reason) == (0, NOBODY)


def test_another_level():
    time, event, _ = arrays(survival_data("lung"))
    narrow, wide = kaplan_meier(time, event, level=0.5), kaplan_meier(time, event, level=0.99)
    inside = ~np.isnan(wide.low)
    assert np.all(wide.low[inside] <= narrow.low[inside]) and np.all(narrow.high[inside] <= wide.high[inside])


observations = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1)), min_size=1, max_size=25)


@settings(deadline=None)
@given(observations, st.randoms(), st.sampled_from(TRANSFORMS))
def test_properties_of_every_curve(rows, random, transform):
    time, event = floats(*(t for t, _ in rows)), floats(*(e for _, e in rows))
    curve = kaplan_meier(time, event, transform=transform)
    assert np.all(np.diff(curve.survival) <= 0) and curve.survival[-1] >= 0 and curve.survival[0] <= 1
    inside = ~np.isnan(curve.low)
    assert np.all(curve.low[inside] <= curve.survival[inside] + 1e-12)
    assert np.all(curve.survival[inside] <= curve.high[inside] + 1e-12)
    assert np.all(np.isnan(curve.low) == np.isnan(curve.high))
    left = np.concatenate([[0], np.cumsum(curve.events + curve.censored)[:-1]])
    assert np.all(curve.n_at_risk + left == curve.n)
    assert curve.events.sum() == curve.n_events and (curve.events + curve.censored).sum() == curve.n
    shuffled = zip(*random.sample(rows, len(rows)), strict=True)
    again = kaplan_meier(*(floats(*column) for column in shuffled), transform=transform)
    assert np.array_equal(again.survival, curve.survival) and np.array_equal(again.low, curve.low, equal_nan=True)


@settings(deadline=None)
@given(observations, st.floats(0.05, 0.95))
def test_a_quantile_is_where_the_curve_says(rows, share):
    curve = kaplan_meier(floats(*(t for t, _ in rows)), floats(*(e for _, e in rows)))
    found = quantile(curve, share)
    if found.value is None:
        assert curve.survival.min() > 1 - share and found.reason == NOT_REACHED
    else:
        assert survival_at(curve, found.value).value <= 1 - share + 1e-8
        before = curve.time[curve.time < found.value]
        assert len(before) == 0 or survival_at(curve, before[0]).value >= 1 - share - 1e-8
        assert found.low is None or found.low <= found.value
        assert found.high is None or found.value <= found.high


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6), st.integers(0, 1)), min_size=1, max_size=15))
def test_late_entry_never_counts_who_is_not_there(rows):
    entry = floats(*(start for start, _, _ in rows))
    time, event = floats(*(start + length for start, length, _ in rows)), floats(*(e for *_, e in rows))
    curve = kaplan_meier(time, event, entry)
    for place, when in enumerate(curve.time):
        there = np.sum((time >= when) & ((entry < when) | (entry == 0)))
        assert curve.n_at_risk[place] == there
    assert np.all(np.diff(curve.survival) <= 0) and np.all(curve.survival >= 0)
