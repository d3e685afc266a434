"""Depth of response over time, a heat map: every assessment of every patient in the period in which it was made.

A day belongs to the month nearest to it (30.4375 days; at least 1), a month to one of PERIODS. Nothing is hidden:
several assessments of a patient in a period stand side by side. Patients in order of group, best response, and day of
its first assessment. The chart depends on the states, the groups and the number of patients of the opened cohort, never
on the selection: its height follows the rows.
"""

from dataclasses import dataclass, replace
from typing import Final

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
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN, text_width
from lib.response.depth_chart import HEADER_HEIGHT, LEAST_FOR_LETTERS, LETTER_SIZE, DepthLook, depth_chart
from lib.response.rates import grouping_method, grouping_notes
from lib.response.state import ASSESSED, NE, NOT_ASSESSED, on, responses

MONTH: Final = DAYS_PER["months"]
FOR_EVER: Final = 10**6
FIRST_MONTHS: Final = (1, 2, 3, 4, 7, 10, 13, 19, 25, 37)
PERIODS: Final = tuple(zip(FIRST_MONTHS, (*(first - 1 for first in FIRST_MONTHS[1:]), FOR_EVER), strict=True))  # months
RANK: Final = {response: place for place, response in enumerate((*RESPONSES, NOT_ASSESSED))}
LETTERS: Final = {"VGPR": "VG"}  # where two share a period; others as they are
MOST_WITH_LETTERS: Final = 3  # assessments of one patient in one period; more have no room for letters
MOST_ROWS: Final = 150  # patients; of more some are drawn
PLACE_OF_MARK: Final = {
    "Other treatment": 0.82,
    "Death": 0.94,
}  # where in its period a mark stands, out of the way of letters
NARROWEST, AROUND = 620, 44  # pixels of the figure in a narrow window, and beside the periods and ids
CAPTION: Final = "Every assessed response by month since infusion, one row a patient; blank: not assessed."


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
    every = pd.DataFrame(
        {
            "patient": best.index,
            "group": grouping.of(cohort.patients).to_numpy(),
            "best": best.to_numpy(),
            "first": first.to_numpy(),
        }
    )
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
    parts = []
    for kind, name in (("Other treatment", "treated"), ("Death", "died")):
        days = ended.table[name].dropna()
        days = days[days.index.isin(row.index)]
        parts.append(
            pd.DataFrame(
                {
                    "patient": days.index,
                    "row": row.reindex(days.index).to_numpy(),
                    "period": period_of(days).to_numpy(),
                    "day": days.to_numpy(),
                    "kind": kind,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


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
    return {
        "cell": cells[
            ["patient", "group", "row", "left", "right", "at", "day", "state", "mrd", "facts", "letters", "ink"]
        ],
        "patient": result.patients.assign(row=result.patients["row"].map(rows))[["patient", "slot", "row"]],
        "mark": marks.assign(row=marks["row"].map(rows), at=marks["period"] + marks["kind"].map(PLACE_OF_MARK))[
            ["patient", "row", "at", "kind", "day"]
        ],
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
    last = int(max((*result.cells["period"], *result.marks["period"], 2)))
    words = [
        f"{first}" if first == end else f"{first}–{end}" if end < FOR_EVER else f"≥ {first}" for first, end in PERIODS
    ]
    return pd.DataFrame(
        [(place, place + 1, place + 0.5, words[place]) for place in range(last + 1)],
        columns=["left", "right", "at", "label"],
    )


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
    cells = result.cells.join(group, on="patient")
    return cells.rename(columns={"state": "response", "negative": "mrd_negative"})[
        ["patient", "group", "best", "day", "response", "mrd_negative", "after"]
    ]


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
    reported = (
        (without, f"{plural(without, 'patient')} without a dated assessment after the infusion: an empty row."),
        (result.n_undated, f"{plural(result.n_undated, 'assessment')} without a day: not drawn."),
        (
            int(result.cells["after"].sum()),
            (
                f"{plural(int(result.cells['after'].sum()), 'assessment')} after progression ({result.source}) or"
                " another treatment: drawn, in no rate."
            ),
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


def _computed(analysis: Analysis) -> Depth:
    return depth(analysis.selected, analysis.grouping)


def _build(analysis: Analysis, options: Sized) -> Exhibit:
    return depth_figure(analysis.result(_computed), analysis.opened.n_opened, responses(analysis), options.width)


DEPTH: Final = ExhibitSpec("response.depth", needs="responses", title="Depth of response over time", build=_build)
