"""The chart depends on the number of terms and the groups, and on nothing else."""

import json

from lib.publication.palette import GRADE_COLOURS, GROUP_COLOURS
from lib.toxicity.chart import toxicity_chart


def test_its_height_follows_terms_and_groups():
    height = {
        (terms, groups): toxicity_chart(terms, GROUP_COLOURS[:groups])["height"]
        for terms in (1, 10)
        for groups in (1, 3)
    }
    assert height[1, 1] < height[1, 3] < height[10, 3] and height[10, 1] < height[10, 3]


def test_grades_have_their_colours():
    text = json.dumps(toxicity_chart(3, GROUP_COLOURS[:2]))
    assert all(colour in text for colour in GRADE_COLOURS.values())
