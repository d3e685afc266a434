"""How a number of Table 1 is printed: median with quartiles or range, mean with standard deviation."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from lib.stats.estimate import Floats

MOST_DECIMALS: Final = 4
STATISTICS: Final = {
    "median_iqr_range": "Median (IQR), range",
    "median_iqr": "Median (IQR)",
    "median_range": "Median (range)",
    "mean_sd": "Mean (SD)",
    "both": "Mean (SD), median (IQR)",
}
CAPTIONS: Final = {
    "median_iqr_range": "Median (interquartile range), range below it",
    "median_iqr": "Median (interquartile range)",
    "median_range": "Median (range)",
    "mean_sd": "Mean (standard deviation)",
    "both": "Mean (standard deviation), median (interquartile range) below it",
}
Printed = Callable[[Floats, int], str]


def decimals_of(values: Floats) -> int:
    """So many decimals that the median has three digits."""
    size = abs(float(np.median(values))) if len(values) else 0.0
    return min(MOST_DECIMALS, max(0, 2 - math.floor(math.log10(size)))) if size else 1


def median_iqr(values: Floats, decimals: int) -> str:
    """ "57.5 (53.0–62.2)"."""
    if not len(values):
        return "–"
    low, middle, high = (f"{value:,.{decimals}f}" for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return f"{middle} ({low}–{high})"


def value_range(values: Floats, decimals: int) -> str:
    """The smallest and largest value, whole numbers as such."""
    if not len(values):
        return "–"
    shown = 0 if np.all(values == np.round(values)) else decimals
    return f"{values.min():,.{shown}f}–{values.max():,.{shown}f}"


def _median_range(values: Floats, decimals: int) -> str:
    return f"{np.median(values):,.{decimals}f} ({value_range(values, decimals)})" if len(values) else "–"


def mean_and_sd(values: Floats) -> tuple[float | None, float | None]:
    """Mean and standard deviation (n - 1); None where there are too few values."""
    if not len(values):
        return None, None
    size = 2.0 ** (
        int(np.frexp(np.abs(values).max())[1]) - 1
    )  # a power of two: exact, and squares of huge numbers stay finite
    scaled = values / size
    return size * float(scaled.mean()), size * float(scaled.std(ddof=1)) if len(values) > 1 else None


def _mean_sd(values: Floats, decimals: int) -> str:
    mean, spread = mean_and_sd(values)
    if mean is None:
        return "–"
    return f"{mean:,.{decimals}f} ({'–' if spread is None else f'{spread:,.{decimals}f}'})"


LINES: Final[
    dict[str, tuple[tuple[str, Printed], ...]]
] = {  # of each statistic the lines, the first beside the name of the row
    "median_iqr_range": (("median (IQR)", median_iqr), ("range", value_range)),
    "median_iqr": (("median (IQR)", median_iqr),),
    "median_range": (("median (range)", _median_range),),
    "mean_sd": (("mean (SD)", _mean_sd),),
    "both": (("mean (SD)", _mean_sd), ("median (IQR)", median_iqr)),
}


def lines_of(statistic: str, total: Floats, every: Sequence[Floats]) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of one number: what each holds, and its cells; all with the decimals that suit everybody's values."""
    decimals = decimals_of(total)
    return [(word, tuple(printed(values, decimals) for values in every)) for word, printed in LINES[statistic]]
