"""A log axis for amounts: decades as powers of ten, read from a table; 0 never reaches it."""

import math
from collections.abc import Iterable
from typing import Final

import altair as alt

LOWEST_POWER: Final = -6
HIGHEST_POWER: Final = 15
SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LEAST_POWER, GREATEST_POWER = -307, 308  # of ten, that a number can hold
MOST_DECADES: Final = 14  # on one axis; further apart there are labels for some only
EMPTY_DECADES: Final = (1.0, 1e6)
EXPONENTS: Final = [str(power).translate(SUPERSCRIPTS) for power in range(LOWEST_POWER, HIGHEST_POWER + 1)]


def power_label(value: str) -> str:
    """The expression that writes `value` (itself an expression, a power of ten) as 10 with its exponent."""
    return f"'10' + {EXPONENTS}[round(log({value}) / LN10) + {-LOWEST_POWER}]"


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


def thinned_powers(first: int, last: int) -> list[int]:
    """The powers from first to last; of very many only some, the outermost always among them."""
    step = max(1, math.ceil((last - first) / MOST_DECADES))
    return sorted({*range(first, last + 1, step), last})
