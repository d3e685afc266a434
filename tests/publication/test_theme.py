"""What every specification carries."""

import altair as alt

from lib.publication.theme import keeps, publish, table


def test_fonts_end_in_a_generic_family_and_paper_is_white():
    chart = publish(alt.layer(keeps("heading")), 300, 200)
    assert chart["config"]["font"].endswith("sans-serif") and chart["config"]["background"] == "#FFFFFF"
    assert chart["autosize"] == {"type": "fit", "contains": "padding"}
    assert publish(alt.layer(keeps("heading")), 300, alt.Step(12))["autosize"]["type"] == "fit-x"


def test_a_chart_holds_no_data_of_its_own():
    chart = publish(alt.layer(table("curve").mark_line(), keeps("heading")), 300, 200)
    assert "datasets" not in chart and [layer["data"] for layer in chart["layer"]] == [
        {"name": "curve"},
        {"name": "heading"},
    ]


def test_a_layer_may_have_a_name():
    assert table("curve", "hover").to_dict(validate=False)["name"] == "hover"
