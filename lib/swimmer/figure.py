"""The swimmer figure: one lane a patient, strips at the left, events on the lane."""

import math
from collections.abc import Hashable
from typing import Any, Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import plural
from lib.publication.palette import group_colours
from lib.swimmer.chart import SwimmerLook, swimmer_chart
from lib.swimmer.lane import Lanes

STRIP_VARIABLES: Final = ("emd", "high_risk_cytogenetics")
STRIP_NAMES: Final = {"emd": "EMD", "high_risk_cytogenetics": "High risk"}
STEPS: Final = {
    "months": (1, 2, 3, 6, 12, 24, 36),
    "weeks": (2, 4, 8, 13, 26, 52),
    "days": (7, 14, 30, 60, 90, 180, 365),
}
MOST_TICKS: Final = 13


def swimmer_figure(result: Lanes, cohort: Cohort) -> Figure:
    """The figure; `cohort` gives the strips and the words in the legends."""
    strips = tuple(name for name in STRIP_VARIABLES if cohort.variable(name) and name != result.grouping.variable)
    look, tables = _look(result, cohort, strips), _tables(result, cohort, strips)
    blank = any(len(tables[f"strip_{place}"]) < len(result.lanes) for place in range(len(look.strips)))
    return Figure(
        id="swimmer.plot", title="Course of each patient", chart=swimmer_chart(look), tables=tables,
        data=_data(result), caption=_caption(result, blank), alt=_alt(result), notes=_notes(result), n=len(result.lanes), numbers=_numbers(result),
    )  # fmt: skip


def headline(result: Lanes) -> tuple[str, str]:
    """How the lanes end, in one sentence."""
    status = result.lanes["status"].value_counts()
    parts = [f"{status.get(kind, 0)} {words}" for kind, words in (("Death", "died"), ("Ongoing", "alive and followed to the data cut-off"), ("Last contact", "last seen alive before it")) if status.get(kind, 0)]  # fmt: skip
    progressed = result.marks.loc[result.marks["kind"] == "Progression", "patient"].nunique()
    return (
        f"Of {plural(len(result.lanes), 'patient')}, {progressed} progressed; {', '.join(parts) or 'nobody was followed'}.",
        "",
    )


def _look(result: Lanes, cohort: Cohort, strips: tuple[str, ...]) -> SwimmerLook:
    height, labels = _density(cohort.n_opened)
    compares = result.grouping.compares
    return SwimmerLook(
        unit=result.unit,
        colours=group_colours([group.colour for group in result.grouping.groups]) if compares else (),
        group_names=result.grouping.names if compares else (),
        strips=(("",) if compares else ()) + strips,
        states=tuple(state for state in cohort.vocabulary.get("response", ()) if state != "NE"),
        maintenance="maintenance" in cohort.vocabulary.get("therapy_kind", ()),
        lane_height=height,
        labels=labels,
    )


def _density(n: int) -> tuple[int, bool]:
    """Pixels a lane, and whether lanes are labelled, for a cohort of this size."""
    return next(
        (height, labels)
        for most, height, labels in ((24, 22, True), (70, 16, True), (130, 12, True), (10**9, 6, False))
        if n <= most
    )


def _tables(result: Lanes, cohort: Cohort, strips: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    rows = result.lanes.set_index("patient")["row"]
    facts = _facts(cohort)
    segments = result.segments.assign(
        how=result.segments["assessed"].map({True: "assessed", False: "carried on after the last assessment"})
    )
    table = {
        "lane": result.lanes[["patient", "row", "end"]].assign(start=0.0),
        "segment": _placed(segments, rows)
        .merge(result.lanes[["patient", "group"]], on="patient")
        .assign(facts=lambda each: each["patient"].map(facts)),
        "therapy": _placed(result.therapies, rows).assign(legend="Maintenance"),
        "mark": _placed(result.marks, rows),
        "header": _headers(result),
        "tick": pd.DataFrame({"time": _ticks(result)}),
        "heading": pd.DataFrame({"text": [""]}),
    }
    return table | _strip_tables(result, cohort, strips)


def _placed(table: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    return table.assign(row=table["patient"].map(rows))


def _headers(result: Lanes) -> pd.DataFrame:
    sizes = result.lanes["group"].value_counts()
    opened = {group.name: group.size for group in result.grouping.groups}
    text = [
        f"{name} ({sizes[name]})" if sizes[name] >= opened.get(name, 0) else f"{name} ({sizes[name]} of {opened[name]})"
        for name in result.headers["group"]
    ]
    return result.headers.assign(text=text)[["row", "text"]]


def _strip_tables(result: Lanes, cohort: Cohort, strips: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """For each strip its squares (row, value) and its heading."""
    named: list[tuple[str, pd.Series]] = []
    if result.grouping.compares:
        named.append((result.grouping.label, result.lanes.set_index("patient")["group"]))
    named += [(STRIP_NAMES[strip], cohort.patients.set_index("patient_id")[strip]) for strip in strips]
    tables = {}
    for place, (heading, values) in enumerate(named):
        value = result.lanes["patient"].map(values)
        squares = pd.DataFrame({"row": result.lanes["row"], "value": value})
        tables[f"strip_{place}"] = squares[value.notna() & (value != "not stated")]
        tables[f"strip_head_{place}"] = pd.DataFrame({"text": [heading]})
    return tables


def _facts(cohort: Cohort) -> dict[str, str]:
    """What is known of each patient before infusion, for the pointer."""
    shown = [variable for variable in cohort.variables if variable.known_before_infusion]
    return {
        row["patient_id"]: "; ".join(f"{variable.label}: {row[variable.name]:g}" if variable.kind == "number" else f"{variable.label}: {row[variable.name]}"
                                     for variable in shown if not pd.isna(row[variable.name]))
        for row in cohort.patients.to_dict("records")
    }  # fmt: skip


def _ticks(result: Lanes) -> list[float]:
    longest = float(result.lanes["end"].max()) if len(result.lanes) else 12.0
    step = next((step for step in STEPS[result.unit] if longest / step <= MOST_TICKS - 1), None)
    step = step or STEPS[result.unit][-1] * math.ceil(longest / STEPS[result.unit][-1] / (MOST_TICKS - 1))
    return [float(step * place) for place in range(max(1, math.ceil(longest / step)) + 1)]


def _data(result: Lanes) -> pd.DataFrame:
    """Everything that is drawn, one row each."""
    parts = [
        result.lanes.assign(what="follow-up", value=result.lanes["status"], start=0.0)[
            ["patient", "group", "what", "value", "start", "end"]
        ],
        result.segments.assign(what="response", value=result.segments["state"])[
            ["patient", "what", "value", "start", "end", "assessed"]
        ],
        result.therapies.assign(what="maintenance", value=result.therapies["therapy"])[
            ["patient", "what", "value", "start", "end"]
        ],
        result.marks.assign(
            what="event", value=result.marks["kind"], start=result.marks["time"], end=result.marks["time"]
        )[["patient", "what", "value", "start", "end"]],
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0]
    return pd.concat(filled, ignore_index=True).assign(unit=result.unit)


def _caption(result: Lanes, blank: bool) -> str:
    squares = " No square at the left: not stated." if blank else ""
    return (
        f"One lane a patient, in {result.unit} from infusion to death or last contact (n = {len(result.lanes)}). Colour: response from one "
        "assessment to the next, paler where it is only carried on after the last; grey: no assessment yet. Arrow: alive and followed to the "
        f"data cut-off.{squares}"
    )


def _notes(result: Lanes) -> tuple[str, ...]:
    said = [f"{n} of {result.n} not drawn: {reason}." for reason, n in result.left_out]
    gaps = result.gaps
    if gaps.before:
        said.append(f"{plural(gaps.before, 'assessment')} before the infusion not drawn.")
    if gaps.after:
        said.append(f"{plural(gaps.after, 'event')} after the end of follow-up not drawn.")
    if gaps.without_survival:
        said.append(
            f"{plural(gaps.without_survival, 'lane')} without overall survival: drawn to the end of the longest other endpoint."
        )
    if gaps.open_ended:
        said.append(
            f"{plural(gaps.open_ended, 'course')} of maintenance without a stated end: drawn to the end of follow-up."
        )
    return tuple(said)


def _why_missing(lane: dict[Hashable, Any], response: pd.Series, progression: pd.Series) -> str | None:
    """What did not happen to this patient, or was not recorded."""
    said = [("best_response: none recorded", pd.isna(lane["best"])), ("first_response: none recorded", lane["patient"] not in response),
            ("progression: none recorded", lane["patient"] not in progression)]  # fmt: skip
    return "; ".join(words for words, missing in said if missing) or None


def _numbers(result: Lanes) -> Numbers:
    """One row a lane."""
    progression = result.marks[result.marks["kind"] == "Progression"].set_index("patient")["time"]
    response = result.marks[result.marks["kind"] == "First response"].set_index("patient")["time"]
    columns = (
        ("patient", ""),
        ("group", ""),
        ("end", result.unit),
        ("status", ""),
        ("best_response", ""),
        ("first_response", result.unit),
        ("progression", result.unit),
        ("reason", ""),
    )
    rows = tuple(
        (lane["patient"], lane["group"], lane["end"], lane["status"], None if pd.isna(lane["best"]) else lane["best"], response.get(lane["patient"]), progression.get(lane["patient"]),
         _why_missing(lane, response, progression))
        for lane in result.lanes.to_dict("records")
    )  # fmt: skip
    return Numbers(columns, rows)


def _alt(result: Lanes) -> str:
    sentence, _ = headline(result)
    longest = result.lanes["end"].max() if len(result.lanes) else 0
    return f"Swimmer plot: one horizontal lane a patient over {result.unit} since infusion, the longest {longest:.1f}. {sentence}"
