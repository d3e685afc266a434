"""Lanes: segments never overlap and stay within the lane; an arrow only for who is alive and followed to the
cut-off."""

import math
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.swimmer.lanes import Gaps, lanes
from lib.swimmer.options import RESPONSE, SORTS, STATE, THERAPY, SwimmerOptions

MONTH = 30.4375


def of(made, grouping="arm", *filters, unit="months", **options):
    return lanes(selected(made, *filters), by(made, grouping), unit, SwimmerOptions(**options))


def assessed(*rows):
    return [{"patient_id": patient, "day": day, "response": response} for patient, day, response in rows]


def segments(result, patient):
    mine = result.segments[result.segments["patient"] == patient]
    return [
        (row["state"], round(row["start"] * MONTH), round(row["end"] * MONTH), row["assessed"])
        for row in mine.to_dict("records")
    ]


def marks(result, patient):
    mine = result.marks[result.marks["patient"] == patient]
    return {row["kind"]: round(row["time"] * MONTH) for row in mine.to_dict("records")}


def one(os, *responses, ttp=None, reason=None, **tables):
    endpoints = follow_up("os", a1=os) + (follow_up("ttp", a1=ttp) if ttp else [])
    endpoints[0]["censoring_reason"] = reason
    return of(
        cohort(arms(A=["a1"]), endpoints=endpoints, responses=assessed(*(("a1", *row) for row in responses)), **tables)
    )


def test_nobody_and_patients_without_follow_up():
    empty = lanes(nobody(example()), by(example()), "months")
    assert (empty.n, empty.n_rows, empty.left_out, empty.gaps) == (0, 0, (), Gaps())
    made = cohort(
        arms(A=["a1", "a2"]),
        endpoints=follow_up("os", a1=(5, 1)),
        therapies=[{"patient_id": "a2", "kind": "maintenance", "start_day": 30, "stop_day": 90}],
    )
    found = of(made)
    assert found.left_out == (("no follow-up time recorded", 1),)
    assert found.lanes["patient"].tolist() == ["a1"] and len(found.therapies) == 0


def test_a_state_lasts_to_the_next_assessment_and_is_paler_when_only_carried_on():
    found = one((10, 0), (30, "PR"), (91, "VGPR"), ttp=(6, 0))
    assert segments(found, "a1") == [("PR", 30, 91, True), ("VGPR", 91, 183, True), ("VGPR", 183, 304, False)]


def test_equal_states_are_one_segment_and_not_evaluable_is_a_gap():
    found = one((10, 0), (30, "PR"), (60, "PR"), (90, "NE"), (120, "CR"), ttp=(10, 0))
    assert segments(found, "a1") == [("PR", 30, 90, True), ("CR", 120, 304, True)]


def test_progression_ends_the_response_and_later_responses_are_not_the_infusions():
    found = one((10, 1), (30, "VGPR"), (91, "PD"), (150, "CR"))
    assert segments(found, "a1") == [("VGPR", 30, 91, True), ("PD", 91, 304, True)]
    assert marks(found, "a1") == {"First response": 30, "Progression": 91, "Death": 304}
    assert found.lanes["best"].tolist() == ["VGPR"]  # CR after progression belongs to the next therapy


def test_a_response_only_after_progression_is_no_first_response():
    found = one((10, 1), (20, "SD"), (60, "PD"), (150, "PR"))
    assert "First response" not in marks(found, "a1") and found.lanes["best"].tolist() == ["SD"]


def test_the_endpoint_says_when_progression_was_if_there_is_one():
    found = one((10, 0), (30, "VGPR"), (280, "PD"), ttp=(8, 1))
    assert marks(found, "a1")["Progression"] == round(8 * MONTH)
    assert segments(found, "a1")[-1][0] == "PD"


def test_assessments_before_the_infusion_are_neither_states_nor_progression():
    found = one((10, 0), (-7, "PD"), (30, "PR"), ttp=(10, 0))
    assert segments(found, "a1") == [("PR", 30, 304, True)]
    assert marks(found, "a1") == {"First response": 30, "Last contact": 304}
    assert (found.lanes["best"].tolist(), found.gaps.before) == (["PR"], 1)


def test_what_comes_after_the_end_of_follow_up_is_counted():
    found = one(
        (2, 0), (30, "PR"), (90, "CR"), therapies=[{"patient_id": "a1", "kind": "maintenance", "start_day": 80}]
    )
    assert (found.gaps.after, found.gaps.open_ended) == (2, 1)
    assert segments(found, "a1")[-1][2] == round(2 * MONTH) and len(found.therapies) == 0
    assert one((2, 0), (61, "PR")).gaps.after == 0  # less than a day: the time in months is rounded


@pytest.mark.parametrize(
    ("reason", "event", "status"),
    [
        ("alive at data cut-off", 0, "Ongoing"),
        ("Data cutoff", 0, "Ongoing"),
        ("ongoing", 0, "Ongoing"),
        ("lost to follow-up", 0, "Last contact"),
        ("lost to follow-up, last seen alive", 0, "Last contact"),
        ("withdrew before data cut-off", 0, "Last contact"),
        ("alive at last contact", 0, "Last contact"),
        (None, 0, "Last contact"),
        ("alive at data cut-off", 1, "Death"),
        (None, 1, "Death"),
    ],
)
def test_an_arrow_only_for_the_living_followed_to_the_cut_off(reason, event, status):
    found = one((10, event), reason=reason)
    assert found.lanes["status"].tolist() == [status] and marks(found, "a1") == {status: 304}


def test_without_overall_survival_a_lane_ends_with_the_longest_other_endpoint():
    made = cohort(
        arms(A=["a1", "a2"]), endpoints=[*follow_up("os", a1=(10, 1)), *follow_up("ttp", a1=(4, 1), a2=(6, 1))]
    )
    found = of(made)
    assert dict(zip(found.lanes["patient"], found.lanes["end"], strict=True)) == {"a1": 10, "a2": 6}
    assert found.gaps.without_survival == 1 and found.left_out == ()
    assert marks(found, "a2") == {"Progression": 183, "Last contact": 183}


def test_progression_free_survival_that_ends_with_death_is_no_progression():
    made = cohort(
        arms(A=["a1", "a2", "a3"]),
        endpoints=[
            *follow_up("os", a1=(10, 1), a2=(10, 1), a3=(10, 0)),
            *follow_up("pfs", a1=(10, 1), a2=(6, 1), a3=(7, 1)),
        ],
    )
    found = of(made)
    assert [("Progression" in marks(found, patient)) for patient in ("a1", "a2", "a3")] == [False, True, True]
    rows = follow_up("pfs", a1=(5, 1)) + follow_up("os", a1=(153, 1))
    rows[1]["unit"] = "days"  # half a day after 5.0 months
    assert "Progression" not in marks(of(cohort(arms(A=["a1"]), endpoints=rows)), "a1")


def test_maintenance_stays_within_the_lane():
    courses = [
        {"patient_id": "a1", "kind": kind, "therapy": name, "start_day": start, "stop_day": stop}
        for kind, name, start, stop in (
            ("maintenance", "Pom", 30, 60),
            ("maintenance", "Len", 90, 9000),
            ("bridging", "Dex", -40, -9),
            ("maintenance", "Ixa", -10, 20),
            ("other", "x", 1, 5),
        )
    ]
    found = one((10, 0), therapies=courses)
    bars = [
        (row["therapy"], round(row["start"] * MONTH), round(row["end"] * MONTH))
        for row in found.therapies.to_dict("records")
    ]
    assert bars == [("Pom", 30, 60), ("Len", 90, 304), ("Dex", -40, -9), ("Ixa", -10, 20)]
    assert round(found.lanes["start"].item() * MONTH) == -40


def test_the_example_as_the_paper_tells_it():
    found = of(example())
    best = dict(zip(found.lanes["patient"], found.lanes["best"], strict=True))
    assert [best[f"P{number}"] for number in range(1, 7)] == ["CR", "CR", "CR", "VGPR", "VGPR", "CR"]
    assert sorted(best[f"C{number}"] for number in range(1, 9)) == ["PR"] * 3 + ["VGPR"] * 5
    assert marks(found, "P5")["Progression"] == round(9.7 * MONTH)
    assert {
        patient
        for patient, status in zip(found.lanes["patient"], found.lanes["status"], strict=True)
        if status == "Ongoing"
    } == {"P1", "P2", "P6"}
    assert found.gaps == Gaps()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("grouped", [True, False])
def test_sorts_give_every_lane_its_own_row(sort, grouped):
    found = of(synthetic(), "arm", sort=sort, grouped=grouped)
    rows = [*found.lanes["row"], *found.headers["row"]]
    assert sorted(rows) == list(range(found.n_rows))
    assert len(found.headers) == (3 if grouped else 0)


def test_the_order_within_a_group():
    found = of(example())
    ends = found.lanes.sort_values("row").groupby("group", sort=False)["end"].apply(list)
    assert all(mine == sorted(mine, reverse=True) for mine in ends)
    best = of(example(), sort="Best response", grouped=False).lanes.sort_values("row")["best"].tolist()
    assert best == sorted(best, key=["CR", "VGPR", "PR"].index) and best.count("CR") == 4
    assert of(example(), sort="Patient", grouped=False).lanes["patient"].tolist()[0] == "C1"


def test_patients_without_a_group_keep_a_lane():
    made = cohort(
        [*arms(A=["a1"], B=["b1"]), {"patient_id": "c1"}], endpoints=follow_up("os", a1=(1, 1), b1=(2, 1), c1=(3, 1))
    )
    assert of(made).headers["group"].tolist() == ["A", "B", "not stated"]


@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
def test_units(unit):
    found, days = of(example(), unit=unit), {"days": 1, "weeks": 7, "months": MONTH}[unit]
    ends = dict(zip(found.lanes["patient"], found.lanes["end"], strict=True))
    assert ends["P2"] * days == pytest.approx(31 * MONTH)
    first = found.segments[found.segments["patient"] == "P2"]["start"].min()
    assert first * days == pytest.approx(28)


def check(found):
    ends, starts = (found.lanes.set_index("patient")[side] for side in ("end", "start"))
    assert (starts <= 0).all()
    for patient, segments in found.segments.groupby("patient"):
        mine = segments.sort_values("start")
        assert (mine["start"] >= starts[patient]).all() and (mine["end"] > mine["start"]).all()
        assert (mine["start"].iloc[1:].to_numpy() >= mine["end"].iloc[:-1].to_numpy() - 1e-12).all()
        assert mine["end"].iloc[-1] <= ends[patient] + 1e-12
    for row in found.marks.to_dict("records"):
        assert starts[row["patient"]] <= row["time"]
        assert (row["time"] > ends[row["patient"]]) == row["outside"]
    ongoing = found.marks.loc[found.marks["kind"] == "Ongoing", "patient"]
    assert set(ongoing) == set(found.lanes.loc[found.lanes["status"] == "Ongoing", "patient"])
    terminal = found.marks[found.marks["kind"].isin(["Death", "Ongoing", "Last contact"])]
    assert sorted(terminal["patient"]) == sorted(found.lanes["patient"])
    assert (found.therapies["start"] >= found.therapies["patient"].map(starts)).all() and (
        found.therapies["end"] > found.therapies["start"]
    ).all()
    assert (found.therapies["end"] <= found.therapies["patient"].map(ends) + 1e-12).all()


@pytest.mark.parametrize("made", [example(), synthetic(), synthetic(5, 3)])
@pytest.mark.parametrize("filters", [(), ("emd=yes",), ("arm=Pomalidomide",)])
def test_segments_never_overlap_and_end_within_their_lane(made, filters):
    check(of(made, "arm", *filters))


@cache
def base():
    return selected(
        cohort(
            arms(A=["a1"], B=["b1"]),
            endpoints=[*follow_up("os", a1=(10, 1), b1=(20, 0)), *follow_up("ttp", a1=(4, 1), b1=(9, 0))],
            responses=assessed(("a1", 30, "PR")),
            therapies=[{"patient_id": "a1", "kind": "maintenance", "start_day": 30, "stop_day": 60}],
        )
    )


days = st.integers(-30, 900)
states = st.lists(
    st.tuples(
        st.sampled_from(["a1", "b1"]), days, st.sampled_from(["sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE"])
    ),
    max_size=12,
)
courses = st.lists(st.tuples(st.sampled_from(["a1", "b1"]), days, st.one_of(st.none(), days)), max_size=5)
times = st.tuples(*[st.integers(0, 30)] * 4, *[st.integers(0, 1)] * 4)


@settings(deadline=None, max_examples=12)
@given(states, courses, times)
def test_whatever_is_recorded_lanes_are_sound(states, courses, times):
    responses = (
        pd.DataFrame(states, columns=["patient_id", "day", "response"])
        .assign(infusion=1.0, mrd=None, stop_day=math.nan, ongoing=None)
        .astype({"day": float})
    )
    therapies = pd.DataFrame(courses, columns=["patient_id", "start_day", "stop_day"]).astype(
        {"start_day": float, "stop_day": float}
    )
    therapies = therapies.assign(infusion=1.0, kind="maintenance", therapy="Pom", ongoing=None)
    endpoints = base().endpoints.assign(
        time=[float(time) for time in times[:4]], event=[float(event) for event in times[4:]]
    )
    made = base().with_tables(
        base().patients, {**base().tables, "responses": responses, "therapies": therapies, "endpoints": endpoints}
    )
    spells = [("state", "start_day", "stop_day")[place] for place in range(3)]
    held = therapies.rename(columns={"therapy": spells[0]})[["patient_id", "infusion", "ongoing", *spells]]
    held = held.assign(measure="disease", state=[f"s{place % 3}" for place in range(len(held))])
    made = made.with_tables(made.patients, {**made.tables, "states": held})
    vocabulary = {**made.vocabulary, "state": ("disease\ts0", "disease\ts1", "disease\ts2")}
    made = replace(made, vocabulary=vocabulary)
    for unit, colour in (("months", RESPONSE), ("days", STATE + "disease"), ("months", THERAPY)):
        check(lanes(made, by(base()), unit, SwimmerOptions(colour=colour)))


def test_missing_days_are_left_out_without_a_crash():
    made = base().with_tables(base().patients, {**base().tables, "responses": base().responses.assign(day=math.nan)})
    assert len(lanes(made, by(base()), "months").segments[lambda rows: rows["state"] != "PD"]) == 0
