"""Every patient's course as a lane: follow-up, response states, maintenance, and what happened when.

Time zero is the infusion. A state lasts from its assessment to the next one; after the last it is known until progression-free
follow-up ends (`assessed`), and only carried on beyond. Before the first assessment there is no state.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.cohort.time_unit import DAYS_PER, from_days, in_unit

RESPONDING: Final = ("sCR", "CR", "VGPR", "PR")
MARKS: Final = ("First response", "Progression", "Death", "Ongoing", "Last contact")
FOLLOWED_ON: Final = ("cut-off", "cutoff", "ongoing", "alive")
LEFT_EARLY: Final = ("lost", "last", "withdr", "before")  # "lost to follow-up, last seen alive" is not followed on
SORTS: Final = ("Follow-up", "Best response", "Time to first response", "Patient")


@dataclass(frozen=True)
class Gaps:
    """What the lanes leave out or assume: events before the infusion and after the end of follow-up, which are not drawn;
    lanes that end with another endpoint for want of overall survival; maintenance without a stop, drawn to the end.
    """

    before: int = 0
    after: int = 0
    without_survival: int = 0
    open_ended: int = 0


@dataclass(frozen=True)
class Lanes:
    """Four tables over the same patients, times in `unit`.

    `lanes`: patient, row, group, end, status, best. `segments`: patient, state, start, end, assessed. `marks`: patient, kind, time.
    `therapies`: patient, therapy, start, end. `headers`: group, row (empty unless grouped). `left_out`: why a patient has no lane.
    """

    unit: str
    grouping: Grouping
    lanes: pd.DataFrame
    segments: pd.DataFrame
    marks: pd.DataFrame
    therapies: pd.DataFrame
    headers: pd.DataFrame
    left_out: tuple[tuple[str, int], ...]
    n: int
    gaps: Gaps

    @property
    def n_rows(self) -> int:
        return len(self.lanes) + len(self.headers)


def lanes(cohort: Cohort, grouping: Grouping, unit: str, sort: str = SORTS[0], grouped: bool = True) -> Lanes:
    """The lanes of the selected patients, sorted within groups if `grouped`."""
    followed = _follow_up(cohort, unit)
    patients = cohort.patients[["patient_id"]].rename(columns={"patient_id": "patient"})
    patients["group"] = grouping.of(cohort.patients).fillna("not stated").to_numpy()
    table = patients.merge(followed, how="left", on="patient")
    states = _states(cohort, unit)
    progressions = _progressions(cohort, states, unit)
    until = states[states["time"] <= states["patient"].map(progressions).fillna(float("inf"))]
    table["best"] = table["patient"].map(_best(until))
    without = int(table["end"].isna().sum())
    table = table[table["end"].notna()]
    first = until[until["response"].isin(RESPONDING)].groupby("patient")["time"].min()
    table, headers = _in_rows(table.assign(first=table["patient"].map(first)), grouping, sort, grouped)
    return Lanes(
        unit, grouping, table, _segments(table, states, progressions, _free_of_progression(cohort, unit)),
        _marks(table, first, progressions), _maintenance(cohort, table, unit), headers,
        (("no follow-up time recorded", without),) if without else (), cohort.n, _gaps(cohort, table, states, progressions, unit),
    )  # fmt: skip


def _follow_up(cohort: Cohort, unit: str) -> pd.DataFrame:
    """patient, end, status: Death, Ongoing (alive and followed to the cut-off), or Last contact.

    A patient without overall survival is followed to the end of the longest other endpoint.
    """
    times = _times(cohort, unit)
    os = times["endpoint"] == "os"
    rows = times[os | ~times["patient"].isin(times.loc[os, "patient"])]
    rows = rows.sort_values("time").drop_duplicates("patient", keep="last")
    alive = rows["censoring_reason"].fillna("").str.casefold().map(_is_followed_on)
    died = (rows["event"] == 1) & (rows["endpoint"] == "os")
    status = (
        pd.Series("Last contact", index=rows.index).mask(alive & (rows["event"] == 0), "Ongoing").mask(died, "Death")
    )
    return pd.DataFrame({"patient": rows["patient"], "end": rows["time"], "status": status})


def _is_followed_on(why: str) -> bool:
    return any(word in why for word in FOLLOWED_ON) and not any(word in why for word in LEFT_EARLY)


def _times(cohort: Cohort, unit: str) -> pd.DataFrame:
    usable = cohort.endpoints[cohort.endpoints["problem"] == ""]
    return usable.assign(patient=usable["patient_id"], time=in_unit(usable["time"], usable["unit"], unit))


def _states(cohort: Cohort, unit: str) -> pd.DataFrame:
    """Every assessment with a response since infusion: patient, time, response; of two on one day the later row counts."""
    rows = cohort.responses.dropna(subset=["response", "day"])
    rows = rows[rows["day"] >= 0]
    table = pd.DataFrame(
        {"patient": rows["patient_id"], "time": from_days(rows["day"], unit), "response": rows["response"]}
    )
    return table.sort_values(["patient", "time"], kind="stable").drop_duplicates(["patient", "time"], keep="last")


def _best(states: pd.DataFrame) -> dict[str, str]:
    """The best response of each patient, over these assessments: those until progression (IMWG)."""
    place = {response: number for number, response in enumerate(RESPONSES)}
    ranked = states.assign(place=states["response"].map(place)).sort_values("place", kind="stable")
    best = ranked.drop_duplicates("patient")
    return dict(zip(best["patient"], best["response"], strict=True))


def _progressions(cohort: Cohort, states: pd.DataFrame, unit: str) -> pd.Series:
    """The time of progression by patient: the endpoint TTP (or PFS, unless it is the death), else the first PD assessed.

    PFS ends with the death where the two are less than a day apart: times in months are rounded.
    """
    times = _times(cohort, unit)
    happened = times[times["event"] == 1]
    time_of = {name: rows.set_index("patient")["time"] for name, rows in happened.groupby("endpoint")}
    none = pd.Series(dtype="float64")
    pfs, death = time_of.get("pfs", none), time_of.get("os", none)
    progressed = pfs[pfs <= death.reindex(pfs.index).fillna(float("inf")) - 1 / DAYS_PER[unit]]
    assessed = states[states["response"] == "PD"].groupby("patient")["time"].min()
    return time_of.get("ttp", none).combine_first(progressed).combine_first(assessed)


def _free_of_progression(cohort: Cohort, unit: str) -> pd.Series:
    """Until when a patient is known to be without progression: the end of TTP or PFS."""
    times = _times(cohort, unit)
    return times[times["endpoint"].isin(["ttp", "pfs"])].groupby("patient")["time"].max()


def _segments(table: pd.DataFrame, states: pd.DataFrame, progressions: pd.Series, free: pd.Series) -> pd.DataFrame:
    """The response states of every lane, none of them reaching beyond its end."""
    by_patient = dict(list(states.groupby("patient")))
    rows: list[tuple[str, str, float, float, bool]] = []
    for lane in table.to_dict("records"):
        patient, end = lane["patient"], lane["end"]
        assessed = by_patient.get(patient, states[:0])
        points = _points(assessed, progressions.get(patient, float("inf")), end)
        starts = [start for start, _ in points]
        for (start, state), stop in zip(points, [*starts[1:], end], strict=False):
            known = stop if stop < end or state == "PD" else max(start, min(stop, free.get(patient, start)))
            rows += [(patient, state, start, known, True)] if known > start else []
            rows += [(patient, state, known, stop, False)] if stop > known else []
    segments = pd.DataFrame(rows, columns=["patient", "state", "start", "end", "assessed"])
    return _joined(segments[segments["state"] != "NE"])


def _points(assessed: pd.DataFrame, progression: float, end: float) -> list[tuple[float, str]]:
    """When which state begins within the lane: assessments until progression, then PD."""
    points = [
        (float(time), str(state))
        for time, state in zip(assessed["time"], assessed["response"], strict=True)
        if time < min(progression, end) and state != "PD"
    ]
    return [*points, (progression, "PD")] if progression < end else points


def _joined(segments: pd.DataFrame) -> pd.DataFrame:
    """Segments that follow one another in the same state, as one."""
    same = (segments[["patient", "state", "assessed"]] == segments[["patient", "state", "assessed"]].shift()).all(
        axis=1
    )
    begins = ~(same & (segments["start"] == segments["end"].shift()))
    stretch = segments.groupby(begins.cumsum().to_numpy(), sort=False)
    return stretch.agg(
        {"patient": "first", "state": "first", "start": "min", "end": "max", "assessed": "first"}
    ).reset_index(drop=True)


def _marks(table: pd.DataFrame, first: pd.Series, progressions: pd.Series) -> pd.DataFrame:
    """First response and progression within the lane, and how the lane ends; terminal marks last, so they are drawn last."""
    rows = []
    for kind, times in (("First response", first), ("Progression", progressions)):
        for patient, end in zip(table["patient"], table["end"], strict=True):
            time = times.get(patient)
            if time is not None and time <= end:
                rows.append((patient, kind, float(time)))
    rows += list(zip(table["patient"], table["status"], table["end"], strict=True))
    return pd.DataFrame(rows, columns=["patient", "kind", "time"])


def _maintenance(cohort: Cohort, table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Courses of maintenance within the lane; one without a stop lasts to the end of the lane."""
    rows = _maintenance_rows(cohort, table)
    ends = table.set_index("patient")["end"]
    start, stop = from_days(rows["start_day"], unit), from_days(rows["stop_day"], unit)
    lane_end = rows["patient_id"].map(ends)
    courses = pd.DataFrame({"patient": rows["patient_id"], "therapy": rows["therapy"].fillna("maintenance"), "start": start.clip(lower=0),
                            "end": stop.fillna(lane_end).clip(upper=lane_end)})  # fmt: skip
    return courses[courses["end"] > courses["start"]].reset_index(drop=True)


def _maintenance_rows(cohort: Cohort, table: pd.DataFrame) -> pd.DataFrame:
    rows = cohort.therapies
    return rows[(rows["kind"] == "maintenance") & rows["start_day"].notna() & rows["patient_id"].isin(table["patient"])]


def _gaps(cohort: Cohort, table: pd.DataFrame, states: pd.DataFrame, progressions: pd.Series, unit: str) -> Gaps:
    """Times less than a day beyond the end of a lane are within it: times in months are rounded."""
    ends = table.set_index("patient")["end"] + 1 / DAYS_PER[unit]
    assessed = cohort.responses.dropna(subset=["response", "day"])
    courses = _maintenance_rows(cohort, table)
    late = [
        states["time"] > states["patient"].map(ends),
        progressions > ends.reindex(progressions.index),
        from_days(courses["start_day"], unit) > courses["patient_id"].map(ends),
    ]
    with_survival = set(_times(cohort, unit).query("endpoint == 'os'")["patient"])
    return Gaps(
        int((assessed["day"] < 0).sum()),
        sum(int(beyond.sum()) for beyond in late),
        int((~table["patient"].isin(with_survival)).sum()),
        int((courses["stop_day"].isna() & (courses["ongoing"] != "yes")).sum()),
    )


def _in_rows(table: pd.DataFrame, grouping: Grouping, sort: str, grouped: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lanes with their row, longest on top (or as `sort` says), and a header row above each group that has lanes."""
    place = {response: number for number, response in enumerate(RESPONSES)}
    keys = {
        "Follow-up": -table["end"], "Best response": table["best"].map(place).fillna(len(place)), "Time to first response": table["first"],
        "Patient": table["patient"],
    }  # fmt: skip
    ordered = table.assign(key=keys[sort], length=-table["end"]).sort_values(
        ["key", "length"], na_position="last", kind="stable"
    )
    if not (grouped and grouping.compares):
        return ordered.assign(row=range(len(ordered))).drop(columns=["key", "length"]), pd.DataFrame(
            columns=["group", "row"]
        )
    parts, headers, row = [], [], 0
    for name in [*grouping.names, "not stated"]:
        mine = ordered[ordered["group"] == name]
        if len(mine):
            headers.append((name, row))
            parts.append(mine.assign(row=range(row + 1, row + 1 + len(mine))))
            row += 1 + len(mine)
    together = pd.concat(parts) if parts else ordered.assign(row=pd.Series(dtype=int))
    return together.drop(columns=["key", "length"]), pd.DataFrame(headers, columns=["group", "row"])
