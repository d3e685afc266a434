"""One group, one colour, one line type, one symbol."""

from itertools import pairwise

from lib.cohort.grouping import MOST_GROUPS, Group
from lib.cohort.schema import RESPONSES
from lib.publication.palette import (
    GRADE_COLOURS,
    GROUP_COLOURS,
    GROUP_DASHES,
    GROUP_SHAPES,
    RESPONSE_COLOURS,
    contrast,
    group_colours,
)


def test_as_many_of_each_as_groups_can_be_compared():
    for looks in (GROUP_COLOURS, GROUP_DASHES, GROUP_SHAPES):
        assert len(set(looks)) == len(looks) == MOST_GROUPS


def test_a_wish_counts_and_else_the_place():
    groups = [Group("", (), colour) for colour in ("", "#123456", *[""] * 7)]
    assert group_colours(groups)[:3] == (GROUP_COLOURS[0], "#123456", GROUP_COLOURS[2])
    assert group_colours([]) == ()
    assert group_colours(groups)[8] == GROUP_COLOURS[0]


def test_every_response_and_grade_has_a_colour_of_its_own():
    assert tuple(RESPONSE_COLOURS) == RESPONSES and len(set(RESPONSE_COLOURS.values())) == len(RESPONSES)
    assert len(GRADE_COLOURS) == len(set(GRADE_COLOURS.values())) == 6


def test_contrast_is_that_of_wcag():
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48  # the known grey just below the limit
    assert contrast("#D55E00", "#D55E00") == 1


def lightness(colour: str) -> float:
    """Relative luminance of a colour as the eye sees it in grey, 0 to 100 (CIE L*)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_grades_darken_step_by_step_also_in_print_without_colour():
    steps = [lightness(colour) for colour in GRADE_COLOURS.values()]
    assert all(lighter - darker >= 14 for lighter, darker in pairwise(steps)) and GRADE_COLOURS["Grade 5"] == "#000000"


def test_grades_have_the_colour_of_no_group():
    for colour in GRADE_COLOURS.values():
        parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert max(parts) - min(parts) < 50  # hardly a hue of its own
