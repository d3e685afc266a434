"""The swimmer chart depends on its look, and on nothing else."""

import json
from dataclasses import replace

from lib.publication.palette import GROUP_COLOURS
from lib.swimmer.chart import MARKS, SwimmerLook, swimmer_chart
from lib.swimmer.lane import MARKS as KINDS

LOOK = SwimmerLook("months", GROUP_COLOURS[:2], ("A", "B"), ("", "emd"), ("CR", "PR", "PD"), True, 22, True)


def text(look) -> str:
    return json.dumps(swimmer_chart(look), ensure_ascii=False)


def test_every_kind_of_mark_has_a_symbol():
    assert tuple(MARKS) == KINDS
    assert all(kind in text(LOOK) for kind in KINDS)


def test_what_the_look_leaves_out_is_not_drawn():
    assert '"Maintenance"' in text(LOOK) and '"Maintenance"' not in text(replace(LOOK, maintenance=False))
    assert '"Months since infusion"' in text(LOOK) and '"Days since infusion"' in text(replace(LOOK, unit="days"))
    assert '"field": "patient", "type": "nominal"}' in text(LOOK)
    unlabelled = json.dumps(swimmer_chart(replace(LOOK, labels=False, maintenance=False))["layer"])
    assert '"text": {"field": "patient"' not in unlabelled


def test_its_height_follows_the_lanes():
    assert swimmer_chart(LOOK)["height"] == {"step": 22}
