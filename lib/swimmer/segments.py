"""In which state a lane is when, and the bars under it: stretches from a first to a last day.

Segments of one colour never overlap and never leave the lane. Responses: from an assessment to the next one, or to its
own last day where that is given; after the last assessment the state is known until progression-free follow-up ends
(`assessed`), and only carried on beyond. States and therapies: from their first to their last day; one without a last
day is carried on. Of two at once the one that began later is shown. Bars: maintenance and bridging; one without a last
day lasts to the end of the lane (bridging: to the infusion), and that is counted.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.time_unit import DAYS_PER, from_days
from lib.swimmer.marks import Course, on_clock
from lib.swimmer.options import BAR_KINDS, NOT_BEFORE, RESPONSE, STATE, THERAPY

COLUMNS: Final = ["patient", "state", "start", "end", "assessed"]
NO_STATE: Final = "NE"
Gaps = Mapping[str, list[str]]  # by why something cannot be seen the patient of each row


@dataclass(frozen=True)
class Segments:
    """`table`: patient, state, start, end, assessed. `gaps`: the patient of each row that was recorded and cannot be
    seen, by why: it ends before it begins, has no day, begins after the end of the lane or long before the infusion,
    or another one hides it in part."""

    table: pd.DataFrame
    gaps: Gaps


def segments(cohort: Cohort, lanes: pd.DataFrame, course: Course, colour: str, carried: bool, unit: str) -> Segments:
    """The segments of these lanes (patient, end) under this colour; `carried` on beyond what is known, or not."""
    spells, earlier = _spells(cohort, lanes, course, colour, unit)
    spells = spells[spells["patient"].isin(lanes["patient"])]
    undated, backwards = spells["start"].isna(), spells["end"] < spells["start"]
    lane_end = spells["patient"].map(lanes.set_index("patient")["end"]).astype(float)
    after = ~undated & ~backwards & (spells["start"] > lane_end + 1 / DAYS_PER[unit])
    usable = spells[~undated & ~backwards & ~after].assign(end=spells["end"].clip(upper=lane_end))
    table, overlapping = _painted(usable[usable["end"] > usable["start"]])
    table = table[table["state"] != NO_STATE]
    table = _joined(table if carried else table[table["assessed"]])
    rows = {"backwards": backwards, "undated": undated, "after": after}
    gaps = {why: list(spells.loc[there, "patient"]) for why, there in rows.items()}
    return Segments(table, {**gaps, "earlier": earlier, "overlapping": overlapping})


def _spells(
    cohort: Cohort, lanes: pd.DataFrame, course: Course, colour: str, unit: str
) -> tuple[pd.DataFrame, list[str]]:
    """Everything that may be painted: patient, state, start, end, assessed; and the patient of each row that is too
    early to be drawn."""
    if colour == RESPONSE:
        return _of_responses(lanes, course), []
    if colour == THERAPY:
        rows = cohort.therapies
        early = rows["kind"].isin(NOT_BEFORE) & ~(rows["start_day"] >= 0)
        given = rows[~early]
        named = given.assign(
            patient=given["patient_id"],
            state=given["therapy"].fillna(given["kind"]),
            start=from_days(given["start_day"], unit),
            stop=from_days(given["stop_day"], unit),
        )
        return _with_ends(named, lanes, False), list(rows.loc[early, "patient_id"])
    rows = cohort.states[cohort.states["measure"] == colour.removeprefix(STATE)]
    return _with_ends(on_clock(cohort, rows, unit, start="start_day", stop="stop_day"), lanes, True), []


def _of_responses(lanes: pd.DataFrame, course: Course) -> pd.DataFrame:
    """Assessments until progression, then PD to the end of the lane."""
    ended = lanes.set_index("patient")["end"]
    progressed = course.progression.reindex(ended.index).astype(float).fillna(float("inf"))
    rows = course.assessments[course.assessments["patient"].isin(ended.index)]
    rows = rows.assign(progression=rows["patient"].map(progressed), lane_end=rows["patient"].map(ended).astype(float))
    rows = rows[(rows["time"] < rows["progression"]) & (rows["response"] != "PD")]
    assessed = _of_assessments(rows, course)
    after = pd.DataFrame(
        {"patient": ended.index, "state": "PD", "start": progressed, "end": ended, "assessed": True}
    ).reset_index(drop=True)
    found = pd.concat([assessed, after[after["start"] < after["end"]]], ignore_index=True)
    place = found["patient"].map(pd.Series(range(len(ended)), index=ended.index))
    return found.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)


def _of_assessments(rows: pd.DataFrame, course: Course) -> pd.DataFrame:
    """From each to the next one or its own last day; the last is carried on beyond what is known. Rows in order of
    patient and time."""
    start, stated = rows["time"], rows["stop"].notna()
    until = rows[["progression", "lane_end"]].min(axis=1)
    following = start.groupby(rows["patient"], sort=False).shift(-1).fillna(until)
    free = rows["patient"].map(course.free).astype(float).fillna(start)
    goes_on = ~stated & ~(rows["ongoing"] | (following < rows["lane_end"]) | (start >= rows["lane_end"]))
    known = np.maximum(start, np.minimum(rows["lane_end"], free))
    end = np.where(goes_on, known, np.maximum(start, following))
    end = np.where(stated, np.minimum(rows["stop"], rows["progression"]), end)
    state = {"patient": rows["patient"], "state": rows["response"]}
    seen = pd.DataFrame({**state, "start": start, "end": end, "assessed": True})
    carried = pd.DataFrame({**state, "start": known, "end": rows["lane_end"], "assessed": False})[goes_on]
    return pd.concat([seen, carried]).sort_index(kind="stable").astype({"assessed": bool})


def _with_ends(rows: pd.DataFrame, lanes: pd.DataFrame, in_turn: bool) -> pd.DataFrame:
    """Courses with both ends: one without a last day lasts to the next that begins (`in_turn`), else to the end of the
    lane.

    A state without a first day begins where the row above it ended, or with the infusion.
    """
    rows = rows.reset_index(drop=True)
    if in_turn:
        ended = rows.groupby("patient")["stop"].shift()
        first = ~rows["patient"].duplicated()
        rows = rows.assign(start=rows["start"].fillna(ended.mask(first, 0.0)))
        following = rows.sort_values("start", kind="stable").groupby("patient")["start"].shift(-1)
    else:
        following = pd.Series(float("nan"), index=rows.index)
    lane_end = rows["patient"].map(lanes.set_index("patient")["end"]).astype(float)
    open_ended = rows["stop"].isna()
    carried = open_ended & following.isna() & (rows["ongoing"] != "yes")
    end = rows["stop"].fillna(following).fillna(lane_end.where(lane_end >= rows["start"], rows["start"]))
    return pd.DataFrame(
        {
            "patient": rows["patient"],
            "state": rows["state"],
            "start": rows["start"].astype(float),
            "end": end.astype(float),
            "assessed": ~carried,
        }
    )


def _painted(spells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The spells cut so that none overlap: at every moment the one that began last, of equals the lower row. And the
    patient of each that overlapped."""
    place = pd.factorize(spells["patient"])[0]
    ordered = spells.assign(place=place).sort_values(["place", "start"], kind="stable")[[*COLUMNS, "place"]]
    until = ordered.groupby("place")["end"].cummax().shift().mask(ordered["place"] != ordered["place"].shift())
    crowded = ordered["place"].isin(ordered.loc[ordered["start"] < until, "place"])
    parts, overlapping = [ordered[~crowded]], list[str]()
    for number, mine in ordered[crowded].groupby("place"):
        cut, hidden = _cut(mine)
        parts.append(cut.assign(place=number))
        overlapping += [mine["patient"].iloc[0]] * hidden
    together = pd.concat(parts) if len(parts) > 1 else parts[0]
    painted = together.sort_values("place", kind="stable").drop(columns="place").reset_index(drop=True)
    return painted.astype({"patient": "object", "assessed": bool}), overlapping


def _cut(mine: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The spells of one patient, in order of their beginning, cut so that none overlap; how many are hidden by another
    in part."""
    rows: list[tuple[str, str, float, float, bool]] = []
    spans = list(mine[COLUMNS].itertuples(index=False, name=None))
    edges = sorted({edge for _, _, start, end, _ in spans for edge in (start, end)})
    hidden: set[int] = set()
    for left, right in itertools.pairwise(edges):
        over = [number for number, span in enumerate(spans) if span[2] <= left and span[3] >= right]
        hidden |= {number for number in over[:-1] if spans[number][1] != spans[over[-1]][1]}
        if over:
            patient, state, _, _, assessed = spans[over[-1]]
            rows.append((patient, state, left, right, assessed))
    return pd.DataFrame(rows, columns=COLUMNS), len(hidden)


def _joined(table: pd.DataFrame) -> pd.DataFrame:
    """Segments that follow one another in the same state, as one."""
    named = table[["patient", "state", "assessed"]]
    begins = ~((named == named.shift()).all(axis=1) & (table["start"] == table["end"].shift()))
    stretch = table.groupby(begins.cumsum().to_numpy(), sort=False)
    joined = stretch.agg({"patient": "first", "state": "first", "start": "min", "end": "max", "assessed": "first"})
    return joined.reset_index(drop=True)


@dataclass(frozen=True)
class Bars:
    """`table`: patient, kind, therapy, start, end. `gaps`: the patient of each course without a stated end, without a
    first day, that begins after the end of the lane, and that ends before it begins."""

    table: pd.DataFrame
    gaps: Gaps


def bars(cohort: Cohort, lanes: pd.DataFrame, unit: str) -> Bars:
    """The bars of these lanes (patient, end)."""
    rows = cohort.therapies
    rows = rows[rows["kind"].isin(BAR_KINDS) & rows["patient_id"].isin(lanes["patient"])]
    lane_end = rows["patient_id"].map(lanes.set_index("patient")["end"]).astype(float)
    start, stop = from_days(rows["start_day"], unit), from_days(rows["stop_day"], unit)
    until = lane_end.mask((rows["kind"] == "bridging") & (start < 0), 0.0)
    after, backwards = start > lane_end + 1 / DAYS_PER[unit], stop < start
    table = pd.DataFrame(
        {
            "patient": rows["patient_id"],
            "kind": rows["kind"],
            "therapy": rows["therapy"].fillna(rows["kind"]),
            "start": start,
            "end": stop.fillna(until).clip(upper=lane_end),
        }
    )
    drawn = table[(table["end"] > table["start"]) & ~backwards].reset_index(drop=True)
    open_ended = rows["stop_day"].isna() & (rows["ongoing"] != "yes") & start.notna()
    rows_of = {"open_ended": open_ended, "undated": start.isna(), "after": after, "backwards": backwards}
    return Bars(drawn, {why: list(rows.loc[there, "patient_id"]) for why, there in rows_of.items()})
