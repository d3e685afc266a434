"""Days that cannot be, or hardly: after death or last contact, after the data cut-off, before the infusion, backwards.

Nothing is removed. Last contact is the end of overall survival; times written in whole months are only as exact as
that.

Also dates that cannot be true, which are not repeated, and values so large that no chart can show them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.check_endpoints import ROUNDING_DAYS, course_key, days_of
from lib.cohort.finding import Finding, Severity, at_rows
from lib.cohort.schema import Table
from lib.cohort.time_unit import DAYS_PER

EARLIEST_YEAR: Final = 1990
LARGEST_SHOWN: Final = 1e15  # beyond it an axis shows the one value and nothing else; no measure of a cohort comes near
NO_VALUES: Final = frozenset(("source_row", "infusion", "day", "start_day", "stop_day", "time", "entry"))
NOT_BEFORE_INFUSION: Final[dict[str, Severity]] = {
    "responses": "warning",
    "adverse_events": "note",  # possible under lymphodepletion
}
FARTHEST_DAYS: Final = 20 * 365.25
FROM_THE_FIRST: Final = "infusions"  # its days count from the first infusion, whichever it is
STEPS: Final = (1.0, 0.5, 0.1)  # of a month or week, in which times are rounded


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
        place, fix = (sheet, column.name), "Correct it if it is a slip."
        problem = f"This date is before {EARLIEST_YEAR}."
        findings += at_rows(rows[written.isin(early)], "warning", place, problem, fix)
        findings += at_rows(rows[written.isin(late)], "warning", place, "This date is in the future.", fix)
    return findings


def check_values(rows: pd.DataFrame, sheet: str) -> list[Finding]:
    """A note for every number that is too large for a chart. Nothing is removed."""
    findings: list[Finding] = []
    for name in (each for each in rows.columns if each not in NO_VALUES and rows[each].dtype == "float64"):
        if not (np.abs(rows[name].to_numpy()) > LARGEST_SHOWN).any():
            continue
        odd = pd.DataFrame({"source_row": rows["source_row"], "number": rows[name]})[rows[name].abs() > LARGEST_SHOWN]
        problem = "{number:g} is outside what a chart can show; it is used as it stands."
        findings += at_rows(odd, "note", (sheet, str(name)), problem, "Correct it if it is a slip.", "{number:g}")
    return findings


@dataclass(frozen=True)
class LastDays:
    """Until when each patient was alive, in days since infusion 1, by patient; `exact_to` = how far that is rounded."""

    died: pd.Series
    last_seen: pd.Series  # of who is not known to have died
    infused: pd.Series  # day of each infusion, by patient and infusion
    exact_to: float

    def since_first(self, table: pd.DataFrame, day: str, name: str) -> pd.Series:
        """The day of each row counted from infusion 1; NaN where the day of its infusion is not known."""
        if name == FROM_THE_FIRST:
            return table[day]
        begun = course_key(table).map(self.infused).astype(float)
        return table[day] + begun.mask(table["infusion"] == 1, 0.0)


def last_days(endpoints: pd.DataFrame, infusions: pd.DataFrame) -> LastDays:
    """The ends of follow-up by overall survival after the first infusion, as far as it is used."""
    usable = (endpoints["problem"] == "") & (endpoints["endpoint"] == "os") & (endpoints["infusion"] == 1)
    survival = endpoints[usable].drop_duplicates("patient_id")
    days = days_of(survival).set_axis(survival["patient_id"].to_numpy())
    died = (survival["event"] == 1).to_numpy()
    known = infusions[infusions["day"].notna()]
    begun = known["day"].set_axis(course_key(known).to_numpy())
    return LastDays(days[died], days[~died], begun[~begun.index.duplicated()], _exact_to(survival))


def check_days(
    table: pd.DataFrame, name: str, sheet: str, last: LastDays, cutoff_days: pd.Series | None = None
) -> list[Finding]:
    """Warnings about the days of one table; `cutoff_days` = days from each row's infusion to the data cut-off."""
    day = next((column for column in ("day", "start_day") if column in table.columns), None)
    if day is None or table.empty:
        return []
    place, value, correct = (sheet, day), f"{{{day}:g}}", "Correct the day, or the time of death."
    since_first, patients = last.since_first(table, day, name), table["patient_id"]
    margin = max(ROUNDING_DAYS, last.exact_to)
    dead = since_first > patients.map(last.died).astype(float) + margin
    unseen = since_first > patients.map(last.last_seen).astype(float) + margin
    findings = at_rows(table[dead], "warning", place, "This is after the patient's death.", correct, value)
    problem, fix = "This is after the patient's last contact.", "Correct the day, or the end of overall survival."
    findings += at_rows(table[unseen], "warning", place, problem, fix, value)
    if cutoff_days is not None:
        late = table[(table[day] > cutoff_days + ROUNDING_DAYS) & ~dead & ~unseen]
        problem, fix = "This is after the data cut-off.", "Correct the day, or the data cut-off in Study."
        findings += at_rows(late, "warning", place, problem, fix, value)
    return findings + _by_itself(table, name, sheet, day)


def _by_itself(table: pd.DataFrame, name: str, sheet: str, day: str) -> list[Finding]:
    """What needs no other table: negative, backwards, beyond 20 years."""
    value, findings = f"{{{day}:g}}", []
    if name in NOT_BEFORE_INFUSION:
        problem, fix = "A negative day is before the infusion.", "Correct it if it is not meant so."
        findings += at_rows(table[table[day] < 0], NOT_BEFORE_INFUSION[name], (sheet, day), problem, fix, value)
    far = table[day] > FARTHEST_DAYS
    far |= (table[day] < -FARTHEST_DAYS) & (name != "therapies")  # earlier lines of therapy may be that old
    problem, fix = "This day is more than 20 years from the infusion.", "Write days since infusion, or a date."
    findings += at_rows(table[far], "warning", (sheet, day), problem, fix, value)
    if "stop_day" in table.columns:
        ended = table[table["stop_day"] < table[day]]
        problem, fix = "This is before its first day.", "Correct one of the two."
        findings += at_rows(ended, "warning", (sheet, "stop_day"), problem, fix, "{stop_day:g}")
    return findings


def _exact_to(survival: pd.DataFrame) -> float:
    """To how many days the times are given: 30.4 where all are whole months, 1 where they are days."""
    exact = ROUNDING_DAYS
    for unit, days in DAYS_PER.items():
        times = survival.loc[survival["unit"] == unit, "time"]
        step = next((step for step in STEPS if len(times) and ((times / step).round(6) % 1 == 0).all()), 0.0)
        exact = max(exact, step * days)
    return exact
