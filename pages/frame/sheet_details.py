"""What is rarely said of a sheet: that patients are its columns, what its titles and blanks say, which rows count, and
the same of many columns."""

import json
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from lib.cohort.schema import EVENT_TABLES, PATIENTS, TABLES
from lib.intake.draft import Draft
from lib.intake.infer.edits import NONE, edit_key
from lib.intake.mapping import ROW_CHOICES, Reading
from lib.intake.preview import ColumnPreview, Preview
from lib.intake.sheets.row_colours import ROW_COLOUR
from pages.frame import session

ROWS: Final = {"": "all of them", "first": "only the first", "last": "only the last", "worst": "only the worst"}
SAME: Final = {"patients": "patient", "endpoints": "patient and endpoint"}
MEASURED: Final = ("labs.value", "kinetics.value", "responses.response", "adverse_events.grade")
IN_HEADING, LEFT = "the number in its heading", "the next column of days or dates to its left"
HALF: Final = 0.5
MOST_NAMED: Final = 4
DAY_WORDS: Final = ("day", "date", "tag", "datum", "jour", "día", "dia", "fecha", "giorn", "dag", "天", "日")


def readings_of(draft: Draft, preview: Preview) -> list[Reading]:
    """How the table is read now."""
    return [each for sheet in draft.mapping.sheets if sheet.name == preview.layout.name for each in sheet.readings]


def show(draft: Draft, preview: Preview, sheets: Sequence[str]) -> None:
    """The rare settings, folded."""
    with st.expander("More about this sheet"):
        shape, rows = st.columns(2, gap="large")
        with shape:
            _show_shape(preview)
            _show_joined(preview, [name for name in sheets if name != preview.sheet])
        with rows:
            for table in dict.fromkeys(each.table for each in readings_of(draft, preview)):
                _show_rows(draft, preview, table)
    with st.popover("Several columns at once"):
        _show_several(preview)


def _show_shape(preview: Preview) -> None:
    """Which way the table lies, and what its titles, blanks and colours say."""
    layout, sheet = preview.layout, preview.sheet
    st.checkbox(
        "Patients are columns",
        **_sets(sheet, "transposed", layout.transposed),
        help="Each column is a patient, each row what is known of them.",
    )
    st.text_input(
        "Titles alone in a row become the column",
        placeholder="no titles",
        **_sets(sheet, "title_rows_as", layout.title_rows_as),
        help="A title such as “Arm A” then stands in this column of every row below it.",
    )
    offered = [
        each.heading
        for each in preview.columns
        if each.heading and (each.filled < preview.n_rows or each.heading in layout.filled_down)
    ]
    st.multiselect(
        "A blank repeats the cell above in",
        offered,
        placeholder="no column",
        **_sets(sheet, "filled_down", [each for each in layout.filled_down if each in offered]),
        help="For what is written once for all rows below it, such as the patient of several events.",
    )
    st.selectbox(
        "Each of these centres counts its patients anew",
        ["", *(each.heading for each in preview.columns if each.heading)],
        **_sets(sheet, "ids_within", layout.ids_within),
        help="The same id in two of them is two patients: what stands in this column goes before each id.",
    )
    st.checkbox(
        "The colour of a row is a column",
        **_sets(sheet, "colour_as", bool(layout.colour_as)),
        help=f"The background of each row becomes the column “{ROW_COLOUR}”.",
    )


def _show_joined(preview: Preview, others: Sequence[str]) -> None:
    """Sheets with the same headings, read as one table."""
    now = list(preview.layout.appended)
    st.multiselect(
        "Read these sheets below it, as one table",
        list(dict.fromkeys([*now, *others])),
        placeholder="none",
        **_sets(preview.sheet, "appended", now),
        help="For a sheet a month or a sheet an arm with the same headings.",
    )
    if now:
        st.text_input(
            "Their names become the column",
            **_sets(preview.sheet, "sheet_name_as", preview.layout.sheet_name_as),
        )
        st.checkbox(
            "Each of them counts its patients anew",
            **_sets(preview.sheet, "own_ids", preview.layout.own_ids),
            help="The same id in two of these sheets is two patients: the sheet's name goes before each id.",
        )


def _sets(sheet: str, field: str, now: Any) -> dict[str, Any]:
    """What makes a widget show how this field of the layout stands, and change it."""
    key = f"{field} of {sheet}"
    session.assign(key, now)
    return {"key": key, "on_change": _set_layout, "args": (sheet, field, key)}


def _show_rows(draft: Draft, preview: Preview, table: str) -> None:
    """Which of several rows of a patient counts, and how days are counted."""
    schema = next(each for each in TABLES if each.name == table)
    found = [each for each in readings_of(draft, preview) if each.table == table]
    name = edit_key("one_row", preview.sheet, table)
    session.assign(name, found[0].one_row)
    st.selectbox(
        f"{schema.sheet}: of several rows of one {SAME.get(table, 'patient and day or event')}, read",
        ROW_CHOICES,
        key=name,
        format_func=lambda row: ROWS.get(row, row),
        on_change=_set_row,
        args=(name,),
    )
    if not {column.name for column in schema.columns if column.kind == "day"} & {
        name for each in found for name in each.columns
    }:
        return
    name = edit_key("no_day_zero", preview.sheet, table)
    session.assign(name, any(each.no_day_zero for each in found))
    st.checkbox(
        f"{schema.sheet}: day 1 is the day of the infusion",
        key=name,
        on_change=_set_yes,
        args=(name,),
        help="There is no day 0, as in ADaM: each day above 0 is lowered by one.",
    )


def _show_several(preview: Preview) -> None:
    """The same role for columns that come in a set, each with its own day."""
    columns = [each.heading for each in preview.columns if each.heading and not each.private]
    times = [each.heading for each in preview.columns if each.heading and max(each.numbers, each.dates) > HALF]
    st.caption("For columns that come in a set: il6_d1, il6_d7 ... or scan 1 response, scan 2 response ...")
    st.multiselect("Columns", columns, key="several columns", placeholder="choose at least two")
    offered = [*MEASURED, *(f"{PATIENTS.name}.covariate", "ignore")]
    st.selectbox("Read each as", offered, key="several role", format_func=_named)
    if session.answer("several role", offered) in MEASURED:
        st.text_input("Name of the test or event", key="several test", placeholder="as the headings say")
        st.text_input("Unit of the values", key="several unit", placeholder="as the file says")
        st.selectbox("When it was", [IN_HEADING, LEFT, *times], key="several day")
    st.button("Read them like this", key="several set", on_click=_set_several, args=(preview, tuple(offered)))
    if problem := session.answer("several problem"):
        st.warning(problem)


def _named(role: str) -> str:
    name, _, column = role.partition(".")
    table = next((each for each in (PATIENTS, *EVENT_TABLES) if each.name == name), None)
    if table is None:
        return "not read"
    return "a column kept as it is" if column == "covariate" else f"{column.replace('_', ' ')} ({table.sheet})"


def _set_several(preview: Preview, offered: tuple[str, ...]) -> None:
    """One change for all of these columns; none where the day of one is not known."""
    chosen = session.answers("several columns", [each.heading for each in preview.columns])
    role, when = session.answer("several role", offered) or offered[0], session.answer("several day") or IN_HEADING
    days = {heading: _day(preview, heading, when) for heading in chosen} if role in MEASURED else {}
    problem = _why_not(chosen, days)
    session.assign("several problem", problem)
    if problem:
        return
    changes = {f"role:{preview.sheet}:{heading}": role for heading in chosen}
    for heading, day in days.items():
        given = {kind: str(session.answer(f"several {kind}") or "").strip() for kind in ("test", "unit")} | {"day": day}
        changes |= {edit_key(kind, preview.sheet, heading): each for kind, each in given.items()}
    session.change_draft(session.draft().all_answered(changes))


def _why_not(chosen: Sequence[str], days: dict[str, str]) -> str:
    lost = [heading for heading, day in days.items() if not day]
    if lost:
        return f"No day was found for {', '.join(lost[:MOST_NAMED])}: choose another way to say when it was."
    return "" if chosen else "Choose the columns first."


def _day(preview: Preview, heading: str, when: str) -> str:
    """The day or column of days of one of these columns, "" where there is none."""
    place = next(place for place, each in enumerate(preview.columns) if each.heading == heading)
    if when == IN_HEADING:
        return f"={preview.columns[place].at_day}" if preview.columns[place].at_day else ""
    if when == LEFT:
        return next((each.heading for each in reversed(preview.columns[:place]) if _is_time(each)), "")
    return when


def _is_time(column: ColumnPreview) -> bool:
    """Whether a column holds dates, or numbers under a heading that speaks of days."""
    named = any(word in column.heading.casefold() for word in DAY_WORDS)
    return column.dates > HALF or (column.numbers > HALF and named)


def _set_layout(sheet: str, field: str, key: str) -> None:
    value = session.answer(key)
    if field == "colour_as":
        value = ROW_COLOUR if value else ""
    name = edit_key("layout", sheet)
    given = json.loads(session.draft().answers.get(name, "") or "{}") | {
        field: value.strip() if isinstance(value, str) else value
    }
    session.change_draft(session.draft().answered(name, json.dumps(given)))


def _set_row(name: str) -> None:
    session.change_draft(session.draft().answered(name, session.answer(name, ROW_CHOICES) or NONE))


def _set_yes(name: str) -> None:
    session.change_draft(session.draft().answered(name, "yes" if session.answer(name) else "no"))
