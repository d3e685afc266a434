"""Doubts about endpoints that stay in use: one against the other, and the event code as a whole.

A code that says 1 for censored gives events at the longest times, or all on the day of the data cut-off. Whole-column
findings stand at the column of the event.
"""

import datetime as dt
import math
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.check_endpoints import BEFORE_DEATH, ROUNDING_DAYS, course_key, days_of, days_to_cutoff
from lib.cohort.finding import Finding, at_rows
from lib.cohort.study_day import InfusionDates

LONGEST_DAYS: Final = 20 * 365.25  # nobody has been followed longer after CAR T cells
FEWEST_TOGETHER: Final = 4  # events at one time or date
FEWEST: Final = 5  # events, and censored: below that the order of times says nothing of the code
STANDARD_ERRORS: Final = 2  # by which events must stand later than censorings, on the scale of the chance that they do
MARGIN: Final = (0.12, 0.3)  # but at least and at most so far above even odds
OF_ENDPOINTS: Final = ("time", "end_date")  # where the time stands in the table of endpoints
DEATH: Final = r"death|died|deceased|dead|exitus|verstorben|死"


def check_follow_up(endpoints: pd.DataFrame, cutoff: dt.date | None, dates: InfusionDates) -> list[Finding]:
    """Every doubt about the endpoints that are used."""
    used = endpoints[endpoints["problem"] == ""]
    if used.empty:
        return []
    used = used.assign(
        days=days_of(used),
        key=pd.factorize(course_key(used))[0],
        name=used["endpoint"].str.upper(),
        cut=days_to_cutoff(used, cutoff, dates),
    )
    findings = [*_single(used), *_against_survival(used)]
    for _, rows in used.groupby(["endpoint", "infusion", "sheet"], sort=False):
        findings += _whole_column(rows, dates)
    return findings


def _single(used: pd.DataFrame) -> list[Finding]:
    """What one row says that is odd by itself."""
    shown = "{time:g} {unit}"
    late = used[(used["event"] == 0) & (used["days"] > used["cut"] + ROUNDING_DAYS)]
    long = used[used["days"] > LONGEST_DAYS]
    at_once = used[(used["days"] == 0) & (used["event"] == 1)]
    problem = '{name} of patient "{patient_id}" is censored after the data cut-off.'
    mend = "Correct the time, or the data cut-off in Study."
    findings = at_rows(late, "warning", None, problem, mend, shown)
    problem = '{name} of patient "{patient_id}" is longer than 20 years.'
    mend = "Correct it, or the unit, if it is not meant so."
    findings += at_rows(long, "warning", None, problem, mend, shown)
    problem = '{name} of patient "{patient_id}" has its event at time 0.'
    mend = "Write the true time; if it happened on the day of infusion, leave it."
    return findings + at_rows(at_once, "warning", None, problem, mend, shown)


def _against_survival(used: pd.DataFrame) -> list[Finding]:
    """Other endpoints of a patient beside overall survival."""
    survival = used[used["endpoint"] == "os"].drop_duplicates("key").set_index("key")
    ttp = used[used["endpoint"] == "ttp"].drop_duplicates("key").set_index("key")
    os, died = used["key"].map(survival["days"]), used["key"].map(survival["event"]) == 1
    together = (used["days"] - os).abs() <= ROUNDING_DAYS
    alive = os.notna() & ~died
    not_progressed = (used["key"].map(ttp["event"]) == 0) & (
        (used["key"].map(ttp["days"]) - used["days"]).abs() <= ROUNDING_DAYS
    )
    causes = used["cause"].dropna().drop_duplicates()
    of_death = used["cause"].isin(causes[causes.astype("str").str.contains(DEATH, case=False)])
    pfs = used["endpoint"] == "pfs"
    pfs_end = used["key"].map(used[pfs].drop_duplicates("key").set_index("key")["days"])
    beyond_pfs = (used["endpoint"] == "dor") & (used["days"] > pfs_end + ROUNDING_DAYS)
    longer = used["endpoint"].isin(BEFORE_DEATH) & alive & (used["days"] > os + ROUNDING_DAYS)
    shown, who = "{time:g} {unit}", '{name} of patient "{patient_id}" '
    rules = (
        (
            longer,
            who + "goes on after the last contact of OS.",
            "Correct one of the two times: whoever was seen was alive.",
        ),
        (beyond_pfs & ~longer, who + "goes on after the end of PFS.", "Correct one of the two times."),
        (
            pfs & (used["event"] == 0) & died & together,
            who + "is censored at the time of death.",
            "Death is an event of PFS: write 1, unless your definition censors it.",
        ),
        (
            pfs & (used["event"] == 1) & alive & ((together & not_progressed) | of_death),
            who + "ends with death, but OS is censored.",
            "Correct one of the two.",
        ),
    )
    return [
        finding
        for wrong, problem, mend in rules
        for finding in at_rows(used[wrong], "warning", None, problem, mend, shown)
    ]


def _whole_column(rows: pd.DataFrame, dates: InfusionDates) -> list[Finding]:
    """What all rows of one endpoint say together."""
    name, sheet, column = rows["name"].iloc[0], rows["sheet"].iloc[0], rows["column"].iloc[0]
    events, censored = rows[rows["event"] == 1], rows[rows["event"] == 0]
    check_code = "Check what the code of the event means: 1 must be the event, 0 censored."
    problem = ""
    if len(events) >= FEWEST_TOGETHER and len(censored) > 0 and events["days"].nunique() == 1:
        problem = f"All {len(events)} events of {name} have the same time."
    elif _on_one_date(events, dates) and len(censored) > 0:
        problem = f"All {len(events)} events of {name} are on the same date."
    elif min(len(events), len(censored)) >= FEWEST and _mostly_later(events["days"], censored["days"]):
        problem = f"The events of {name} stand at the longest times: the code may be inverted."
    event = "event" if column in OF_ENDPOINTS else column  # in Patients the time is the only place that is known
    findings = [Finding("warning", sheet, None, event, "", problem, check_code)] if problem else []
    if len(rows) > 2 and rows["days"].median() == 0:
        problem = f"At least half of the times of {name} are 0, so the median follow-up is 0."
        findings.append(Finding("warning", sheet, None, column, "", problem, "Check which column holds the time."))
    return findings


def _on_one_date(events: pd.DataFrame, dates: InfusionDates) -> bool:
    """Whether at least `FEWEST_TOGETHER` events, all with a known infusion date, happened on one calendar date."""
    if len(events) < FEWEST_TOGETHER or not dates:
        return False
    begun = [
        dates.get((patient, int(infusion)))
        for patient, infusion in zip(events["patient_id"], events["infusion"], strict=True)
    ]
    known = [day for day in begun if day is not None]
    ordinals = {day.toordinal() + round(days) for day, days in zip(known, events["days"], strict=False)}
    return len(known) == len(events) and len(ordinals) == 1


def _mostly_later(events: pd.Series, censored: pd.Series) -> bool:
    """Whether a random event has a longer time than a random censoring more often than chance allows (Mann & Whitney
    1947).

    True follow-up has it the other way round: who has no event is watched for longer.
    """
    ordered, times = np.sort(censored.to_numpy()), events.to_numpy()
    beaten = np.searchsorted(ordered, times, "left") + np.searchsorted(ordered, times, "right")  # ties count half
    n, m = len(events), len(censored)
    least, most = MARGIN
    error = math.sqrt((n + m + 1) / (12 * n * m))
    return float(beaten.mean() / (2 * m)) >= 0.5 + min(most, max(least, STANDARD_ERRORS * error))
