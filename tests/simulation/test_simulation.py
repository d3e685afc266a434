"""The simulation draws what it says, counts rightly, and its page has every table."""

import numpy as np
import pytest

from lib.stats.estimate import Estimate, TestResult, not_done
from simulation.measure import covers, outcomes, rejects
from simulation.report import report
from simulation.scenario import CENSORED, MEDIAN, SCENARIOS, Scenario, draw
from simulation.tally import Tally, standard_error, tallied


def test_a_data_set_is_the_same_whenever_it_is_drawn():
    first, again, other = draw(SCENARIOS[0], 3), draw(SCENARIOS[0], 3), draw(SCENARIOS[0], 4)
    assert first.time.tolist() == again.time.tolist() != other.time.tolist()


@pytest.mark.parametrize("censored", CENSORED)
def test_so_many_are_censored_and_causes_are_even(censored):
    drawn = [draw(Scenario(30, censored), place) for place in range(60)]
    cause = np.concatenate([one.cause for one in drawn])
    assert np.mean(cause == 0) == pytest.approx(censored, abs=0.02)
    assert np.mean(cause[cause > 0] == 1) == pytest.approx(0.5, abs=0.03)


def test_half_have_the_event_by_the_median():
    times = np.concatenate([draw(Scenario(30, 0.3), place).time for place in range(60)])
    events = np.concatenate([draw(Scenario(30, 0.3), place).event for place in range(60)])
    from lib.stats.kaplan_meier import kaplan_meier, quantile

    assert quantile(kaplan_meier(times, events)).value == pytest.approx(MEDIAN, rel=0.05)


def test_answers():
    assert (rejects(TestResult("t", 1.0, 1, 0.049, 5)), rejects(TestResult("t", 1.0, 1, 0.05, 5))) == (True, False)
    assert rejects(not_done("t", 0, "no events")) is None
    assert covers(Estimate(1.0, 0.5, 2.0), 2.0) and not covers(Estimate(1.0, 0.5, 2.0), 2.1)
    assert covers(Estimate(None, 5.0, None, reason="not reached"), 12.0)
    assert covers(Estimate(1.0), 1.0) is None


def test_tallies():
    found = tallied([{"tests": {"a": True}}, {"tests": {"a": None}}, {"tests": {"a": False}}])
    assert found == {"tests": {"a": Tally(1, 1, 1)}}
    assert (found["tests"]["a"].n, found["tests"]["a"].answered) == (3, 2)
    assert standard_error(0.5, 100) == 0.05


def test_the_page_has_every_test_and_interval():
    tallies = {(one.size, one.censored): tallied([outcomes(draw(one, 0)), outcomes(draw(one, 1))]) for one in SCENARIOS}
    page = report(tallies, 2)
    for part, named in tallies[8, 0.3].items():
        assert named, part
        for name in named:
            assert f"| {name} |" in page
    assert "nan" not in page and "None" not in page
