"""T-ICAHT: the grade of early (day 0 to 30) and late (day 31 to 100) thrombocytopenia of one patient after CAR T cells.
EXPERIMENTAL.

Early, by cumulative days as in ICAHT: platelets < 50 x 10^9/L on 1-6 days grade 1, on 7 or more grade 2; < 20 on 1-13
days grade 3, on 14 or more grade 4. Late, on at least 2 days with a value: < 100 grade 1, < 50 grade 2, < 20 grade 3,
and < 20 on 14 days or more grade 4.
Source: Table 1 of the paper on T-ICAHT (Blood Advances 2025), as reproduced by the publisher; its public code takes <=
for < and stretches joined over 6 days, therefore experimental. Transfusions are not looked at.
"""

from typing import Final

import numpy as np

from lib.derived.icaht import (
    LAST_EARLY_DAY,
    LATE_DAYS,
    LONGEST_GAP,
    NOT_FOLLOWED,
    NOT_MEASURED,
    OPEN,
    TOO_FEW_LATE,
    TOO_SHORT,
    TOO_THIN,
    Counts,
    Grade,
    Icaht,
    by_day,
    daily_lowest,
    joined,
    longest,
)
from lib.stats.estimate import Floats

LAST_LATE_DAY: Final = 100
LOW, VERY_LOW = 50.0, 20.0  # 10^9/L, strictly below
LATE_BOUNDS: Final = {1: 100.0, 2: 50.0, 3: 20.0}
LONG: Final = 14  # days below VERY_LOW


def t_icaht(counts: Counts, ended_on: float = float("inf"), _ended_by: str = "") -> Icaht:
    """The grades of one patient whose values count up to the day on which death, progression or the next therapy came.

    Days, gaps and what is not gradable as in lib/derived/icaht.py; `days_low` and `days_very_low` are days below 50 and
    20.
    """
    days, low, high = daily_lowest(counts, ended_on)
    last = int(min(LAST_EARLY_DAY, ended_on))
    early, per_day = _early((days, low, high), last)
    after = (days > LAST_EARLY_DAY) & (days <= LAST_LATE_DAY)
    late = _late((days[after], low[after], high[after]), ended_on)
    below = None if per_day is None else joined(per_day < LOW)
    return Icaht(
        early,
        late,
        last,
        None if below is None else int(below.sum()),
        None if per_day is None else int(joined(per_day < VERY_LOW).sum()),
        None if below is None else longest(below),
        int(np.sum((days >= 0) & (days <= last))),
        int(np.sum(after)),
        None if late.grade is None else float(np.sort(high[after])[LATE_DAYS - 1]),
    )


def early_t_grade(days_low: int, days_very_low: int) -> int:
    """The early grade by the cumulative days below 50 and below 20 x 10^9/L."""
    if days_very_low:
        return 4 if days_very_low >= LONG else 3
    return 2 if days_low >= LONGEST_GAP else min(1, days_low)


def _early(values: tuple[Floats, Floats, Floats], last: int) -> tuple[Grade, Floats | None]:
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
        early_t_grade(int(joined(each < LOW).sum()), int(joined(each < VERY_LOW).sum())) for each in (most, least)
    }
    return (Grade(None, OPEN), None) if len(grades) > 1 else (Grade(grades.pop()), most)


def _late(values: tuple[Floats, Floats, Floats], ended_on: float) -> Grade:
    days, low, high = values
    if ended_on <= LAST_EARLY_DAY:
        return Grade(None, NOT_FOLLOWED)
    if len(days) < LATE_DAYS:
        return Grade(None, TOO_FEW_LATE)
    grades = {_late_grade(days, amounts) for amounts in (low, high)}
    return Grade(grades.pop()) if len(grades) == 1 else Grade(None, OPEN)


def _late_grade(days: Floats, amounts: Floats) -> int:
    """By the second lowest value; grade 4 by the days below 20 from the first to the last value, each day as the value
    before it."""
    second = float(np.sort(amounts)[LATE_DAYS - 1])
    grade = max((grade for grade, bound in LATE_BOUNDS.items() if second < bound), default=0)
    each = by_day(days - days[0], amounts, int(days[-1] - days[0]))
    return 4 if grade and int(joined(each < VERY_LOW).sum()) >= LONG else grade
