"""Medians, follow-up, counts and tests of the groups against R, and at the edges."""

import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic
from golden.reference import DATA_SETS, SEED, golden, same, survival_numbers

from lib.stats.kaplan_meier import TRANSFORMS, quantile
from lib.stats.risk_sets import counts_at
from lib.survival.curves import CurveOptions, survival
from lib.survival.outcome import time_to_event
from survival.made import as_groups, data_set, late, result


@pytest.mark.parametrize("name", DATA_SETS)
def test_data_sets_of_r_through_the_front_door(name):
    numbers = survival_numbers(name)
    groups = list(numbers["groups"])
    found = result(data_set(name), unit="days")
    medians = numbers["survfit"]["log-log"]["by_group"]["medians"]
    for group in found.groups:
        assert group.curve.n == numbers["groups"][group.name]
        assert group.curve.n_events == numbers["events_by_group"][group.name]
        assert group.median == group.by_share
        assert group.median.value == same(medians["median"][group.name])
        assert group.median.low == same(medians["median_lower"][group.name])
        assert group.median.high == same(medians["median_upper"][group.name])
        assert group.follow_up.value == same(numbers["reverse_km_followup"][group.name])
    assert found.logrank.p == same(numbers["logrank"]["p"])
    assert found.groups[0].hazard_ratio is None
    assert found.groups[1].hazard_ratio.value == same(numbers["cox_efron"]["hr"])
    assert found.follow_up.value == same(numbers["reverse_km_followup"]["overall"])
    at = numbers["survfit"]["log-log"]["by_group"]["surv_at"]
    counts = counts_at(found.outcome.table, tuple(groups), tuple(map(float, at["times"])))
    for group in groups:
        assert counts.loc[counts["group"] == group, "at_risk"].tolist() == at["groups"][group]["n_risk"]


@pytest.mark.parametrize("scale", TRANSFORMS)
@pytest.mark.parametrize("name", [*DATA_SETS, *SEED])
def test_the_scale_goes_into_the_limits_of_medians_and_of_follow_up(name, scale):
    medians = survival_numbers(name)["survfit"][scale]["by_group"]["medians"]
    for group in result(data_set(name), unit="days", options=CurveOptions(scale)).groups:
        assert group.curve.transform == scale
        assert group.median.low == same(medians["median_lower"][group.name])
        assert group.median.high == same(medians["median_upper"][group.name])


def test_another_quantile_stands_beside_the_median():
    found = result(data_set("lung"), unit="days", options=CurveOptions("log-log", 0.25))
    for group in found.groups:
        assert group.by_share == quantile(group.curve, 0.25)
        assert group.by_share.value < group.median.value


def test_nobody():
    found = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert (found.n, found.n_events, found.compares) == (0, 0, False)
    assert [group.median.reason for group in found.groups] == ["no patients", "no patients"]
    assert found.logrank.reason == "fewer than two groups have patients"
    assert found.follow_up.reason == "no patients"
    assert found.counts[["at_risk", "censored", "events"]].to_numpy().sum() == 0


def test_one_patient_no_events_and_an_event_at_time_0():
    made = cohort(arms(A=["a1"], B=["b1"]), endpoints=follow_up("os", a1=(0, 1), b1=(0, 0)))
    found = result(made)
    assert [group.median.value for group in found.groups] == [0, None]
    assert found.groups[1].hazard_ratio.reason == "B is described, not compared: fewer than 3 patients"
    assert not found.compares and found.logrank.reason == "A, B: described, not compared: fewer than 3 patients"
    assert found.counts["at_risk"].tolist() == [1, 0, 1, 0]  # at ticks 0 and 1, of A and of B


def test_a_group_without_patients_keeps_its_place():
    found = result(example(), "os", "arm", "arm=Pomalidomide")
    assert [group.name for group in found.groups] == ["Control", "Pomalidomide"]
    assert (found.groups[0].curve.n, found.compares) == (0, False)
    assert found.groups[1].hazard_ratio.reason == "no patients in Control"


def test_more_than_two_groups():
    found = result(synthetic(), "pfs")
    assert found.logrank.df == 2 and found.logrank.p is not None
    assert [group.hazard_ratio is None for group in found.groups] == [True, False, False]
    ungrouped = result(synthetic(), "pfs", "-")
    assert ungrouped.groups[0].hazard_ratio is None and len(ungrouped.groups) == 1


def test_follow_up_is_that_of_overall_survival_where_there_is_one():
    assert (result(example(), "ttp").follow_up.value, result(example(), "ttp").follow_up_of) == (27, "os")
    made = cohort(arms(A=["a1", "a2"]), endpoints=follow_up("ttp", a1=(5, 1), a2=(9, 0)))
    assert (result(made, "ttp").follow_up.value, result(made, "ttp").follow_up_of) == (9, "ttp")


@pytest.mark.parametrize("made", [example(), synthetic(), synthetic(5, 3)])
@pytest.mark.parametrize("grouping", ["arm", "-", "sex"])
def test_at_risk_censored_and_events_add_up_at_every_tick(made, grouping):
    for endpoint in made.endpoint_names:
        found = result(made, endpoint, grouping)
        sizes = {group.name: group.curve.n for group in found.groups}
        counts = found.counts
        total = counts[["at_risk", "censored", "events"]].sum(axis=1)
        assert total.tolist() == counts["group"].map(sizes).tolist()
        for _, mine in counts.groupby("group"):
            assert mine["at_risk"].is_monotonic_decreasing and mine["events"].is_monotonic_increasing
            assert (
                mine["at_risk"].iloc[-1] + mine["events"].iloc[-1] + mine["censored"].iloc[-1]
                == sizes[mine["group"].iloc[0]]
            )


def test_the_log_rank_test_takes_late_entry():
    more = ("A", 0, 7, 0), ("B", 0, 4, 1)
    found = result(late(("A", 0, 5, 1), ("A", 2, 8, 1), ("B", 3, 6, 1), ("B", 0, 9, 0), *more))
    assert found.logrank.p is not None and found.logrank.n == 6
    without = result(late(("A", 0, 5, 1), ("A", 0, 8, 1), ("B", 0, 6, 1), ("B", 0, 9, 0), *more))
    assert found.logrank.p != without.logrank.p
    assert found.headline.name == "penalised likelihood ratio test (Firth)"  # there is no permutation with late entry


@pytest.mark.parametrize(
    ("name", "begins"), [("lung", "log-rank"), ("ovarian", "permutation log-rank"), ("ttp", "penalised")]
)
def test_the_headlines_p_is_of_the_test_that_holds_in_groups_of_this_size(name, begins):
    found = result(data_set(name), unit="days")
    assert found.headline.name.startswith(begins) and found.logrank.name == "log-rank (Mantel-Cox)"


def test_a_group_of_one_is_described_and_in_no_test():
    expected = golden("small_groups")["solo"]
    found = result(as_groups("solo", "A"), unit="days")
    assert found.logrank.p == same(expected["logrank_p"]) and (found.logrank.n, found.logrank.df) == (24, 1)
    ratio = found.groups[1].hazard_ratio
    assert (ratio.value, ratio.low, ratio.high) == tuple(same(expected[key]) for key in ("hr", "low", "high"))
    assert (
        found.described == "Solo: described, not compared: fewer than 3 patients."
        and found.groups[2].median.value == 20
    )


def test_order_of_patients_is_nothing():
    made = selected(synthetic())
    turned = made.with_tables(
        made.patients[::-1].reset_index(drop=True), {**made.tables, "endpoints": made.endpoints[::-1]}
    )
    first = survival(time_to_event(made, "pfs", by(made), "months"), made)
    again = survival(time_to_event(turned, "pfs", by(made), "months"), turned)
    assert [group.median for group in first.groups] == [group.median for group in again.groups]
    assert first.logrank.p == pytest.approx(again.logrank.p, rel=1e-9)
    assert first.counts.equals(again.counts)
