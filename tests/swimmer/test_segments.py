"""States and therapies on lanes: before the infusion, without ends, at the same time, from another infusion."""

import pytest
from golden.cohorts import arms, by, cohort, follow_up, selected

from lib.swimmer.lanes import lanes
from lib.swimmer.options import STATE, THERAPY, SwimmerOptions


def drawn(states=(), therapies=(), colour=STATE + "disease", infusions=(), infusion=1, **options):
    made = cohort(
        arms(A=["a1"]),
        endpoints=follow_up("os", a1=(100, 0))
        and [
            {"patient_id": "a1", "endpoint": "os", "time": 100, "unit": "days", "event": 0},
            {"patient_id": "a1", "infusion": 2, "endpoint": "os", "time": 60, "unit": "days", "event": 0},
        ],
        states=[{"patient_id": "a1", "measure": "disease", **row} for row in states],
        therapies=[{"patient_id": "a1", **row} for row in therapies],
        infusions=[{"patient_id": "a1", **row} for row in infusions],
    )
    found = lanes(selected(made, infusion=infusion), by(made), "days", SwimmerOptions(colour=colour, **options))
    return found, [tuple(row) for row in found.segments[["state", "start", "end", "assessed"]].values.tolist()]


def spell(state, start=None, stop=None, **more):
    return {"state": state, "start_day": start, "stop_day": stop, **more}


def test_lanes_begin_before_the_infusion_where_a_state_does():
    found, segments = drawn([spell("RD", -80, 0), spell("CR", 0, 40)])
    assert segments == [("RD", -80, 0, True), ("CR", 0, 40, True)]  # and a gap to day 100
    assert found.lanes["start"].tolist() == [-80]


def test_a_state_without_a_first_day_follows_the_one_above_and_without_a_last_day_is_carried_on():
    _, segments = drawn([spell("A", None, 20), spell("B", None, 50), spell("C", None, None)])
    assert segments == [("A", 0, 20, True), ("B", 20, 50, True), ("C", 50, 100, False)]
    assert drawn([spell("A", 0), spell("B", 30, None, ongoing="yes")])[1] == [("A", 0, 30, True), ("B", 30, 100, True)]
    assert drawn([spell("A", 0, 20), spell("C", 50)], carried=False)[1] == [("A", 0, 20, True)]


def test_of_two_at_once_the_later_begun_is_shown_then_the_earlier_again():
    found, segments = drawn([spell("A", 0, 60), spell("B", 20, 40)])
    assert segments == [("A", 0, 20, True), ("B", 20, 40, True), ("A", 40, 60, True)] and found.gaps.overlapping == 1
    assert drawn([spell("A", 0, 60), spell("B", 0, 60)])[1] == [("B", 0, 60, True)]  # the lower row


@pytest.mark.parametrize(("row", "gap"), [(spell("A", 30, 20), "backwards"), (spell("A", 120, 130), "after")])
def test_what_cannot_be_drawn_is_counted(row, gap):
    found, segments = drawn([row])
    assert segments == [] and getattr(found.gaps, gap) == 1


def test_states_of_a_second_infusion_stand_where_they_were_and_move_when_it_is_day_0():
    infusions = [{"infusion": 1, "day": 0}, {"infusion": 2, "day": 40}]
    states = [spell("A", 0, 30), spell("B", 5, 20, infusion=2)]
    assert drawn(states, infusions=infusions)[1] == [("A", 0, 30, True), ("B", 45, 60, True)]
    found, segments = drawn(states, infusions=infusions, infusion=2)
    assert segments == [("A", -40, -10, True), ("B", 5, 20, True)] and found.lanes["start"].tolist() == [-40]


def test_therapies_colour_the_lane_without_those_of_years_before():
    courses = [
        ("prior line", "VRd", -700, -500),
        ("bridging", "Dex", -30, -8),
        ("maintenance", "Len", 30, None),
        ("other", None, 50, 60),
    ]
    found, segments = drawn(
        therapies=[dict(zip(("kind", "therapy", "start_day", "stop_day"), each, strict=True)) for each in courses],
        colour=THERAPY,
    )
    assert segments == [
        ("Dex", -30, -8, True),
        ("Len", 30, 50, False),
        ("other", 50, 60, True),
        ("Len", 60, 100, False),
    ]
    assert found.gaps.earlier == 1 and found.lanes["start"].tolist() == [-30]


def test_a_response_with_a_last_day_ends_there_and_leaves_a_gap():
    rows = [
        {"patient_id": "a1", "day": day, "stop_day": stop, "response": what, "ongoing": still}
        for day, stop, what, still in ((10, 30, "PR", None), (50, None, "VGPR", None), (70, None, "CR", "yes"))
    ]
    made = cohort(
        arms(A=["a1"]),
        endpoints=[{"patient_id": "a1", "endpoint": "os", "time": 100, "unit": "days", "event": 0}],
        responses=rows,
    )
    found = lanes(selected(made), by(made), "days").segments
    assert found[["state", "start", "end", "assessed"]].values.tolist() == [
        ["PR", 10, 30, True],
        ["VGPR", 50, 70, True],
        ["CR", 70, 100, True],
    ]
