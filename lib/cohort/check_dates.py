"""Dates that cannot be true: before there were such therapies, or in the future. The date itself is not repeated."""

import datetime as dt
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows
from lib.cohort.schema import Table

EARLIEST_YEAR: Final = 1990


def check_dates(rows: pd.DataFrame, table: Table, sheet: str, today: dt.date) -> list[Finding]:
    """Warnings for every date column of the table. Nothing is removed."""
    findings: list[Finding] = []
    for column in table.columns:
        if column.kind != "date" or column.name not in rows.columns:
            continue
        written = rows[column.name]
        different = {day for day in written.unique() if isinstance(day, dt.date)}
        early = {day for day in different if day.year < EARLIEST_YEAR}
        late = {day for day in different if day > today}
        place, mend = (sheet, column.name), "Correct it if it is a slip."
        problem = f"This date is before {EARLIEST_YEAR}."
        findings += at_rows(rows[written.isin(early)], "warning", place, problem, mend)
        findings += at_rows(rows[written.isin(late)], "warning", place, "This date is in the future.", mend)
    return findings
