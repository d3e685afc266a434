"""What happened when: onsets, re-infusions, own events, marks after the end of their lane; each kind has a shape."""

from functools import cache

from golden.cohorts import arms, by, cohort, selected

from lib.swimmer.lanes import lanes
from lib.swimmer.marks import OWN_SYMBOLS, SYMBOLS, symbols
from lib.swimmer.options import COURSE, ENDS, MOST_OWN, ONSET, OWN_EVENT, START, SwimmerOptions
from lib.swimmer.plot import swimmer_figure


@cache
def made():
    return cohort(
        arms(A=["a1", "a2"]),
        endpoints=[
            {"patient_id": patient, "endpoint": "os", "time": 100, "unit": "days", "event": 1}
            for patient in ("a1", "a2")
        ],
        adverse_events=[
            {"patient_id": "a1", "term": "CRS", "grade": grade, "start_day": day}
            for grade, day in ((2, 1), (3, 4), (4, 6))
        ]
        + [{"patient_id": "a2", "term": "CRS", "grade": 3}],
        responses=[
            {"patient_id": "a1", "day": day, "response": what, "mrd": mrd}
            for day, what, mrd in ((20, "PR", "positive"), (60, "CR", "negative"))
        ],
        therapies=[{"patient_id": "a1", "kind": "subsequent", "therapy": "Dara", "start_day": 80}],
        infusions=[{"patient_id": "a1", "infusion": 1, "day": 0}, {"patient_id": "a1", "infusion": 2, "day": 70}],
        events=[
            {"patient_id": "a1", "infusion": 2, "event": "ICU", "day": 5},
            {"patient_id": "a2", "event": "ICU", "day": 120},
            {"patient_id": "a2", "event": "ICU", "day": 5000},
            {"patient_id": "a1", "event": "apheresis", "day": -30},
        ],
    )


@cache
def made_lanes():
    return lanes(selected(made()), by(made()), "days")


def of(patient, found=None):
    marks = (found or made_lanes()).marks
    mine = marks[marks["patient"] == patient]
    return list(zip(mine["kind"], mine["time"], mine["outside"], strict=True))


def test_every_kind_at_its_day_and_death_last():
    assert of("a1") == [
        ("Re-infusion", 70, False),
        ("First response", 20, False),
        ("Best response, if later", 60, False),
        ("MRD negative", 60, False),
        ("CRS grade 3 or higher", 4, False),
        ("ICU", 75, False),
        ("apheresis", -30, False),
        ("Death", 100, False),
    ]
    assert dict(zip(made_lanes().lanes["patient"], made_lanes().lanes["start"], strict=True)) == {"a1": -30, "a2": 0}


def test_after_the_end_of_a_lane_a_mark_is_flagged_and_far_beyond_it_is_counted():
    assert of("a2") == [("ICU", 120, True), ("Death", 100, False)]
    assert (made_lanes().gaps.outside, made_lanes().gaps.far, made_lanes().gaps.undated) == (
        1,
        1,
        1,
    )  # undated: the CRS of a2
    figure = swimmer_figure(made_lanes(), selected(made()))
    assert figure.tables["outside"]["patient"].tolist() == ["a2"]
    assert figure.data.loc[figure.data["outside"] == True, ["patient", "value"]].values.tolist() == [["a2", "ICU"]]  # noqa: E712
    assert "1 event after the end of follow-up, circled." in figure.notes


def test_onsets_and_starts_may_be_marked_too():
    chosen = SwimmerOptions(marks=(ONSET + "CRS", START + "subsequent\tDara", OWN_EVENT + "apheresis"))
    kinds = {kind: time for kind, time, _ in of("a1", lanes(selected(made()), by(made()), "days", chosen))}
    assert kinds == {"CRS, onset": 1, "Start of Dara (subsequent)": 80, "apheresis": -30, "Death": 100}


def test_no_two_marks_share_a_shape():
    own = tuple(f"own {number}" for number in range(MOST_OWN))
    drawn = symbols((*COURSE, *own, *ENDS))
    assert tuple(drawn) == (*COURSE, *own, *ENDS)
    shapes = [shape for shape, _ in drawn.values()]
    assert len(set(shapes)) == len(shapes) == len(SYMBOLS) + MOST_OWN and len(OWN_SYMBOLS) == MOST_OWN


def test_progression_and_death_are_drawn_after_everything_that_may_be_chosen():
    assert not set(COURSE) & set(ENDS) and ENDS[-1] == "Death"
