"""Competing causes against R: who ended with which, tests and ratios; thin data; what is said."""

import pytest
from derived.courses import made
from golden.cohorts import by, example, nobody, selected, synthetic
from golden.reference import golden, same

from lib.cohort.endpoint_choice import Definition, offered_incidences
from lib.stats.competing_risks import incidence_at
from lib.stats.kaplan_meier import kaplan_meier
from lib.survival.competing import COLUMNS, OF, competing, competing_outcome, method_of, notes, ratio_table
from lib.survival.incidence import incidence_table
from lib.survival.outcome import milestone_times
from survival.mgus2 import mgus2


def test_times_are_shown_in_any_unit():
    cohort = made("ab", ttp={"a": (5.85, 1), "b": (7, 0)}, os={"a": (9, 1), "b": (7, 1)}, unit="months")
    months, days = (competing_outcome(selected(cohort), "ttp", by(cohort), unit).table for unit in ("months", "days"))
    assert months["time"].tolist() == [5.85, 7] and months["cause"].tolist() == [1, 2]
    assert days["time"].tolist() == [pytest.approx(5.85 * 30.4375), pytest.approx(7 * 30.4375)]


def test_whose_cause_cannot_be_told_is_counted_with_the_reason():
    cohort = made(
        "abcd", pfs={"a": (90, 1), "b": (90, 1), "c": (90, 0)}, os={"a": (90, 1), "b": (200, 1), "c": (90, 0)}
    )
    outcome = competing_outcome(selected(cohort), "pfs", by(cohort, "-"), "days")
    assert outcome.table["patient"].tolist() == ["b", "c"]
    assert dict(outcome.left_out) == {
        "ended on the day of death, progression or death not stated": 1,
        "no progression-free survival recorded": 1,
    }


def test_the_labels_and_the_causes():
    outcome = competing_outcome(selected(example()), "response", by(example()), "months")
    assert (outcome.label, outcome.causes[0]) == ("Time to response", "Response (PR or better)")
    assert competing_outcome(selected(example()), "ttp", by(example()), "months").label == "Time to progression"


def test_from_apheresis_patients_enter_late():
    cohort = made("a", ttp={"a": (100, 1)}, os={"a": (200, 0)}, therapies=[("a", "other", "apheresis", -35)])
    outcome = competing_outcome(selected(cohort), "ttp", by(cohort), "days", Definition(origin="apheresis"))
    assert outcome.table[["entry", "time"]].to_numpy().tolist() == [[35, 135]]


def test_everybody_is_either_analysed_or_left_out_and_nobody_is_no_trouble():
    for opened in (example(), synthetic()):
        for endpoint in offered_incidences(opened):
            outcome = competing_outcome(selected(opened, "sex=M"), endpoint, by(opened), "months")
            assert len(outcome.table) + sum(n for _, n in outcome.left_out) == outcome.n
            empty = competing_outcome(nobody(opened), endpoint, by(opened), "months")
            assert tuple(empty.table.columns) == COLUMNS and len(empty.table) == empty.n == 0


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
        assert all(
            row["at_risk"] + row["cause_1"] + row["cause_2"] + row["censored"] == sizes[row["group"]]
            for row in result.counts.to_dict("records")
        )
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


def result(opened, endpoint="ttp", grouping="arm", definition=None):
    return competing(
        competing_outcome(selected(opened), endpoint, by(opened, grouping), "months", definition or Definition())
    )


def test_notes_say_that_one_minus_kaplan_meier_would_overestimate_and_who_died_later():
    cohort = made("ab", ttp={"a": (50, 0), "b": (60, 1)}, os={"a": (90, 1), "b": (60, 1)})
    assert "1 − Kaplan-Meier of one cause would overestimate" in method_of(result(cohort))
    said = notes(result(cohort))
    assert any(note.startswith("1 patient died after follow-up for progression or relapse had ended") for note in said)
    assert "immortal time" in method_of(result(example()))


def result_table(opened, endpoint, *filters, grouping="arm"):
    return competing(competing_outcome(selected(opened, *filters), endpoint, by(opened, grouping), "months"))


def test_each_ratio_is_named_with_n_and_events():
    table = ratio_table(mgus2())
    assert table.id == "cumulative_incidence.ttp.models"
    assert table.header[3].startswith("Cause-specific hazard ratio against F")
    assert table.header[5].startswith("Subdistribution hazard ratio against F")
    assert table.rows[0][:4] == ("Progression or relapse", "F", "59 of 631", "reference")
    assert table.rows[1][3].startswith("0.94 (") and table.rows[1][5].startswith("0.80 (")
    assert "overestimate" in table.method
    assert any(note == "Gray's test, progression or relapse: p = 0.27 (n = 1384)." for note in table.notes)
    assert all(line.name and line.n for line in table.tests) and len(table.tests) == 2 + 4


def test_every_null_has_its_reason():
    for opened, endpoint in ((example(), "ttp"), (example(), "complete_response"), (synthetic(), "pfs")):
        for table in (incidence_table(result_table(opened, endpoint)), ratio_table(result_table(opened, endpoint))):
            for row in table.numbers.rows:
                assert None not in row[:-1] or row[-1]
