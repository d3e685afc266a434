"""Kinetic parameters against PKNCA's rules to nine digits, and where there is nothing to calculate."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from golden.reference import floats, golden
from hypothesis import given
from hypothesis import strategies as st

from lib.kinetics.noncompartmental import Series, areas_from_0, areas_to_last, half_lives, parameters
from lib.kinetics.parameter_table import NON_EXPANDER, NOT_SAMPLED, TOO_FEW, Subjects, Why

NCA = golden("nca")
NINE_DIGITS = 1e-9
WORKED = ("EX1", "EX2", "EX3", "EX4")


def series(*each):
    """Series one after another, each (day, amount) or (day, amount, limit of quantification)."""
    parts = [(*one, np.full(len(one[0]), 50.0))[:3] for one in each]
    return Series(*map(np.concatenate, zip(*parts, strict=True)), np.array([len(day) for day, *_ in parts]))


def table_of(*each, base_day=1.0):
    n = len(each)
    subjects = Subjects(
        np.array([f"a{place + 1}" for place in range(n)], object), np.ones(n, int), np.zeros(n, int), ("A",)
    )
    return parameters(subjects, series(*each), base_day)


def of(day, value, below=None):
    value = floats(*value)
    return table_of((floats(*day), np.where(value == 0 if below is None else below, 0.0, value))).row(0)


def _one(found):
    value = float(found.value[0])
    return SimpleNamespace(value=None if np.isnan(value) else value, why=Why(found.why[0]))


def auc_from_0(day, amount, end):
    return _one(areas_from_0(series((day, amount)), end))


def auc_to_last(day, amount):
    return _one(areas_to_last(series((day, amount))))


def half_life(day, amount):
    """None without a fit."""
    found = {name: float(values[0]) for name, values in half_lives(series((day, amount))).items()}
    return None if np.isnan(found["days"]) else SimpleNamespace(**found)


@pytest.mark.parametrize("name", WORKED)
def test_worked_examples(name):
    expected = NCA[name]
    found = of(expected["t"], expected["c"])
    assert found.cmax.value == expected["cmax"] and found.tmax.value == expected["tmax"]
    assert (found.tlast.value, found.clast.value) == (expected["tlast"], expected["clast"])
    assert found.tbql.value == {"EX1": 180, "EX3": 28}.get(name) and bool(found.tbql.reason) == (name in ("EX2", "EX4"))
    assert found.auc_0_28.value == pytest.approx(expected["auc0_28_last"], rel=NINE_DIGITS)
    if "auc0_90_last" in expected:
        assert found.auc_0_90.value == pytest.approx(expected["auc0_90_last"], rel=NINE_DIGITS)
    assert found.n_samples == len(expected["t"])


@pytest.mark.parametrize("name", WORKED)
@pytest.mark.parametrize("end", [28, 90, 180])
def test_areas_to_other_days(name, end):
    expected = NCA[name].get(f"auc0_{end}_last")
    if expected is not None:
        found = auc_from_0(floats(*NCA[name]["t"]), floats(*NCA[name]["c"]), end)
        assert found.value == pytest.approx(expected, rel=NINE_DIGITS)


@pytest.mark.parametrize("name", WORKED)
def test_half_lives(name):
    expected, found = NCA[name]["half_life"], half_life(floats(*NCA[name]["t"]), floats(*NCA[name]["c"]))
    if expected is None:
        assert found is None
        return
    assert found.days == pytest.approx(expected["half_life"], rel=NINE_DIGITS)
    assert (found.n, found.first_day) == (expected["n"], expected["t_first"])
    assert found.adjusted_r2 == pytest.approx(expected["adj_r2"], rel=NINE_DIGITS)
    assert found.span == pytest.approx(expected["span_ratio"], rel=NINE_DIGITS)
    fit = of(NCA[name]["t"], NCA[name]["c"]).fit
    assert not fit.reason  # all three are fit to be reported
    assert fit.phase == ("persistence" if expected["t_first"] >= 28 else "contraction")


def test_a_reported_half_life_names_its_window():
    assert of(NCA["EX1"]["t"], NCA["EX1"]["c"]).half_life.note == "persistence, 3 points from day 28"
    assert of(NCA["EX2"]["t"], NCA["EX2"]["c"]).half_life.note == "contraction, 3 points from day 21"


@pytest.mark.parametrize(
    ("name", "area"), [("EX1", "auc0_180_last"), ("EX3", "auc0_28_last"), ("EX4", "auc0_180_last")]
)
def test_the_area_to_the_last_quantifiable_sample_is_pknca_s(name, area):
    assert of(NCA[name]["t"], NCA[name]["c"]).auc_last.value == pytest.approx(NCA[name][area], rel=NINE_DIGITS)


def test_the_area_to_the_last_sample_begins_with_the_first():
    assert of([7, 14], [1000, 3000]).auc_last.value == pytest.approx(7 * 2000)  # nothing before day 7
    assert of([7, 14], [3000, 1000]).auc_last.value == pytest.approx(7 * 2000 / math.log(3))
    assert of([7, 14, 21], [1000, 3000, 0]).auc_last.value == pytest.approx(7 * 2000)
    assert of([10], [500]).auc_last.reason == "one sample"
    assert of([0, 7], [0, 0]).auc_last.reason == NON_EXPANDER


def test_without_samples_after_the_infusion_nothing_is_said_of_the_patient():
    for found in (of([], []), of([-7, -3], [500, 900]), of([0], [0]), of([-3, 0], [0, 40])):
        assert {
            found.cmax.reason,
            found.tmax.reason,
            found.auc_0_28.reason,
            found.auc_last.reason,
            found.tlast.reason,
            found.half_life.reason,
        } == {NOT_SAMPLED}
        assert not found.expanded and not found.never_quantifiable


def test_all_below_the_limit():
    long, short = of([0, 7, 14, 28], [0, 0, 0, 0]), of([0, 7], [0, 0])
    for found in (long, short):
        assert found.cmax.reason == found.half_life.reason == NON_EXPANDER
        assert found.never_quantifiable and not found.expanded
    assert long.auc_0_28.value == 0 and short.auc_0_28.reason == NON_EXPANDER


def test_samples_before_the_infusion_are_of_earlier_cells():
    found, without = of([-5, 1, 7, 28], [90_000, 100, 5000, 200]), of([1, 7, 28], [100, 5000, 200])
    assert (found.cmax, found.tmax, found.auc_0_28, found.tlast) == (
        without.cmax,
        without.tmax,
        without.auc_0_28,
        without.tlast,
    )


def test_a_single_sample():
    early, late = of([10], [500]), of([28], [500])
    assert (early.cmax.value, early.tmax.value, early.tlast.value) == (500, 10, 10)
    assert early.auc_0_28.reason == "last sample on day 10, still quantifiable"
    assert late.auc_0_28.value == pytest.approx(28 * 500 / 2)  # from 0 on the day of infusion
    assert early.half_life.reason == "fewer than three falling values after the peak"


def test_the_first_of_two_equal_peaks_is_tmax():
    assert of([1, 7, 10, 28], [5, 900, 900, 4]).tmax.value == 7


def test_sampling_that_ends_early_below_the_limit_is_enough():
    assert (
        of([0, 7, 14, 21], [0, 1000, 100, 0]).auc_0_28.value
        == of([0, 7, 14, 21, 28], [0, 1000, 100, 0, 0]).auc_0_28.value
    )


def test_day_28_is_interpolated():
    falling = auc_from_0(floats(0, 14, 42), floats(0, 800, 200), 28).value
    assert falling == pytest.approx(14 * 800 / 2 + 14 * (400 - 800) / np.log(400 / 800))
    rising = auc_from_0(floats(0, 14, 42), floats(0, 200, 800), 28).value
    assert rising == pytest.approx(14 * 200 / 2 + 14 * (200 + 500) / 2)


def test_values_at_the_limit_marked_below_count_as_nothing():
    assert (
        of([0, 7, 28], [50, 4000, 50], [True, False, True]).auc_0_28.value
        == of([0, 7, 28], [0, 4000, 0]).auc_0_28.value
    )


def test_a_half_life_too_short_in_time_or_too_scattered_is_not_reported():
    short = of([7, 10, 11, 12, 28], [1000, 900, 890, 870, 860])
    assert "half-lives, fewer than 2" in short.half_life.reason
    scattered = of([0, 7, 14, 40, 80, 120, 160], [0, 1e5, 9e4, 300, 8000, 20, 900])
    assert scattered.half_life.value is None and scattered.half_life.reason
    rising = of([1, 7, 10, 14, 28], [9000, 10, 20, 40, 300])
    assert rising.half_life.reason == "fewer than three falling values after the peak"


amounts = st.lists(st.sampled_from([0.0, 60.0, 400.0, 1500.0, 9000.0, 48000.0, 95000.0]), min_size=12, max_size=12)
DAYS = floats(0, 1, 3, 7, 10, 14, 21, 28, 60, 90, 120, 180)


@given(amounts, st.sampled_from([7.0, 14.0, 20.0, 28.0, 77.0, 180.0]), st.sampled_from([3.0, 10.0, 14.0, 27.0, 60.0]))
def test_area_grows_and_adds_up(values, end, middle):
    """An area to a later day is no smaller; what lies between two days where both are quantifiable is their
    difference."""
    value = floats(*values)
    whole = auc_from_0(DAYS, value, end)
    if whole.value is None:
        return
    part = auc_from_0(DAYS, value, middle)
    if middle <= end and part.value is not None:
        assert part.value <= whole.value + 1e-6
    assert whole.value >= 0
    twice = auc_from_0(DAYS, 2 * value, end)
    assert twice.value == pytest.approx(2 * whole.value)


@given(st.lists(st.floats(1, 1e6), min_size=9, max_size=9))
def test_areas_of_two_halves_are_the_whole(values):
    """Where every sample is quantifiable, splitting at a sampled day changes nothing."""
    day, value = floats(0, 1, 3, 7, 10, 14, 21, 28, 60), floats(*values)
    whole, first = auc_from_0(day, value, 60).value, auc_from_0(day, value, 14).value
    second = auc_from_0(np.concatenate([[0], day[5:] - 14 + 1e-9]), np.concatenate([[value[5]], value[5:]]), 46).value
    assert whole == pytest.approx(first + second, rel=1e-6)


@given(amounts)
def test_parameters_lie_within_the_samples(values):
    found = of(DAYS, values)
    if found.expanded:
        assert found.cmax.value == max(values) and found.tmax.value <= found.tlast.value <= 180
        assert found.auc_0_28.value is not None and found.auc_0_28.value <= 28 * max(values) * (1 + 1e-12)
    else:
        assert not any(values)


def test_nothing_is_added_after_the_last_quantifiable_day():
    """Day 28 lies between the last quantifiable sample and one below the limit: the area ends with the former, as
    AUClast."""
    found = of([0, 7, 21, 60, 90], [0, 9000, 3000, 0, 0])
    assert (
        found.auc_0_28.value
        == found.auc_0_90.value
        == found.auc_last.value
        == auc_from_0(floats(0, 7, 21), floats(0, 9000, 3000), 21).value
    )


def test_areas_to_day_90_need_samples_until_then():
    found = of([0, 7, 28, 60], [0, 9000, 3000, 800])
    assert found.auc_0_28.value is not None and found.auc_0_90.reason == "last sample on day 60, still quantifiable"


def test_the_first_day_below_the_limit_is_the_one_that_nothing_follows():
    assert of([0, 7, 14, 21, 28, 60], [0, 900, 0, 300, 0, 0]).tbql.value == 28
    last = of([7, 14], [900, 300]).tbql
    assert last.value is None and last.reason == "still quantifiable in the last sample, on day 14"


def test_exact_decay():
    day = np.arange(0.0, 61.0, 10.0)
    found = half_life(day, 1e5 * 0.5 ** (day / 7))
    assert found.days == pytest.approx(7) and found.adjusted_r2 == pytest.approx(1)
    assert (found.n, found.first_day, found.last_day) == (6, 10, 60)
    assert not of(day, 1e5 * 0.5 ** (day / 7)).half_life.reason


def test_two_points_after_the_peak_are_no_line():
    assert half_life(floats(7, 14, 21), floats(900, 300, 100)) is None


@pytest.mark.parametrize("amount", [100.0, 0.1, 123.456])
def test_a_flat_tail_has_no_r2_and_no_half_life(amount):
    day = floats(7, 14, 21, 28, 35, 42)
    assert half_life(day, floats(900, *[amount] * 5)) is None
    fall = half_life(day, floats(900, 800, 400, amount, amount, amount))
    assert fall is None or (np.isfinite(fall.adjusted_r2) and fall.n > 3)


def test_nothing_quantifiable_has_no_area_unless_sampled_long_enough():
    assert auc_from_0(floats(), floats(), 28).why == Why.SILENT
    assert auc_from_0(floats(0, 28), floats(0, 0), 28).value == 0
    assert auc_from_0(floats(0, 14), floats(0, 0), 28).why == Why.SILENT
    assert auc_to_last(floats(), floats()).why == Why.ONE_SAMPLE


def test_quantifiable_only_after_the_end_is_an_area_of_what_rises_before_it():
    assert auc_from_0(floats(0, 28, 42), floats(0, 0, 700), 28).value == 0
    assert auc_from_0(floats(0, 14, 42), floats(0, 0, 700), 28).value == 14 * 350 / 2


def rising(*rows, lloq=50.0):
    """Rows of (day, amount), 0 = below."""
    day, amount = zip(*rows, strict=True)
    return floats(*day), floats(*amount), np.full(len(rows), lloq)


def fold_expansion(given, base_day=1.0):
    return table_of(given, base_day=base_day).row(0).fold


@pytest.mark.parametrize(
    ("rows", "base_day", "fold", "at_least", "day"),
    [
        (((0, 10), (1, 331.4), (6, 11600)), 1, 11600 / 331.4, False, 1),
        (((0, 0), (1, 0), (7, 9000)), 1, 9000 / 50, True, 1),
        (
            ((0, 60), (2, 90), (7, 9000)),
            1,
            100,
            False,
            2,
        ),  # day 2 is within a day of day 1, day 0 is the infusion itself
        (((0, 60), (1, 70), (7, 9000)), 0, 150, False, 0),
        (((1, 70), (3, 90), (7, 9000)), 3, 100, False, 3),
        (((1, 9000), (7, 80)), 1, 1, False, 1),
    ],
)
def test_the_peak_over_the_base(rows, base_day, fold, at_least, day):
    found = fold_expansion(rising(*rows), base_day)
    assert found.fold.value == pytest.approx(fold) and (found.at_least, found.day) == (at_least, day)
    assert bool(found.fold.note) == at_least


def test_without_a_base_there_is_a_reason():
    assert fold_expansion(rising((0, 10), (7, 9000))).fold.reason == "no sample on day 1"
    unknown = fold_expansion(rising((1, 0), (7, 9000), lloq=np.nan))
    assert unknown.fold.reason == "day 1 lies below a limit that is not stated" and not unknown.at_least
    assert fold_expansion(rising((5, 9000), (10, 70)), 10).fold.reason == "the peak lies before day 10"


sample = st.tuples(st.sampled_from([-3.0, *DAYS]), st.sampled_from([0.0, 0.0, 60.0, 400.0, 1500.0, 9000.0, 48000.0]))
course = st.lists(sample, max_size=14, unique_by=lambda each: each[0]).map(sorted)


@given(st.lists(course, min_size=1, max_size=12))
def test_a_series_has_the_same_parameters_alone_and_among_others(courses):
    every = [rising(*rows) if rows else (floats(), floats(), floats()) for rows in courses]
    alone = [replace(table_of(each).row(0), patient=f"a{place + 1}") for place, each in enumerate(every)]
    assert list(table_of(*every)) == alone


def test_a_part_of_a_table_has_its_rows():
    every = table_of(rising((0, 0), (7, 900), (28, 0)), rising((0, 0), (7, 0)), rising((7, 80)))
    part = every.where(np.array([False, True, True]))
    assert list(part) == list(every)[1:] and part["cmax"][1] == 80
    assert (part.silent.tolist(), part.expanded.tolist()) == ([True, False], [False, True])
    assert part.words(0, "cmax") == NON_EXPANDER and part.words(1, "half_life") == TOO_FEW
    assert (len(part.where(part["cmax"] > 100)), table_of(rising((0, 5))).words(0, "tbql")) == (0, NOT_SAMPLED)
