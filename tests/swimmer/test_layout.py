"""Lanes, marks and the key stand where they can be read: nothing lies on anything else, and many lanes fit one
screen."""

import pandas as pd
import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, selected

from lib.swimmer.lanes import lanes
from lib.swimmer.layout import COMPACT_HEIGHT, MOST_DRAWN, MOST_LANES, STEP, apart, density
from lib.swimmer.options import SwimmerOptions
from lib.swimmer.plot import KeyEntry, key_table, swimmer_figure

SCREEN = 700  # pixels


def of(n, **options):
    names = [f"a{number}" for number in range(n)]
    made = cohort(
        arms(A=names),
        endpoints=follow_up("os", **{name: (1 + number % 40, number % 2) for number, name in enumerate(names)}),
        responses=[{"patient_id": name, "day": 28, "response": "PR"} for name in names],
    )
    part = selected(made)
    return swimmer_figure(lanes(part, by(made, "-"), "months", SwimmerOptions(**options)), part)


def test_up_to_eighty_lanes_have_ids_more_are_thin_and_fit_one_screen():
    written, compact, thousand = of(MOST_LANES), of(MOST_LANES + 1), of(1000)
    assert written.tables["lane"]["labelled"].all() and not compact.tables["lane"]["labelled"].any()
    assert "First response" in set(written.tables["mark"]["kind"])
    assert set(compact.tables["mark"]["kind"]) == {"Death"}
    for figure in (compact, thousand):
        assert len(figure.tables["row"]) * STEP <= COMPACT_HEIGHT + STEP < SCREEN
        assert figure.chart == written.chart
        assert "First response" in set(figure.data["value"]) and figure.tables["lane"]["patient"].nunique() == min(
            figure.n, MOST_DRAWN
        )
        assert figure.data["patient"].nunique() == len(figure.numbers.rows) == figure.n
        assert "are told by colour" in figure.method and "told by colour" not in written.method


@pytest.mark.parametrize("lanes_drawn", [1, 12, 13, 24, 48, 80])
@pytest.mark.parametrize("scale", [8.0, 30.0])
def test_marks_of_a_lane_never_overlap(lanes_drawn, scale):
    close = density(lanes_drawn, 2)
    kinds = ("CRS grade 3 or higher", "First response", "MRD negative", "Progression", "Death")
    marks = pd.DataFrame(
        [
            (patient, kind, time)
            for patient in ("C1", "C2")
            for kind, time in zip(kinds, (0.03, 0.92, 0.92, 1.0, 1.2), strict=True)
        ],
        columns=["patient", "kind", "time"],
    )
    moved = apart(marks, scale, close)
    placed = marks.assign(x=marks["time"] * scale + moved["right"], y=moved["down"])
    for _, mine in placed.groupby("patient"):
        rows = mine.to_dict("records")
        for number, one in enumerate(rows):
            for other in rows[:number]:
                apart_by = max(abs(one["x"] - other["x"]), abs(one["y"] - other["y"]))
                assert apart_by >= 1.9 * close.reach, (one, other)
    assert (placed["y"].abs() + close.reach <= close.pitch / 2 + close.reach / 2).all()


def test_who_is_alone_stays_at_its_time_in_the_middle():
    marks = pd.DataFrame({"patient": ["a", "a", "b"], "kind": ["x", "y", "x"], "time": [1.0, 50.0, 1.0]})
    assert (apart(marks, 10.0, density(16, 0)) == 0).all().all()
    assert len(apart(marks[:0], 10.0, density(16, 0))) == 0


def test_progression_and_death_keep_their_place_and_what_lies_under_them_is_moved():
    marks = pd.DataFrame({"patient": "a", "kind": ["x", "Progression"], "time": [10.0, 10.0]})
    moved = apart(marks, 10.0, density(16, 0))
    assert moved["down"].tolist()[1] == 0 != moved["down"].tolist()[0] and (moved["right"] == 0).all()


def test_the_key_wraps_by_measured_width_and_keeps_a_heading_with_its_first_entry():
    responses = [KeyEntry(word, "square", "#000") for word in ("CR", "VGPR", "PR")]
    parts = [("Response", responses), ("Event", [KeyEntry("Death", "x", "#000")])]
    wide, narrow = (key_table(parts, -50, right, 58) for right in (700, 120))
    assert wide["down"].nunique() == 1 and narrow["down"].nunique() > 1
    assert key_table([("A", []), *parts, ("B", [])], -50, 120, 58).equals(narrow)  # nothing of which there is nothing
    assert (
        narrow.loc[narrow["label"] == "Event", "down"].item() == narrow.loc[narrow["label"] == "Death", "down"].item()
    )
    for table in (wide, narrow):
        for _, row in table.groupby("down"):
            assert row["words_x"].diff().dropna().gt(0).all()


@pytest.mark.parametrize("width", [380, 508, 760, 802])
def test_no_entry_of_the_key_lies_right_of_the_figure(width):
    part = selected(example())
    figure = swimmer_figure(lanes(part, by(example()), "months", SwimmerOptions(width=width)), part)
    key = figure.tables["key"]
    widths = [KeyEntry(label).width + 4 for label in key["label"]]
    left = key["words_x"].min()
    assert (key["words_x"] + widths).max() - left <= width
    assert figure.chart["width"] == width
    assert {"Response", "Baseline features", "Therapy", "Event", "After progression", "Maintenance", "Death"} <= set(
        key["label"]
    )
    assert "Grade 5" not in set(key["label"]) and not key["label"].duplicated().any()
