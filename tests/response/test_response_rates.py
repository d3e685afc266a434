"""The figure of rates."""

import json

from golden.cohorts import by, example, nobody, selected

from lib.publication.exhibit import standalone
from lib.response.best_response import FOLLOWED, best_response
from lib.response.rates import INFUSED
from lib.response.response_rates import ROW_HEIGHT, rates_chart, rates_figure
from response.made import assessed, example_best, made


def test_points_and_limits_are_those_of_the_result():
    rate = rates_figure(example_best()).tables["rate"]
    assert len(rate) == 12 and set(rate["group"]) == {"Control", "Pomalidomide", "Total"}
    last = rate[rate["outcome"] == "CR or better"].set_index("group")
    assert last["percent"].to_dict() == {"Control": 0.0, "Pomalidomide": 50.0, "Total": 25.0}
    assert last.loc["Pomalidomide", "words"] == "4/8: 50 % (15.7–84.3)" and (rate["low"] <= rate["percent"]).all()


def test_the_chart_is_the_same_whoever_is_selected():
    charts = {json.dumps(rates_figure(example_best(*where), denominator).chart) for where, denominator in (((), INFUSED), (("emd=yes",), FOLLOWED))}  # fmt: skip
    nothing = rates_figure(best_response(nobody(example()), by(example())))
    assert len(charts | {json.dumps(nothing.chart)}) == 1 and nothing.tables["rate"].empty
    json.dumps(standalone(nothing))


def test_no_p_stands_beside_a_bias():
    assert "not comparable at infusion" in rates_figure(example_best()).tables["heading"]["text"][0]
    opened = selected(made({"A": ["a1"], "B": ["b1"]}, assessed(("a1", 28, "PR"), ("b1", 28, "SD"))))
    text = rates_figure(best_response(opened, by(opened))).tables["heading"]["text"][0]
    assert "Fisher's exact test: overall p > 0.9999" in text and "biased" not in text


def test_height_follows_the_rows():
    few, many = rates_chart(8, ("#111111",)), rates_chart(20, ("#111111", "#222222"))
    assert many["height"] - few["height"] == 12 * ROW_HEIGHT and "#222222" in str(many)
