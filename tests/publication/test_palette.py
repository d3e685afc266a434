"""One group, one colour, one line type, one symbol."""

from lib.cohort.grouping import MOST_GROUPS
from lib.cohort.schema import RESPONSES
from lib.publication.palette import (
    GRADE_COLOURS,
    GROUP_COLOURS,
    GROUP_DASHES,
    GROUP_SHAPES,
    PAPER,
    READABLE,
    RESPONSE_COLOURS,
    STATE_COLOURS,
    contrast,
    group_colours,
    text_colour,
)


def test_as_many_of_each_as_groups_can_be_compared():
    for looks in (GROUP_COLOURS, GROUP_DASHES, GROUP_SHAPES):
        assert len(set(looks)) == len(looks) == MOST_GROUPS


def test_a_wish_counts_and_else_the_place():
    assert group_colours(["", "#123456", ""]) == (GROUP_COLOURS[0], "#123456", GROUP_COLOURS[2])
    assert group_colours([]) == ()
    assert group_colours([""] * 10)[8] == GROUP_COLOURS[0]


def test_every_response_and_grade_has_a_colour_of_its_own():
    assert tuple(RESPONSE_COLOURS) == RESPONSES and len(set(RESPONSE_COLOURS.values())) == len(RESPONSES)
    assert len(GRADE_COLOURS) == len(set(GRADE_COLOURS.values())) == 6


def test_contrast_is_that_of_wcag():
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48  # the known grey just below the limit
    assert contrast("#D55E00", "#D55E00") == 1


def test_words_in_the_colour_of_a_group_can_be_read_on_light_and_on_dark():
    for paper in (PAPER, "#0E1117"):
        for colour in (*GROUP_COLOURS, *STATE_COLOURS, "#FFFFFF", "#000000"):
            assert contrast(text_colour(colour, paper), paper) >= READABLE, colour
    assert text_colour("#0072B2") == "#0072B2"  # dark enough as it is
    assert len({text_colour(colour) for colour in GROUP_COLOURS}) == len(GROUP_COLOURS)
