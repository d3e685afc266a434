"""Where the parts of step curves stand: gutter, names, numbers and the box, whatever the names and the width."""

import pandas as pd
import pytest

from lib.publication.palette import GROUP_DASHES, line_dashes
from lib.publication.step_curve import APART, besides, count_rows
from lib.publication.step_layout import GUTTER_SHARE, LINE, PADDING, StepLayout, box, ends

NAMES = ("Control", "Pomalidomide maintenance until progression", "No maintenance")
NO_MARKS = pd.DataFrame({"time": [], "left": []})


@pytest.mark.parametrize("width", [380, 508, 760, 802])
@pytest.mark.parametrize("names", [("A", "B"), ("Control", "Pomalidomide"), NAMES, ("x" * 200, "y")])
def test_the_gutter_is_never_wider_than_15_percent_and_long_names_stand_above(width, names):
    layout = StepLayout(len(names), names, width=width)
    assert layout.gutter + PADDING <= GUTTER_SHARE * width
    assert layout.each == (1 if layout.beside else 2)
    assert not (names[0].startswith("x") and (layout.beside or layout.at_ends))


def test_names_stand_at_the_ends_of_few_curves_where_they_fit():
    assert StepLayout(2, ("Control", "Pomalidomide")).at_ends
    assert not StepLayout(2, ("Control", "Pomalidomide"), width=380).at_ends
    assert not StepLayout(5, tuple("ABCDE")).at_ends and not StepLayout(1, ("A",)).at_ends


def test_names_at_the_ends_do_not_stand_over_each_other_or_outside():
    layout = StepLayout(4, tuple("ABCD"))
    rows = ends([(0, "A", 0.0), (1, "B", 0.0), (2, "C", 0.01), (3, "D", 1.0)], layout, ("#000",) * 4)
    gaps = rows["y"].sort_values().diff().dropna() * layout.plot_height
    assert (gaps >= LINE - 1e-9).all() and rows["y"].between(0, 1).all()


def test_the_box_stands_where_it_covers_no_curve():
    layout, falls = StepLayout(2, ("A", "B")), pd.DataFrame({"time": [0.0, 1.0, 10.0], "value": [1.0, 0.1, 0.1]})
    stays = pd.DataFrame({"time": [0.0, 10.0], "value": [0.95, 0.95]})
    (upper,) = box(["HR 0.5"], [falls], NO_MARKS, layout, 10.0).itertuples()
    assert upper.share == 1 and upper.top < 10
    (lower,) = box(["HR 0.5"], [falls, stays], NO_MARKS, layout, 10.0).itertuples()
    assert lower.top > 2
    assert box([], [falls], NO_MARKS, layout, 10.0).empty


def test_ticks_are_left_out_where_their_numbers_would_touch():
    ticks, texts = tuple(float(each) for each in range(0, 60, 6)), ["1,234 (567)"]
    wide, narrow = (StepLayout(2, ("A", "B"), width=width).shown_ticks(ticks, texts, 54.0) for width in (802, 380))
    assert wide == ticks and narrow == ticks[:: int(narrow[1] // 6)] and len(narrow) < len(ticks)


def test_numbers_at_risk_have_the_censored_in_brackets():
    counts = pd.DataFrame(
        {"group": ["A", "A"], "time": [0.0, 6.0], "at_risk": [1200, 4], "censored": [0, 2], "events": [0, 3]}
    )
    rows = count_rows(counts, ("A",), (("at_risk", "censored"), ("events",)))
    assert rows["text"].tolist() == ["1,200 (0)", "4 (2)", "0", "3"] and rows["block"].tolist() == [0, 0, 1, 1]


def test_curves_that_begin_together_are_drawn_beside_each_other_until_they_part():
    curve = pd.DataFrame({"survival": [1.0, 0.5, 1.0, 0.8], "slot": [0, 0, 1, 1], "time": [0.0, 2.0, 0.0, 3.0]})
    assert besides(curve, curve["slot"], "survival", 1.0).tolist() == [0, 0, -APART, 0]


def test_curves_that_meet_later_are_drawn_beside_each_other_while_they_coincide():
    steps = [
        (0, 0, 1.0),
        (0, 2, 0.5),
        (0, 6, 0.0),
        (1, 0, 1.0),
        (1, 1, 0.7),
        (1, 4, 0.5),
        (1, 8, 0.0),
        (2, 0, 1.0),
        (2, 7, 0.5),
        (2, 9, 0.5),
    ]
    curve = pd.DataFrame(steps, columns=["slot", "time", "survival"]).astype({"time": float})
    assert besides(curve, curve["slot"], "survival", 1.0).tolist() == [
        0,
        0,
        0,
        -APART,
        0,
        -APART,
        0,
        -2 * APART,
        -APART,
        0,
    ]


def test_lines_are_solid_for_up_to_four_groups():
    assert line_dashes(4) == ((1, 0),) * 4 and line_dashes(5) == GROUP_DASHES[:5]
