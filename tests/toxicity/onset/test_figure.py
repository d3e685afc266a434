"""The curves as drawn, the id, and what is said of a grouping that was formed after infusion."""

import pytest
from golden.cohorts import by, example, nobody, selected

from lib.toxicity.onset.figure import onset_figure, slug
from lib.toxicity.onset.result import onset
from toxicity.onset.test_result import MADE


def test_curves_are_drawn_to_the_horizon():
    figure = onset_figure(onset(selected(example()), by(example()), "CRS"))
    curve = figure.tables["curve"]
    assert figure.id == "toxicity.onset.crs"
    assert curve.groupby("group")["time"].max().to_dict() == {"Control": 14, "Pomalidomide": 14}
    assert curve[curve["group"] == "Control"]["incidence"].iloc[-1] == 1
    assert figure.tables["counts"].query("time == 2")["text"].tolist() == ["6", "7"]


def test_no_p_stands_beside_groups_formed_after_infusion():
    figure = onset_figure(onset(selected(example()), by(example()), "CRS"))
    heading = figure.tables["heading"]["text"].iloc[0]
    assert "Groups formed after infusion" in heading and "p " not in heading.replace("Groups", "")
    assert any("Groups formed after infusion" in note for note in figure.notes)
    before = onset_figure(onset(selected(example()), by(example(), "emd"), "CRS"))
    assert "Gray's test p" in before.tables["heading"]["text"].iloc[0] and len(before.tests) == 1


def test_who_is_left_out_is_said_and_numbers_have_reasons():
    figure = onset_figure(onset(MADE, by(MADE, "-"), "CRS", 3))
    assert "of 7 not evaluable" in figure.caption and figure.id == "toxicity.onset.crs_grade_3"
    (row,) = figure.numbers.rows
    assert len(row) == len(figure.numbers.columns) and row[-1] and row[1:4] == (5, 1, 1)


@pytest.mark.parametrize(
    ("words", "expected"), [("Infección, grave", "infeccion_grave"), ("细胞", "event_7ec6_80de"), ("x" * 90, "x" * 60)]
)
def test_slugs(words, expected):
    assert slug(words) == expected


def test_nobody_and_filters_leave_the_chart_alone():
    empty = onset_figure(onset(nobody(example()), by(example()), "CRS"))
    assert (
        len(empty.tables["curve"]) == 0
        and empty.chart == onset_figure(onset(selected(example(), "emd=yes"), by(example()), "CRS")).chart
    )
