"""The butterfly: left negative, right positive, the worst grade inside."""

import json

import pytest
from golden.cohorts import by, nobody

from lib.publication.palette import GRADE_COLOURS, GROUP_COLOURS
from lib.toxicity.butterfly import butterfly_chart, butterfly_figure
from lib.toxicity.grade_bars import Space
from lib.toxicity.incidence import incidence
from toxicity.made import many_terms, of_example, of_synthetic


def test_wings_go_apart_and_end_at_the_count():
    tables = butterfly_figure(of_example()).tables
    crs = tables["bar"][tables["bar"]["term"] == "CRS"]
    left, right = (crs[crs["slot"] == slot] for slot in (0, 1))
    assert list(zip(left["grade"], left["start"], left["end"], strict=True)) == [
        ("Grade 4", 0, -12.5),
        ("Grade 3", -12.5, -50),
        ("Grade 2", -50, -75),
        ("Grade 1", -75, -100),
    ]
    assert right["end"].tolist() == [12.5, 25, 50] and right["grade"].tolist() == ["Grade 3", "Grade 2", "Grade 1"]
    middle = (crs["top"].iloc[0] + crs["bottom"].iloc[0]) / 2
    beside = tables["number"][(tables["number"]["middle"] - middle).abs() < 1e-6]
    assert list(zip(beside["right"], beside["text"], strict=True)) == [
        (False, "8"),
        (False, "4"),
        (True, "4"),
        (True, "1"),
    ]
    assert tables["head"]["label"].tolist() == ["Any", "≥ 3"] * 2


def test_groups_are_named_once_and_numbers_stand_under_their_heads():
    tables = butterfly_figure(of_example()).tables
    assert tables["wing"]["label"].tolist() == ["Control (n\u00a0=\u00a08)", "Pomalidomide (n\u00a0=\u00a08)"]
    assert set(tables["number"]["pixels"]) == set(tables["head"]["pixels"])
    assert "group" not in tables and tables["heading"]["text"].tolist() == [""]


def test_every_bar_ends_within_the_axis():
    tables = butterfly_figure(of_example("emd")).tables
    assert (
        tables["bar"][["start", "end"]].abs().max().max() <= tables["tick"]["x"].max() == tables["limit"]["start"].max()
    )


def test_only_two_groups_have_wings():
    with pytest.raises(ValueError, match="exactly two groups"):
        butterfly_figure(of_synthetic())


def test_nobody_and_a_filter_leave_the_chart_alone():
    empty = butterfly_figure(incidence(nobody(many_terms()), by(many_terms())))
    assert len(empty.tables["bar"]) == 0 and len(empty.tables["number"]) == 88
    assert butterfly_figure(of_example()).chart == butterfly_figure(of_example("arm", "emd=yes")).chart
    assert (
        butterfly_figure(of_example(), ("CRS",))
        .notes[0]
        .startswith("12 further terms not drawn, each in at most 14 of 16")
    )


def test_numbers():
    rows = butterfly_figure(of_example()).numbers.rows
    assert rows[:2] == (("CRS", "Control", 8, 8), ("CRS", "Pomalidomide", 4, 8)) and len(rows) == 26


def test_its_height_and_colours():
    room = Space(760, 100)
    assert butterfly_chart(3, room, 1, 1)["height"] < butterfly_chart(9, room, 1, 1)["height"]
    assert butterfly_chart(3, room, 1, 1)["height"] < butterfly_chart(3, Space(380, 0), 1, 1)["height"]  # names above
    assert all(colour in json.dumps(butterfly_chart(3, room, 1, 1)) for colour in GRADE_COLOURS.values())
    assert butterfly_figure(of_example()).tables["span"]["paint"].tolist() == list(GROUP_COLOURS[:2])
