"""The lanes: who has one, in which order, and who has none."""

from golden.cohorts import arms, by, cohort, example, nobody, selected

from lib.derived.period import MIDDLE
from lib.toxicity.timeline.result import MOST_LANES, timeline

ROWS = [
    {"patient_id": "b1", "term": "CRS", "grade": 2, "start_day": 1, "stop_day": 4},
    {"patient_id": "a2", "term": "CRS", "grade": 1, "start_day": 2, "stop_day": 3},
    {"patient_id": "a2", "term": "CRS", "grade": 3, "start_day": 3},
    {"patient_id": "a1", "term": "CRS", "grade": None, "start_day": 5, "stop_day": 6},
    {"patient_id": "a3", "term": "CRS", "grade": 1},
]
MADE = cohort([*arms(A=["a1", "a2", "a3"], B=["b1"]), {"patient_id": "c1"}], adverse_events=[*ROWS, {"patient_id": "c1", "term": "CRS", "grade": 1, "start_day": 1}])  # fmt: skip


def test_lanes_go_by_group_and_first_day():
    found = timeline(MADE, by(MADE), "CRS")
    assert found.stretches[["patient", "lane"]].drop_duplicates().values.tolist() == [["a2", 0], ["a1", 1], ["b1", 2]]
    assert (found.n, found.n_with, found.undated, found.not_drawn, found.n_lanes) == (4, 4, 1, 0, 3)
    assert found.stretches["grade"].tolist()[:2] == [1, 3]  # the worst is drawn last


def test_where_there_is_no_room_each_group_has_as_many_lanes_and_the_worst_grades():
    patients = arms(A=[f"a{number:02d}" for number in range(50)], B=[f"b{number:02d}" for number in range(40)])
    rows = [
        {"patient_id": row["patient_id"], "term": "CRS", "grade": 1 + place % 4, "start_day": place % 9}
        for place, row in enumerate(patients)
    ]
    made = cohort(patients, adverse_events=rows)
    found = timeline(made, by(made), "CRS")
    assert found.n_lanes == MOST_LANES and found.not_drawn == 30
    assert found.stretches.groupby("group")["lane"].nunique().to_dict() == {"A": 30, "B": 30}
    drawn, every = found.stretches["grade"].value_counts(), [row["grade"] for row in rows]
    assert (drawn[4], drawn[3]) == (every.count(4), every.count(3)) and drawn.get(1, 0) < every.count(1)


def test_nobody_and_another_period():
    for found in (
        timeline(nobody(example()), by(example()), "CRS"),
        timeline(selected(example()), by(example()), "CRS", MIDDLE),
    ):
        assert (found.n_lanes, found.n_with) == (0, 0)
