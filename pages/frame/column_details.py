"""What belongs to the role of a column: its unit, its test, the day that goes with it, and what each of its values means."""

import json
from typing import Any, Final

import pandas as pd
import streamlit as st

from lib.cohort.column import Column
from lib.cohort.schema import TABLES
from lib.cohort.time_unit import UNITS
from lib.intake.cells.dates import EPOCHS
from lib.intake.draft import Draft
from lib.intake.infer.edited import edit_key
from lib.intake.infer.question import coded, decoded
from lib.intake.preview import ColumnPreview, Preview
from lib.publication.number import plural
from pages.frame import session

MEASURED: Final = ("labs.value", "kinetics.value")
WITH_DAY: Final = (*MEASURED, "responses.response", "adverse_events.grade", "events.event")
TIME_UNITS: Final = (*UNITS, "hours", "years")
OF_KIND: Final = {"yes_no": ("yes", "no"), "grade": ("0", "1", "2", "3", "4", "5")}
MEANS, EMPTY, AWAY = "Means", "No value", "Leave patients out"


def show(draft: Draft, preview: Preview, column: ColumnPreview, role: str) -> None:
    """All details of one column."""
    found = f"{plural(column.filled, 'filled cell')}, {plural(column.n_values, 'different value')}"
    st.caption(f"{found}.")
    place = (preview.sheet, column.heading)
    target = _target(role)
    if role in MEASURED:
        _show_text(draft, place, "test", "Name of the test", column.heading) if role == "labs.value" else None
        _show_text(draft, place, "unit", "Unit of the values", "as the file says")
    if target is not None and (target.kind == "day" or role in ("endpoints.time", "endpoints.entry")):
        _show_choice(draft, place, "unit", "Unit of these times", TIME_UNITS)
    if target is not None and target.kind == "date" and column.numbers > column.dates:
        _show_choice(draft, place, "unit", "These numbers are days counted by", tuple(EPOCHS))
    if role in WITH_DAY:
        _show_day(draft, preview, column)
    if role == "endpoints.event":
        st.caption("Which of its values is the event is one of the questions above.")
    elif column.values:
        _show_values(draft, place, column, target)
    elif column.n_values:
        st.caption("Too many different values to give each a meaning here.")


def _target(role: str) -> Column | None:
    """The column of the schema that a role fills."""
    name, _, column = role.partition(".")
    table = next((table for table in TABLES if table.name == name), None)
    return table.column(column) if table else None


def _show_text(draft: Draft, place: tuple[str, str], kind: str, label: str, hint: str) -> None:
    name = edit_key(kind, *place)
    session.assign(name, draft.answers.get(name, ""))
    st.text_input(label, key=name, placeholder=hint, on_change=_set, args=(name,))


def _show_choice(draft: Draft, place: tuple[str, str], kind: str, label: str, offered: tuple[str, ...]) -> None:
    name = edit_key(kind, *place)
    now = draft.answers.get(name) or _unit_of(draft, place)
    session.assign(name, now if now in offered else None)
    st.selectbox(label, offered, index=None, key=name, on_change=_set, args=(name,))


def _unit_of(draft: Draft, place: tuple[str, str]) -> str:
    """The unit that the mapping has now."""
    sheet, heading = place
    readings = [reading for each in draft.mapping.sheets if each.sheet == sheet for reading in each.readings]
    return next((reading.units[name] for reading in readings for name, each in reading.columns.items() if each == heading and name in reading.units), "")


def _show_day(draft: Draft, preview: Preview, column: ColumnPreview) -> None:
    """The column that says when this was, or one day for all."""
    name = edit_key("day", preview.sheet, column.heading)
    times = [each.heading for each in preview.columns if each.heading and each.heading != column.heading and max(each.numbers, each.dates) > 0.5]
    given = draft.answers.get(name, "")
    offered = ["", *times, *([given] if given.startswith("=") else ["=0"])]
    session.assign(name, given if given in offered else "")
    st.selectbox("When it was", offered, key=name, format_func=_when, on_change=_set, args=(name,))
    if given.startswith("="):
        key = f"day {preview.sheet} {column.heading}"
        session.assign(key, float(given[1:]))
        st.number_input("Day after the infusion (negative = before)", key=key, step=1.0, on_change=_set_day, args=(name, key))


def _when(given: str) -> str:
    return "as the sheet says" if not given else "one day for all" if given.startswith("=") else given


def _show_values(draft: Draft, place: tuple[str, str], column: ColumnPreview, target: Column | None) -> None:
    """A line a value, counted over all rows: what it means, whether it is no value, whether its patients are left out."""
    codes = decoded(draft.answers.get(edit_key("codes", *place), ""))
    missing, away = (json.loads(draft.answers.get(edit_key(kind, *place), "") or "[]") for kind in ("missing", "exclude"))
    words = [value for value, _ in column.values]
    table = pd.DataFrame({
        "Value": words, "Cells": [n for _, n in column.values], MEANS: [codes.get(value) for value in words],
        EMPTY: [value in missing for value in words], AWAY: [value in away for value in words],
    })  # fmt: skip
    allowed = OF_KIND.get(target.kind, target.allowed) if target else ()
    means = st.column_config.SelectboxColumn(MEANS, options=list(allowed)) if allowed else st.column_config.TextColumn(MEANS, help="Another spelling, or the number that is meant.")
    key = f"values {place[0]} {place[1]} {hash((tuple(codes.items()), tuple(missing), tuple(away)))}"
    st.data_editor(
        table, hide_index=True, key=key, disabled=["Value", "Cells"], column_config={MEANS: means}, on_change=_set_values,
        args=(key, place, tuple(words), (codes, missing, away)), width="stretch",
    )  # fmt: skip


def _set_values(key: str, place: tuple[str, str], words: tuple[str, ...], before: tuple[dict[str, str], list[str], list[str]]) -> None:
    codes, missing, away = dict(before[0]), list(before[1]), list(before[2])
    for row, change in (session.answer(key) or {}).get("edited_rows", {}).items():
        value = words[int(row)]
        if MEANS in change:
            codes[value] = change[MEANS] or ""
        for name, listed in ((EMPTY, missing), (AWAY, away)):
            if name in change:
                listed[:] = [each for each in listed if each != value] + [value] * bool(change[name])
    draft = session.draft().answered(edit_key("codes", *place), coded(codes))
    for kind, listed in (("missing", missing), ("exclude", away)):
        draft = draft.answered(edit_key(kind, *place), json.dumps(listed) if listed or _had(draft, kind, place) else "")
    session.change_draft(draft)


def _had(draft: Draft, kind: str, place: tuple[str, str]) -> bool:
    """Whether the program or the owner had said something of this column before, which an empty list now takes back."""
    said: dict[str, Any] = dict(getattr(draft.mapping, kind))
    return f"{place[0]}.{place[1]}" in said


def _set(name: str) -> None:
    session.change_draft(session.draft().answered(name, str(session.answer(name) or "").strip()))


def _set_day(name: str, key: str) -> None:
    session.change_draft(session.draft().answered(name, f"={session.number(key, -1e5, 1e5, 0):g}"))
