"""What happened when: infusions, first and best response, MRD, severe CRS, the workbook's own events, progression, how
the lane ends.

A mark after the end of its lane stays where it is and is flagged `outside`; one so late that all lanes would shrink is
counted. Each kind has a shape of its own, told apart without colour.
"""

from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.time_unit import DAYS_PER, from_days
from lib.publication.palette import PAPER
from lib.publication.theme import table
from lib.swimmer.course import Course, on_clock
from lib.swimmer.options import (
    BEST_RESPONSE,
    FIRST_RESPONSE,
    INFUSION,
    MRD_NEGATIVE,
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
