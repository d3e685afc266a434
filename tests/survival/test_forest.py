"""The tables of the forest plot, and that its chart depends on its lines and the two groups alone."""

import json

import pandas as pd
import pytest
from golden.cohorts import example, nobody, synthetic

from lib.publication.palette import INK, PAPER
from lib.survival.forest import forest_figure
from lib.survival.forest_chart import HIGHEST, LOWEST, ROW_HEIGHT, TICKS, WIDEST, ForestLayout, forest_chart
from lib.survival.subgroups import splits_of, subgroups
from survival.data_sets import data_set, outcome, pairs

NAMES = ("emd", "high_risk_cytogenetics", "age_years", "sex", "prior_lines")


def figure(cohort, names=NAMES, grouping="arm", *where, **asked):
    part, found = outcome(cohort, grouping, *where, **asked)
    return forest_figure(subgroups(part, found, splits_of(cohort, names)))


def test_every_level_keeps_its_line_whatever_is_selected():
    whole = figure(example())
    for where in ("emd=yes", "arm=Control", "sex=F", "age=60..90"):
        part = figure(example(), NAMES, "arm", where)
        assert part.chart == whole.chart
        columns = ["line", "variable", "level"]
        pd.testing.assert_frame_equal(part.tables["line"][columns], whole.tables["line"][columns])
        assert {name: list(table.columns) for name, table in part.tables.items()} == {
            name: list(table.columns) for name, table in whole.tables.items()
        }
    empty = nobody(example())
    none = forest_figure(subgroups(empty, outcome(empty)[1], splits_of(example(), NAMES)))
    assert none.chart == whole.chart and len(none.tables["line"]) == 17


def test_all_patients_are_a_diamond_from_limit_to_limit():
    diamond = figure(data_set("lung"), ("age_years",)).tables["diamond"]
    assert diamond["ratio"].tolist() == pytest.approx([0.4237178304, 0.5880028186, 0.8159848132])
    assert (diamond["bottom"] - diamond["top"]).tolist() == pytest.approx([0, 0.6, 0]) and set(diamond["fill"]) == {INK}


def test_open_symbols_are_firths_and_a_line_without_ratio_says_why():
    tables = figure(example(), NAMES, endpoint="ttp").tables
    fills = dict(zip(tables["square"]["name"], tables["square"]["fill"], strict=True))
    assert fills["Extramedullary disease: no"] == PAPER and fills["Age: < 65"] == INK
    reported = dict(zip(tables["line"]["level"], tables["line"]["printed"], strict=True))
    assert reported["≥ 65"] == "NE" and reported["M"] != "NE" and fills["Sex: M"] == PAPER
    why = [note for note in figure(example(), NAMES, endpoint="ttp").notes if note.startswith("NE, not estimable")]
    assert any("Age ≥ 65" in note and "fewer than 3 patients" in note for note in why)
    assert len({note.rpartition(": ")[0] for note in why}) == len(why)


def test_what_is_beyond_the_axis_becomes_an_arrow():
    tables = figure(example(), NAMES, endpoint="ttp").tables
    arrows = tables["arrow"]
    assert set(arrows["ratio"]) <= {LOWEST, HIGHEST} and "triangle-left" in set(arrows["shape"])
    assert tables["interval"][["low", "high"]].stack().between(LOWEST, HIGHEST).all()
    mirrored = pairs(9, 9, 9, 0, emd=lambda name: "yes" if int(name[1:]) % 2 else "no")
    assert set(figure(mirrored, ("emd",)).tables["arrow"]["shape"]) <= {"triangle-left", "triangle-right"}


def test_squares_grow_with_events():
    square = figure(synthetic(), ("emd",), "sex", endpoint="pfs").tables["square"]
    line = figure(synthetic(), ("emd",), "sex", endpoint="pfs").data.iloc[1:]
    order = (line["events"] + line["events_reference"]).to_numpy().argsort()
    assert square["size"].to_numpy()[order].tolist() == sorted(square["size"])


def test_the_data_behind_it_have_a_row_for_each_comparison():
    data = figure(data_set("lung"), ("age_years", "ph_ecog")).data
    assert data["variable"].tolist() == ["All patients", "Age", "Age", *["ph ecog"] * 3]
    assert data["n"].iloc[0] == 90 and set(data["group"]) == {"female"} and set(data["reference"]) == {"male"}


def text(chart) -> str:
    return json.dumps(chart, sort_keys=True)


def test_the_chart_names_the_groups_and_holds_no_data():
    assert (
        "datasets" not in text(forest_chart(9, ForestLayout("B", "A"))) != text(forest_chart(9, ForestLayout("C", "A")))
    )


def test_each_line_adds_a_row_and_the_width_stays():
    few, many = forest_chart(3, ForestLayout("B", "A")), forest_chart(40, ForestLayout("B" * 40, "A" * 40))
    assert many["height"] - few["height"] == 37 * ROW_HEIGHT and many["width"] == few["width"]


def test_the_axis_is_logarithmic_and_the_same_for_everybody():
    written = text(forest_chart(3, ForestLayout("B", "A")))
    assert '"type": "log"' in written and json.dumps(list(TICKS)) in written
    assert '["Hazard ratio, B v A"]' in written


def test_a_long_name_gets_a_wider_column_up_to_a_limit():
    texts = [mark["encoding"].get("text", {}) for mark in forest_chart(3, ForestLayout("B" * 60, "A"))["layer"]]
    assert f"group in {WIDEST - 6} px and 3 lines, 11 bold" in [text.get("field") for text in texts]
