"""The butterfly: left negative, right positive, the worst grade inside."""

import json

import pytest
from golden.cohorts import by, nobody

from lib.publication.palette import GRADE_COLOURS, GROUP_COLOURS
from lib.toxicity.butterfly import butterfly_chart, butterfly_figure
from lib.toxicity.incidence import incidence
from toxicity.made import many_terms, of_example, of_synthetic


def test_wings_go_apart_and_end_at_the_count():
    tables = butterfly_figure(of_example()).tables
    crs = tables["bar"][tables["bar"]["term"] == "CRS"]
    left, right = (crs[crs["slot"] == slot] for slot in (0, 1))
    assert list(zip(left["grade"], left["start"], left["end"], strict=True)) == [
        ("Grade 4", 0, -12.5), ("Grade 3", -12.5, -50), ("Grade 2", -50, -75), ("Grade 1", -75, -100)]  # fmt: skip
    assert right["end"].tolist() == [12.5, 25, 50] and right["grade"].tolist() == ["Grade 3", "Grade 2", "Grade 1"]
    tips = tables["end"][tables["end"]["term"] == "CRS"]
    assert list(zip(tips["words"], tips["tip"], strict=True)) == [("8 (100 %)", -100), ("4 (50 %)", 50)]


def test_every_bar_ends_within_the_axis_with_room_for_the_counts():
    tables = butterfly_figure(of_example("emd")).tables
    assert (
        tables["bar"][["start", "end"]].abs().max().max() <= tables["tick"]["x"].max() < tables["limit"]["start"].max()
    )


def test_only_two_groups_have_wings():
    with pytest.raises(ValueError, match="exactly two groups"):
        butterfly_figure(of_synthetic())


def test_nobody_and_a_filter_leave_the_chart_alone():
    empty = butterfly_figure(incidence(nobody(many_terms()), by(many_terms())))
    assert len(empty.tables["bar"]) == 0 and len(empty.tables["end"]) == 44
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
    assert butterfly_chart(3, GROUP_COLOURS[:2])["height"] < butterfly_chart(9, GROUP_COLOURS[:2])["height"]
    text = json.dumps(butterfly_chart(3, GROUP_COLOURS[:2]))
    assert all(colour in text for colour in (*GRADE_COLOURS.values(), *GROUP_COLOURS[:2]))
