"""What belongs to the role of a column: its unit, its test, the day that goes with it, and what each of its values
means."""

import json
from typing import Any, Final

import pandas as pd
import streamlit as st

from lib.cohort.column import Column
from lib.cohort.schema import TABLES
from lib.cohort.time_unit import UNITS
from lib.intake.cells.dates import EPOCHS
from lib.intake.draft import Draft
from lib.intake.infer.edits import NONE, edit_key
from lib.intake.infer.question import EXTRA_ROLE, coded, decoded
from lib.intake.preview import ColumnPreview, Preview
from lib.publication.number import plural
from pages.frame import session
from pages.frame.sheet_details import readings_of

MEASURED: Final = ("labs.value", "kinetics.value")
WITH_DAY: Final = (*MEASURED, "responses.response", "adverse_events.grade", "events.event")
TIME_UNITS: Final = (*UNITS, "hours", "years")
OF_KIND: Final = {"yes_no": ("yes", "no"), "grade": ("0", "1", "2", "3", "4", "5")}
ENDS: Final = ("endpoints.time", "endpoints.end_date")
MEANS, EMPTY, AWAY, ROWS_AWAY = "Means", "No value", "Patients out", "Rows out"
BEFORE, LATER = "before", "later"
KNOWN: Final = {NONE: "not stated", BEFORE: "before the infusion", LATER: "by a day after it"}
SHOWN: Final = (
    ("label", "Its name in figures", "as the heading says"),
    ("reference", "Reference group", "as the file says"),
    ("order", "Order of its groups", "low; medium; high"),
    ("unit", "Its unit in figures", "none"),
)
TICKS: Final = {
    EMPTY: st.column_config.CheckboxColumn(EMPTY, help="It says nothing, like an empty cell."),
    AWAY: st.column_config.CheckboxColumn(AWAY, help="Patients with it are left out of the analysis set."),
    ROWS_AWAY: st.column_config.CheckboxColumn(ROWS_AWAY, help="Rows with it are not read."),
}
HALF: Final = 0.5
Words = dict[str, str]
Ticks = dict[str, list[str]]  # by what is ticked, the values


def show(draft: Draft, preview: Preview, column: ColumnPreview, role: str) -> None:
    """All details of one column."""
    st.caption(f"{plural(column.filled, 'filled cell')}, {plural(column.n_values, 'different value')}.")
    place, target = (preview.sheet, column.heading), _target(role)
    if role in MEASURED:
        _show_text(draft, place, "test", "Name of the test", column.heading) if role == "labs.value" else None
        _show_text(draft, place, "unit", "Unit of the values", "as the file says")
    _show_units(draft, place, column, role)
    if role in WITH_DAY:
        _show_day(draft, preview, column)
    if role == "endpoints.event":
        st.caption("Which of its values is the event is one of the questions above.")
    elif column.values:
        _show_values(draft, preview, column, target)
    elif column.n_values:
        st.caption("Too many different values to give each a meaning here.")
    if role in ENDS:
        _show_others(draft, preview, column)
    if role.startswith("patients.") or role == EXTRA_ROLE:
        _show_variable(draft, place, target.name if target else column.heading)


def _show_units(draft: Draft, place: tuple[str, str], column: ColumnPreview, role: str) -> None:
    """In which unit times are written, from when numbers count that are dates."""
    target = _target(role)
    if target is not None and (target.kind == "day" or role in ("endpoints.time", "endpoints.entry")):
        _show_choice(draft, place, "unit", "Unit of these times", TIME_UNITS)
    if target is not None and target.kind == "date" and column.numbers > column.dates:
        _show_choice(draft, place, "unit", "These numbers are days counted by", tuple(EPOCHS))


def _show_others(draft: Draft, preview: Preview, column: ColumnPreview) -> None:
    """The column of those without the event, where this one holds the time or date of the event alone."""
    name = edit_key("censored_at", preview.sheet, column.heading)
    readings = [each for each in readings_of(draft, preview) if column.heading in each.columns.values()]
    now = next((each.censored_at for each in readings if each.table == "endpoints"), "")
    times = [
        each.heading
        for each in preview.columns
        if each.heading and each.heading != column.heading and max(each.numbers, each.dates) > HALF
    ]
    session.assign(name, now if now in times else NONE)
    st.selectbox(
        "Of those without the event, the time or date is in",
        [NONE, *times],
        key=name,
        format_func=lambda given: "this column, too" if given == NONE else given,
        on_change=_set,
        args=(name,),
    )


def _show_variable(draft: Draft, place: tuple[str, str], variable: str) -> None:
    """When a column of patients was known, and how figures show it."""
    with st.expander("More about this column"):
        name, key = edit_key("known_at", *place), f"known {place[0]} {place[1]}"
        now = draft.mapping.known_at.get(variable, "")
        session.assign(key, now if now == BEFORE else NONE if not now else LATER)
        st.selectbox(
            "It was known",
            [NONE, BEFORE, LATER],
            key=key,
            format_func=lambda given: KNOWN.get(given, given),
            on_change=_set_known,
            args=(name, key),
            help="Groups that were formed after the infusion had to live until then; figures say so.",
        )
        if session.answer(key) == LATER:
            day = f"known day {place[0]} {place[1]}"
            session.assign(day, float(now) if now.replace(".", "").isdecimal() else 30.0)
            st.number_input("By day", 1.0, key=day, step=1.0, on_change=_set_known_day, args=(name, day))
        for setting, label, hint in SHOWN:
            key = f"study {setting}:{variable}"
            session.assign(key, draft.mapping.study.get(f"{setting}:{variable}", ""))
            st.text_input(label, key=key, placeholder=hint, on_change=set_study, args=(f"{setting}:{variable}", key))


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
    named = {preview.sheet: preview.layout.name for preview in [draft.preview(sheet)] if preview}
    readings = [
        reading for each in draft.mapping.sheets if each.name == named.get(sheet, sheet) for reading in each.readings
    ]
    return next(
        (
            reading.units[name]
            for reading in readings
            for name, each in reading.columns.items()
            if each == heading and name in reading.units
        ),
        "",
    )


def _show_day(draft: Draft, preview: Preview, column: ColumnPreview) -> None:
    """The column that says when this was, or one day for all."""
    name = edit_key("day", preview.sheet, column.heading)
    times = [
        each.heading
        for each in preview.columns
        if each.heading and each.heading != column.heading and max(each.numbers, each.dates) > HALF
    ]
    given = draft.answers.get(name, "")
    offered = ["", *times, *([given] if given.startswith("=") else ["=0"])]
    session.assign(name, given if given in offered else "")
    st.selectbox("When it was", offered, key=name, format_func=_when, on_change=_set, args=(name,))
    if given.startswith("="):
        key = f"day {preview.sheet} {column.heading}"
        session.assign(key, float(given[1:]))
        st.number_input(
            "Day after the infusion (negative = before)", key=key, step=1.0, on_change=_set_day, args=(name, key)
        )


def _when(given: str) -> str:
    return "as the sheet says" if not given else "one day for all" if given.startswith("=") else given


def _show_values(draft: Draft, preview: Preview, column: ColumnPreview, target: Column | None) -> None:
    """A line a value, counted over all rows: what it means, whether it is no value, whether its rows or patients are
    left out."""
    place, words = (preview.sheet, column.heading), [value for value, _ in column.values]
    codes = decoded(draft.answers.get(edit_key("codes", *place), ""))
    ticked = {
        EMPTY: _words(draft, "missing", preview, column),
        AWAY: _words(draft, "exclude", preview, column),
        ROWS_AWAY: _rows_away(draft, preview, column),
    }
    table = pd.DataFrame(
        {"Value": words, "Cells": [n for _, n in column.values], MEANS: [codes.get(value) for value in words]}
    )
    table = table.assign(**{name: [value in listed for value in words] for name, listed in ticked.items()})
    allowed = OF_KIND.get(target.kind, target.allowed) if target else ()
    means = (
        st.column_config.SelectboxColumn(MEANS, options=list(allowed))
        if allowed
        else st.column_config.TextColumn(MEANS, help="Another spelling, or the number that is meant.")
    )
    key = f"values {place[0]} {place[1]} {hash((tuple(codes.items()), *map(tuple, ticked.values())))}"
    st.data_editor(
        table,
        hide_index=True,
        key=key,
        disabled=["Value", "Cells"],
        column_config={MEANS: means, **TICKS},
        on_change=_set_values,
        args=(key, place, tuple(words), (codes, ticked)),
        width="stretch",
    )


def _words(draft: Draft, kind: str, preview: Preview, column: ColumnPreview) -> list[str]:
    """The values of a column that are no value, or whose patients are left out, as the mapping has them."""
    said: dict[str, tuple[str, ...]] = dict(getattr(draft.mapping, kind))
    return list(said.get(f"{preview.layout.name}.{column.heading}", ()))


def _rows_away(draft: Draft, preview: Preview, column: ColumnPreview) -> list[str]:
    """The values whose rows nothing reads."""
    kept = [each.keep.get(column.heading) for each in readings_of(draft, preview)]
    read = {word.strip().casefold() for words in kept for word in words or ()}
    return [] if not kept or None in kept else [value for value, _ in column.values if value.casefold() not in read]


def _set_values(key: str, place: tuple[str, str], words: tuple[str, ...], before: tuple[Words, Ticks]) -> None:
    """What was changed in the table of values, as one change."""
    codes, ticks = _changed(session.answer(key) or {}, words, before)
    changes = {edit_key("codes", *place): coded(codes)}
    for kind, name in (("missing", EMPTY), ("exclude", AWAY)):
        if ticks[name] != before[1][name]:
            changes[edit_key(kind, *place)] = json.dumps(ticks[name])
    if ticks[ROWS_AWAY] != before[1][ROWS_AWAY]:
        kept = ["", *(value for value in words if value not in ticks[ROWS_AWAY])]
        changes[edit_key("keep", *place)] = json.dumps(kept)
    session.change_draft(session.draft().all_answered(changes))


def _changed(edits: dict[str, Any], words: tuple[str, ...], before: tuple[Words, Ticks]) -> tuple[Words, Ticks]:
    """Meanings and ticks after what was changed in the table."""
    codes, ticks = dict(before[0]), {name: list(listed) for name, listed in before[1].items()}
    for row, change in edits.get("edited_rows", {}).items():
        value = words[int(row)]
        if MEANS in change:
            codes[value] = change[MEANS] or ""
        for name in ticks.keys() & change.keys():
            ticks[name] = [each for each in ticks[name] if each != value] + [value] * bool(change[name])
    return codes, ticks


def set_study(setting: str, key: str) -> None:
    """A setting of the study as it was typed; an empty one takes away what stood there."""
    said = json.loads(session.draft().answers.get(edit_key("study"), "") or "{}")
    said[setting] = str(session.answer(key) or "").strip()
    session.change_draft(session.draft().answered(edit_key("study"), json.dumps(said)))


def _set(name: str) -> None:
    session.change_draft(session.draft().answered(name, str(session.answer(name) or "").strip()))


def _set_day(name: str, key: str) -> None:
    session.change_draft(session.draft().answered(name, f"={session.number(key, -1e5, 1e5, 0):g}"))


def _set_known(name: str, key: str) -> None:
    given = session.answer(key, KNOWN)
    session.change_draft(session.draft().answered(name, "30" if given == LATER else given or ""))


def _set_known_day(name: str, key: str) -> None:
    session.change_draft(session.draft().answered(name, f"{session.number(key, 1, 1e5, 30):g}"))
