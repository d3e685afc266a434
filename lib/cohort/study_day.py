"""Dates -> days since infusion, once; no date goes further than this."""

import datetime as dt
import math
from collections.abc import Mapping

import pandas as pd

from lib.cohort.finding import Finding

DATE_OF: Mapping[str, str] = {"day": "date", "start_day": "start_date", "stop_day": "stop_date"}
InfusionDates = Mapping[tuple[str, int], dt.date]


def days_between(start: dt.date, end: dt.date) -> int:
    """Days from start to end; 0 on the same day."""
    return (end - start).days


def infusion_dates(patients: pd.DataFrame, infusions: pd.DataFrame) -> dict[tuple[str, int], dt.date]:
    """The date of each patient's infusions, from Infusions or (the first) from Patients."""
    dates: dict[tuple[str, int], dt.date] = {
        (row["patient_id"], 1): row["infusion_date"] for row in patients.to_dict("records") if row["infusion_date"]
    }
    for row in infusions.to_dict("records"):
        if row["date"] and not math.isnan(row["infusion"]):
            dates[(row["patient_id"], int(row["infusion"]))] = row["date"]
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
        computed = []
        for row in table[["source_row", "patient_id", "infusion", day, date]].to_dict("records"):
            value, finding = _day(row, day, date, dates, sheet)
            computed.append(value)
            findings += finding
        days[day] = pd.Series(computed, index=table.index, dtype="float64")
    return table.assign(**days).drop(columns=[date for date in DATE_OF.values() if date in table.columns]), findings


def _day(row: dict, day: str, date: str, dates: InfusionDates, sheet: str) -> tuple[float, list[Finding]]:  # type: ignore[type-arg]
    written = row[day]
    if row[date] is None:
        return written, []
    infusion = 1 if math.isnan(row["infusion"]) else int(row["infusion"])
    infused = dates.get((row["patient_id"], infusion))
    if infused is None:
        return written, [
            Finding(
                "error",
                sheet,
                row["source_row"],
                date,
                "",
                f"The date of infusion {infusion} of this patient is not given, so the date cannot become a day.",
                "Add the date to Infusions or to Patients (infusion_date).",
            )
        ]
    computed = float(days_between(infused, row[date]))
    if not math.isnan(written) and written != computed:
        return written, [
            Finding(
                "warning",
                sheet,
                row["source_row"],
                day,
                f"{written:g}",
                f"The date beside it is day {computed:g}; the day is used.",
                "Correct one of the two.",
            )
        ]
    return computed, []
