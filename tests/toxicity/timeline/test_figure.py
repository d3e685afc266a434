"""The timeline's stretches, digits and arrows."""

from golden.cohorts import by, example, nobody, selected

from lib.toxicity.timeline.figure import timeline_figure
from lib.toxicity.timeline.result import timeline
from toxicity.timeline.test_result import MADE


def test_both_days_count_and_every_stretch_has_its_grade_as_a_digit():
    tables = timeline_figure(timeline(MADE, by(MADE), "CRS")).tables
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
    figure = timeline_figure(timeline(MADE, by(MADE), "CRS"))
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
