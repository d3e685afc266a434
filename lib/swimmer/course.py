"""What is known of every patient in time: follow-up and its end, assessments, progression, first and best response, all
on one clock.

Follow-up ends with death, at the cut-off, or with the last contact; without overall survival, with the longest other
endpoint. Progression is the event of TTP, else of PFS unless it is the death, else the first PD assessed. Best response
is the best until progression (IMWG, Kumar et al. 2016). Days of States and Events that are counted from another
infusion are moved by the days between the two, so that a lane shows the whole course of a patient who was infused more
than once.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import RESPONSES
from lib.cohort.time_unit import DAYS_PER, from_days, in_unit
from lib.swimmer.options import DEATH, LAST_CONTACT, ONGOING


@dataclass(frozen=True)
class Course:
    """`assessments`: patient, time, stop, ongoing, response. All else by patient, times in one unit.

    `free` = until when a patient is known to be without progression. `before`: of each assessment that stands before
    the infusion the patient. `unclear`: patients whose progression is an event of PFS that may have been the death,
    since their survival is not recorded.
    """

    assessments: pd.DataFrame
    progression: pd.Series
    free: pd.Series
    first: pd.Series
    best: pd.Series
    best_time: pd.Series
    mrd_negative: pd.Series
    before: pd.Series
    unclear: frozenset[str] = frozenset()


def course(cohort: Cohort, unit: str) -> Course:
    """The course of the responses of these patients."""
    every = _assessments(cohort, unit)
    before = (every["time"] < 0) & ~(every["stop"] > 0)
    since = every[~before]
    progression, unclear = _progressions(cohort, since, unit)
    until = since[since["time"] <= since["patient"].map(progression).fillna(float("inf"))]
    best = _best(until)
    return Course(
        since,
        progression,
        _free_of_progression(cohort, unit),
        until[until["response"].isin(scale_of(cohort).responding)].groupby("patient")["time"].min(),
        best["response"],
        best["time"],
        _mrd_negative(cohort, unit),
        every.loc[before, "patient"],
        unclear,
    )


def _assessments(cohort: Cohort, unit: str) -> pd.DataFrame:
    """Every assessment with a response and a day; of two on one day the later row counts."""
    rows = cohort.responses.dropna(subset=["response", "day"])
    table = pd.DataFrame(
        {
            "patient": rows["patient_id"],
            "time": from_days(rows["day"], unit),
            "stop": from_days(rows["stop_day"], unit),
            "ongoing": rows["ongoing"] == "yes",
            "response": rows["response"],
        }
    )
    return table.sort_values(["patient", "time"], kind="stable").drop_duplicates(["patient", "time"], keep="last")


def _best(until: pd.DataFrame) -> pd.DataFrame:
    """By patient the best response until progression, and when it was first reached."""
    place = {response: number for number, response in enumerate(RESPONSES)}
    ranked = until.assign(place=until["response"].map(place)).sort_values("place", kind="stable")
    return ranked.drop_duplicates("patient").set_index("patient")[["response", "time"]]


def _progressions(cohort: Cohort, since: pd.DataFrame, unit: str) -> tuple[pd.Series, frozenset[str]]:
    """By patient, and of whom the event of PFS may have been the death. PFS ends with the death where the two are less
    than a day apart: times in months are rounded."""
    times = endpoint_times(cohort, unit)
    happened = times[times["event"] == 1]
    time_of = {name: rows.set_index("patient")["time"] for name, rows in happened.groupby("endpoint")}
    none = pd.Series(dtype="float64")
    pfs, death = time_of.get("pfs", none), time_of.get("os", none)
    progressed = pfs[pfs <= death.reindex(pfs.index).fillna(float("inf")) - 1 / DAYS_PER[unit]]
    assessed = since[since["response"] == "PD"].groupby("patient")["time"].min()
    alive_or_dead = times.loc[times["endpoint"] == "os", "patient"]
    known = {*alive_or_dead, *time_of.get("ttp", none).index, *assessed.index}
    found = time_of.get("ttp", none).combine_first(progressed).combine_first(assessed)
    return found, frozenset(progressed.index) - known


def _free_of_progression(cohort: Cohort, unit: str) -> pd.Series:
    times = endpoint_times(cohort, unit)
    return times[times["endpoint"].isin(["ttp", "pfs"])].groupby("patient")["time"].max()


def _mrd_negative(cohort: Cohort, unit: str) -> pd.Series:
    """The first assessment since the infusion without measurable residual disease."""
    rows = cohort.responses[(cohort.responses["mrd"] == "negative") & (cohort.responses["day"] >= 0)]
    return from_days(rows.groupby("patient_id")["day"].min(), unit)


FOLLOWED_ON: Final = ("cut-off", "cutoff", "ongoing", "alive")
LEFT_EARLY: Final = ("lost", "last", "withdr", "before")  # "lost to follow-up, last seen alive" is not followed on


def follow_up(cohort: Cohort, unit: str) -> pd.DataFrame:
    """patient, end, status."""
    times = endpoint_times(cohort, unit)
    os = times["endpoint"] == "os"
    rows = times[os | ~times["patient"].isin(times.loc[os, "patient"])]
    rows = rows.sort_values("time").drop_duplicates("patient", keep="last")
    why = rows["censoring_reason"].fillna("").str.casefold()
    alive = why.map({words: _is_followed_on(words) for words in why.unique()}).astype(bool)
    died = (rows["event"] == 1) & (rows["endpoint"] == "os")
    status = pd.Series(LAST_CONTACT, index=rows.index).mask(alive & (rows["event"] == 0), ONGOING).mask(died, DEATH)
    return pd.DataFrame({"patient": rows["patient"], "end": rows["time"], "status": status})


def endpoint_times(cohort: Cohort, unit: str) -> pd.DataFrame:
    """The endpoints that can be used, with patient and time in `unit`."""
    usable = cohort.endpoints[cohort.endpoints["problem"] == ""]
    return usable.assign(patient=usable["patient_id"], time=in_unit(usable["time"], usable["unit"], unit))


def without_survival(cohort: Cohort, patients: pd.Series) -> int:
    """How many of these patients have no overall survival."""
    usable = cohort.endpoints[(cohort.endpoints["problem"] == "") & (cohort.endpoints["endpoint"] == "os")]
    return int((~patients.isin(usable["patient_id"])).sum())


def _is_followed_on(why: str) -> bool:
    return any(word in why for word in FOLLOWED_ON) and not any(word in why for word in LEFT_EARLY)


def on_clock(cohort: Cohort, table: pd.DataFrame, unit: str, **columns: str) -> pd.DataFrame:
    """The rows with `patient` and, for each name=column, that column in `unit` since the chosen infusion.

    A row of another infusion whose day is not known keeps its place in the table with missing times.
    """
    begun = cohort.infusions.dropna(subset=["infusion"]).drop_duplicates(["patient_id", "infusion"])
    day_of = begun.set_index(["patient_id", "infusion"])["day"]
    shift = _days(day_of, table["patient_id"], table["infusion"])
    shift -= _days(day_of, table["patient_id"], pd.Series(float(cohort.infusion), index=table.index))
    shift = shift.mask(table["infusion"] == cohort.infusion, 0.0)
    times = {name: from_days(table[column] + shift, unit) for name, column in columns.items()}
    return table.assign(patient=table["patient_id"], **times).reset_index(drop=True)


def _days(day_of: pd.Series, patients: pd.Series, numbers: pd.Series) -> pd.Series:
    """The day of each infusion since the first; the first is day 0 unless its row says otherwise."""
    keys = pd.MultiIndex.from_arrays([patients, numbers])
    days = pd.Series(day_of.reindex(keys).to_numpy(dtype="float64"), index=patients.index)
    return days.mask(days.isna() & (numbers == 1), 0.0)
