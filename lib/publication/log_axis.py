"""A log axis for amounts: decades as powers of ten, read from a table; 0 never reaches it."""

import math
from collections.abc import Iterable
from typing import Final

import altair as alt

from lib.stats.at_risk import GREATEST_POWER, LEAST_POWER, thinned_powers

LOWEST_POWER: Final = -6
HIGHEST_POWER: Final = 15
SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
EMPTY_DECADES: Final = (1.0, 1e6)
EXPONENTS: Final = [str(power).translate(SUPERSCRIPTS) for power in range(LOWEST_POWER, HIGHEST_POWER + 1)]


def power_label(value: str) -> str:
    """The expression that writes `value` (itself an expression, a power of ten) as 10 with its exponent."""
    power = f"round(log({value}) / LN10)"
    return f"'10' + ({EXPONENTS}[{power} + {-LOWEST_POWER}] || '^' + {power})"


def log_amount(title: str) -> alt.Y:
    """The column `amount` on a log axis with its ticks at the amounts of the table `decade`."""
    axis = alt.Axis(
        values=alt.ExprRef("pluck(data('decade'), 'amount')"), labelExpr=power_label("datum.value"), grid=False
    )
    return alt.Y("amount:Q", title=title, scale=alt.Scale(type="log", nice=False), axis=axis)


def decades(amounts: Iterable[float]) -> list[float]:
    """The powers of ten that enclose these amounts, all above 0; those of EMPTY_DECADES where there are none."""
    known = list(amounts)
    low, high = (min(known), max(known)) if known else EMPTY_DECADES
    first = max(LEAST_POWER, math.floor(math.log10(low)))
    last = min(GREATEST_POWER, math.ceil(math.log10(high) + 1e-12))
    return [10.0**power for power in thinned_powers(first, max(first, last))]
