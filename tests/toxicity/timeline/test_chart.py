"""The timeline's height follows the lanes; its legend names groups only where there are several."""

import json

from lib.publication.palette import GRADE_COLOURS, GROUP_COLOURS
from lib.toxicity.timeline.chart import LANE, timeline_chart


def test_a_lane_has_its_height_and_grades_their_colours():
    chart = timeline_chart(GROUP_COLOURS[:2])
    assert chart["height"] == {"step": LANE}
    assert all(colour in json.dumps(chart) for colour in GRADE_COLOURS.values())
