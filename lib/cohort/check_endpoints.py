"""Contradictions between times: they remove the endpoint concerned, never the patient; `problem` says why.

What may be right although it is odd is left in use and reported as a warning: see check_follow_up.py.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows
from lib.cohort.study_day import InfusionDates, days_between
from lib.cohort.time_unit import DAYS_PER, in_days

BEFORE_DEATH: Final = ("pfs", "ttp", "efs", "dor", "ttnt")  # endpoints that cannot happen later than death
ROUNDING_DAYS: Final = 1.0  # times written in months are rounded: less than a day apart is no contradiction
HAPPENS: Final = {"ttnt": "next treatment", "efs": "event"}  # of the others: progression


def check_endpoints(
    endpoints: pd.DataFrame, cutoff: dt.date | None, dates: InfusionDates
) -> tuple[pd.DataFrame, list[Finding]]:
    """The endpoints with the problem of each row, and a finding for each problem.

    `column` (where the time stands) is kept for later checks and must be dropped after them.
    """
    if endpoints.empty:
        return endpoints.drop(columns="mend"), []
    problem, mend = (endpoints[name].astype("object") for name in ("problem", "mend"))
    for wrong, words, how in _rules(endpoints, cutoff, dates):
        new = wrong & (problem == "")
        if new.any():
            happens = endpoints["endpoint"].map(HAPPENS).fillna("progression")
            problem = problem.mask(new, words if "{" not in words else happens + words.removeprefix("{what}"))
            mend = mend.mask(new, how)
    checked = endpoints.assign(problem=problem, mend=mend)
    return checked.drop(columns="mend"), _unused(checked[problem != ""])


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
    return at_rows(named, "error", None, problem, "{mend}", "{shown}")
