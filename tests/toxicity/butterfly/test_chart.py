"""The butterfly's chart follows the number of terms."""

import json

from lib.publication.palette import GRADE_COLOURS, GROUP_COLOURS
from lib.toxicity.butterfly.chart import butterfly_chart


def test_its_height_and_colours():
    assert butterfly_chart(3, GROUP_COLOURS[:2])["height"] < butterfly_chart(9, GROUP_COLOURS[:2])["height"]
    text = json.dumps(butterfly_chart(3, GROUP_COLOURS[:2]))
    assert all(colour in text for colour in (*GRADE_COLOURS.values(), *GROUP_COLOURS[:2]))
