"""Every patient's course as a lane: follow-up, states, therapies under it, what happened when, and the row in which it
stands.

Time zero is the infusion. A lane ends with death or last contact, and begins before the infusion where something
recorded does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort, kept_of_each
from lib.cohort.schema import RESPONSES
from lib.publication.exhibit import Later, Numbers
from lib.publication.fitting import thinned
from lib.swimmer.marks import Marks, course, follow_up, marks, recorded, without_survival
from lib.swimmer.options import PROGRESSION, RESPONSE, THERAPY, SwimmerOptions, ends_of, settled
from lib.swimmer.segments import bars, segments

NOT_STATED: Final = "not stated"
COLUMNS: Final = ["patient", "group", "what", "value", "start", "end", "assessed", "outside"]


@dataclass(frozen=True)
class Gaps:
    """What the lanes leave out or assume, as numbers of rows (`without_survival`: of lanes).

    before: assessments before the infusion. after: states and courses that begin after the end of the lane. earlier:
    therapies long before the infusion. outside: marks after the end of the lane, drawn there. far: marks too late to be
    drawn. undated: without a day. backwards: that end before they begin. overlapping: states that a later one hides in
    part. open_ended: courses without a stated end, drawn to the end of follow-up (bridging: to the infusion).
    unclear: progressions that may be deaths.
    """

    before: int = 0
    after: int = 0
    earlier: int = 0
    outside: int = 0
    far: int = 0
    undated: int = 0
    backwards: int = 0
    overlapping: int = 0
    open_ended: int = 0
    without_survival: int = 0
    unclear: int = 0


@dataclass(frozen=True)
class Lanes:
    """Tables over the same patients, times in `unit`.

    `lanes`: patient, row, group, start, end, status, best, first. `segments`: patient, state, start, end, assessed.
    `marks`: patient, kind, time, outside. `therapies`: patient, kind, therapy, start, end. `headers`: group, row (empty
    unless grouped). `left_out`: why a patient has no lane. `tells_progression`: whether anything in the workbook could.
    """

    unit: str
    grouping: Grouping
    options: SwimmerOptions
    lanes: pd.DataFrame
    segments: pd.DataFrame
    marks: pd.DataFrame
    therapies: pd.DataFrame
    headers: pd.DataFrame
    left_out: tuple[tuple[str, int], ...]
    n: int
    gaps: Gaps
    tells_progression: bool = True

    @property
    def n_rows(self) -> int:
        """Lanes and headers together."""
        return len(self.lanes) + len(self.headers)


def lanes(cohort: Cohort, grouping: Grouping, unit: str, options: SwimmerOptions | None = None) -> Lanes:
    """The lanes of the selected patients; without options as `settled` chooses for the cohort."""
    chosen = settled(options or SwimmerOptions(), cohort)
    known = known_of_each(cohort, unit, chosen.colour, chosen.carried, chosen.marks or ())
    table, without = _lanes(known["lanes"], grouping.of(cohort.patients))
    happened = marks(known["marks"], table, unit)
    table = table.assign(start=_starts(table, known["segments"], known["bars"], happened.table))
    table, headers = in_rows(table, cohort, grouping, chosen)
    return Lanes(
        unit,
        grouping,
        chosen,
        table,
        known["segments"],
        happened.table,
        known["bars"],
        headers,
        (("no follow-up time recorded", without),) if without else (),
        cohort.n,
        _gaps(known["gaps"], happened, without_survival(cohort, table["patient"])),
        PROGRESSION in ends_of(cohort),
    )


@kept_of_each
def known_of_each(
    cohort: Cohort, unit: str, colour: str, carried: bool, chosen: tuple[str, ...]
) -> dict[str, pd.DataFrame]:
    """What a lane is made of, whoever else is selected, each over a column `patient`: `lanes` (end, status, best,
    first; of everybody), `segments`, `bars`, `marks`, and as `gaps` why each row that is missing in them is."""
    responses = course(cohort, unit)
    every = cohort.patients[["patient_id"]].rename(columns={"patient_id": "patient"})
    every = every.merge(follow_up(cohort, unit), how="left", on="patient")
    every = every.assign(best=every["patient"].map(responses.best), first=every["patient"].map(responses.first))
    table = every[every["end"].notna()]
    states = segments(cohort, table, responses, colour, carried, unit)
    courses = bars(cohort, table, unit)
    gaps: list[tuple[str, Iterable[str]]] = [*states.gaps.items(), *courses.gaps.items()]
    gaps += [("before", responses.before), ("unclear", responses.unclear)]
    return {
        "lanes": every,
        "segments": states.table,
        "bars": courses.table,
        "marks": recorded(cohort, table, responses, chosen, unit),
        "gaps": pd.DataFrame([(patient, why) for why, rows in gaps for patient in rows], columns=["patient", "why"]),
    }


def _lanes(every: pd.DataFrame, groups: pd.Series) -> tuple[pd.DataFrame, int]:
    """patient, group, end, status, best, first; and how many patients have no follow-up."""
    table = every.copy()
    table.insert(1, "group", groups.fillna(NOT_STATED).to_numpy())
    followed = table["end"].notna()
    return table[followed], int((~followed).sum())


def _starts(table: pd.DataFrame, *drawn: pd.DataFrame) -> pd.Series:
    """Where each lane begins: with the infusion, or with what is drawn before it."""
    columns = [each.set_index("patient")["start" if "start" in each.columns else "time"] for each in drawn]
    begun = [column.astype(float) for column in columns if len(column)]
    earliest = pd.concat(begun).groupby(level=0).min() if begun else pd.Series(dtype="float64")
    return table["patient"].map(earliest).astype(float).fillna(0.0).clip(upper=0.0)


def _gaps(rows: pd.DataFrame, happened: Marks, without: int) -> Gaps:
    times = Counter(rows["why"])
    return Gaps(
        before=times["before"],
        after=times["after"],
        earlier=times["earlier"],
        outside=int(happened.table["outside"].sum()),
        far=happened.far,
        undated=times["undated"] + happened.undated,
        backwards=times["backwards"],
        overlapping=times["overlapping"],
        open_ended=times["open_ended"],
        without_survival=without,
        unclear=times["unclear"],
    )


def in_rows(
    table: pd.DataFrame, cohort: Cohort, grouping: Grouping, options: SwimmerOptions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lanes (patient, group, end, best, first) with their row, and a header row (group, row) above each group that
    has lanes.

    Of equal lanes the longer one stands above; whoever has no value stands last.
    """
    keyed = table.assign(key=_key(table, cohort, grouping, options.sort), length=-table["end"])
    ordered = keyed.sort_values(["key", "length"], na_position="last", kind="stable").drop(columns=["key", "length"])
    if not (options.grouped and grouping.compares):
        return ordered.assign(row=range(len(ordered))), pd.DataFrame(columns=["group", "row"])
    parts, headers, row = [], [], 0
    for name in [*grouping.names, NOT_STATED]:
        mine = ordered[ordered["group"] == name]
        if len(mine):
            headers.append((name, row))
            parts.append(mine.assign(row=range(row + 1, row + 1 + len(mine))))
            row += 1 + len(mine)
    together = pd.concat(parts) if parts else ordered.assign(row=pd.Series(dtype=int))
    return together, pd.DataFrame(headers, columns=["group", "row"])


def _key(table: pd.DataFrame, cohort: Cohort, grouping: Grouping, sort: str) -> pd.Series:
    """What lanes are sorted by: numbers from low to high, words in the order of their levels."""
    place = {response: number for number, response in enumerate(RESPONSES)}
    groups = {name: number for number, name in enumerate(grouping.names)}
    keys = {
        "Best response": table["best"].map(place),
        "Time to first response": table["first"],
        "Patient": table["patient"],
        "Group": table["group"].map(groups),
    }
    if sort in keys:
        return keys[sort]
    variable = cohort.variable(sort)
    if variable is None:
        return -table["end"]
    values = table["patient"].map(cohort.patients.set_index("patient_id")[variable.name])
    levels = {level: number for number, level in enumerate(variable.levels)}
    return values.map(levels) if variable.kind == "category" else values.astype(float)


def drawn_rows(result: Lanes) -> pd.DataFrame:
    """Follow-up, states, bars and events, times in `unit`; `outside` = after the end of its lane."""
    colour = result.options.colour
    what = colour if colour in (RESPONSE, THERAPY) else "state"
    marks = result.marks
    parts = [
        result.lanes.assign(what="follow-up", value=result.lanes["status"], start=0.0),
        result.segments.assign(what=what, value=result.segments["state"]),
        result.therapies.assign(what=result.therapies["kind"], value=result.therapies["therapy"]),
        marks.assign(what="event", value=marks["kind"], start=marks["time"], end=marks["time"]),
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=[*COLUMNS, "unit"])
    together = pd.DataFrame({name: np.concatenate([_column(part, name) for part in filled]) for name in COLUMNS})
    groups = result.lanes.set_index("patient")["group"]
    together = together.assign(group=together["patient"].map(groups), unit=result.unit)
    return together.astype({"start": "float64", "end": "float64"})


def some_of(result: Lanes, most: int) -> Lanes:
    """About so many of the lanes, evenly spread in their order, with all that is drawn on them."""
    if len(result.lanes) <= most:
        return result
    names = list(result.headers["group"])
    kept = thinned(result.lanes, most, "group" if names else "")
    above = kept["group"].map({name: place + 1 for place, name in enumerate(names)}) if names else 0
    kept = kept.assign(row=np.arange(len(kept)) + above)
    headers = result.headers.assign(row=result.headers["group"].map(kept.groupby("group")["row"].min()) - 1)
    parts = {
        name: (table := getattr(result, name))[table["patient"].isin(kept["patient"])].reset_index(drop=True)
        for name in ("segments", "marks", "therapies")
    }
    return replace(result, lanes=kept, headers=headers, **parts)


def _column(part: pd.DataFrame, name: str) -> npt.NDArray[np.object_]:
    """A column as objects, NaN where the part has no such column."""
    return part[name].to_numpy(object) if name in part.columns else np.full(len(part), np.nan, dtype=object)


def lane_numbers(result: Lanes) -> Numbers:
    """One row a lane."""
    columns = (
        ("patient", ""),
        ("group", ""),
        ("end", result.unit),
        ("status", ""),
        ("best_response", ""),
        ("first_response", result.unit),
        ("progression", result.unit),
        ("reason", ""),
        ("start", result.unit),
    )
    return Numbers(columns, Later(lambda: _lane_rows(result)))


def _lane_rows(result: Lanes) -> Iterator[tuple[object, ...]]:
    progression = result.marks[result.marks["kind"] == PROGRESSION].set_index("patient")["time"].to_dict()
    response = result.lanes.set_index("patient")["first"].dropna().to_dict()
    for lane in result.lanes.to_dict("records"):
        patient, best = lane["patient"], None if pd.isna(lane["best"]) else lane["best"]
        happened = {
            "best_response": best,
            "first_response": response.get(patient),
            "progression": progression.get(patient),
        }
        missing = "; ".join(f"{name}: none recorded" for name, value in happened.items() if value is None)
        yield patient, lane["group"], lane["end"], lane["status"], *happened.values(), missing or None, lane["start"]
