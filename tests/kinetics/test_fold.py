"""Fold expansion over the base day, and where it is only a lower bound."""

import numpy as np
import pytest
from golden.reference import floats

from lib.kinetics.fold import fold_expansion
from lib.kinetics.samples import Samples


def samples(*rows, lloq=50.0):
    """Rows of (day, value), None = below."""
    day, value = zip(*rows, strict=True)
    below = np.array([one is None for one in value])
    return Samples(
        floats(*day), floats(*(np.nan if one is None else one for one in value)), below, np.full(len(rows), lloq)
    )


@pytest.mark.parametrize(
    ("rows", "base_day", "fold", "at_least", "day"),
    [
        (((0, 10), (1, 331.4), (6, 11600)), 1, 11600 / 331.4, False, 1),
        (((0, None), (1, None), (7, 9000)), 1, 9000 / 50, True, 1),
        (
            ((0, 60), (2, 90), (7, 9000)),
            1,
            100,
            False,
            2,
        ),  # day 2 is within a day of day 1, day 0 is the infusion itself
        (((0, 60), (1, 70), (7, 9000)), 0, 150, False, 0),
        (((1, 70), (3, 90), (7, 9000)), 3, 100, False, 3),
        (((1, 9000), (7, 80)), 1, 1, False, 1),
    ],
)
def test_the_peak_over_the_base(rows, base_day, fold, at_least, day):
    given = samples(*rows)
    peak = int(np.nanargmax(given.value))
    found = fold_expansion(given, float(given.value[peak]), float(given.day[peak]), base_day)
    assert found.fold.value == pytest.approx(fold) and (found.at_least, found.day) == (at_least, day)
    assert bool(found.fold.note) == at_least


def test_without_a_base_there_is_a_reason():
    assert fold_expansion(samples((0, 10), (7, 9000)), 9000, 7).fold.reason == "no sample on day 1"
    unknown = fold_expansion(samples((1, None), (7, 9000), lloq=np.nan), 9000, 7)
    assert unknown.fold.reason == "day 1 lies below a limit that is not stated" and not unknown.at_least
    assert fold_expansion(samples((5, 9000), (10, 70)), 9000, 5, 10).fold.reason == "the peak lies before day 10"
