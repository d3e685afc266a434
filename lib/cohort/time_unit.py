"""Days, weeks, months: one setting for all pages. A month is 30.4375 days (365.25 / 12).

Stored times keep the unit in which they were written. Whatever is compared, ordered or counted passes `in_unit` or
`from_days`, which first put it on one exact scale: whole days where the time is one, else days with 9 significant
digits, so that 7 weeks, 49 days and 49/30.4375 months are one time. Each of these days has one number in every unit, so
that ties and the order of times are the same in all of them.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

MOST_DECIMALS: Final = 22  # powers of ten up to this one are exact


def significant(numbers: npt.NDArray[np.float64], digits: int) -> npt.NDArray[np.float64]:
    """Each number with so many significant digits; NaN, infinity and 0 stay as they are."""
    known = np.isfinite(numbers) & (numbers != 0)
    size = np.floor(np.log10(np.abs(np.where(known, numbers, 1.0))))
    decimals = np.minimum(digits - 1 - size, MOST_DECIMALS)
    up, down = 10.0 ** np.maximum(decimals, 0), 10.0 ** np.maximum(-decimals, 0)
    rounded = np.rint(np.where(known, numbers, 1.0) * up / down) / up * down
    return np.where(known, rounded, numbers)


DAYS_PER: Final = {"days": 1.0, "weeks": 7.0, "months": 30.4375}
UNITS: Final = tuple(DAYS_PER)
EXACT: Final = 9  # significant digits of a time in days
TYPED: Final = 7  # digits that a person types
FLOATING: Final = 12  # digits that a conversion leaves sure
SECOND: Final = 1e-5  # days, about one second


def in_days(time: pd.Series, unit: pd.Series) -> pd.Series:
    """The times, each written in its own unit, in days on the exact scale; NaN where the unit is not known."""
    return _exact(time.astype("float64") * unit.map(DAYS_PER).astype("float64"))


def in_unit(time: pd.Series, unit: pd.Series, wanted: str) -> pd.Series:
    """The times, each written in its own unit, in the wanted unit; equal and ordered there exactly as they are in
    days."""
    return _told(in_days(time, unit), wanted)


def from_days(days: pd.Series, wanted: str) -> pd.Series:
    """Study days in the wanted unit, on the same scale as `in_unit`."""
    return _told(_exact(days.astype("float64")), wanted)


def days_in(days: float, wanted: str) -> float:
    """One number of days in the wanted unit, on the same scale as `in_unit`."""
    return float(from_days(pd.Series([days]), wanted).iloc[0])


def _exact(days: pd.Series) -> pd.Series:
    """Rounded twice: what stands halfway by rounding alone falls to the same side. Within a second of a whole day: that
    day."""
    numbers = _nine(days.to_numpy("float64"))
    whole = np.rint(numbers)
    return pd.Series(np.where(np.abs(numbers - whole) <= SECOND, whole, numbers), index=days.index)


def _told(days: pd.Series, wanted: str) -> pd.Series:
    """Exact days in a unit: with few digits where these lead back to the same days, so that 12.345 months stay
    12.345."""
    if wanted == "days":
        return days
    number = days.to_numpy("float64") / DAYS_PER[wanted]
    short = significant(number, TYPED)
    leads_back = _nine(short * DAYS_PER[wanted]) == days.to_numpy()
    return pd.Series(np.where(leads_back, short, significant(number, FLOATING)), index=days.index)


def _nine(days: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return significant(significant(days, FLOATING), EXACT)
