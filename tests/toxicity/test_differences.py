"""The dot plot: what is drawn where, and the numbers behind it."""

import pytest
from golden.cohorts import arms, by, cohort, nobody, selected

from lib.publication.palette import GROUP_COLOURS
from lib.publication.text_width import SMALL, text_width
from lib.toxicity.contrasts import differences
from lib.toxicity.differences import DIFFERENCE_PANEL, SHARE_PANEL, differences_chart, differences_figure, layout, reach
from lib.toxicity.events import room_for
from lib.toxicity.incidence import incidence
from toxicity.made import many_terms, of_example, of_synthetic, two_scales


def drawn(result, threshold="any grade"):
    return differences_figure(differences(result, threshold, room_for(result.terms, len(result.of))))


def test_shares_and_differences_stand_where_their_axes_say():
    figure = drawn(of_example())
    dots, values, ranges = (figure.tables[name] for name in ("dot", "value", "range"))
    crs = dots[dots["term"] == "CRS"].set_index("group")
    assert crs["x"].to_dict() == {"Control": SHARE_PANEL[1], "Pomalidomide": pytest.approx(sum(SHARE_PANEL) / 2)}
    middle = sum(DIFFERENCE_PANEL) / 2
    first = values.iloc[0]
    assert first["x"] == pytest.approx(
        middle - 0.5 * (DIFFERENCE_PANEL[1] - DIFFERENCE_PANEL[0]) / 2
    )  # -50 of 100 points
    assert (first["words"], first["p"]) == ("−50 (−78 to −7)", "0.077")
    assert (ranges["x"] >= DIFFERENCE_PANEL[0]).all() and (ranges["end"] <= DIFFERENCE_PANEL[1]).all()
    assert figure.tables["zero"]["x"].iloc[0] == pytest.approx(middle)


def test_rows_do_not_meet_and_equal_shares_do_not_hide_each_other():
    for result in (of_example(), of_synthetic()):
        tables = drawn(result).tables
        assert tables["value"]["middle"].is_unique and tables["value"]["middle"].diff().dropna().min() >= 16
        assert not tables["dot"].duplicated(["x", "middle"]).any()


def test_the_axis_of_differences_holds_every_interval():
    assert reach(differences(of_example(), "any grade", ("CRS",))) == 1
    assert reach(differences(of_example(), "any grade", ())) == 0.25


def test_the_figure_says_its_grade_and_the_rest_stands_in_method_and_notes():
    figure = drawn(of_example(), "grade >= 3")
    assert figure.tables["heading"]["text"].tolist() == ["Grade ≥ 3"] and len(figure.caption) <= 200
    assert (
        "not adjusted for 13 comparisons" in figure.method
        and "events before that day cannot be its effect" in figure.method
    )
    assert figure.notes == ("95 % CI excludes 0 although p ≥ 0.05: Anemia, grade ≥ 3.",)


def test_heads_are_broken_within_their_panel_and_not_over_the_next_column():
    made = arms(
        **{
            "A name of an arm that goes on and on and on": ["a1", "a2"],
            "Another name of an arm that goes on and on": ["b1", "b2"],
        }
    )
    opened = cohort(made, adverse_events=[{"patient_id": "a1", "term": "CRS", "grade": 3}])
    result = differences(incidence(opened, by(opened)), "any grade", ("CRS",))
    for width in (380, 760):
        laid = layout(result, width)
        assert all(text_width(line, SMALL) <= 1.12 * laid.panel for lines in laid.heads for line in lines)
        assert len(laid.heads[1]) >= 2 and " ".join(laid.heads[1]).endswith("on and on")


def test_terms_without_room_are_counted():
    made = many_terms()
    figure = drawn(incidence(selected(made), by(made)))
    assert len(figure.tables["term"]) == 22
    assert "48 further terms not drawn, each in at most 8 of 12 patients; the table has all." in figure.notes


def test_what_is_not_compared_has_a_dash_and_a_reason():
    made = two_scales()
    figure = drawn(incidence(selected(made), by(made)))
    row = figure.tables["value"].iloc[0]
    assert (row["term"], row["words"], row["p"]) == ("CRS", "–", "–") and row["x"] != row["x"]
    assert len(figure.tables["range"]) == 1
    assert "not interchangeable" in figure.numbers.rows[0][-1]


def test_nobody_and_numbers():
    figure = drawn(of_example())
    assert len(figure.numbers.rows) == len(figure.tests) == 13
    assert figure.numbers.rows[0][:8] == ("CRS", "any grade", "Pomalidomide", 4, 8, "Control", 8, 8)
    empty = drawn(incidence(nobody(many_terms()), by(many_terms())))
    assert len(empty.tables["dot"]) == 0 and all(test.p is None for test in empty.tests)


def test_its_height_follows_terms_and_groups():
    laid = layout(differences(of_example(), "any grade", ("CRS",)))
    height = {
        (terms, groups): differences_chart(terms, GROUP_COLOURS[:groups], laid, 1)["height"]
        for terms in (1, 10)
        for groups in (2, 3)
    }
    assert height[1, 2] < height[1, 3] < height[10, 2] < height[10, 3]


def test_no_filter_changes_it():
    charts = [
        differences_figure(differences(of_example("arm", *filters), "any grade", ("CRS", "ICANS"))).chart
        for filters in ((), ("emd=yes",), ("arm=Control",))
    ]
    assert charts[0] == charts[1] == charts[2]
