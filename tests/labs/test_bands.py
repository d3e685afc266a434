"""Grades as stretches of the axis: units, direction, and when there are none."""

from math import inf

from labs.made import result, sixteen, with_labs
from lib.cohort.ctcae import V5, V6
from lib.labs.bands import grade_bands


def bands(version=V5, **row):
    rows = [{"patient_id": "a1", "day": day, "value": 50, **row} for day in (1, 2)]
    return [
        (band.grade, round(band.low, 6), round(band.high, 6)) for band in grade_bands(result(with_labs(rows)), version)
    ]


def test_in_the_unit_that_is_shown():
    assert bands(test="Hb", unit="g/dL") == [(2, 8, 10), (3, 0, 8)]
    assert bands(test="PLT", unit="10^9/L", version=V6) == [(2, 50, 75), (3, 10, 50), (4, 0, 10)]
    assert bands(test="ALT", unit="U/L", upper_limit=40) == [(2, 120, 200), (3, 200, 800), (4, 800, inf)]


def test_none_without_scale_unit_or_limit():
    assert bands(test="ALT", unit="U/L") == [] == bands(test="ALC", unit="10^9/L", version=V6)
    assert bands(test="PLT", unit="furlong") == [] and grade_bands(result(sixteen()), V5) == ()
