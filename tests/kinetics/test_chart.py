"""The kinetics chart depends on groups, unit and time axis, and on nothing else."""

import json

from lib.kinetics.chart import kinetics_chart
from lib.publication.palette import GROUP_COLOURS


def test_the_time_axis_says_when_early_days_are_spread():
    spread, plain = (json.dumps(kinetics_chart(GROUP_COLOURS[:2], "copies", early)) for early in (True, False))
    assert "Days since infusion (square-root scale)" in spread and '"type": "sqrt"' in spread
    assert '"Days since infusion"' in plain and '"sqrt"' not in plain


def test_the_amount_is_on_a_log_axis_with_its_unit():
    text = json.dumps(kinetics_chart(GROUP_COLOURS[:2], "copies/µg DNA", True), ensure_ascii=False)
    assert "CAR transgene, copies/µg DNA" in text and '"type": "log"' in text
    assert '"CAR transgene"' in json.dumps(kinetics_chart(GROUP_COLOURS[:2], "", True))
