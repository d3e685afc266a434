"""The chart has a row of numbers at risk for each group."""

from lib.publication.palette import GROUP_COLOURS
from lib.toxicity.onset.chart import ROW_HEIGHT, onset_chart


def test_its_height_follows_the_groups():
    one, three = (onset_chart(GROUP_COLOURS[:n])["height"] for n in (1, 3))
    assert three - one == 2 * ROW_HEIGHT
