"""The figure and the table of cumulative incidence: tables, words, chart."""

import json

import pytest
from derived.courses import made
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.cohort.endpoint_choice import Definition
from lib.cohort.grouping import GROUPED_LATE
from lib.publication.palette import GROUP_COLOURS
from lib.publication.step_chart import KEY_ROW
from lib.publication.step_layout import LINE, StepLayout
from lib.survival.competing import competing, competing_outcome, gray_lines
from lib.survival.incidence import alt_text, caption, causes_chart, headline, incidence_figure, incidence_table, method
from lib.survival.kaplan_meier import Look
from survival.mgus2 import mgus2


def figure(opened, endpoint="ttp", grouping="arm", *filters):
    return incidence_figure(
        competing(competing_outcome(selected(opened, *filters), endpoint, by(opened, grouping), "months"))
    )


def test_the_examples_curves_are_drawn_step_by_step():
    drawn = figure(example())
    assert (drawn.id, drawn.title, drawn.n) == (
        "cumulative_incidence.ttp",
        "Time to progression: cumulative incidence by Arm",
        16,
    )
    curve = drawn.tables["curve"]
    control = curve[(curve["group"] == "Control") & (curve["cause"] == "Progression or relapse")]
    assert control["time"].tolist() == [0, 1, 1.2, 1.4, 4.7, 7, 10.1, 10.6, 14]
    assert control["incidence"].tolist() == pytest.approx([place / 8 for place in range(9)])
    assert set(drawn.data.columns) == {"group", "cause", "time", "incidence", "low", "high", "n_at_risk", "events"}


def test_the_band_has_limits_everywhere_and_ends_where_they_end():
    band = incidence_figure(mgus2(), Look(limits=True)).tables["band"]
    assert len(band) and band[["low", "high"]].notna().all().all()


def test_counts_under_the_axis_stand_in_their_rows():
    tables = figure(example()).tables
    assert tables["counts"].query("time == 6")["text"].tolist() == ["4 (0)", "6 (2)"]
    found = competing(competing_outcome(selected(example()), "ttp", by(example()), "months"))
    more = incidence_figure(found, Look(events=True)).tables["counts"]
    assert more.query("time == 6")["text"].tolist() == ["4 (0)", "6 (2)", "4", "0", "0", "0"]


def test_the_figure_itself_says_what_is_biased_and_has_no_p_value_then():
    assert figure(example()).tables["box"]["text"].tolist() == ["Immortal-time bias: groups are not compared here"]
    (other,) = figure(example(), "ttp", "emd").tables["box"]["text"]
    assert "Gray's test: progression or relapse p = 0." in other
    assert figure(example(), "ttp", "-").tables["box"].empty
    assert "n = 16: progression or relapse 12, death without progression 0," in figure(example()).caption


def test_the_chart_is_that_of_the_opened_cohort():
    whole, part = figure(example()), figure(example(), "ttp", "arm", "arm=Pomalidomide")
    assert whole.chart == part.chart
    assert part.tables["group"]["label"].tolist()[0] == "Control (0 of 8)"
    none = incidence_figure(competing(competing_outcome(nobody(example()), "ttp", by(example()), "months")))
    assert none.chart == whole.chart and none.n == len(none.data) == 0
    assert list(none.tables["curve"].columns) == list(whole.tables["curve"].columns)


def result(opened, endpoint="ttp", grouping="arm", definition=None):
    return competing(
        competing_outcome(selected(opened), endpoint, by(opened, grouping), "months", definition or Definition())
    )


def test_the_headline_has_no_p_value_and_says_what_is_biased():
    assert headline(result(example())) == (
        (
            "By 12 months: progression or relapse Control 88 %, Pomalidomide 50 %; death without progression Control 0"
            " %, Pomalidomide 0 %."
        ),
        GROUPED_LATE,
    )
    assert headline(result(example(), grouping="-"))[0].startswith("By 12 months: progression or relapse 70 %")
    empty = competing(competing_outcome(nobody(example()), "ttp", by(example()), "months"))
    assert headline(empty)[0] == "Nobody in this selection can be analysed for time to progression."


def test_the_caption_names_method_causes_and_source():
    said = caption(result(example(), "complete_response"))
    assert "Aalen-Johansen" in said and "n = 16: complete response (CR or sCR) 4," in said
    assert "Derived from Responses, TTP and OS." in method(result(example(), "complete_response"))


def test_time_from_apheresis_is_said():
    cohort = made("a", ttp={"a": (50, 1)}, os={"a": (90, 1)}, therapies=[("a", "other", "apheresis", -30)])
    found = result(cohort, definition=Definition(origin="apheresis"))
    assert method(found).startswith("Cumulative incidence from apheresis") and "enter at their infusion" in method(
        found
    )


def test_the_figure_in_words_and_its_tests():
    assert "Control: 8 patients, progression or relapse 8 and at the end 100 %" in alt_text(result(example()))
    assert [line.comparison for line in gray_lines(result(example()))] == [
        "Progression or relapse: Control v Pomalidomide",
        "Death without progression: Control v Pomalidomide",
    ]
    assert gray_lines(result(example(), grouping="-")) == ()


def result_table(opened, endpoint, *filters, grouping="arm"):
    return competing(competing_outcome(selected(opened, *filters), endpoint, by(opened, grouping), "months"))


def test_incidences_at_milestones():
    table = incidence_table(result_table(example(), "ttp"))
    assert table.header == (
        "Cause",
        "Group",
        "n",
        "Events",
        "At 6 months (95 % CI)",
        "At 12 months (95 % CI)",
        "At 24 months (95 % CI)",
    )
    assert table.rows[0] == ("Progression or relapse", "Control", "8", "8", "50 % (15–77)", "88 % (39–98)", "100 %")
    assert table.rows[3][2:] == ("8", "0", "0 % (0–46)", "0 % (0–46)", "0 % (0–52)")
    assert table.notes[1] == "Gray's test, death without progression: not done: no events of this cause."
    assert incidence_table(result_table(example(), "ttp", grouping="-")).notes == ()


def test_follow_up_that_ends_earlier_is_not_estimable():
    assert incidence_table(result_table(synthetic(), "pfs")).rows[0][-1] == "NE"
    assert incidence_table(result_table(example(), "ttp", "arm=Control")).rows[1][4:] == ("no patients",) * 3


CAUSES = ("Progression or relapse", "Death without progression")


def text(*wish) -> str:
    return json.dumps(causes_chart(*wish, StepLayout(2, most_ends=0)), sort_keys=True)


def test_the_axis_says_since_when_and_the_legend_names_the_causes():
    drawn = text("months", "apheresis", CAUSES, GROUP_COLOURS[:2])
    assert '"Months since apheresis"' in drawn and all(f'"{cause}"' in drawn for cause in CAUSES)


@pytest.mark.parametrize("n", range(1, 9))
def test_each_group_adds_a_row_of_counts_and_its_name(n):
    one, more = (
        causes_chart("months", "infusion", CAUSES, GROUP_COLOURS[:size], StepLayout(size, most_ends=0))
        for size in (2, n)
    )
    assert more["height"] - one["height"] == (2 * LINE * (n - 2) if n > 1 else -3 * LINE - KEY_ROW)


def test_limits_can_be_left_out():
    plain, banded = (incidence_figure(mgus2(), Look(limits)).tables["band"] for limits in (False, True))
    assert plain.empty and list(plain.columns) == list(banded.columns)
