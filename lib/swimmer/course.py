"""The response of every patient in time: assessments since the infusion, progression, first and best response.

Progression is the event of TTP, else of PFS unless it is the death, else the first PD assessed. Best response is the best until
progression (IMWG, Kumar et al. 2016).
"""

from dataclasses import dataclass

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import RESPONSES
from lib.cohort.time_unit import DAYS_PER, from_days
from lib.swimmer.follow_up import endpoint_times


@dataclass(frozen=True)
class Course:
    """`assessments`: patient, time, stop, ongoing, response. All else by patient, times in one unit.

    `free` = until when a patient is known to be without progression; `n_before` assessments stand before the infusion.
    """

    assessments: pd.DataFrame
    progression: pd.Series
    free: pd.Series
    first: pd.Series
    best: pd.Series
    best_time: pd.Series
    mrd_negative: pd.Series
    n_before: int


def course(cohort: Cohort, unit: str) -> Course:
    """The course of the responses of the selected patients."""
    every = _assessments(cohort, unit)
    before = (every["time"] < 0) & ~(every["stop"] > 0)
    since = every[~before]
    progression = _progressions(cohort, since, unit)
    until = since[since["time"] <= since["patient"].map(progression).fillna(float("inf"))]
    best = _best(until)
    return Course(
        since, progression, _free_of_progression(cohort, unit),
        until[until["response"].isin(scale_of(cohort).responding)].groupby("patient")["time"].min(),
        best["response"], best["time"], _mrd_negative(cohort, unit), int(before.sum()),
    )  # fmt: skip


def _assessments(cohort: Cohort, unit: str) -> pd.DataFrame:
    """Every assessment with a response and a day; of two on one day the later row counts."""
    rows = cohort.responses.dropna(subset=["response", "day"])
    table = pd.DataFrame(
        {"patient": rows["patient_id"], "time": from_days(rows["day"], unit), "stop": from_days(rows["stop_day"], unit),
         "ongoing": rows["ongoing"] == "yes", "response": rows["response"]}
    )  # fmt: skip
    return table.sort_values(["patient", "time"], kind="stable").drop_duplicates(["patient", "time"], keep="last")


def _best(until: pd.DataFrame) -> pd.DataFrame:
    """By patient the best response until progression, and when it was first reached."""
    place = {response: number for number, response in enumerate(RESPONSES)}
    ranked = until.assign(place=until["response"].map(place)).sort_values("place", kind="stable")
    return ranked.drop_duplicates("patient").set_index("patient")[["response", "time"]]


def _progressions(cohort: Cohort, since: pd.DataFrame, unit: str) -> pd.Series:
    """PFS ends with the death where the two are less than a day apart: times in months are rounded."""
    times = endpoint_times(cohort, unit)
    happened = times[times["event"] == 1]
    time_of = {name: rows.set_index("patient")["time"] for name, rows in happened.groupby("endpoint")}
    none = pd.Series(dtype="float64")
    pfs, death = time_of.get("pfs", none), time_of.get("os", none)
    progressed = pfs[pfs <= death.reindex(pfs.index).fillna(float("inf")) - 1 / DAYS_PER[unit]]
    assessed = since[since["response"] == "PD"].groupby("patient")["time"].min()
    return time_of.get("ttp", none).combine_first(progressed).combine_first(assessed)


def _free_of_progression(cohort: Cohort, unit: str) -> pd.Series:
    times = endpoint_times(cohort, unit)
    return times[times["endpoint"].isin(["ttp", "pfs"])].groupby("patient")["time"].max()


def _mrd_negative(cohort: Cohort, unit: str) -> pd.Series:
    """The first assessment since the infusion without measurable residual disease."""
    rows = cohort.responses[(cohort.responses["mrd"] == "negative") & (cohort.responses["day"] >= 0)]
    return from_days(rows.groupby("patient_id")["day"].min(), unit)
