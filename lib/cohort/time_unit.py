"""Days, weeks, months: one setting for all pages. A month is 30.4375 days (365.25 / 12).

Stored times keep the unit in which they were written; they are converted only to be shown or
analysed in another unit, and never rounded.
"""

from typing import Final

import pandas as pd

DAYS_PER: Final = {"days": 1.0, "weeks": 7.0, "months": 30.4375}
UNITS: Final = tuple(DAYS_PER)


def in_unit(time: pd.Series, unit: pd.Series, wanted: str) -> pd.Series:
    """The times, each written in its own unit, in the wanted unit; those already in it stay exactly as they are."""
    factor = unit.map(DAYS_PER).astype(float) / DAYS_PER[wanted]
    return time.where(unit == wanted, time * factor)


def from_days(days: pd.Series, wanted: str) -> pd.Series:
    """Study days in the wanted unit."""
    return days if wanted == "days" else days / DAYS_PER[wanted]
