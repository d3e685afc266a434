"""Numbers to nine significant digits, the scale on which values are compared with boundaries.

3.6 / 1.2 is 3 on paper and 3.0000000000000004 in a computer: whoever compares must round first, both sides the same way.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats

DIGITS: Final = 9
TINY: Final = 1e-290  # beyond it digits are lost anyway


def significant(values: npt.ArrayLike, digits: int = DIGITS) -> Floats:
    """The values to so many significant digits; 0, infinite and missing (NaN) ones stay what they are.

    Two numbers that agree in the digits that are kept become the same float.
    """
    given = np.asarray(values, dtype=np.float64)
    usable = np.isfinite(given) & (np.abs(given) > TINY)
    whole = np.where(usable, given, 1.0)
    places = digits - 1 - np.floor(np.log10(np.abs(whole))).astype(np.int64)
    up, down = 10.0 ** np.clip(places, 0, 300), 10.0 ** np.clip(-places, 0, 300)
    rounded = np.round(whole * up / down) / up * down
    return np.asarray(np.where(usable, rounded, given), dtype=np.float64)


def ratio(amount: npt.ArrayLike, unit: npt.ArrayLike) -> Floats:
    """`amount` in multiples of `unit`, to nine significant digits; NaN where the unit is missing or not above 0."""
    over, under = np.asarray(amount, dtype=np.float64), np.asarray(unit, dtype=np.float64)
    usable = under > 0
    return significant(np.where(usable, over / np.where(usable, under, 1.0), np.nan))
