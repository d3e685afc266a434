"""Contradictions between times: they remove the endpoint concerned, never the patient; `problem` says why.

What may be right although it is odd is left in use and reported as a warning.

Doubts about endpoints that stay in use: a code that says 1 for censored gives events at the longest times, or all on
the day of the data cut-off.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.finding import Finding, at_rows, marked
from lib.cohort.time_unit import DAYS_PER, InfusionDates, days_between, in_days

LONGEST_DAYS: Final = 20 * 365.25  # nobody has been followed longer after CAR T cells
FEWEST_TOGETHER: Final = 4  # events at one time or date
FEWEST: Final = 5  # events, and censored: below that the order of times says nothing of the code
STANDARD_ERRORS: Final = 2  # by which events must stand later than censorings, on the scale of the chance that they do
MARGIN: Final = (0.12, 0.3)  # but at least and at most so far above even odds
OF_ENDPOINTS: Final = ("time", "end_date")  # where the time stands in the table of endpoints
DEATH: Final = r"death|died|deceased|dead|exitus|verstorben|死"
BEFORE_DEATH: Final = ("pfs", "ttp", "efs", "dor", "ttnt")  # endpoints that cannot happen later than death
A_YEAR, FAR = 365, 10  # a longer time than this many days and times all others is in another unit
ROUNDING_DAYS: Final = 1.0  # times written in months are rounded: less than a day apart is no contradiction
HAPPENS: Final = {"ttnt": "next treatment", "efs": "event"}  # of the others: progression


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
    late = marked(used, (used["event"] == 0) & (used["days"] > used["cut"] + ROUNDING_DAYS))
    long = marked(used, used["days"] > LONGEST_DAYS)
    at_once = marked(used, (used["days"] == 0) & (used["event"] == 1))
    problem = '{name} of patient "{patient_id}" is censored after the data cut-off.'
    fix = "Correct the time, or the data cut-off in Study."
    findings = at_rows(late, "warning", None, problem, fix, shown)
    problem = '{name} of patient "{patient_id}" is longer than 20 years.'
    fix = "Correct it, or the unit, if it is not meant so."
    findings += at_rows(long, "warning", None, problem, fix, shown)
    problem = '{name} of patient "{patient_id}" has its event at time 0.'
    fix = "Write the true time; if it happened on the day of infusion, leave it."
    return findings + at_rows(at_once, "warning", None, problem, fix, shown)


def _against_survival(used: pd.DataFrame) -> list[Finding]:
    """Other endpoints of a patient beside overall survival."""
    if set(used["endpoint"]) <= {"os"}:
        return []
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
        for wrong, problem, fix in rules
        for finding in at_rows(marked(used, wrong), "warning", None, problem, fix, shown)
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
    return findings + _far_out(rows)


def _far_out(rows: pd.DataFrame) -> list[Finding]:
    """A time many times as long as all others of its endpoint."""
    longest = rows["days"].nlargest(2).tolist()
    if len(rows) <= FEWEST_TOGETHER or longest[0] <= max(A_YEAR, FAR * longest[1]):
        return []
    problem = '{name} of patient "{patient_id}" is more than ten times as long as all others.'
    far = rows[rows["days"] == longest[0]]
    return at_rows(far, "warning", None, problem, "Check its unit.", "{time:g} {unit}")


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


def check_endpoints(
    endpoints: pd.DataFrame, cutoff: dt.date | None, dates: InfusionDates
) -> tuple[pd.DataFrame, list[Finding]]:
    """The endpoints with the problem of each row, and a finding for each problem.

    `column` (where the time stands) is kept for later checks and must be dropped after them.
    """
    if endpoints.empty:
        return endpoints.drop(columns="fix"), []
    problem, fix = (endpoints[name].astype("object") for name in ("problem", "fix"))
    for wrong, words, how in _rules(endpoints, cutoff, dates):
        new = wrong & (problem == "")
        if new.any():
            happens = endpoints["endpoint"].map(HAPPENS).fillna("progression")
            problem = problem.mask(new, words if "{" not in words else happens + words.removeprefix("{what}"))
            fix = fix.mask(new, how)
    checked = endpoints.assign(problem=problem, fix=fix)
    unused = problem != ""
    return checked.drop(columns="fix"), _unused(checked[unused]) if unused.any() else []


def days_of(endpoints: pd.DataFrame) -> pd.Series:
    """The time of each row in days, NaN where its unit cannot be read."""
    return in_days(endpoints["time"], endpoints["unit"])


def course_key(table: pd.DataFrame) -> pd.Series:
    """One text for patient and infusion, to look one table's rows up in another."""
    codes, infusions = pd.factorize(table["infusion"], use_na_sentinel=False)
    numbers = ("\t" + infusions.astype("str")).to_numpy(dtype=object)  # few different ones
    return table["patient_id"].astype("str") + (numbers[codes] if len(numbers) else "")


def days_to_cutoff(table: pd.DataFrame, cutoff: dt.date | None, dates: InfusionDates) -> pd.Series:
    """From the infusion of each row to the data cut-off, NaN where one of the two is not known."""
    if cutoff is None or not dates:
        return pd.Series(float("nan"), index=table.index)
    longest = {f"{patient}\t{float(infusion)}": days_between(day, cutoff) for (patient, infusion), day in dates.items()}
    return course_key(table.astype({"infusion": "float64"})).map(longest).astype(float)


def _rules(
    endpoints: pd.DataFrame, cutoff: dt.date | None, dates: InfusionDates
) -> Sequence[tuple[pd.Series, str, str]]:
    days, happened = days_of(endpoints), endpoints["event"] == 1
    death = _times(endpoints, days, "os")
    late = endpoints["endpoint"].isin(BEFORE_DEATH) & (days > death + ROUNDING_DAYS)
    longer = (endpoints["endpoint"] == "dor") & (days > _times(endpoints, days, "pfs") + ROUNDING_DAYS)
    two_times, cut = "Correct one of the two times.", "Correct the time, or the data cut-off in Study."
    after_cutoff = happened & (days > days_to_cutoff(endpoints, cutoff, dates) + ROUNDING_DAYS)
    return (
        (~endpoints["unit"].isin(list(DAYS_PER)), "unit of time not readable", "Write days, weeks or months."),
        (endpoints["time"].isna(), "time missing", "Write the time to the event or to the end of observation."),
        (endpoints["event"].isna(), "event not stated", "Write 1 if it happened and 0 if the patient was censored."),
        (endpoints["time"] < 0, "negative time", "Time counts from the infusion; correct it."),
        (endpoints["entry"] >= endpoints["time"], "observation begins after it ends", "Correct entry or time."),
        (late & happened, "{what} after death", two_times),
        (late & (endpoints["event"] == 0), "followed beyond death", two_times),
        (longer, "longer than progression-free survival", two_times),
        (after_cutoff, "event after the data cut-off", cut),
    )


def _times(endpoints: pd.DataFrame, days: pd.Series, endpoint: str) -> pd.Series:
    """For each row, the day of this event of its patient counted from the same infusion, NaN for whom it did not
    befall."""
    happened = (endpoints["endpoint"] == endpoint) & (endpoints["event"] == 1) & (endpoints["problem"] == "")
    happened &= days >= 0
    key = course_key(endpoints)
    return key.map(days[happened].groupby(key[happened]).first()).astype(float)


def _unused(rows: pd.DataFrame) -> list[Finding]:
    shown = ["" if pd.isna(time) else f"{time:g} {unit}" for time, unit in zip(rows["time"], rows["unit"], strict=True)]
    named = rows.assign(shown=shown, name=rows["endpoint"].astype("str").str.upper())
    problem = '{name} of patient "{patient_id}" is not used: {problem}.'
    return at_rows(named, "error", None, problem, "{fix}", "{shown}")
