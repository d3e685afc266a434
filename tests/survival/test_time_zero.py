"""Three analyses of one comparison: numbers, tables and figures, and with what the tab begins."""

from dataclasses import replace

import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, selected
from golden.reference import same, survival_numbers

from lib.derived.exposure import exposure_of, response_by
from lib.publication.masking import pseudonymised_table, shows_patients
from lib.survival.landmark import dropped_table, landmark_table
from lib.survival.regrouping import EndpointChoice
from lib.survival.time_zero import opening, time_zero_table
from survival.compared import of_example, small, three_analyses


@pytest.mark.parametrize("endpoint", ["ttp", "os"])
def test_the_one_from_time_zero_is_that_of_the_workbook(endpoint):
    naive, expected = of_example(endpoint).naive, survival_numbers(endpoint)
    assert naive.logrank.p == same(expected["logrank"]["p"])
    assert naive.groups[1].hazard_ratio.value == same(expected["cox_efron"]["hr"])


def test_the_others_are_the_reference_whatever_the_reader_chose():
    made, split = selected(example()), replace(by(example()), reference="Pomalidomide")
    found = three_analyses(made, EndpointChoice("os", "months"), split, exposure_of(made, split))
    for each in (found.naive, found.landmark.survival, found.dependent.survival):
        assert [group.name for group in each.groups if group.hazard_ratio] == ["Pomalidomide"]


def test_something_else_that_became_known_forms_groups_of_its_own():
    made = selected(example())
    found = of_example("os", 90, known=response_by(made, "CR"))
    assert found.naive.outcome.grouping.names == ("not CR or better", "CR or better")
    assert [group.curve.n for group in found.naive.groups] == [12, 4]
    assert found.landmark.sizes[1] <= 4


TIMES = {"a1": (100, 1), "a2": (200, 1), "a3": (20, 0), "b1": (300, 1), "b2": (150, 1), "b3": (90, 0)}


def reported(table):
    names = [name for name, _ in table.numbers.columns]
    return [dict(zip(names, row, strict=True)) for row in table.numbers.rows]


def test_three_rows_with_n_events_ratio_and_test():
    table = time_zero_table(of_example("ttp"))
    assert table.id == "time_zero.ttp"
    assert table.header == ("Analysis", "Control", "Pomalidomide", "Events", "Hazard ratio (95 % CI)", "p", "Test")
    assert table.rows == (
        (
            "From infusion (immortal-time bias)",
            "8",
            "8",
            "12",
            "0.22 (0.057–0.85)",
            "0.017",
            "Log-rank (Mantel-Cox), n = 16",
        ),
        ("Landmark at 1 month", "8", "7", "11", "0.54 (0.16–1.87)", "0.32", "Log-rank (Mantel-Cox), n = 15"),
        ("Time-dependent", "16", "8 (8 switched)", "12", "0.23 (0.060–0.91)", "0.024", "Mantel-Byar test, n = 16"),
    )
    assert [line.n for line in table.tests] == [16, 15, 16]


def test_numbers_are_unrounded_and_every_null_has_its_reason():
    naive, landmark, dependent = reported(time_zero_table(of_example("ttp")))
    assert (naive["analysis"], landmark["analysis"], dependent["analysis"]) == (
        "time_zero",
        "landmark",
        "time_dependent",
    )
    assert landmark["hazard_ratio"] == same(0.542136) and landmark["p"] == same(0.3205736)
    assert landmark["landmark_days"] == 30.4375 and naive["landmark_days"] is None
    for row in reported(time_zero_table(small({"b1": 500}, TIMES))):
        assert row["hazard_ratio"] is None and "hazard_ratio:" in row["reason"]


def test_a_penalised_ratio_is_named():
    table = time_zero_table(of_example("os", 90.0))
    assert "Landmark at 3 months (day 90): hazard ratio: Firth's penalised likelihood, profile limits." in table.method


def test_the_landmarks_groups():
    table = landmark_table(of_example("os").landmark)
    assert table.id == "landmark.os.summary" and [row[:3] for row in table.rows] == [
        ("Control", "9", "8"),
        ("Pomalidomide", "7", "2"),
    ]
    assert table.notes[-1].startswith("p: permutation log-rank (|O-E|, all 11,440 arrangements)")


def test_who_was_dropped_and_why():
    table = dropped_table(small({"b1": 10, "b2": None, "b3": 12}, TIMES).landmark)
    assert table.id == "landmark.os.dropped"
    assert table.rows == (
        ("a3", "A", "never recorded", "20.0", "censored at or before the landmark"),
        ("b2", "not known", "never recorded", "150.0", "group at the landmark not known"),
    )
    assert table.caption.startswith("2 patients dropped at 30 days: censored at or before the landmark (1), group")
    assert dropped_table(of_example("os").landmark).caption == "Nobody was dropped at 1 month."


def test_patients_can_be_hidden():
    table = dropped_table(of_example("ttp").landmark)
    assert shows_patients(table)
    hidden = pseudonymised_table(table, {"C1": "P09"})
    assert hidden.rows[0][0] == "P09" and "C1" not in str(hidden)
    assert not shows_patients(time_zero_table(of_example("ttp")))


def said(study=STUDY, grouping="arm", **tables):
    made = cohort(arms(A=["a1"], B=["b1"]), study, **tables)
    return opening(made, by(made, grouping), "os").sentence


def test_groups_known_before_infusion_need_nothing_and_it_says_why():
    assert said() == "Arm was known before the infusion: a landmark analysis is not needed."


def test_one_group_and_a_time_that_is_not_stated():
    assert said(grouping="-").startswith("All patients are one group")
    courses = [{"patient_id": "b1", "kind": "maintenance", "therapy": "B", "start_day": 61}]
    reported = said(STUDY[:3], therapies=courses)
    assert reported.startswith("Time of grouping not stated: say in the sidebar") and reported.endswith(
        "began on day 61 (1 of 1 patients)."
    )
    assert said(STUDY[:3]).endswith("when Arm was known.")


def test_known_later_is_explained_or_the_reason_is_given():
    found = opening(example(), by(example()), "ttp")
    assert "became known by day 61" in found.sentence and found.own and found.sources[0].kind == "group"
    reported = said((*STUDY[:3], ("known_at", "arm", 30)))
    assert reported.startswith("No group of Arm can be found in Therapies") and reported.endswith("became known later.")


def test_an_endpoint_that_does_not_count_from_the_infusion_offers_nothing():
    found = opening(example(), by(example()), "dor")
    assert found.sentence.startswith("Duration of response does not count") and found.sources == ()
