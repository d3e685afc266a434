"""The laboratory chart depends on groups, axes and visits, and on nothing else."""

import json

from lib.labs.chart import LabAxes, lab_chart
from lib.publication.palette import GROUP_COLOURS


def written(**axes) -> str:
    given = {"amount": "CRP, mg/L", "visits": (), "log": False, "spread_early_days": False} | axes
    return json.dumps(lab_chart(GROUP_COLOURS[:2], LabAxes(**given)), ensure_ascii=False)


def test_the_axes_say_unit_time_and_scale():
    assert '"CRP, mg/L"' in written() and '"Days since infusion"' in written() and '"log"' not in written()
    assert '"CRP, mg/L (log scale)"' in written(log=True) and '"type": "log"' in written(log=True)
    assert "square-root scale" in written(spread_early_days=True) and '"type": "sqrt"' in written(spread_early_days=True)  # fmt: skip
    assert '"Visit"' in written(visits=("early",)) and "sqrt" not in written(visits=("early",), spread_early_days=True)


def test_long_names_of_visits_are_slanted_and_the_numbers_make_room():
    short, long = (LabAxes("CRP", visits, False, False) for visits in (("W1", "W2"), ("cycle 1 day 1",) * 9))
    assert not short.slanted and long.slanted and long.first_row > short.first_row
    assert '"labelAngle": -35' in written(visits=("cycle 1 day 1",) * 9)


def test_quartiles_of_groups_stand_beside_each_other():
    assert "5 * (datum.slot - 0.5)" in written()
