"""Depth of response over time, a heat map: every assessment of every patient in the period in which it was made.

A day belongs to the month nearest to it (30.4375 days; at least 1), a month to one of PERIODS. Nothing is hidden:
several assessments of a patient in a period stand side by side. Patients in order of group, best response, and day of
its first assessment. The chart depends on the states, the groups and the number of patients of the opened cohort, never
on the selection: its height follows the rows.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.response_scale import MRD_NEGATIVE, mrd_word
from lib.cohort.schema import RESPONSES
from lib.cohort.time_unit import DAYS_PER
from lib.derived.best_response import ResponseEnds, best_overall_responses, response_ends
from lib.publication.exhibit import Exhibit, Figure, frame_numbers
from lib.publication.fitting import thinned, thinned_words
from lib.publication.number import plural, sentences
from lib.publication.options import Sized
from lib.publication.palette import GRID, INK, PAPER
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, text_width
from lib.publication.theme import HOVER, Specification, labelled, publish, table, text_layer, tooltips
from lib.response.rates import grouping_method, grouping_notes
from lib.response.state import ASSESSED, NE, NOT_ASSESSED, on, responses, state_colour, untitled

MONTH: Final = DAYS_PER["months"]
FOR_EVER: Final = 10**6
FIRST_MONTHS: Final = (1, 2, 3, 4, 7, 10, 13, 19, 25, 37)
PERIODS: Final = tuple(zip(FIRST_MONTHS, (*(first - 1 for first in FIRST_MONTHS[1:]), FOR_EVER), strict=True))  # months
RANK: Final = {response: place for place, response in enumerate((*RESPONSES, NOT_ASSESSED))}
LETTERS: Final = {"VGPR": "VG"}  # where two share a period; others as they are
MOST_WITH_LETTERS: Final = 3  # assessments of one patient in one period; more have no room for letters
MOST_ROWS: Final = 150  # patients; of more some are drawn
PLACE_OF_MARK: Final = {"Other treatment": 0.82, "Death": 0.94}  # in its period, out of the way of letters
NARROWEST, AROUND = 620, 44  # pixels of the figure in a narrow window, and beside the periods and ids
CELL: Final = ["patient", "group", "row", "left", "right", "at", "day", "state", "mrd", "facts", "letters", "ink"]
CAPTION: Final = "Every assessed response by month since infusion, one row a patient; blank: not assessed."
HEADER_HEIGHT: Final = 18  # pixels
MARKS: Final = {"Other treatment": "M-.9,0L0,-.9L.9,0L0,.9Z", "Death": "M-.75,-.75L.75,.75M.75,-.75L-.75,.75"}
LEAST_FOR_LETTERS: Final = 12  # pixels of a row
LETTER_SIZE: Final = 10
LONGEST_ID: Final = 0.16  # of the width


@dataclass(frozen=True)
class Depth:
    """`patients`: patient, group, slot, best, row (from 0, over all groups). `cells`: patient, row, period (its
    number), day, state, negative (MRD), place (among the `n` of the period), after (made after progression or another
    treatment). `marks`: patient, row, period, day, kind.
    """

    grouping: Grouping
    patients: pd.DataFrame
    cells: pd.DataFrame
    marks: pd.DataFrame
    source: str
    n_selected: int
    n_undated: int
    infusion: int

    @property
    def n(self) -> int:
        """How many patients have a group."""
        return len(self.patients)


@dataclass(frozen=True)
class DepthLook:
    """States in the legend, pixels a row, whether rows have a label."""

    states: tuple[str, ...]
    row_height: int
    labels: bool
    width: int = SCREEN

    @property
    def gutter(self) -> int:
        """Pixels for the patients' ids."""
        return round(LONGEST_ID * self.width)


def depth(cohort: Cohort, grouping: Grouping) -> Depth:
    """Of every selected patient with a group, also those without an assessment."""
    ended = response_ends(cohort)
    patients = _in_order(cohort, grouping)
    row = patients.set_index("patient")["row"]
    rows = cohort.responses[(cohort.responses["day"] > 0) & cohort.responses["response"].notna()]
    rows = rows[rows["patient_id"].isin(row.index)].rename(columns={"patient_id": "patient", "response": "state"})
    return Depth(
        grouping,
        patients,
        _cells(rows.assign(row=rows["patient"].map(row)), ended),
        _marks(ended, row),
        ended.source,
        cohort.n,
        int(cohort.responses["day"].isna().sum()),
        cohort.infusion,
    )


def period_of(day: pd.Series) -> pd.Series:
    """The number of the period of each day; halves of a month count up."""
    month = np.floor(day.to_numpy(float) / MONTH + 0.5)
    ends = [last for _, last in PERIODS]
    return pd.Series(np.searchsorted(ends[:-1], np.maximum(month, 1.0)), index=day.index, dtype="int64")


def _in_order(cohort: Cohort, grouping: Grouping) -> pd.DataFrame:
    best = best_overall_responses(cohort).fillna(NOT_ASSESSED)
    seen = cohort.responses[cohort.responses["response"] == cohort.responses["patient_id"].map(best)]
    first = seen[seen["day"] > 0].groupby("patient_id")["day"].min().reindex(best.index)
    slots = {name: slot for slot, name in enumerate(grouping.names)}
    group = grouping.of(cohort.patients).to_numpy()
    every = pd.DataFrame({"patient": best.index, "group": group, "best": best.to_numpy(), "first": first.to_numpy()})
    every = every[every["group"].notna()]
    every = every.assign(slot=every["group"].map(slots).astype(int), rank=every["best"].map(RANK).astype(int))
    ordered = every.sort_values(["slot", "rank", "first"], kind="stable", ignore_index=True)
    return ordered.assign(row=range(len(ordered)))[["patient", "group", "slot", "best", "row"]]


def _cells(rows: pd.DataFrame, ended: ResponseEnds) -> pd.DataFrame:
    """One row an assessment."""
    until = pd.DataFrame({name: rows["patient"].map(ended.table[name]) for name in ("progressed", "treated")})
    after = (rows["day"] > until["progressed"] + 1) | (rows["day"] > until["treated"])
    reported = rows.assign(
        period=period_of(rows["day"]),
        after=after,
        negative=rows["mrd"].map(lambda word: mrd_word(str(word)), na_action="ignore") == MRD_NEGATIVE,
    )
    ordered = reported.sort_values(["row", "day"], kind="stable", ignore_index=True)
    together = ordered.groupby(["patient", "period"])["day"]
    ordered = ordered.assign(place=together.cumcount(), n=together.transform("size")).astype({"row": int, "n": int})
    return ordered[["patient", "row", "period", "day", "state", "negative", "place", "n", "after"]]


def _marks(ended: ResponseEnds, row: pd.Series) -> pd.DataFrame:
    """When patients died or were treated otherwise."""
    kinds = {"treated": "Other treatment", "died": "Death"}
    ends = ended.table.loc[ended.table.index.isin(row.index), list(kinds)].rename(columns=kinds)
    days = ends.melt(var_name="kind", value_name="day", ignore_index=False).dropna(subset="day")
    rows = row.reindex(days.index).to_numpy()
    found = days.rename_axis("patient").reset_index().assign(row=rows, period=period_of(days["day"]).to_numpy())
    return found[["patient", "row", "period", "day", "kind"]]


def depth_figure(result: Depth, n_opened: int, responses: tuple[str, ...], width: int = SCREEN) -> Figure:
    """The figure; `n_opened` patients and these responses are those of the opened cohort."""
    look = DepthLook(tuple(state for state in (*ASSESSED, NE) if state in responses), *_density(n_opened), width)
    drawn = _some_of(result)
    rows = _rows(drawn, -(-HEADER_HEIGHT // look.row_height))
    data = _data(result)
    return Figure(
        id="response.depth",
        title=f"Depth of response over time{result.grouping.by}",
        chart=depth_chart(look),
        tables=_tables(drawn, result, rows, look),
        data=data,
        caption=sentences(CAPTION, thinned_words(drawn.n, result.n, "patients drawn, evenly spread in this order")),
        method=_method(result, look),
        alt=_alt(result),
        notes=_notes(result),
        n=result.n,
        numbers=frame_numbers(data, result.grouping.level_of, day="days"),
    )


def _some_of(result: Depth) -> Depth:
    """The patients that are drawn, with their cells and marks; of a large cohort some, evenly spread in their order."""
    kept = thinned(result.patients, MOST_ROWS, "slot")
    place = pd.Series(range(len(kept)), index=kept["row"])
    parts = [each.assign(row=each["row"].map(place)) for each in (result.cells, result.marks)]
    cells, marks = (each[each["row"].notna()].astype({"row": int}) for each in parts)
    return replace(result, patients=kept.assign(row=range(len(kept))), cells=cells, marks=marks)


def _density(n: int) -> tuple[int, bool]:
    """Pixels a row, and whether rows are labelled, for a cohort of this size; labels as in the swimmer plot."""
    steps = ((24, 22, True), (70, 16, True), (130, 12, True), (10**9, 6, False))
    return next((height, labels) for most, height, labels in steps if n <= most)


def _rows(result: Depth, per_header: int) -> dict[int, int]:
    """Where each row of the result is drawn: a header above each group moves it down."""
    slots = sorted(set(result.patients["slot"])) if result.grouping.compares else []
    shift = {slot: per_header * (place + 1) for place, slot in enumerate(slots)}
    return {row["row"]: row["row"] + shift.get(row["slot"], 0) for row in result.patients.to_dict("records")}


def _tables(result: Depth, whole: Depth, rows: dict[int, int], look: DepthLook) -> dict[str, pd.DataFrame]:
    cells, marks = result.cells, result.marks
    left = cells["period"] + cells["place"] / cells["n"]
    periods = _periods(result)
    room = (min(look.width, NARROWEST) - look.gutter - AROUND) / len(periods) / cells["n"] - 2
    letters = _fitting(cells["state"], room).mask(cells["n"] > MOST_WITH_LETTERS, "")
    cells = cells.assign(
        row=cells["row"].map(rows),
        group=cells["patient"].map(result.patients.set_index("patient")["group"]),
        left=left,
        right=left + 1 / cells["n"],
        at=left + 0.5 / cells["n"],
        letters=letters,
        ink=cells["state"].map(on),
        mrd=cells["negative"].map({True: "negative", False: ""}),
        facts=cells["after"].map({True: "after progression or another treatment", False: ""}),
    )
    placed = marks.assign(row=marks["row"].map(rows), at=marks["period"] + marks["kind"].map(PLACE_OF_MARK))
    return {
        "cell": cells[CELL],
        "patient": result.patients.assign(row=result.patients["row"].map(rows))[["patient", "slot", "row"]],
        "mark": placed[["patient", "row", "at", "kind", "day"]],
        "header": _headers(result, whole, rows, -(-HEADER_HEIGHT // look.row_height)),
        "period": periods,
    }


def _fitting(states: pd.Series, room: pd.Series) -> pd.Series:
    """The name of each state, a shorter one or none, as there is room for."""
    found = [
        next((each for each in (state, LETTERS.get(state, state)) if text_width(each, LETTER_SIZE) <= pixels), "")
        for state, pixels in zip(states, room, strict=True)
    ]
    return pd.Series(found, index=states.index, dtype="object")


def _periods(result: Depth) -> pd.DataFrame:
    """The periods until the last in which anything happened, with the words under them."""
    left = np.arange(int(max((*result.cells["period"], *result.marks["period"], 2))) + 1)
    words = [
        f"{first}" if first == end else f"{first}–{end}" if end < FOR_EVER else f"≥ {first}" for first, end in PERIODS
    ]
    return pd.DataFrame({"left": left, "right": left + 1, "at": left + 0.5, "label": words[: len(left)]})


def _headers(result: Depth, whole: Depth, rows: dict[int, int], per_header: int) -> pd.DataFrame:
    """The name of each group on the middle one of the rows above it."""
    found: list[tuple[int, str]] = []
    if result.grouping.compares:
        sizes = whole.patients["group"].value_counts().to_dict()
        for name, first in result.patients.groupby("group", sort=False)["row"].min().items():
            top = rows[first] - per_header
            found += [
                (top + place, f"{name} ({sizes[name]})" if place == per_header // 2 else "")
                for place in range(per_header)
            ]
    return pd.DataFrame(found, columns=["row", "text"])


def _data(result: Depth) -> pd.DataFrame:
    group = result.patients.set_index("patient")[["group", "best"]]
    named = {"state": "response", "negative": "mrd_negative"}
    cells = result.cells.join(group, on="patient").rename(columns=named)
    return cells[["patient", "group", "best", "day", "response", "mrd_negative", "after"]]


def _method(result: Depth, look: DepthLook) -> str:
    return sentences(
        f"Months count from infusion {result.infusion}." if result.infusion > 1 else "",
        "Several assessments in a period stand side by side; nothing is carried forward.",
        "Within a group the best response on top, then who had it first.",
        "VG: VGPR." if look.row_height >= LEAST_FOR_LETTERS else "",
        grouping_method(result.grouping),
    )


def _notes(result: Depth) -> tuple[str, ...]:
    said = list(grouping_notes(result.grouping, result.n_selected - result.n))
    without = result.n - result.cells["patient"].nunique()
    after = int(result.cells["after"].sum())
    reported = (
        (without, f"{plural(without, 'patient')} without a dated assessment after the infusion: an empty row."),
        (result.n_undated, f"{plural(result.n_undated, 'assessment')} without a day: not drawn."),
        (
            after,
            f"{plural(after, 'assessment')} after progression ({result.source}) or another treatment: drawn, in no"
            " rate.",
        ),
    )
    return (*said, *(words for n, words in reported if n))


def _alt(result: Depth) -> str:
    best = result.patients["best"].value_counts(sort=False)
    listed = ", ".join(f"{state} {n}" for state, n in best.items())
    return (
        f"Heat map of {plural(len(result.cells), 'response')} of {plural(result.n, 'patient')} by month since infusion."
        f" Best responses: {listed}."
    )


@cache
def depth_chart(look: DepthLook) -> Specification:
    """The specification."""
    axis = labelled("period", labelFlush=False, ticks=False)
    scale = alt.Scale(nice=False, zero=False)
    month = alt.X("left:Q", title="Months since infusion", scale=scale, axis=axis)
    row = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.08, paddingOuter=0.2))
    cell, wide = table("cell"), {"x": month, "x2": alt.X2("right:Q"), "y": row}
    tooltip = tooltips({"patient": "Patient", "state": "Response", "day": "Day", "mrd": "MRD", "facts": "Note"})
    at = alt.X("at:Q", scale=scale, axis=axis, title=month["title"])
    shapes = alt.Scale(domain=list(MARKS), range=list(MARKS.values()))
    key = alt.Legend(orient="top", direction="horizontal", symbolSize=70, symbolStrokeWidth=1.3)
    big = look.row_height >= LEAST_FOR_LETTERS
    letters = cell.mark_text(baseline="middle", fontSize=9 if look.row_height < 18 else 10)
    ink = alt.Color("ink:N", scale=None)
    halo, point = (
        table("mark").mark_point(size=34 if big else 14, strokeWidth=thick, stroke=stroke, filled=False, opacity=1)
        for thick, stroke in ((3.2, PAPER), (1.3, INK))
    )
    layers = [
        table("period").mark_rule(color=GRID).encode(x=alt.X("right:Q", scale=scale, axis=axis, title=month["title"])),
        cell.mark_rect(stroke="#FFFFFF", strokeWidth=0.7 if look.row_height > 8 else 0).encode(
            **wide, color=state_colour(look.states, look.width)
        ),
        table("cell", HOVER).mark_rect(opacity=0).encode(**wide, tooltip=tooltip),
        *([letters.encode(x=at, y=row, text=alt.Text("letters:N"), color=ink)] if big else []),
        halo.encode(x=at, y=row, shape=alt.Shape("kind:N", title=None, scale=shapes, legend=None)),
        point.encode(x=at, y=row, shape=alt.Shape("kind:N", title=None, scale=shapes, legend=key)),
        *_left(look, row),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent", fill="independent")
    return untitled(publish(chart, width=look.width, height=alt.Step(look.row_height)))


def _left(look: DepthLook, row: alt.Y) -> list[alt.Chart]:
    """Beside the axis the patient; above a group its name."""
    header = {"align": "left", "baseline": "middle", "fontSize": 12, "fontWeight": "bold"}
    size = 11 if look.row_height >= 16 else 10
    label = {"align": "right", "baseline": "middle", "fontSize": size, "limit": look.gutter}
    layers = [text_layer(table("header"), "text", alt.XValue(4), row, **header)]
    return layers + [text_layer(table("patient"), "patient", alt.XValue(-8), row, **label)] * look.labels


def _computed(analysis: Analysis) -> Depth:
    return depth(analysis.selected, analysis.grouping)


def _build(analysis: Analysis, options: Sized) -> Exhibit:
    return depth_figure(analysis.result(_computed), analysis.opened.n_opened, responses(analysis), options.width)


DEPTH: Final = ExhibitSpec("response.depth", needs="responses", title="Depth of response over time", build=_build)
