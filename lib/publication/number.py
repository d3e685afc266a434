"""How numbers are printed: p-values, intervals, counts with percentages, times."""

import math


def p_value(p: float | None) -> str:
    """Four decimals, "<0.0001" and ">0.9999" at the ends, "–" where there is none."""
    if p is None:
        return "–"
    if p < 0.0001:
        return "<0.0001"
    return ">0.9999" if p > 0.9999 else f"{p:.4f}"


def p_equals(p: float | None) -> str:
    """A p-value within a sentence: "p = 0.0166", "p < 0.0001", "p > 0.9999"."""
    written = p_value(p)
    return f"p {written[0]} {written[1:]}" if written[0] in "<>" else f"p = {written}"


def short(value: float | None, digits: int = 3, missing: str = "–") -> str:
    """At most `digits` significant digits, but never a whole number rounded: 5.85, 10.7, 13, 528."""
    if value is None or math.isnan(value):
        return missing
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    return f"{float(text):.10f}".rstrip("0").rstrip(".") if "e" in text else text


def time(value: float | None, missing: str = "not reached") -> str:
    """A time in any unit with at most two decimals: 5.85, 10.7, 13."""
    if value is None or math.isnan(value):
        return missing
    return f"{value:.2f}".rstrip("0").rstrip(".")


def interval(low: float | None, high: float | None, digits: int = 3, missing: str = "NE") -> str:
    """Two limits as "0.0573–0.854"; "NE" (not estimable) for one that does not exist."""
    return f"{short(low, digits, missing)}–{short(high, digits, missing)}"


def time_interval(low: float | None, high: float | None) -> str:
    """Two limits of a time as "1–10.6", "NE" for one that does not exist."""
    return f"{time(low, 'NE')}–{time(high, 'NE')}"


def count(n: int, of: int) -> str:
    """ "5 (62.5 %)"; "0" of nobody has no percentage."""
    return f"{n} ({percent(n / of)})" if of else f"{n}"


def percent(share: float) -> str:
    """A share as a percentage with one decimal where one is needed, halves rounded up: 62.5 %, 50 %, 6.3 % of 1/16."""
    return f"{_one_decimal(100 * share)} %"


def signed_percent(share: float) -> str:
    """A difference of shares in percentage points, with its sign: −50, +37.5."""
    points = _one_decimal(100 * abs(share))
    return "0" if points == "0" else ("+" if share > 0 else "−") + points


def _one_decimal(number: float) -> str:
    return f"{math.floor(number * 10 + 0.5 + 1e-9) / 10:.1f}".removesuffix(".0")


def plural(n: int, word: str, words: str = "") -> str:
    """ "1 patient", "8 patients"."""
    return f"{n:,} {word if n == 1 else words or word + 's'}"


def above_limit_notes(n: int) -> tuple[str, ...]:
    """What is said of a figure or table that uses values above the upper limit of their assay; nothing where there are none."""
    if not n:
        return ()
    values = "1 value lies" if n == 1 else f"{n:,} values lie"
    return (
        f"{values} above the upper limit of the assay (marked >), taken as that limit: peaks, areas and means over such values are too low.",
    )
