"""Change from baseline: baselines, what counts, who is left out, and the figures of it."""

import json

import pytest
from golden.cohorts import by, nobody, selected

from lib.publication.exhibit import standalone
from lib.response.marker_change import (
    NO_BASELINE,
    NO_VALUES,
    NOTHING_LATER,
    ZERO_BASELINE,
    marker_change,
    marker_series,
)
from lib.response.spider import spider_chart, spider_figure
from lib.response.waterfall import waterfall_chart, waterfall_figure
from response.made import assessed, made, measured, with_m_protein


def found(*rows, responses=(), groups=None, **tables):
    opened = made(groups or {"A": ["a1"]}, responses, labs=measured(*rows), **tables)
    return marker_change(selected(opened), marker_series(opened)[0], by(opened, "-"))


def test_nobody():
    opened = with_m_protein(16)
    nothing = marker_change(nobody(opened), marker_series(opened)[0], by(opened))
    assert nothing.n == 0 and nothing.best.empty and nothing.course.empty and nothing.left_out == ()


def test_baseline_is_the_last_value_at_or_before_day_0():
    result = found(("a1", -30, 80), ("a1", -2, 40), ("a1", 28, 10), ("a1", 60, 4), ("a1", 90, 8))
    (row,) = result.best.to_dict("records")
    assert row["baseline"] == 40 and row["day"] == 60 and row["change"] == pytest.approx(-90)
    assert result.course["change"].tolist() == pytest.approx([0, -75, -90, -80])
    assert found(("a1", 0, 20), ("a1", 28, 10)).best["change"].tolist() == [-50]


def test_values_until_progression_or_another_treatment_count():
    values = [("a1", 0, 40), ("a1", 28, 20), ("a1", 60, 60), ("a1", 90, 0)]
    assert found(*values, responses=assessed(("a1", 60, "PD"))).best["change"].tolist() == [-50]
    treated = [{"patient_id": "a1", "kind": "subsequent", "therapy": "X", "start_day": 40}]
    assert len(found(*values, therapies=treated).course) == 2


def test_below_the_limit_of_detection_is_minus_100():
    result = found(("a1", 0, 40), ("a1", 28, "<0.5"))
    assert result.best["change"].tolist() == [-100] and result.best["below"].tolist() == [True]


def test_whoever_is_left_out_has_a_reason():
    rows = [("a1", 10, 5), ("a2", 0, 0), ("a2", 10, 5), ("a3", 0, 7), ("a5", 0, 10), ("a5", 30, 10), ("a5", None, 3)]
    result = found(*rows, groups={"A": ["a1", "a2", "a3", "a4", "a5"]})
    assert dict(result.left_out) == {NO_BASELINE: 1, ZERO_BASELINE: 1, NOTHING_LATER: 1, NO_VALUES: 1}
    assert result.best["change"].tolist() == [0] and result.n_undated == 1


def test_bars_stand_in_order_of_depth_within_each_group():
    opened = with_m_protein(16)
    result = marker_change(selected(opened), marker_series(opened)[0], by(opened))
    assert (result.best.groupby("slot")["change"].diff().dropna() <= 1e-6).all() and result.best[
        "slot"
    ].is_monotonic_increasing
    assert result.n + sum(n for _, n in result.left_out) == 16


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


def test_names_of_groups_above_few_bars_stand_above_one_another():
    names = ("Lenalidomide maintenance", "Pomalidomide maintenance", "No maintenance")
    values = [(f"{name[0]}{number}", day, 10 - day) for name in names for number in (1,) for day in (0, 9)]
    opened = made({name: [f"{name[0]}1"] for name in names}, labs=measured(*values))
    result = marker_change(selected(opened), marker_series(opened)[0], by(opened))
    wide, narrow = (waterfall_figure(result, (), width).tables["header"]["up"].tolist() for width in (2000, 200))
    assert narrow == [-5.0, -20.0, -35.0] and len(set(wide)) < 3


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


def test_minus_100_is_on_the_axis():
    for chart in (waterfall_chart("Change, %", ("CR",), 1, 380), spider_chart("Change, %", ("#1",), 380)):
        assert "[-105, 108]" in str(chart) and "Change, %" in str(chart)


def test_letters_at_the_ends_of_lines_do_not_stand_on_each_other():
    values = [
        (patient, day, value)
        for patient, last in (("a1", 2.0), ("a2", 2.1), ("a3", 9.0))
        for day, value in ((0, 10), (60, last))
    ]
    responses = assessed(*((patient, 60, "PR") for patient in ("a1", "a2", "a3")))
    result = found(*values, responses=responses, groups={"A": ["a1", "a2", "a3"]})
    assert sorted(spider_figure(result).tables["last"]["letters"]) == ["", "PR", "PR"]
