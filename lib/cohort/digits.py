"""Numbers rounded to significant digits: what differs by rounding in a computer alone is made one number."""

from typing import Final

import numpy as np
import numpy.typing as npt

MOST_DECIMALS: Final = 22  # powers of ten up to this one are exact


def significant(numbers: npt.NDArray[np.float64], digits: int) -> npt.NDArray[np.float64]:
    """Each number with so many significant digits; NaN, infinity and 0 stay as they are."""
    known = np.isfinite(numbers) & (numbers != 0)
    size = np.floor(np.log10(np.abs(np.where(known, numbers, 1.0))))
    decimals = np.minimum(digits - 1 - size, MOST_DECIMALS)
    up, down = 10.0 ** np.maximum(decimals, 0), 10.0 ** np.maximum(-decimals, 0)
    rounded = np.rint(np.where(known, numbers, 1.0) * up / down) / up * down
    return np.where(known, rounded, numbers)
