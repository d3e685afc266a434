"""How numbers are printed: p-values, intervals, counts with percentages, times; and the words around them."""

import math
from typing import Final

MANY: Final = 100  # patients from which on percentages have a decimal
NOTHING: Final = 1e-12  # a share that is one of rounding only
WHOLE_FROM: Final = 2.0**52  # a float from here on has no decimals


def p_value(p: float | None) -> str:
    """Two significant digits, "<0.001" and ">0.99" at the ends, "–" where there is none.

    A third digit where two would put it on the other side of 0.05, or onto it: 0.0496, 0.0504.
    """
    if p is None:
        return "–"
    if p < 0.001:
        return "<0.001"
    if p > 0.99:
        return ">0.99"
    decimals = 2 if p >= 0.1 else 3 if p >= 0.01 else 4
    written = f"{p:.{decimals}f}"
    return f"{p:.4f}" if float(written) == 0.05 != p else written


def p_equals(p: float | None) -> str:
    """A p-value within a sentence: "p = 0.017", "p < 0.001", "p > 0.99"."""
    written = p_value(p)
    return f"p {written[0]} {written[1:]}" if written[0] in "<>" else f"p = {written}"


def ratio(value: float | None, missing: str = "NE") -> str:
    """A hazard, odds or geometric mean ratio, or one of its limits: 0.22, 0.053, 12.3, 1,234."""
    if value is None or math.isnan(value):
        return missing
    if value >= 9.95:
        return f"{value:,.0f}" if value >= 99.5 else f"{value:.1f}"
    if value >= 0.0995 or value == 0:
        return f"{value:.2f}"
    return f"{value:.{1 - math.floor(math.log10(float(f'{value:.1e}')))}f}"


def ratio_interval(low: float | None, high: float | None) -> str:
    """Two limits of a ratio as "0.057–0.85", "NE" for one that does not exist."""
    return f"{ratio(low)}–{ratio(high)}"


def short(value: float | None, digits: int = 3, missing: str = "–") -> str:
    """At most `digits` significant digits, but never a whole number rounded: 5.85, 10.7, 13, 528."""
    if value is None or math.isnan(value):
        return missing
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    return f"{float(text):.10f}".rstrip("0").rstrip(".") if "e" in text else text


def time(value: float | None, missing: str = "not reached") -> str:
    """A time in months or weeks with one decimal: 5.9, 13.0. Halves are rounded up. A whole number of days: see
    `day`."""
    if value is None or math.isnan(value):
        return missing
    return f"{_rounded(value, 1):.1f}"


def day(value: float | None, missing: str = "not reached") -> str:
    """A time in days, with one decimal only where it is no whole day: 14, 7.5."""
    return time(value, missing).removesuffix(".0")


def interval(low: float | None, high: float | None, digits: int = 3, missing: str = "NE") -> str:
    """Two limits as "0.0573–0.854"; "NE" (not estimable) for one that does not exist."""
    return f"{short(low, digits, missing)}–{short(high, digits, missing)}"


def time_interval(low: float | None, high: float | None) -> str:
    """Two limits of a time as "1–10.6", "NE" for one that does not exist."""
    return f"{time(low, 'NE')}–{time(high, 'NE')}"


def count(n: int, of: int) -> str:
    """ "5 (63 %)"; "0" of nobody has no percentage."""
    return f"{n:,} ({percent(n / of, of)})" if of else f"{n:,}"


def percent(share: float, of: int = 0) -> str:
    """A share of so many patients: no decimals below 100 of them, else one; halves rounded up; never 0 or 100 where it
    is neither."""
    return f"{_points(share, of)} %"


def signed_percent(share: float, of: int = 0) -> str:
    """A difference of shares in percentage points, with its sign: −50, +38."""
    points = _points(abs(share), of)
    return "0" if points == "0" else ("+" if share > 0 else "−") + points


def _points(share: float, of: int) -> str:
    decimals = 1 if of >= MANY else 0
    least = 10.0**-decimals
    points = _rounded(100 * share, decimals)
    if points == 0 and share > NOTHING:
        return f"<{least:g}"
    if points == 100 and share < 1 - NOTHING:
        return f">{100 - least:g}"
    return f"{points:.0f}" if points in (0, 100) else f"{points:.{decimals}f}"


def _rounded(number: float, decimals: int) -> float:
    """To so many decimals, halves away from 0; a number too large to have decimals as it is."""
    if abs(number) >= WHOLE_FROM:
        return number
    scale = 10.0**decimals
    return math.copysign(math.floor(abs(number) * scale + 0.5 + 1e-9) / scale, number)


def plural(n: int, word: str, words: str = "") -> str:
    """ "1 patient", "8 patients"."""
    return f"{n:,} {word if n == 1 else words or word + 's'}"


def capital(words: str) -> str:
    """The words as a sentence begins."""
    return words[:1].upper() + words[1:]


def sentences(*said: str) -> str:
    """One after the other, without those that say nothing."""
    return " ".join(filter(None, said))


def above_limit_notes(n: int) -> tuple[str, ...]:
    """What is said of a figure or table that uses values above the upper limit of their assay; nothing where there are
    none."""
    if not n:
        return ()
    values = "1 value lies" if n == 1 else f"{n:,} values lie"
    return (
        (
            f"{values} above the upper limit of the assay (marked >), taken as that limit: peaks, areas and means over"
            " such values are too low."
        ),
    )
