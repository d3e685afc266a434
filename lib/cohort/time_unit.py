"""Days, weeks, months: one setting for all pages. A month is 30.4375 days (365.25 / 12).

Stored times keep the unit in which they were written. Whatever is compared, ordered or counted passes `in_unit` or
`from_days`, which first put it on one exact scale: whole days where the time is one, else days with 9 significant
digits, so that 7 weeks, 49 days and 49/30.4375 months are one time. Each of these days has one number in every unit, so
that ties and the order of times are the same in all of them.

Dates -> days since infusion, once; no date goes further than this."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.finding import Finding

MOST_DECIMALS: Final = 22  # powers of ten up to this one are exact
DATE_OF: Mapping[str, str] = {"day": "date", "start_day": "start_date", "stop_day": "stop_date"}
InfusionDates = Mapping[tuple[str, int], dt.date]


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


def days_between(start: dt.date, end: dt.date) -> int:
    """Days from start to end; 0 on the same day."""
    return (end - start).days


def infusion_dates(patients: pd.DataFrame, infusions: pd.DataFrame) -> dict[tuple[str, int], dt.date]:
    """The date of each patient's infusions, from Infusions or (the first) from Patients."""
    first = zip(patients["patient_id"], patients["infusion_date"], strict=True)
    dates: dict[tuple[str, int], dt.date] = {(patient, 1): date for patient, date in first if date}
    for patient, date, infusion in zip(infusions["patient_id"], infusions["date"], infusions["infusion"], strict=True):
        if date and not math.isnan(infusion):
            dates[(patient, int(infusion))] = date
    return dates


def with_days(table: pd.DataFrame, sheet: str, dates: InfusionDates) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with every date turned into a day and the date columns gone; what cannot be turned is a finding.

    Where day and date both stand, the day counts, and a difference is a warning.
    """
    findings: list[Finding] = []
    days = {}
    for day, date in DATE_OF.items():
        if day not in table.columns or date not in table.columns or table[date].isna().all():
            continue
        computed = table[day].tolist()
        dated = np.flatnonzero(table[date].notna())
        rows = table[["source_row", "patient_id", "infusion", day, date]].iloc[dated].itertuples(index=False, name=None)
        for place, row in zip(dated.tolist(), rows, strict=True):
            computed[place], finding = _day(row, (day, date), dates, sheet)
            findings += finding
        days[day] = pd.Series(computed, index=table.index, dtype="float64")
    return table.assign(**days).drop(columns=[date for date in DATE_OF.values() if date in table.columns]), findings


def _day(
    row: tuple[int, str, float, float, dt.date], columns: tuple[str, str], dates: InfusionDates, sheet: str
) -> tuple[float, list[Finding]]:
    """The day of a row (its source row, patient, infusion, day and date); `columns` are the names of the last two."""
    source_row, patient, infused_as, written, date = row
    infusion = 1 if math.isnan(infused_as) else int(infused_as)
    infused = dates.get((patient, infusion))
    if infused is None:
        problem = f"The date of infusion {infusion} of this patient is not given, so the date cannot become a day."
        fix = "Add the date to Infusions or to Patients (infusion_date)."
        return written, [Finding("error", sheet, source_row, columns[1], "", problem, fix)]
    computed = float(days_between(infused, date))
    if not math.isnan(written) and written != computed:
        problem = f"The date beside it is day {computed:g}; the day is used."
        return written, [
            Finding("warning", sheet, source_row, columns[0], f"{written:g}", problem, "Correct one of the two.")
        ]
    return computed, []
