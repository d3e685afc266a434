"""What happened when: infusions, first and best response, MRD, severe CRS, the workbook's own events, progression, how
the lane ends.

A mark after the end of its lane stays where it is and is flagged `outside`; one so late that all lanes would shrink is
counted. Each kind has a shape of its own, told apart without colour.

What is known of every patient in time: follow-up and its end, assessments, progression, first and best response, all
on one clock.

Follow-up ends with death, at the cut-off, or with the last contact; without overall survival, with the longest other
endpoint. Progression is the event of TTP, else of PFS unless it is the death, else the first PD assessed. Best response
is the best until progression (IMWG, Kumar et al. 2016). Days of States and Events that are counted from another
infusion are moved by the days between the two, so that a lane shows the whole course of a patient who was infused more
than once."""

from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.response_scale import scale_of
from lib.cohort.schema import RESPONSES
from lib.cohort.time_unit import DAYS_PER, from_days, in_unit
from lib.publication.palette import PAPER
from lib.publication.theme import table
from lib.swimmer.options import (
    BEST_RESPONSE,
    DEATH,
    FIRST_RESPONSE,
    INFUSION,
    LAST_CONTACT,
    MRD_NEGATIVE,
    ONGOING,
    ONSET,
    OWN_EVENT,
    PROGRESSION,
    REINFUSION,
    SEVERE_CRS,
    START,
    is_crs,
    marks_of,
)

SEVERE: Final = 3
FAR: Final = 1.5  # of the longest lane: a mark beyond is a slip of the pen more often than not
SYMBOLS: Final[dict[str, tuple[str, str]]] = {  # shape and fill
    "Infusion": ("M-.87,-.75L.87,-.75L0,.75Z", "#4D4D4D"),
    "Re-infusion": ("M-.3,-1L.3,-1L.3,0L.85,0L0,1L-.85,0L-.3,0Z", "#4D4D4D"),
    "First response": ("M0,-1L.87,.5L-.87,.5Z", "#FFFFFF"),
    "Best response, if later": (
        "M0,-1.1L.27,-.37L1.05,-.34L.43,.14L.65,.89L0,.46L-.65,.89L-.43,.14L-1.05,-.34L-.27,-.37Z",
        "#F6C700",
    ),
    "MRD negative": ("M0,-.85A.85,.85,0,1,1,0,.85A.85,.85,0,1,1,0,-.85ZM-.45,0L.45,0", "#FFFFFF"),
    "CRS grade 3 or higher": ("M-.72,-.72L.72,-.72L.72,.72L-.72,.72Z", "#E7298A"),
    "Progression": ("M-.9,0L0,-.9L.9,0L0,.9Z", "#D7301F"),
    "Last contact": ("M0,-1L0,1", "#333333"),
    "Ongoing": ("M-.3,-.8L1.1,0L-.3,.8Z", "#333333"),
    "Death": ("M-.75,-.75L.75,.75M.75,-.75L-.75,.75", "#000000"),
}
OWN_SYMBOLS: Final = (  # for the workbook's own words, by their place among those chosen
    ("M0,-.95L.9,-.29L.56,.77L-.56,.77L-.9,-.29Z", "#66C2A5"),
    ("M-.8,-.8L.8,-.8L-.8,.8L.8,.8Z", "#8DA0CB"),
    (
        "M-.32,-.95L.32,-.95L.32,-.32L.95,-.32L.95,.32L.32,.32L.32,.95L-.32,.95L-.32,.32L-.95,.32L-.95,-.32L-.32,-.32Z",
        "#FFFFFF",
    ),
    ("M0,-.85A.85,.85,0,1,1,0,.85A.85,.85,0,1,1,0,-.85Z", "#E5C494"),
    ("M-.95,0L-.48,-.82L.48,-.82L.95,0L.48,.82L-.48,.82Z", "#FFFFFF"),
    ("M-.45,-.95L.45,-.95L.45,.95L-.45,.95Z", "#A6D854"),
)
RING: Final = "#D7301F"


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


@dataclass(frozen=True)
class Marks:
    """`table`: patient, kind, time, outside, in the order in which they are drawn. `far` lie too late to be drawn;
    `undated` have no day."""

    table: pd.DataFrame
    far: int = 0
    undated: int = 0


def recorded(cohort: Cohort, lanes: pd.DataFrame, course: Course, chosen: tuple[str, ...], unit: str) -> pd.DataFrame:
    """The chosen marks of these lanes (patient, end), then progression: patient, time, kind, end of the lane."""
    end_of, names = lanes.set_index("patient")["end"], marks_of(cohort)
    parts = [_times(mark, cohort, course, unit).assign(kind=names[mark]) for mark in chosen]
    parts.append(_by_patient(course.progression).assign(kind=PROGRESSION))
    found = pd.concat(parts, ignore_index=True)
    found = found.assign(end=found["patient"].map(end_of).astype(float))
    return found[found["end"].notna()].reset_index(drop=True)


def marks(found: pd.DataFrame, lanes: pd.DataFrame, unit: str) -> Marks:
    """Of what is recorded what is drawn of these lanes (patient, end, status), and their ends, which always are."""
    farthest, late = FAR * max(lanes["end"], default=0.0), found["end"] + 1 / DAYS_PER[unit]
    near = found["time"] <= np.maximum(farthest, late)
    drawn = found[near].assign(outside=found["time"] > late)
    drawn = drawn.assign(time=drawn["time"].where(drawn["outside"], drawn[["time", "end"]].min(axis=1)))
    ends = pd.DataFrame({"patient": lanes["patient"], "kind": lanes["status"], "time": lanes["end"], "outside": False})
    columns = ["patient", "kind", "time", "outside"]
    table = pd.concat([drawn[columns], ends[columns]], ignore_index=True).astype({"outside": bool})
    undated = int(found["time"].isna().sum())
    return Marks(table, int((~near).sum()) - undated, undated)


def _times(mark: str, cohort: Cohort, course: Course, unit: str) -> pd.DataFrame:
    """patient and time of one kind of mark; the time is NaN where it is not known."""
    if mark == INFUSION:
        return pd.DataFrame({"patient": cohort.patients["patient_id"], "time": 0.0})
    if mark == REINFUSION:
        again = cohort.infusions[cohort.infusions["infusion"] > cohort.infusion]
        return on_clock(cohort, again.assign(infusion=1.0), unit, time="day")[["patient", "time"]]
    if mark == SEVERE_CRS:
        return _first(_onsets(cohort, unit).query("is_crs and grade >= @SEVERE"))
    if "\t" in mark:
        return _times_of_own(mark, cohort, unit)
    later = course.best_time[course.best_time > course.first.reindex(course.best_time.index)]
    return _by_patient({FIRST_RESPONSE: course.first, BEST_RESPONSE: later, MRD_NEGATIVE: course.mrd_negative}[mark])


def _times_of_own(mark: str, cohort: Cohort, unit: str) -> pd.DataFrame:
    """The same of a mark of the workbook's own words."""
    if mark.startswith(OWN_EVENT):
        rows = cohort.events[cohort.events["event"] == mark.removeprefix(OWN_EVENT)]
        return on_clock(cohort, rows, unit, time="day")[["patient", "time"]]
    if mark.startswith(ONSET):
        onsets = _onsets(cohort, unit)
        return _first(onsets[(onsets["term"] == mark.removeprefix(ONSET)) & ~(onsets["grade"] == 0)])
    kind, name = mark.removeprefix(START).split("\t", 1)
    rows = cohort.therapies
    rows = rows[(rows["kind"].fillna("") == kind) & (rows["therapy"].fillna("") == name)]
    return pd.DataFrame({"patient": rows["patient_id"], "time": from_days(rows["start_day"], unit)})


def _onsets(cohort: Cohort, unit: str) -> pd.DataFrame:
    rows = cohort.adverse_events
    return pd.DataFrame(
        {
            "patient": rows["patient_id"],
            "term": rows["term"],
            "grade": rows["grade"],
            "time": from_days(rows["start_day"], unit),
            "is_crs": rows["term"].isin([term for term in rows["term"].dropna().unique() if is_crs(term)]),
        }
    )


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    """The first of each patient; NaN where none of them has a day."""
    return _by_patient(rows.groupby("patient")["time"].min())


def _by_patient(times: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"patient": times.index.astype("object"), "time": times.to_numpy(float)})


def symbols(kinds: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Shape and fill of each kind, in its order; kinds without a symbol of their own get the next of OWN_SYMBOLS."""
    own = [kind for kind in kinds if kind not in SYMBOLS]
    given = {kind: OWN_SYMBOLS[place % len(OWN_SYMBOLS)] for place, kind in enumerate(own)}
    return {kind: SYMBOLS.get(kind) or given[kind] for kind in kinds}


def mark_layers(time: alt.X, unit: str) -> list[alt.Chart]:
    """A ring around each mark after the end of its lane; the marks in the order of their table, on a white halo."""
    tooltip = [
        alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("what:N", title="Event"),
        alt.Tooltip("time:Q", title=unit.capitalize(), format=".1f"),
        alt.Tooltip("day:Q", title="Day", format=".0f"),
    ]
    down = alt.YValue(alt.ExprRef("datum.mark_y"))
    size = alt.Size("size:Q", scale=None)
    moved: dict[str, Any] = {"xOffset": alt.ExprRef("datum.right"), "opacity": 1, "clip": False}
    ring = table("outside").mark_point(
        shape="circle", stroke=RING, strokeWidth=1.4, strokeDash=[3, 2], filled=False, **moved
    )
    place = {"x": time, "y": down, "size": size, "shape": alt.Shape("shape:N", scale=None)}
    halo = (
        table("mark")
        .transform_filter("datum.halo")
        .mark_point(stroke=PAPER, strokeWidth=2.8, strokeJoin="round", fill=PAPER, **moved)
    )
    point = table("mark").mark_point(cursor="pointer", **moved)
    looks = {
        "fill": alt.Fill("fill:N", scale=None),
        "stroke": alt.Stroke("outline:N", scale=None),
        "strokeWidth": alt.StrokeWidth("edge:Q", scale=None),
    }
    return [
        ring.encode(x=time, y=down, size=size),
        halo.encode(**place),
        point.encode(**place, **looks, tooltip=tooltip),
    ]
