"""The survival chart depends on unit, endpoint and groups, and on nothing else."""

import json

from lib.publication.palette import GROUP_COLOURS
from lib.survival.chart import survival_chart


def text(chart) -> str:
    return json.dumps(chart, sort_keys=True)


def test_the_axis_is_named_after_what_has_not_happened_yet():
    assert '"Overall survival"' in text(survival_chart("months", "Overall survival", GROUP_COLOURS[:2], True))
    assert '"Without progression"' in text(survival_chart("months", "Time to progression", GROUP_COLOURS[:2], True))
    assert '"Days since infusion"' in text(survival_chart("days", "Overall survival", GROUP_COLOURS[:2], True))
