"""Time-dependent analyses against R, and at the edges."""

import numpy as np
import pytest
from golden.cohorts import by, nobody, selected
from golden.reference import golden, same, survival_numbers

from lib.derived.exposure import exposure_of
from lib.survival.regrouping import EndpointChoice
from lib.survival.time_dependent import dependent_survival
from survival.compared import heart, in_months, of_example, small

TIMES = {"a1": (100, 1), "a2": (200, 1), "a3": (50, 0), "b1": (300, 1), "b2": (150, 1), "b3": (90, 0)}
NUMBERS = golden("time_zero")


def numbers(result):
    found = result.comparison
    return found.hazard_ratio.value, found.hazard_ratio.low, found.hazard_ratio.high, found.test.p, found.mantel_byar.p


def of_heart():
    made, split = selected(heart()), by(heart())
    return dependent_survival(made, EndpointChoice("os", "days"), exposure_of(made, split), split)


def survival_at(result, name, at):
    curve = next(group.curve for group in result.survival.groups if group.name == name)
    return [curve.survival[np.searchsorted(curve.time, time, side="right") - 1] for time in at]


@pytest.mark.parametrize("name", ["ttp", "os", "heart"])
def test_days_as_a_workbook_has_them_are_rs(name):
    found, expected = of_heart() if name == "heart" else of_example(name).dependent, NUMBERS[name]
    assert (found.comparison.n, found.comparison.n_exposed) == (expected["n"], expected["exposed"])
    keys = ("hr", "lower", "upper", "p_wald", "p_mantel_byar")
    assert numbers(found) == tuple(same(expected[key]) for key in keys)
    groups = ("Waiting", "Transplant") if name == "heart" else ("Control", "Pomalidomide")
    for group, curve in zip(groups, ("unexposed", "exposed_curve"), strict=True):
        assert survival_at(found, group, expected["at"]) == [same(share) for share in expected[curve]]


@pytest.mark.parametrize("name", ["ttp", "os"])
def test_months_of_starting_are_rs(name):
    expected = survival_numbers(name)["time_dependent"]
    keys = ("hr", "lower", "upper", "p_wald", "p_score_mantel_byar")
    assert numbers(of_example(name, known=in_months()).dependent) == tuple(same(expected[key]) for key in keys)


@pytest.mark.parametrize("unit", ["weeks", "days"])
def test_the_unit_is_nothing(unit):
    assert numbers(of_example("ttp", unit=unit).dependent) == tuple(
        map(pytest.approx, numbers(of_example("ttp").dependent))
    )


def test_nobody_and_nobody_exposed():
    made, split = nobody(heart()), by(heart())
    found = dependent_survival(made, EndpointChoice("os", "days"), exposure_of(made, split), split)
    assert found.comparison.hazard_ratio.reason == "no patients" and found.first is None
    without = small({"b1": 500}, TIMES).dependent
    assert without.comparison.mantel_byar.reason == "nobody was exposed during follow-up"
    assert without.survival.groups[1].curve.n == 0 and without.moves["out"].sum() == 0


def test_everybody_exposed_from_the_beginning():
    found = small(dict.fromkeys(TIMES, 0.0), TIMES).dependent
    assert found.comparison.hazard_ratio.reason == "everybody was exposed from the beginning"
    assert (found.comparison.n_switched, found.first) == (0, 0.0)


def test_who_has_no_start_day_is_left_out_and_counted():
    found = small({"b1": 10, "b2": None}, TIMES).dependent
    assert (found.n_unsure, found.comparison.n) == (1, 5)
    assert "b2" not in set(found.survival.outcome.table["patient"])


def test_patients_at_risk_rise_where_patients_come_in_and_moves_add_up():
    found = of_example("ttp").dependent
    counts = found.survival.counts
    later = counts[counts["group"] == "Pomalidomide"]["at_risk"].tolist()
    assert later[0] == 0 and max(later) == later[1] == 6
    assert found.moves["out"].tolist()[0] == 0 and found.moves["out"].max() == found.comparison.n_switched == 8
    assert found.first == pytest.approx(30 / 30.4375)


def test_follow_up_is_that_of_patients_not_of_rows():
    assert of_example("os").dependent.survival.follow_up.value == pytest.approx(27)
