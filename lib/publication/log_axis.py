"""A log axis for amounts that ends where the data end, labelled at powers of ten, and between them where there are few;
0 never reaches it."""

import math
from collections.abc import Iterable
from typing import Final

import altair as alt
import pandas as pd

from lib.publication.number import short
from lib.publication.theme import labelled
from lib.stats.risk_sets import GREATEST_POWER, LEAST_POWER, thinned_powers

SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
EMPTY_DECADES: Final = (1.0, 1e6)
FEWEST_POWERS: Final = 3  # with fewer powers of ten on the axis 2 and 5 times them are labelled too
FEW_STEPS: Final = 0.8  # decades, above which no other steps than 1, 2 and 5 are labelled
SHORTEST: Final = 0.5  # decades of an axis
BEYOND: Final = 0.04  # of its length, that an axis goes on above and below the data
PLAIN: Final = (1e-3, 1e6)  # numbers between these are written out where 2 and 5 times a power are labelled


def log_amount(title: str) -> alt.Y:
    """The column `amount` on a log axis with the ticks and labels of the table `decade`."""
    return alt.Y("amount:Q", title=title, scale=alt.Scale(type="log", nice=False), axis=labelled("decade", "amount"))


def log_tables(amounts: Iterable[float], below: float = BEYOND) -> dict[str, pd.DataFrame]:
    """The table decade (amount and label of each tick) and edge (both ends of the axis) for these amounts, all above 0.

    `below`: how much of its length the axis goes on under the lowest.
    """
    known = list(amounts)
    low, high = (math.log10(end) for end in ((min(known), max(known)) if known else EMPTY_DECADES))
    short_of = max(0.0, SHORTEST - (high - low)) / 2
    low, high = low - short_of, high + short_of
    length = high - low
    first, last = max(LEAST_POWER, low - below * length), min(GREATEST_POWER, high + BEYOND * length)
    ticks = _ticks(first, last)
    return {
        "decade": pd.DataFrame({"amount": list(ticks), "label": list(ticks.values())}),
        "edge": pd.DataFrame({"amount": [10.0**first, 10.0**last]}),
    }


def _ticks(first: float, last: float) -> dict[float, str]:
    """Amount and label of each tick between two powers."""
    powers = range(math.ceil(first), math.floor(last) + 1)
    if len(powers) >= FEWEST_POWERS:
        return {10.0**power: power_of_ten(power) for power in thinned_powers(powers[0], powers[-1])}
    few = last - first > FEW_STEPS
    steps = [
        (step, power)
        for power in range(math.floor(first), math.ceil(last))
        for step in ((1, 2, 5) if few else range(1, 10))
    ]
    return {
        step * 10.0**power: _written(step, power) for step, power in steps if first <= math.log10(step) + power <= last
    }


def _written(step: int, power: int) -> str:
    amount = step * 10.0**power
    if PLAIN[0] <= amount < PLAIN[1]:
        return short(amount)
    return power_of_ten(power) if step == 1 else f"{step}·{power_of_ten(power)}"


def power_of_ten(power: int) -> str:
    """10⁵."""
    return f"10{str(power).translate(SUPERSCRIPTS)}"
