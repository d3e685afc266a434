"""Exposure that starts during follow-up: rows, hazard ratio, Mantel-Byar test and curves against R's heart data."""

import numpy as np
import pandas as pd
import pytest
from golden.reference import HERE, RECONSTRUCTION, SEED, floats, golden, same, survival_data, survival_numbers

from lib.stats import firth
from lib.stats.cox import NAME
from lib.stats.time_dependent import MANTEL_BYAR, compare_exposure, split_at_exposure
from stats.observed import heart

NEVER = float("nan")
R = golden("survival")["heart_immortal_time"]


def heart_wide():
    """As R's `heart` was made of `jasa`: a day later throughout, and a transplant on the day of death half a day before
    it."""
    rows = pd.read_csv(HERE / "heart_wide.csv")
    time = np.floor(rows["futime"].to_numpy(float)) + 1
    exposure = rows["exposure_day"].to_numpy(float) + 1
    return time, rows["event"].to_numpy(float), np.where(exposure == time, exposure - 0.5, exposure)


def rows_of(found):
    columns = (found.patient, found.entry, found.time, found.event, found.exposed)
    return [tuple(map(float, row)) for row in zip(*columns, strict=True)]


def test_rows_are_those_of_rs_heart():
    ours, theirs = split_at_exposure(*heart_wide()), heart()
    assert rows_of(ours) == [tuple(row) for row in theirs.assign(id=theirs["id"] - 1).to_numpy(float).tolist()]


def test_ratio_and_mantel_byar_test_are_rs():
    found, expected = compare_exposure(*heart_wide()), R["time_dependent"]
    ratio = found.hazard_ratio
    assert (ratio.value, ratio.low, ratio.high) == tuple(same(expected[key]) for key in ("hr", "lower", "upper"))
    assert (found.test.name, found.test.p, found.test.n) == (NAME, same(expected["p_wald"]), 103)
    assert (found.mantel_byar.name, found.mantel_byar.p, found.mantel_byar.n) == (
        MANTEL_BYAR,
        same(expected["p_score"]),
        103,
    )
    assert (found.n, found.n_exposed, found.n_switched, found.events) == (103, 69, 69, (30, 45))


@pytest.mark.parametrize("name", SEED)
def test_the_reconstruction_is_rs(name):
    rows, expected = survival_data(name), survival_numbers(name)["time_dependent"]
    start = pd.read_csv(RECONSTRUCTION.with_name("patients.csv"))["maintenance_start_month"].to_numpy(float)
    found = compare_exposure(rows["time"].to_numpy(float), rows["ev"].to_numpy(float), start)
    ratio = found.hazard_ratio
    assert (ratio.value, ratio.low, ratio.high) == tuple(same(expected[key]) for key in ("hr", "lower", "upper"))
    assert (found.test.p, found.mantel_byar.p) == (same(expected["p_wald"]), same(expected["p_score_mantel_byar"]))


def test_simon_makuch_curves_are_rs():
    found, expected = compare_exposure(*heart_wide()), R["simon_makuch"]
    for curve, survival, at_risk in ((found.unexposed, "no_tx", "nrisk_no"), (found.exposed, "tx", "nrisk_tx")):
        for time, share, n in zip(expected["times"], expected[survival], expected[at_risk], strict=True):
            assert curve.survival[np.searchsorted(curve.time, time, side="right") - 1] == same(share)
            assert (
                np.sum(
                    (found.rows.exposed == (curve is found.exposed))
                    & (found.rows.entry < time)
                    & (found.rows.time >= time)
                )
                == n
            )
    assert (found.unexposed.n_events, found.exposed.n_events) == found.events


@pytest.mark.parametrize(
    ("exposure", "entry", "rows"),
    [
        (NEVER, 0, [(0, 0, 9, 1, 0)]),
        (4, 0, [(0, 0, 4, 0, 0), (0, 4, 9, 1, 1)]),
        (4, 2, [(0, 2, 4, 0, 0), (0, 4, 9, 1, 1)]),
        (0, 0, [(0, 0, 9, 1, 1)]),  # from the beginning
        (-3, 0, [(0, 0, 9, 1, 1)]),
        (2, 2, [(0, 2, 9, 1, 1)]),
        (9, 0, [(0, 0, 9, 1, 0)]),  # only at the end: never during follow-up
        (12, 0, [(0, 0, 9, 1, 0)]),
    ],
)
def test_where_a_patient_is_cut(exposure, entry, rows):
    assert rows_of(split_at_exposure(floats(9), floats(1), floats(exposure), floats(entry))) == rows


def test_splitting_keeps_time_and_events_and_changes_nothing_given():
    time, event, exposure = heart_wide()
    before = time.copy(), event.copy(), exposure.copy()
    rows = split_at_exposure(time, event, exposure)
    assert (rows.time - rows.entry).sum() == pytest.approx(time.sum())
    assert rows.event.sum() == event.sum()
    for then, now in zip(before, (time, event, exposure), strict=True):
        np.testing.assert_array_equal(then, now)


def test_scale_of_time_and_order_of_patients_are_nothing():
    time, event, exposure = heart_wide()
    order = np.random.default_rng(5).permutation(len(time))
    plain, mixed = (
        compare_exposure(time, event, exposure),
        compare_exposure(time[order] / 7, event[order], exposure[order] / 7),
    )
    assert mixed.hazard_ratio.value == pytest.approx(plain.hazard_ratio.value, rel=1e-9)
    assert mixed.mantel_byar.p == pytest.approx(plain.mantel_byar.p, rel=1e-9)


@pytest.mark.parametrize(
    ("time", "event", "exposure", "reason", "mantel_byar"),
    [
        ((), (), (), "no patients", "no patients"),
        ((5, 6), (1, 1), (NEVER, 8), "nobody was exposed during follow-up", "nobody was exposed during follow-up"),
        (
            (5, 6),
            (1, 1),
            (0, -1),
            "everybody was exposed from the beginning",
            "everybody was exposed from the beginning",
        ),
        (
            (5, 6, 7, 8, 9, 9),
            (0,) * 6,
            (2, 2, 2, NEVER, NEVER, NEVER),
            "no events in exposed time and unexposed time",
            "no events",
        ),
        (
            (6.5, 6, 7),
            (0, 1, 1),
            (2, NEVER, NEVER),
            "exposed time is described, not compared: fewer than 3 patients",
            "",
        ),
    ],
)
def test_thin_data_have_reasons(time, event, exposure, reason, mantel_byar):
    found = compare_exposure(floats(*time), floats(*event), floats(*exposure))
    assert (found.hazard_ratio.reason, found.test.reason, found.mantel_byar.reason) == (reason, reason, mantel_byar)
    assert found.n == found.test.n == found.mantel_byar.n == len(time)


def test_few_events_are_firths():
    found = compare_exposure(floats(*range(1, 11)), np.ones(10), floats(*[NEVER] * 6, 2.5, 2.5, 5.5, NEVER))
    assert found.test.name == NAME
    few = compare_exposure(
        floats(*range(1, 11)), floats(*[1] * 6, *[0] * 4), floats(*[NEVER] * 6, 2.5, 2.5, 5.5, NEVER)
    )
    assert (few.test.name, few.hazard_ratio.note, few.events) == (firth.NAME, firth.NOTE, (6, 0))


def test_nobody_unexposed_and_exposed_at_risk_together():
    found = compare_exposure(
        floats(3, 3, 3, 9, 9, 9), np.ones(6), floats(NEVER, NEVER, NEVER, 4, 4, 4), floats(0, 0, 0, 4, 4, 4)
    )
    assert found.hazard_ratio.reason == "the groups are never at risk together"
    assert found.mantel_byar.p is None and found.mantel_byar.reason


@pytest.mark.parametrize("seed", range(40))
def test_never_an_exception_and_every_event_in_one_state(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(0, 12))
    time, event = draw.integers(0, 8, n).astype(float), (draw.random(n) < 0.7).astype(float)
    exposure = np.where(draw.random(n) < 0.5, draw.integers(-1, 9, n), NEVER)
    found = compare_exposure(time, event, exposure, np.minimum(time, draw.integers(0, 4, n)) if seed % 2 else None)
    assert sum(found.events) == event.sum()
    assert (found.hazard_ratio.value is None) == bool(found.test.reason)
