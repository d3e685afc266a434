"""Of several rows of a patient (and endpoint, term, day ...) only one: the first, the last or the worst, as the mapping says."""

from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import RESPONSES, Table
from lib.intake.mapping import RowChoice

SAME: Final = {  # beside the patient and the infusion: what makes two rows speak of the same
    "endpoints": ("endpoint",), "adverse_events": ("term",), "kinetics": ("day", "specimen", "assay", "unit"),
    "labs": ("day", "visit", "test"), "therapies": ("kind",), "infusions": (), "responses": (),
    "states": ("measure",), "events": ("event",),
}  # fmt: skip
ORDERED_BY: Final = ("time", "day", "start_day")  # the first of these that a table has tells first from last
ASSESSED: Final = tuple(response for response in RESPONSES if response != "NE")  # best first


def one_row_each(
    frame: pd.DataFrame, table: Table, choice: RowChoice, sheet: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with one row each, in the order of the sheet; a note counts the rows that were left out."""
    if not choice or table.name not in SAME or frame.empty:
        return frame, []
    keys = frame[["patient_id", *(name for name in ("infusion", *SAME[table.name]) if name in frame.columns)]]
    together = [keys[name].astype("object").where(keys[name].notna(), "") for name in keys.columns]
    rank = _badness(frame, table) if choice == "worst" else _order(frame)
    ranked = frame.assign(rank=rank, place=range(len(frame))).sort_values(["rank", "place"], kind="stable")
    grouped = ranked.groupby([each.loc[ranked.index] for each in together], sort=False)
    chosen = (
        (grouped.head(1) if choice == "first" else grouped.tail(1)).sort_values("place").drop(columns=["rank", "place"])
    )
    n = len(frame) - len(chosen)
    problem = (
        f"{n:,} rows of {table.sheet} were left out: of several rows that speak of the same, the {choice} one counts."
    )
    note = Finding("note", sheet, None, "", "", problem, "Change the mapping to read all of them.")
    return chosen.reset_index(drop=True), [note] * bool(n)


def _order(frame: pd.DataFrame) -> pd.Series:
    """By time where every row of the table has one, else by the order of the sheet."""
    for name in ORDERED_BY:
        if name in frame.columns and frame[name].notna().all():
            return frame[name]
    return pd.Series(0.0, index=frame.index)


def _badness(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Higher is worse. Of endpoints an event before a censored time, and an early one before a late one."""
    if table.name == "endpoints":
        return frame["event"].fillna(-1) * 1e9 - frame["time"].fillna(0)
    if table.name == "responses":
        worse = {response: place for place, response in enumerate(ASSESSED)}
        return frame["response"].map(worse).astype("float64").fillna(-1)
    if table.name == "labs":
        return frame["grade"].abs().fillna(-1)
    return (frame["grade"] if "grade" in frame.columns else pd.Series(0.0, index=frame.index)).fillna(-1)
