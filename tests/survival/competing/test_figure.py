"""The tables that the cumulative-incidence figure carries."""

import pytest
from golden.cohorts import by, example, nobody, selected, synthetic

from lib.survival.bias import ARM_BIAS
from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from survival.competing.mgus2 import mgus2


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
    for drawn in (figure(example()), figure(synthetic(), "pfs"), incidence_figure(mgus2())):
        assert drawn.tables["band"][["low", "high"]].notna().all().all()


def test_counts_under_the_axis_stand_in_their_rows():
    tables = figure(example()).tables
    at_0 = tables["counts"][tables["counts"]["time"] == 0].sort_values("row")
    assert at_0["text"].tolist() == ["8", "0", "0", "0"] * 2 and at_0["row"].tolist() == list(range(8))
    assert tables["group"]["words"].tolist() == ["at risk", "first cause", "other cause", "censored"] * 2


def test_the_figure_itself_says_what_is_biased_and_has_no_p_value_then():
    (heading,) = figure(example()).tables["heading"]["text"]
    assert heading == f"16 patients: progression or relapse 12, death without progression 0.\n{ARM_BIAS}"
    (other,) = figure(example(), "ttp", "emd").tables["heading"]["text"]
    assert "Gray's test: progression or relapse p = 0." in other
    (alone,) = figure(example(), "ttp", "-").tables["heading"]["text"]
    assert alone == "16 patients: progression or relapse 12, death without progression 0"


def test_the_chart_is_that_of_the_opened_cohort():
    whole, part = figure(example()), figure(example(), "ttp", "arm", "arm=Pomalidomide")
    assert whole.chart == part.chart
    assert part.tables["group"]["label"].tolist()[0] == "Control (0 of 8)"
    none = incidence_figure(competing(competing_outcome(nobody(example()), "ttp", by(example()), "months")))
    assert none.chart == whole.chart and none.n == len(none.data) == 0
    assert list(none.tables["curve"].columns) == list(whole.tables["curve"].columns)
