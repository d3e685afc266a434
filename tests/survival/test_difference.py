"""The difference of two curves: R's numbers, a reason where there is none, and what the figure carries."""

import json

import pytest
from golden.cohorts import example
from golden.reference import golden
from stats.observed import difference_at

from lib.cohort.grouping import GROUPED_LATE
from lib.publication.step_layout import StepLayout
from lib.survival.caveats import BIASED
from lib.survival.difference import difference, difference_chart, difference_figure, headline
from lib.survival.kaplan_meier import Look
from survival.made import data_set, late, result


@pytest.mark.parametrize("name", ["lung", "ovarian", "ttp"])
def test_r_has_the_same_numbers(name):
    found, expected = difference(result(data_set(name), unit="days")), golden("small_groups")["difference"][name]
    values = [difference_at(found.curve, time) for time in expected["time"]]
    assert [value.value for value in values] == pytest.approx(expected["difference"], abs=1e-9)
    for value, low, high in zip(values, expected["low"], expected["high"], strict=True):
        assert (value.low, value.high) == (pytest.approx(low, rel=1e-6), pytest.approx(high, rel=1e-6))


def test_a_group_of_one_or_two_is_described_and_not_compared():
    found = difference(result(example(), "ttp", "arm", "emd=yes"))
    assert found.curve.reason == "Control is described, not compared: fewer than 3 patients"


def test_it_is_the_group_less_the_reference():
    found = difference(result(example(), "ttp"))
    assert (found.group, found.reference) == ("Pomalidomide", "Control")
    assert difference_at(found.curve, 6).value == pytest.approx(0.5)


def test_a_group_without_patients_has_a_reason():
    found = difference(result(example(), "ttp", "arm", "arm=Control"))
    assert found.curve.reason == "no patients in Pomalidomide" and len(found.curve.time) == 0


def figure(made, *wishes):
    return difference_figure(difference(result(made, *wishes)))


def test_curve_band_and_counts():
    made = figure(example(), "ttp")
    assert made.id == "survival.ttp.difference" and made.n == 16
    assert made.data["difference"].between(-1, 1).all() and len(made.numbers.rows) == len(made.data)
    assert made.tables["group"]["label"].tolist() == ["Control (8)", "Pomalidomide (8)"]
    assert "95 % CI" not in made.caption and "Pomalidomide less that of Control" in made.caption
    banded = difference_figure(difference(result(example(), "ttp")), Look(limits=True))
    assert banded.tables["band"][["low", "high"]].notna().all().all() and made.tables["band"].empty
    assert "95 % CI" in banded.caption and "Pointwise 95 % limits" in banded.method


def test_the_bias_is_said_and_no_p_value_beside_it():
    made = figure(example(), "ttp")
    assert made.tables["box"]["text"].tolist() == [f"{BIASED}: groups are not compared here"]
    assert "immortal time" in made.method
    (other,) = figure(example(), "os", "emd").tables["box"]["text"]
    assert "Permutation log-rank p = " in other


def test_the_headline_is_the_difference_at_12_months_with_its_bias():
    sentence, biased = headline(difference(result(example(), "ttp")))
    assert (
        sentence
        == "Progression-free at 12.0 months: Pomalidomide +38 percentage points (95 % CI −11 to +70) against Control."
    )
    assert biased == GROUPED_LATE
    assert "no patients in Pomalidomide" in headline(difference(result(example(), "os", "arm", "arm=Control")))[0]


def test_no_difference_has_a_reason():
    made = figure(example(), "os", "arm", "arm=Control")
    assert made.data.empty and made.tables["box"]["text"].tolist() == ["No curve: no patients in Pomalidomide"]
    assert "not estimable" in made.alt
    assert made.chart == figure(example(), "os").chart


def test_late_entry_is_said():
    made = figure(late(("A", 0, 5, 1), ("A", 2, 8, 1), ("B", 3, 6, 1), ("B", 0, 9, 0)))
    assert any("not yet entered" in note for note in made.notes)


def test_the_axis_says_which_is_taken_from_which():
    text = json.dumps(difference_chart("weeks", "infusion", StepLayout(2, most_ends=0, has_key=False)))
    assert figure(example(), "ttp").tables["heading"]["text"].tolist() == [
        "Time to progression: Pomalidomide − Control"
    ]
    assert '"Difference, percentage points"' in text and '"Weeks since infusion"' in text


def test_the_axis_reaches_as_far_as_what_is_drawn_and_as_far_below_zero_as_above():
    found = difference(result(example(), "ttp"))
    curve, banded = (difference_figure(found, Look(limits)) for limits in (False, True))
    most = curve.data["difference"].abs().max()
    assert 0.4 < most <= 0.6 and curve.tables["reach"]["difference"].tolist() == [-0.6, -0.3, 0, 0.3, 0.6]
    assert banded.tables["reach"]["difference"].tolist() == [-1, -0.5, 0, 0.5, 1]
