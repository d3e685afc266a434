"""Waterfall and spider: bars to their change, +100 % as the end of the axis, no change with the selection."""

import json

import pytest
from golden.cohorts import by, nobody, selected

from lib.publication.exhibit import standalone
from lib.response.change.figure import spider_figure, waterfall_figure
from lib.response.change.result import marker_change
from lib.response.change.series import marker_series
from response.made import made, measured, with_m_protein


def figures(opened, cohort=None, grouping="arm"):
    result = marker_change(cohort or selected(opened), marker_series(opened)[0], by(opened, grouping))
    return waterfall_figure(result, opened.vocabulary.get("response", ())), spider_figure(result)


def test_bars_end_at_their_change():
    values = measured(("a1", 0, 10), ("a1", 9, 35), ("a2", 0, 10), ("a2", 9, 10), ("b1", 0, 10), ("b1", 9, "<1"))
    waterfall, spider = figures(made({"A": ["a1", "a2"], "B": ["b1"]}, labs=values))
    bars = waterfall.tables["bar"].set_index("patient")
    assert bars["shown"].to_dict() == {"a1": "+250 %", "a2": "0 %", "b1": "−100 %"}
    assert (bars.loc["a1", "top"], bars.loc["b1", "bottom"], bars.loc["b1", "top"]) == (100, -100, 0)
    assert bars.loc["a2", "top"] > bars.loc["a2", "bottom"] and waterfall.tables["beyond"]["words"].tolist() == [
        "+250 %"
    ]
    assert spider.tables["line"]["change"].max() == 100 and spider.tables["group"]["label"].tolist() == [
        "A (2)",
        "B (1)",
    ]
    assert any("1 value more than 100 % above" in note for note in spider.notes) and any(
        "below the limit" in note for note in spider.notes
    )


def test_groups_stand_apart_and_levels_are_drawn():
    waterfall, _ = figures(with_m_protein(16))
    bars = waterfall.tables["bar"]
    assert bars.groupby("slot")["left"].min()[1] - bars.groupby("slot")["right"].max()[0] > 1
    assert (
        waterfall.tables["level"]["words"].tolist() == ["−25 %", "−50 %", "−90 %"]
        and waterfall.id == "response.waterfall.m_protein"
    )


def test_the_charts_are_the_same_whoever_is_selected():
    opened = with_m_protein(16)
    sets = [figures(opened), figures(opened, selected(opened, "emd=yes")), figures(opened, nobody(opened))]
    for which in (0, 1):
        assert len({json.dumps(pair[which].chart) for pair in sets}) == 1
        json.dumps(standalone(sets[2][which]))
    assert sets[2][0].alt == "Waterfall plot without patients."


def test_a_light_chain_comes_with_its_warning():
    opened = with_m_protein(16)
    result = marker_change(selected(opened), marker_series(opened)[1], by(opened))
    assert any("involved light chain" in note for note in spider_figure(result).notes)
    assert [row[7] for row in spider_figure(result).numbers.rows] == pytest.approx(result.best["change"].tolist())
