"""One group, one colour, one line type, one symbol."""

from lib.cohort.grouping import MOST_GROUPS
from lib.cohort.schema import RESPONSES
from lib.publication.palette import (
    GRADE_COLOURS,
    GROUP_COLOURS,
    GROUP_DASHES,
    GROUP_SHAPES,
    RESPONSE_COLOURS,
    group_colours,
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
