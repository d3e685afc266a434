"""The volcano's points, names and levels."""

from math import log10

import pytest
from golden.cohorts import by, nobody

from lib.toxicity.differences.result import differences
from lib.toxicity.incidence import incidence
from lib.toxicity.volcano.figure import MOST_NAMES, volcano_figure
from toxicity.made import many_terms, of_example, of_synthetic


def drawn(result):
    return volcano_figure(differences(result, "any grade", result.terms))


def test_points_stand_at_difference_and_p_and_equal_ones_share_a_name():
    tables = drawn(of_example()).tables
    crs = tables["point"][tables["point"]["term"] == "CRS"].iloc[0]
    assert (crs["x"], crs["y"]) == (-50, pytest.approx(-log10(0.0769230769)))
    names = tables["name"].set_index("label")
    assert names.loc["CRS; Unnamed term 11", ["to_x", "to_y"]].tolist() == [crs["x"], crs["y"]]
    assert tables["limit"]["x"].tolist() == [-60, 60] and tables["limit"]["y"].max() > 1.5
    assert tables["level"]["label"].tolist() == ["p = 0.05"]  # 0.05 / 13 is above all points


def test_of_many_points_the_outliers_have_names():
    figure = drawn(of_synthetic())
    assert len(figure.tables["point"]) == 14 and len(figure.tables["name"]) <= MOST_NAMES
    assert (figure.tables["point"]["y"] >= 0).all() and len(figure.tests) == 14


def test_nobody_has_a_frame_without_points():
    figure = drawn(incidence(nobody(many_terms()), by(many_terms())))
    assert len(figure.tables["point"]) == len(figure.tables["name"]) == 0
    assert figure.tables["limit"]["x"].tolist() == [-10, 10]


def test_no_filter_changes_the_chart():
    assert drawn(of_example()).chart == drawn(of_example("arm", "emd=yes")).chart
