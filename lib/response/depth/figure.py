"""The heat map of responses: who had which response in which period, best responders on top within each group."""

from typing import Final

import pandas as pd

from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import plural
from lib.publication.palette import group_colours
from lib.response.best.words import ARM_BIAS, grouping_notes
from lib.response.chart import on
from lib.response.depth.chart import LEAST_FOR_LETTERS, DepthLook, depth_chart
from lib.response.depth.result import FOR_EVER, PERIODS, Depth
from lib.response.state import ASSESSED, NE

LETTERS: Final = {"VGPR": "VG"}  # where two share a period; others as they are
MOST_WITH_LETTERS: Final = 3  # assessments of one patient in one period; more have no room for letters
HEADER_HEIGHT: Final = 18  # pixels
OF_DEATH: Final = {
    "Other treatment": 0.82,
    "Death": 0.94,
}  # where in its period a mark stands, out of the way of letters


def depth_figure(result: Depth, n_opened: int, responses: tuple[str, ...]) -> Figure:
    """The figure; `n_opened` patients and these responses are those of the opened cohort."""
    compares = result.grouping.compares
    look = DepthLook(
        tuple(state for state in (*ASSESSED, NE) if state in responses), group_colours([group.colour for group in result.grouping.groups]) if compares else (),
        *_density(n_opened),
    )  # fmt: skip
    rows = _rows(result, -(-HEADER_HEIGHT // look.row_height))
    by = f" by {result.grouping.label}" if compares else ""
    return Figure(
        id="response.depth", title=f"Depth of response over time{by}", chart=depth_chart(look), tables=_tables(result, rows, look),
        data=_data(result), caption=_caption(result, look), alt=_alt(result), notes=_notes(result), n=result.n, numbers=_numbers(result),
    )  # fmt: skip


def _density(n: int) -> tuple[int, bool]:
    """Pixels a row, and whether rows are labelled, for a cohort of this size; labels as in the swimmer plot."""
    steps = ((24, 22, True), (70, 16, True), (130, 12, True), (10**9, 6, False))
    return next((height, labels) for most, height, labels in steps if n <= most)


def _rows(result: Depth, per_header: int) -> dict[int, int]:
    """Where each row of the result is drawn: a header above each group moves it down."""
    slots = sorted(set(result.patients["slot"])) if result.grouping.compares else []
    shift = {slot: per_header * (place + 1) for place, slot in enumerate(slots)}
    return {row["row"]: row["row"] + shift.get(row["slot"], 0) for row in result.patients.to_dict("records")}


def _tables(result: Depth, rows: dict[int, int], look: DepthLook) -> dict[str, pd.DataFrame]:
    cells, marks = result.cells, result.marks
    left = cells["period"] + cells["place"] / cells["n"]
    short = cells["state"].map(lambda state: LETTERS.get(state, state))
    letters = short.where(cells["n"] > 1, cells["state"]).where(cells["n"] <= MOST_WITH_LETTERS, "")
    cells = cells.assign(
        row=cells["row"].map(rows), group=cells["patient"].map(result.patients.set_index("patient")["group"]), left=left, right=left + 1 / cells["n"],
        at=left + 0.5 / cells["n"], letters=letters, ink=cells["state"].map(on), mrd=cells["negative"].map({True: "negative", False: ""}),
        facts=cells["after"].map({True: "after progression or another treatment", False: ""}),
    )  # fmt: skip
    bias = f".\n{ARM_BIAS}" if result.grouping.known_after_infusion else ""
    return {
        "cell": cells[["patient", "group", "row", "left", "right", "at", "day", "state", "mrd", "facts", "letters", "ink"]],
        "patient": result.patients.assign(row=result.patients["row"].map(rows))[["patient", "slot", "row"]],
        "mark": marks.assign(row=marks["row"].map(rows), at=marks["period"] + marks["kind"].map(OF_DEATH))[["patient", "row", "at", "kind", "day"]],
        "header": _headers(result, rows, -(-HEADER_HEIGHT // look.row_height)), "period": _periods(result),
        "heading": pd.DataFrame({"text": [plural(result.n, "patient") + bias]}),
    }  # fmt: skip


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


def _headers(result: Depth, rows: dict[int, int], per_header: int) -> pd.DataFrame:
    """The name of each group on the middle one of the rows above it."""
    found: list[tuple[int, str]] = []
    if result.grouping.compares:
        first = result.patients.groupby("group", sort=False)["row"].agg(["min", "size"])
        for name, each in first.to_dict("index").items():
            top = rows[each["min"]] - per_header
            found += [
                (top + place, f"{name} ({each['size']})" if place == per_header // 2 else "")
                for place in range(per_header)
            ]
    return pd.DataFrame(found, columns=["row", "text"])


def _data(result: Depth) -> pd.DataFrame:
    group = result.patients.set_index("patient")[["group", "best"]]
    cells = result.cells.join(group, on="patient")
    return cells.rename(columns={"state": "response", "negative": "mrd_negative"})[
        ["patient", "group", "best", "day", "response", "mrd_negative", "after"]
    ]


def _caption(result: Depth, look: DepthLook) -> str:
    infusion = f" {result.infusion}" if result.infusion > 1 else ""
    letters = " VG: VGPR." if look.row_height >= LEAST_FOR_LETTERS and _shortened(result) else ""
    return (
        f"Each patient's assessed responses by month since infusion{infusion} (several in a period stand side by side); blank: not assessed, nothing is "
        f"carried forward. Within a group the best response on top, then who had it first.{letters}"
    )


def _shortened(result: Depth) -> bool:
    return bool(((result.cells["n"] > 1) & result.cells["state"].isin(LETTERS)).any())


def _notes(result: Depth) -> tuple[str, ...]:
    said = list(grouping_notes(result.grouping, result.n_selected - result.n))
    without = result.n - result.cells["patient"].nunique()
    told = (
        (without, f"{plural(without, 'patient')} without a dated assessment after the infusion: an empty row."),
        (result.n_undated, f"{plural(result.n_undated, 'assessment')} without a day: not drawn."),
        (int(result.cells["after"].sum()), f"{plural(int(result.cells['after'].sum()), 'assessment')} after progression ({result.source}) or another treatment: drawn, in no rate."),
    )  # fmt: skip
    return (*said, *(words for n, words in told if n))


def _alt(result: Depth) -> str:
    best = result.patients["best"].value_counts(sort=False)
    listed = ", ".join(f"{state} {n}" for state, n in best.items())
    return f"Heat map of {plural(len(result.cells), 'response')} of {plural(result.n, 'patient')} by month since infusion. Best responses: {listed}."


def _numbers(result: Depth) -> Numbers:
    """One row an assessment."""
    level = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    columns = (
        ("patient", ""),
        ("group", ""),
        ("best", ""),
        ("day", "days"),
        ("response", ""),
        ("mrd_negative", ""),
        ("after", ""),
    )
    rows = tuple(
        (row["patient"], level[row["group"]], *(row[name] for name, _ in columns[2:]))
        for row in _data(result).to_dict("records")
    )
    return Numbers(columns, rows)
