"""The lanes: who has one, in which order, and who has none; their stretches, digits and arrows."""

import json
from functools import cache

from golden.cohorts import arms, by, cohort, example, nobody, selected

from lib.derived.adverse_events import MIDDLE
from lib.publication.palette import GRADE_COLOURS, GROUP_COLOURS
from lib.toxicity.timeline import LANE, MOST_LANES, timeline, timeline_chart, timeline_figure

ROWS = [
    {"patient_id": "b1", "term": "CRS", "grade": 2, "start_day": 1, "stop_day": 4},
    {"patient_id": "a2", "term": "CRS", "grade": 1, "start_day": 2, "stop_day": 3},
    {"patient_id": "a2", "term": "CRS", "grade": 3, "start_day": 3},
    {"patient_id": "a1", "term": "CRS", "grade": None, "start_day": 5, "stop_day": 6},
    {"patient_id": "a3", "term": "CRS", "grade": 1},
]


@cache
def made():
    return cohort(
        [*arms(A=["a1", "a2", "a3"], B=["b1"]), {"patient_id": "c1"}],
        adverse_events=[*ROWS, {"patient_id": "c1", "term": "CRS", "grade": 1, "start_day": 1}],
    )


def test_lanes_go_by_group_and_first_day():
    found = timeline(made(), by(made()), "CRS")
    assert found.stretches[["patient", "lane"]].drop_duplicates().values.tolist() == [["a2", 0], ["a1", 1], ["b1", 2]]
    assert (found.n, found.n_with, found.undated, found.not_drawn) == (4, 4, 1, 0)
    assert found.stretches["grade"].tolist()[:2] == [1, 3]  # the worst is drawn last


def test_where_there_is_no_room_each_group_has_as_many_lanes_and_the_worst_grades():
    patients = arms(A=[f"a{number:02d}" for number in range(50)], B=[f"b{number:02d}" for number in range(40)])
    rows = [
        {"patient_id": row["patient_id"], "term": "CRS", "grade": 1 + place % 4, "start_day": place % 9}
        for place, row in enumerate(patients)
    ]
    made = cohort(patients, adverse_events=rows)
    found = timeline(made, by(made), "CRS")
    assert found.stretches["lane"].nunique() == MOST_LANES and found.not_drawn == 30
    assert found.stretches.groupby("group")["lane"].nunique().to_dict() == {"A": 30, "B": 30}
    drawn, every = found.stretches["grade"].value_counts(), [row["grade"] for row in rows]
    assert (drawn[4], drawn[3]) == (every.count(4), every.count(3)) and drawn.get(1, 0) < every.count(1)


def test_nobody_and_another_period():
    for found in (
        timeline(nobody(example()), by(example()), "CRS"),
        timeline(selected(example()), by(example()), "CRS", MIDDLE),
    ):
        assert (len(found.stretches), found.n_with) == (0, 0)


def test_both_days_count_and_every_stretch_has_its_grade_as_a_digit():
    tables = timeline_figure(timeline(made(), by(made()), "CRS")).tables
    stretches = tables["stretch"]
    assert list(zip(stretches["start"], stretches["end"], stretches["digit"], strict=True)) == [
        (2, 4, "1"),
        (3, 4, "3"),
        (5, 7, "?"),
        (1, 5, "2"),
    ]
    assert len(tables["inside"]) + len(tables["beside"]) == len(stretches)
    assert tables["open"]["patient"].tolist() == ["a2"]
    assert tables["group"]["label"].tolist() == ["A (2)", "B (1)"]


def test_notes_and_numbers():
    figure = timeline_figure(timeline(made(), by(made()), "CRS"))
    assert any("1 patient with CRS without a first day not drawn." in note for note in figure.notes)
    assert (
        any(note.startswith("Arrow: last day not stated (1 event)") for note in figure.notes)
        and "?: grade not stated." in figure.notes
    )
    assert figure.tables["heading"]["text"].iloc[0] == "CRS: 4 of 4 patients"
    assert [row[-1] for row in figure.numbers.rows] == [None, "last day not stated", "grade not stated", None]


def test_patients_are_named_only_in_their_column():
    figure = timeline_figure(timeline(selected(example()), by(example()), "CRS"))
    assert (
        set(figure.data["patient"]) == set(figure.tables["lane"]["patient"]) and len(set(figure.data["patient"])) == 12
    )
    assert "C1" not in figure.alt and "P1" not in figure.caption


def test_nobody_and_filters_leave_the_chart_alone():
    empty = timeline_figure(timeline(nobody(example()), by(example()), "CRS"))
    assert (
        len(empty.tables["stretch"]) == 0
        and empty.chart == timeline_figure(timeline(selected(example()), by(example()), "ICANS")).chart
    )


def test_a_lane_has_its_height_and_grades_their_colours():
    chart = timeline_chart(GROUP_COLOURS[:2])
    assert chart["height"] == {"step": LANE}
    assert all(colour in json.dumps(chart) for colour in GRADE_COLOURS.values())
