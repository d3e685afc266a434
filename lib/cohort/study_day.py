"""Dates -> days since infusion, once; no date goes further than this."""

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.cohort.finding import Finding

DATE_OF: Mapping[str, str] = {"day": "date", "start_day": "start_date", "stop_day": "stop_date"}
InfusionDates = Mapping[tuple[str, int], dt.date]


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
