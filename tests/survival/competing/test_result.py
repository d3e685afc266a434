"""Competing causes of mgus2 as R gives them, through the front door; counts that add up; thin data."""

import pytest
from derived.courses import made
from golden.cohorts import by, example, nobody, selected, synthetic
from golden.reference import golden, same

from lib.cohort.endpoint_choice import offered_incidences
from lib.stats.competing_risks import incidence_at
from lib.stats.kaplan_meier import kaplan_meier
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import OF, competing, milestone_times
from survival.competing.mgus2 import mgus2

R = golden("survival")["mgus2_competing"]
MORE = golden("competing")["mgus2"]


def found(opened, endpoint, *filters, grouping="arm", unit="months"):
    return competing(competing_outcome(selected(opened, *filters), endpoint, by(opened, grouping), unit))


def test_the_causes_of_mgus2_are_counted_as_in_r():
    result = mgus2()
    assert result.n == R["n"] and result.outcome.left_out == () and result.outcome.rows.died_later == 0
    assert {str(of): result.n_events(of) for of in (0, 1, 2)} == R["counts"]


@pytest.mark.parametrize("sex", ["F", "M"])
def test_incidences_of_mgus2_are_rs(sex):
    (group,) = (group for group in mgus2().groups if group.name == sex)
    for place, time in enumerate(R["cif"][sex]["times"]):
        for of, name in zip(OF, ("pcm", "death"), strict=True):
            assert incidence_at(group.curves[of], time).value == same(R["cif"][sex][f"cif_{name}"][place])
    logs = MORE["curves"][sex]["log-log"]
    for place, time in enumerate(logs["time"][1:], start=1):
        one = incidence_at(group.curves[1], time)
        assert (one.low, one.high) == (same(logs["cause1"]["low"][place]), same(logs["cause1"]["high"][place]))


def test_tests_and_ratios_of_mgus2_are_rs():
    result = mgus2()
    ratio, wald = result.cause_specific[1]["M"]
    assert (ratio.value, wald.p) == (same(R["cause_specific_hr"]), same(R["cause_specific_p"]))
    assert result.subdistribution[1]["M"][0].value == same(MORE["fine_gray"]["M"]["hr"])
    assert result.subdistribution[1]["M"][0].value == pytest.approx(R["finegray_sex_male_vs_F"]["hr"], rel=3e-4)
    assert round(result.gray[1].p, 4) == 0.2744


@pytest.mark.parametrize("opened", [example(), synthetic()])
def test_counts_add_up_and_the_two_incidences_never_exceed_1(opened):
    for endpoint in offered_incidences(opened):
        result = found(opened, endpoint)
        sizes = {group.name: group.n for group in result.groups}
        assert all(row["at_risk"] + row["cause_1"] + row["cause_2"] + row["censored"] == sizes[row["group"]]
                   for row in result.counts.to_dict("records"))  # fmt: skip
        for group in result.groups:
            total = group.curves[1].incidence + group.curves[2].incidence
            assert total == pytest.approx(1 - group.curves[1].free)


def test_without_the_other_cause_the_incidence_is_one_minus_kaplan_meier():
    result = found(example(), "ttp")
    for group in result.groups:
        mine = result.outcome.table[result.outcome.table["group"] == group.name]
        curve = kaplan_meier(mine["time"].to_numpy(float), (mine["cause"] == 1).to_numpy(float))
        assert group.curves[1].incidence == pytest.approx(1 - curve.survival)


def test_milestones_are_months_in_every_unit():
    assert milestone_times("months") == (6, 12, 24)
    months, days = (found(example(), "ttp", unit=unit) for unit in ("months", "days"))
    for one, other in zip(months.groups, days.groups, strict=True):
        assert [each.value for each in one.milestones[1]] == [each.value for each in other.milestones[1]]


def test_thin_data_have_reasons():
    empty = competing(competing_outcome(nobody(example()), "ttp", by(example()), "months"))
    assert (empty.n, empty.compares) == (0, False)
    assert all(one.reason == "no patients" for group in empty.groups for one in group.milestones[1])
    alone = found(example(), "ttp", "arm=Control")
    assert alone.gray[1].reason and alone.subdistribution[1]["Pomalidomide"][0].reason == "no patients in Pomalidomide"
    everybody = found(example(), "ttp", grouping="-")
    assert everybody.cause_specific == {1: {}, 2: {}} and len(everybody.groups) == 1


def test_everybody_with_the_cause_at_one_time_gives_no_ratio_and_no_error():
    result = found(example(), "response")
    assert result.subdistribution[1]["Pomalidomide"][0].reason.startswith("no variance")
    cohort = made("a", ttp={"a": (0, 0)}, os={"a": (0, 1)})
    assert found(cohort, "ttp").n_events(2) == 1
