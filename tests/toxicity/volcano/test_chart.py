"""The volcano's legend has every group but the reference."""

import json

from lib.publication.palette import GROUP_COLOURS
from lib.toxicity.volcano.chart import volcano_chart


def test_the_reference_has_no_colour():
    text = json.dumps(volcano_chart(GROUP_COLOURS[:3], 1))
    assert GROUP_COLOURS[0] in text and GROUP_COLOURS[2] in text and GROUP_COLOURS[1] not in text
