"""The swimmer plot as tables: everything that is drawn, one row each, and one row of numbers a lane."""

from collections.abc import Hashable
from typing import Any, Final

import pandas as pd

from lib.publication.exhibit import Numbers
from lib.swimmer.lane import Lanes
from lib.swimmer.options import FIRST_RESPONSE, PROGRESSION, RESPONSE, THERAPY

COLUMNS: Final = ["patient", "group", "what", "value", "start", "end", "assessed", "outside"]


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
    filled = [part.reindex(columns=COLUMNS) for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=[*COLUMNS, "unit"])
    together = pd.concat([part.astype("object") for part in filled], ignore_index=True)
    groups = result.lanes.set_index("patient")["group"]
    together = together.assign(group=together["patient"].map(groups), unit=result.unit)
    return together.astype({"start": "float64", "end": "float64"})


def lane_numbers(result: Lanes) -> Numbers:
    """One row a lane."""
    progression = result.marks[result.marks["kind"] == PROGRESSION].set_index("patient")["time"]
    response = result.lanes.set_index("patient")["first"].dropna()
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
    rows = tuple(
        (lane["patient"], lane["group"], lane["end"], lane["status"], None if pd.isna(lane["best"]) else lane["best"], response.get(lane["patient"]), progression.get(lane["patient"]),
         _why_missing(lane, response, progression), lane["start"])
        for lane in result.lanes.to_dict("records")
    )  # fmt: skip
    return Numbers(columns, rows)


def _why_missing(lane: dict[Hashable, Any], response: pd.Series, progression: pd.Series) -> str | None:
    """What did not happen to this patient, or was not recorded."""
    said = [("best_response: none recorded", pd.isna(lane["best"])), (f"{FIRST_RESPONSE.lower().replace(' ', '_')}: none recorded", lane["patient"] not in response),
            ("progression: none recorded", lane["patient"] not in progression)]  # fmt: skip
    return "; ".join(words for words, missing in said if missing) or None
