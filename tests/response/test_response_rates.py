"""The figure of rates."""

import json

from golden.cohorts import by, example, nobody, selected

from lib.cohort.response_scale import CLINICAL_BENEFIT
from lib.publication.exhibit import standalone
from lib.response.best_response import FOLLOWED, best_response
from lib.response.rates import INFUSED
from lib.response.response_rates import ROW_HEIGHT, best_table, rates_chart, rates_figure
from response.made import assessed, example_best, made


def test_points_and_limits_are_those_of_the_result():
    rate = rates_figure(example_best()).tables["rate"]
    assert len(rate) == 9 and set(rate["group"]) == {"Control", "Pomalidomide", "Total"}
    last = rate[rate["outcome"] == "CR or better"].set_index("group")
    assert last["percent"].to_dict() == {"Control": 0.0, "Pomalidomide": 50.0, "Total": 25.0}
    assert last.loc["Pomalidomide", "words"] == "4/8: 50 % (16–84)" and (rate["low"] <= rate["percent"]).all()


def test_the_chart_is_the_same_whoever_is_selected():
    charts = {
        json.dumps(rates_figure(example_best(*where), denominator).chart)
        for where, denominator in (((), INFUSED), (("emd=yes",), FOLLOWED))
    }
    nothing = rates_figure(best_response(nobody(example()), by(example())))
    assert len(charts | {json.dumps(nothing.chart)}) == 1 and nothing.tables["rate"].empty
    json.dumps(standalone(nothing))


def test_clinical_benefit_that_is_the_response_is_said_once_and_counted_still():
    figure = rates_figure(example_best())
    assert CLINICAL_BENEFIT not in set(figure.tables["rate"]["outcome"]) and CLINICAL_BENEFIT in set(
        figure.data["outcome"]
    )
    assert CLINICAL_BENEFIT in {row[0] for row in figure.numbers.rows}
    assert f"{CLINICAL_BENEFIT}: the same patients as overall response (PR or better)." in figure.notes
    printed = [row[0] for row in best_table(example_best()).rows]
    assert not any(CLINICAL_BENEFIT in name for name in printed)
    opened = selected(made({"A": ["a1"], "B": ["b1"]}, assessed(("a1", 28, "PR"), ("b1", 28, "MR"))))
    other = rates_figure(best_response(opened, by(opened)))
    assert any(CLINICAL_BENEFIT in words for words in other.tables["outcome"]["words"])
    assert not any("the same patients" in note for note in other.notes)


def test_no_p_stands_beside_a_bias():
    late = rates_figure(example_best())
    assert not any("p " in words for words in late.tables["outcome"]["words"]) and "heading" not in late.tables
    assert "Arm became known by day 61" in late.method and not any("comparable" in note for note in late.notes)
    opened = selected(made({"A": ["a1"], "B": ["b1"]}, assessed(("a1", 28, "PR"), ("b1", 28, "SD"))))
    figure = rates_figure(best_response(opened, by(opened)))
    assert figure.tables["outcome"]["words"][0] == "Overall response (PR or better), p > 0.99"
    assert "p: Fisher's exact test." in figure.method


def test_height_follows_the_rows_and_words_have_a_part_of_the_width():
    chart = rates_chart(("a" * 90,), ("#111111",), 380)
    assert chart["height"] == {"step": ROW_HEIGHT} and "group in 129 px" in str(chart)
    assert rates_chart(("a" * 40,), ("#111111",), 380)["height"]["step"] > ROW_HEIGHT


def test_more_than_two_groups_have_their_differences_in_rows():
    groups = {"A": ["a1"], "B": ["b1"], "C": ["c1"]}
    opened = selected(made(groups, assessed(("a1", 28, "PR"), ("b1", 28, "SD"), ("c1", 28, "CR"))))
    table = best_table(best_response(opened, by(opened)))
    assert table.header == ("Best response", "Total (n = 3)", "A (n = 1)", "B (n = 1)", "C (n = 1)", "p")
    place = next(place for place, row in enumerate(table.rows) if row[0].startswith("Overall response"))
    assert table.rows[place + 1] == ("difference to A, % points", "", "", "−100 (−100 to +12)", "0 (−79 to +79)", "")
    assert {len(row) for row in table.rows} == {6}
