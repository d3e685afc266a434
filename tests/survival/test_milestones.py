"""Survival at 6, 12 and 24 months against R, as printed and as numbers."""

import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, synthetic
from golden.reference import survival_numbers

from lib.stats.proportions import exact_share
from lib.survival.curves import CurveOptions, survival
from lib.survival.outcome import MILESTONE_MONTHS, time_to_event
from lib.survival.summary import milestones, milestones_table
from survival.data_sets import rows as numbers_of
from survival.made import late, result


def test_the_example_by_hand():
    control = [one for one in milestones(result(example(), "ttp")) if one.group == "Control"]
    assert [(one.months, one.survival.value, one.n_at_risk) for one in control] == [
        (6, 0.5, 4),
        (12, 0.125, 1),
        (24, 0, 0),
    ]
    assert control[2].survival.low is None


@pytest.mark.parametrize(("unit", "factor"), [("days", 30.4375), ("weeks", 30.4375 / 7), ("months", 1)])
def test_the_same_times_in_every_unit(unit, factor):
    found, months = milestones(result(example(), "os", unit=unit)), milestones(result(example(), "os"))
    assert [one.time for one in found] == pytest.approx([month * factor for month in MILESTONE_MONTHS] * 2)
    assert [(one.survival.value, one.n_at_risk) for one in found] == [
        (one.survival.value, one.n_at_risk) for one in months
    ]


@pytest.mark.parametrize("endpoint", ["ttp", "os"])
def test_r_has_the_same_numbers(endpoint):
    at = survival_numbers(endpoint)["survfit"]["log-log"]["by_group"]["surv_at"]
    compared = 0
    for one in milestones(result(example(), endpoint)):
        numbers = at["groups"][one.group]
        for time, share, low, high, n in zip(
            at["times"], *(numbers[name] for name in ("surv", "lower", "upper", "n_risk")), strict=True
        ):
            if time == one.months and one.survival.value is not None:
                compared += 1
                assert (one.survival.value, one.n_at_risk) == (pytest.approx(share, rel=1e-6), n)
                flat = share == 1  # where R has none
                assert one.survival.low == pytest.approx(exact_share(n, n).low if flat else low, rel=1e-6)
                assert one.survival.high == pytest.approx(1 if flat else high, rel=1e-6)
    assert compared >= 4


def test_beyond_the_last_observation_and_nobody():
    made = cohort(arms(A=["a1", "a2"]), endpoints=follow_up("os", a1=(5, 1), a2=(9, 0)))
    assert [one.survival.reason for one in milestones(result(made))] == ["", *["beyond the last observation"] * 2]
    empty = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert {one.survival.reason for one in milestones(empty)} == {"no patients"}


def test_who_enters_later_is_not_at_risk_yet():
    made = late(("A", 0, 20, 0), ("A", 10, 30, 1), ("A", 6, 30, 0))
    assert [one.n_at_risk for one in milestones(result(made))] == [1, 3, 2]


def milestones_of(*wishes, **more):
    found = result(*wishes, **more)
    return milestones_table(found, milestones(found))


def test_milestones_print_share_limits_and_at_risk():
    table = milestones_of(example(), "ttp")
    assert table.id == "survival.ttp.milestones"
    assert table.header == ("Group", "n", "6 months (95 % CI)", "12 months (95 % CI)", "24 months (95 % CI)")
    assert table.rows[0] == (
        "Control",
        "8",
        "50 % (15–77); 4 at risk",
        "13 % (1–42); 1 at risk",
        "0 % (NE); 0 at risk",
    )
    assert "(log-log; before the first event exact" in table.method
    assert "(plain; before" in milestones_of(example(), "ttp", options=CurveOptions("plain")).method
    assert milestones_of(example(), "ttp", unit="days").header[2] == "6 months (182.6 days) (95 % CI)"


@pytest.mark.parametrize("made", [example(), synthetic()])
@pytest.mark.parametrize("filters", [(), ("arm=Pomalidomide",), ("sex=F",)])
def test_every_null_has_its_reason(made, filters):
    for reported in numbers_of(milestones_of(made, "os", "arm", *filters)):
        assert reported["survival"] is not None or "survival:" in reported["reason"]
        assert reported["survival_low"] is not None or reported["reason"]


def test_numbers_are_unrounded():
    reported = {(row[0], row[1]): row for row in milestones_of(example(), "os").numbers.rows}
    assert reported["Pomalidomide", 24][2] == pytest.approx(0.6) and reported["Control", 6][5] == 6
