"""ICAHT: the grade of early (day 0 to 30) and late (after day 30) neutropenia of one patient after CAR T cells.
EXPERIMENTAL.

Early, by cumulative days (a recovery of fewer than 3 days between low ones counts with them): ANC <= 500/µL on 1-6 days
grade 1, 7-13 grade 2, 14 or more grade 3, never above 500 grade 4; <= 100/µL on 7-13 days grade 3, 14 or more grade 4.
Late, reached on at least 2 days: <= 1500/µL grade 1, <= 1000 grade 2, <= 500 grade 3, <= 100 grade 4.
Source: EHA/EBMT consensus, Rejeski 2023, Blood 142:865, not read itself: the rule as cited elsewhere, therefore
experimental.

T-ICAHT: the grade of early (day 0 to 30) and late (day 31 to 100) thrombocytopenia of one patient after CAR T cells.
EXPERIMENTAL.

Early, by cumulative days as in ICAHT: platelets < 50 x 10^9/L on 1-6 days grade 1, on 7 or more grade 2; < 20 on 1-13
days grade 3, on 14 or more grade 4. Late, on at least 2 days with a value: < 100 grade 1, < 50 grade 2, < 20 grade 3,
and < 20 on 14 days or more grade 4.
Source: Table 1 of the paper on T-ICAHT (Blood Advances 2025), as reproduced by the publisher; its public code takes <=
for < and stretches joined over 6 days, therefore experimental. Transfusions are not looked at.

With what is said of both: the rule in full, that it is experimental, and its standing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.stats.estimate import Floats

Flags = np.typing.NDArray[np.bool_]
LAST_EARLY_DAY: Final = 30
LONGEST_GAP: Final = 7  # at least one value in any 7 days
LOW, VERY_LOW = 0.5, 0.1  # 10^9/L: 500 and 100 per µL
LATE_BOUNDS: Final = {1: 1.5, 2: 1.0, 3: 0.5, 4: 0.1}  # 10^9/L
STABLE: Final = 3  # days above the threshold from which on a recovery is stable
LATE_DAYS: Final = 2  # on so many days at least
DEATH: Final = "death"
NOT_MEASURED: Final = "no value from day 0 to 30"
TOO_THIN: Final = "7 days or more without a value from day 0 to 30"
TOO_SHORT: Final = "followed for less than 7 days"
OPEN: Final = "values below a limit of detection leave the grade open"
TOO_FEW_LATE: Final = "fewer than 2 days with a value after day 30"
NOT_FOLLOWED: Final = "not followed beyond day 30"
LAST_LATE_DAY: Final = 100
LOW_T, VERY_LOW_T = 50.0, 20.0  # 10^9/L, strictly below
LATE_T_BOUNDS: Final = {1: 100.0, 2: 50.0, 3: 20.0}
LONG_T: Final = 14  # days below VERY_LOW_T
DIED: Final = "; never above 500 until death is grade 4"
NEUTROPHILS: Final = "neutrophils"
PLATELETS: Final = "platelets"
EXPERIMENTAL: Final = (
    "Experimental: the table of the consensus paper (EHA/EBMT, Rejeski 2023, Blood 142:865) was not read itself; the"
    " bounds are as others compute them by it (Liang, automatedicahtgrading), days as the later paper on T-ICAHT"
    " describes them. Check it before you publish these grades."
)
T_EXPERIMENTAL: Final = (
    "Experimental: bounds and days as in the published table (T-ICAHT, Blood Advances 2025); public code for it counts"
    " otherwise (≤ for <, stretches joined over 6 days), and transfusions are not looked at. Check it before you"
    " publish these grades."
)
DAILY: Final = (
    "Each day has its lowest value; without one, the last value before it (from day −7 on), before the first one the"
    " first (last observation carried forward). Days of a recovery that lasted fewer than 3 days between low days count"
    " with them. Not gradable: 7 days or more without a value from day 0 to 30, or values on fewer than 2 days"
    " after it."
)
ENDS: Final = (
    "Values count until death, progression, the next therapy or infusion. Cut short, the early grade is that of the"
    " days until then{died}; without 7 days it is not gradable."
)


@dataclass(frozen=True)
class Counts:
    """Neutrophil counts of one patient: study days, 10^9/L; `low` and `high` are the ends of what a value can be.

    A measured value has low = high; one below a limit of detection has 0 and the limit (infinite where it is not
    stated).
    """

    days: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]

    @staticmethod
    def measured(values: dict[float, float]) -> "Counts":
        """Values by day."""
        return Counts(tuple(values), tuple(values.values()), tuple(values.values()))


@dataclass(frozen=True)
class Grade:
    """A grade, or None with the reason why it is not gradable."""

    grade: int | None
    reason: str = ""


@dataclass(frozen=True)
class Icaht:
    """Both grades of one patient.

    `days_low`, `days_very_low`: days from 0 to `last_day` at or below 500 and 100/µL; `longest_low`: the longest
    stretch of the first (None where early is not gradable). `n_early`, `n_late`: days with a value. `lowest_late`: the
    second lowest day after day 30.
    """

    early: Grade
    late: Grade
    last_day: int
    days_low: int | None
    days_very_low: int | None
    longest_low: int | None
    n_early: int
    n_late: int
    lowest_late: float | None


def icaht(counts: Counts, ended_on: float = float("inf"), ended_by: str = "") -> Icaht:
    """The grades of one patient whose values count up to the day on which death, progression or the next therapy came.

    Each day has the lowest value of the day, else the last one before it (from day -7 on), else the first one after it.
    Values after `ended_on` do not count; "never above 500" holds only where the days were seen to 30, or to death.
    """
    days, low, high = daily_lowest(counts, ended_on)
    last = int(min(LAST_EARLY_DAY, ended_on))
    early, per_day = _early(days, low, high, (last, ended_by))
    after = days > LAST_EARLY_DAY
    late = _late(low[after], high[after], ended_on)
    return Icaht(
        early,
        late,
        last,
        None if per_day is None else int(joined(per_day <= LOW).sum()),
        None if per_day is None else int(joined(per_day <= VERY_LOW).sum()),
        None if per_day is None else longest(joined(per_day <= LOW)),
        int(np.sum((days >= 0) & (days <= last))),
        int(np.sum(after)),
        None if late.grade is None else float(np.sort(high[after])[LATE_DAYS - 1]),
    )


def early_grade(days_low: int, days_very_low: int, never_above: bool) -> int:
    """The early grade by the cumulative days at or below 500 and 100/µL; `never_above`: no day above 500."""
    if never_above or days_very_low >= 14:
        return 4
    if days_low >= 14 or days_very_low >= 7:
        return 3
    return 2 if days_low >= 7 else min(1, days_low)


def late_grade(amount: float) -> int:
    """The late grade of a count (10^9/L) that was reached on at least 2 days."""
    return max((grade for grade, bound in LATE_BOUNDS.items() if amount <= bound), default=0)


def daily_lowest(counts: Counts, ended_on: float) -> tuple[Floats, Floats, Floats]:
    """Whole days in order with the lowest value of each; ties on a day: the worst counts."""
    days, low, high = (np.array(column, dtype=float) for column in (counts.days, counts.low, counts.high))
    known = ~np.isnan(days) & ~np.isnan(low) & ~np.isnan(high) & (days <= ended_on)
    whole = np.floor(days[known])
    each = np.unique(whole)
    lowest = [(low[known][whole == day].min(), high[known][whole == day].min()) for day in each]
    return (
        each,
        np.array([pair[0] for pair in lowest], dtype=float),
        np.array([pair[1] for pair in lowest], dtype=float),
    )


def _early(days: Floats, low: Floats, high: Floats, end: tuple[int, str]) -> tuple[Grade, Floats | None]:
    """The early grade and the count of each day from 0 on (the higher end where a value is below a limit)."""
    last, ended_by = end
    seen = days[(days >= 0) & (days <= last)]
    if not len(seen):
        return Grade(None, NOT_MEASURED), None
    if np.diff([-1.0, *seen, last + 1.0]).max() > LONGEST_GAP:
        return Grade(None, TOO_THIN), None
    near = (days >= -LONGEST_GAP) & (days <= last)
    most, least = by_day(days[near], high[near], last), by_day(days[near], low[near], last)
    whole = last == LAST_EARLY_DAY or ended_by == DEATH
    grades = {_graded(per_day, whole) for per_day in (most, least)}
    if last + 1 < LONGEST_GAP and grades != {4}:
        return Grade(None, TOO_SHORT), None
    return (Grade(None, OPEN), None) if len(grades) > 1 else (Grade(grades.pop()), most)


def by_day(days: Floats, amounts: Floats, last: int) -> Floats:
    """Last observation carried forward; before the first one, the first."""
    place = np.searchsorted(days, np.arange(last + 1), side="right") - 1
    return amounts[np.maximum(place, 0)]


def _graded(per_day: Floats, whole: bool) -> int:
    low = per_day <= LOW
    return early_grade(int(joined(low).sum()), int(joined(per_day <= VERY_LOW).sum()), whole and bool(low.all()))


def joined(low: Flags) -> Flags:
    """The low days with the days of a recovery that did not last (fewer than STABLE days between two low ones)."""
    edges = np.flatnonzero(np.diff([0, *low.astype(int), 0]))
    whole = low.copy()
    for end, start in zip(edges[1:-1:2], edges[2::2], strict=True):
        if start - end < STABLE:
            whole[end:start] = True
    return whole


def longest(flags: Flags) -> int:
    """The longest stretch of days."""
    edges = np.flatnonzero(np.diff([0, *flags.astype(int), 0]))
    return int(max(edges[1::2] - edges[::2], default=0))


def _late(low: Floats, high: Floats, ended_on: float) -> Grade:
    if ended_on <= LAST_EARLY_DAY:
        return Grade(None, NOT_FOLLOWED)
    if len(high) < LATE_DAYS:
        return Grade(None, TOO_FEW_LATE)
    grades = {late_grade(float(np.sort(amounts)[LATE_DAYS - 1])) for amounts in (low, high)}
    return Grade(grades.pop()) if len(grades) == 1 else Grade(None, OPEN)


def t_icaht(counts: Counts, ended_on: float = float("inf"), _ended_by: str = "") -> Icaht:
    """The grades of one patient whose values count up to the day on which death, progression or the next therapy came.

    Days, gaps and what is not gradable as in lib/derived/icaht.py; `days_low` and `days_very_low` are days below 50 and
    20.
    """
    days, low, high = daily_lowest(counts, ended_on)
    last = int(min(LAST_EARLY_DAY, ended_on))
    early, per_day = _early_t((days, low, high), last)
    after = (days > LAST_EARLY_DAY) & (days <= LAST_LATE_DAY)
    late = _late_t((days[after], low[after], high[after]), ended_on)
    below = None if per_day is None else joined(per_day < LOW_T)
    return Icaht(
        early,
        late,
        last,
        None if below is None else int(below.sum()),
        None if per_day is None else int(joined(per_day < VERY_LOW_T).sum()),
        None if below is None else longest(below),
        int(np.sum((days >= 0) & (days <= last))),
        int(np.sum(after)),
        None if late.grade is None else float(np.sort(high[after])[LATE_DAYS - 1]),
    )


def early_t_grade(days_low: int, days_very_low: int) -> int:
    """The early grade by the cumulative days below 50 and below 20 x 10^9/L."""
    if days_very_low:
        return 4 if days_very_low >= LONG_T else 3
    return 2 if days_low >= LONGEST_GAP else min(1, days_low)


def _early_t(values: tuple[Floats, Floats, Floats], last: int) -> tuple[Grade, Floats | None]:
    days, low, high = values
    seen = days[(days >= 0) & (days <= last)]
    if not len(seen):
        return Grade(None, NOT_MEASURED), None
    if np.diff([-1.0, *seen, last + 1.0]).max() > LONGEST_GAP:
        return Grade(None, TOO_THIN), None
    if last + 1 < LONGEST_GAP:
        return Grade(None, TOO_SHORT), None
    near = (days >= -LONGEST_GAP) & (days <= last)
    most, least = by_day(days[near], high[near], last), by_day(days[near], low[near], last)
    grades = {
        early_t_grade(int(joined(each < LOW_T).sum()), int(joined(each < VERY_LOW_T).sum())) for each in (most, least)
    }
    return (Grade(None, OPEN), None) if len(grades) > 1 else (Grade(grades.pop()), most)


def _late_t(values: tuple[Floats, Floats, Floats], ended_on: float) -> Grade:
    days, low, high = values
    if ended_on <= LAST_EARLY_DAY:
        return Grade(None, NOT_FOLLOWED)
    if len(days) < LATE_DAYS:
        return Grade(None, TOO_FEW_LATE)
    grades = {_late_t_grade(days, amounts) for amounts in (low, high)}
    return Grade(grades.pop()) if len(grades) == 1 else Grade(None, OPEN)


def _late_t_grade(days: Floats, amounts: Floats) -> int:
    """By the second lowest value; grade 4 by the days below 20 from the first to the last value, each day as the value
    before it."""
    second = float(np.sort(amounts)[LATE_DAYS - 1])
    grade = max((grade for grade, bound in LATE_T_BOUNDS.items() if second < bound), default=0)
    each = by_day(days - days[0], amounts, int(days[-1] - days[0]))
    return 4 if grade and int(joined(each < VERY_LOW_T).sum()) >= LONG_T else grade


@dataclass(frozen=True)
class Kind:
    """What differs between ICAHT (neutrophils) and T-ICAHT (platelets): names, thresholds, rule and standing."""

    name: str
    id: str
    what: str
    low: str  # the two thresholds, as a heading
    very_low: str
    columns: tuple[str, str, str, str]  # days low, days very low, longest stretch, second lowest late: names in numbers
    late: str
    experimental: str
    early_rule: str
    late_rule: str
    other_reading: str


KINDS: Final = {
    NEUTROPHILS: Kind(
        "ICAHT",
        "labs.icaht",
        "haematotoxicity (ICAHT){infusion}, experimental grades computed from neutrophil counts (ANC)",
        "≤ 500/µL",
        "≤ 100/µL",
        ("days_at_most_500", "days_at_most_100", "longest_at_most_500", "second_lowest_late"),
        "Late (after day 30)",
        EXPERIMENTAL,
        "Early, day 0 to 30, by cumulative days: ANC ≤ 500/µL on 1–6 days grade 1, on 7–13 grade 2, on 14 or more grade"
        " 3, never above 500 grade 4; ANC ≤ 100/µL on 7–13 days grade 3, on 14 or more grade 4; no such day grade 0.",
        "Late, after day 30, reached on at least 2 days: ANC ≤ 1500/µL grade 1, ≤ 1000 grade 2, ≤ 500 grade 3, ≤ 100"
        " grade 4; else grade 0.",
        "Others count the longest stretch of low days alone and interpolate in a line (Liang, automatedicahtgrading),"
        " and grade late by the lowest value: the longest stretch stands in the table of patients.",
    ),
    PLATELETS: Kind(
        "T-ICAHT",
        "labs.t_icaht",
        "thrombocytopenia (T-ICAHT){infusion}, experimental grades computed from platelet counts",
        "< 50 × 10⁹/L",
        "< 20 × 10⁹/L",
        ("days_below_50", "days_below_20", "longest_below_50", "second_lowest_late"),
        "Late (day 31–100)",
        T_EXPERIMENTAL,
        "Early, day 0 to 30, by cumulative days: platelets < 50 × 10⁹/L on 1–6 days grade 1, on 7 or more grade 2; < 20"
        " on 1–13 days grade 3, on 14 or more grade 4; no such day grade 0.",
        "Late, day 31 to 100, on at least 2 days with a value: < 100 grade 1, < 50 grade 2, < 20 grade 3, and on 14"
        " days or more grade 4; else grade 0.",
        "Public code for T-ICAHT counts the longest stretch, joined over up to 6 days: the longest stretch stands in"
        " the table of patients.",
    ),
}
