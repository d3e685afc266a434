"""The chart of a difference depends on unit and groups, and on nothing else."""

import json

from lib.publication.palette import GROUP_COLOURS
from lib.survival.difference.chart import difference_chart


def test_the_axis_says_which_is_taken_from_which():
    text = json.dumps(difference_chart("weeks", "A", "B", GROUP_COLOURS[:2]), ensure_ascii=False)
    assert '"A − B, percentage points"' in text and '"Weeks since infusion"' in text and '"domain": [-1, 1]' in text


def test_the_same_wish_gives_the_same_chart():
    first = json.dumps(difference_chart("days", "A", "B", GROUP_COLOURS[:2]), sort_keys=True)
    difference_chart.cache_clear()
    assert json.dumps(difference_chart("days", "A", "B", GROUP_COLOURS[:2]), sort_keys=True) == first
