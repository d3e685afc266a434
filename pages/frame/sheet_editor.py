"""How one sheet is read, to be changed: its real cells, where its table stands, what one row is, and a role for every
column."""

from html import escape
from typing import Final

import streamlit as st

from lib.cohort.schema import EVENT_TABLES, PATIENTS, TABLES
from lib.intake.draft import Draft
from lib.intake.files.limits import Unsafe
from lib.intake.infer.edits import IGNORED, UNUSED, edit_key
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, Guess
from lib.intake.mapping import table_in_sheet
from lib.intake.preview import ColumnPreview, Preview
from lib.publication.number import plural
from pages.frame import column_details, session, sheet_details
from pages.frame.escape import plain

ONE_ROW: Final = {
    "patients": "a patient",
    "responses": "a response assessment",
    "labs": "a laboratory measurement",
    "kinetics": "a CAR-T measurement",
    "adverse_events": "an adverse event",
    "therapies": "a treatment",
    "infusions": "an infusion",
    "endpoints": "a time to an event",
    "states": "a stretch of time",
    "events": "another event",
    UNUSED: "not used: leave the sheet out",
}
SPECIAL_ROLES: Final = {EXTRA_ROLE: "kept as it is", IGNORED: "not read", PRIVATE_ROLE: "left out: private"}
AT_ONCE: Final = 5
NUMBERS, CELLS = 1, 4  # widths of the numbers of the rows, and of each column
MADE: Final = (
    "This table is turned or joined from several sheets; its header is found in each of them. See “More about this"
    " sheet”."
)
DEEPEST: Final = 15  # the last row in which a header is looked for


def show(draft: Draft) -> None:
    """Choose a sheet, and change how it is read."""
    names = list(dict.fromkeys([*(guess.sheet for guess in draft.suggestion.guesses), *_other_sheets(draft)]))
    if not names:
        st.info("No sheet of this file holds a table.")
        return
    if session.answer("edited sheet", names) is None:
        session.assign("edited sheet", names[0])
    sheet = st.selectbox("Sheet", names, key="edited sheet") if len(names) > 1 else names[0]
    try:
        preview = draft.preview(sheet)
    except Unsafe as refusal:
        st.error(plain(str(refusal)))
        return
    if preview is None:
        st.info("This sheet is not in the file any more.")
        return
    _show_layout(draft, preview)
    _show_area(draft, preview)
    sheet_details.show(draft, preview, names)
    _show_grid(draft, preview)


def _other_sheets(draft: Draft) -> list[str]:
    """The sheets of which no table is offered under a name of its own."""
    taken = {table_in_sheet(name)[0] for each in draft.mapping.sheets for name in (each.sheet, *each.appended)}
    return (
        []
        if isinstance(draft.opened, str)
        else [each.sheet for each in draft.opened.account.sheets if each.sheet not in taken]
    )


def _show_layout(draft: Draft, preview: Preview) -> None:
    """What one row is, who is the patient, and in which rows the headings stand."""
    what, who, first, last = st.columns([3, 3, 1, 1])
    table, key = _table_of(draft, preview), f"one row {preview.sheet}"
    session.assign(key, table)
    what.selectbox(
        "One row is",
        list(ONE_ROW),
        key=key,
        format_func=lambda name: ONE_ROW.get(name, name),
        on_change=_set_table,
        args=(preview.sheet, key),
    )
    headings = [column.heading for column in preview.columns if column.heading and not column.private]
    patient, key = _patient_of(draft, preview), f"patient of {preview.sheet}"
    session.assign(key, patient if patient in headings else None)
    who.selectbox(
        "The patient is in",
        headings,
        key=key,
        index=None,
        placeholder="No column: rows are numbered",
        on_change=_set_patient,
        args=(preview.sheet, key),
    )
    top, bottom = (preview.header[0], preview.header[-1]) if preview.header else (preview.first_row, preview.first_row)
    keys = (f"header from {preview.sheet}", f"header to {preview.sheet}")
    for place, key, label, row in ((first, keys[0], "Header: row", top), (last, keys[1], "to row", bottom)):
        session.assign(key, row)
        place.number_input(
            label,
            preview.first_row,
            max(preview.first_row + DEEPEST, row),
            key=key,
            on_change=_set_header,
            args=(preview.sheet, keys),
            disabled=preview.is_made,
            help=MADE if preview.is_made else None,
        )


def _show_area(draft: Draft, preview: Preview) -> None:
    """Where the table ends, and between which columns it stands."""
    if not preview.columns or preview.is_made:
        return
    letters = [column.letter for column in preview.columns]
    keys = tuple(f"area {end} {preview.sheet}" for end in ("row", "left", "right"))
    with st.popover("Where the table stands"):
        session.assign(keys[0], preview.last_row)
        at_least = preview.header[-1] + 1 if preview.header else preview.first_row
        st.number_input(
            "Its last row", min(at_least, preview.last_row), key=keys[0], on_change=_set_area, args=(preview, keys)
        )
        for key, label, place in ((keys[1], "Its first column", 0), (keys[2], "Its last column", -1)):
            session.assign(key, letters[place])
            st.selectbox(label, letters, key=key, on_change=_set_area, args=(preview, keys))
        name = edit_key("area", preview.sheet)
        if draft.answers.get(name):
            st.button("As it was found", on_click=_take_back, args=(name,), key=f"whole {preview.sheet}")
        key = f"further {preview.sheet}"
        st.text_input(
            "Another table of this sheet stands in",
            key=key,
            placeholder="H1:K20",
            on_change=_set_further,
            args=(preview, key),
            help="Its first and last cell. It is read as a table of its own, and this one ends before it.",
        )
        if problem := session.answer("further problem"):
            st.warning(problem)


def _table_of(draft: Draft, preview: Preview) -> str:
    """The table that the sheet is mainly read as."""
    readings = sheet_details.readings_of(draft, preview)
    whole = [reading for reading in readings if reading.table != PATIENTS.name or reading.extras is None]
    return draft.answers.get(edit_key("table", preview.sheet), "") or next(
        (reading.table for reading in whole or readings), UNUSED
    )


def _patient_of(draft: Draft, preview: Preview) -> str:
    readings = sheet_details.readings_of(draft, preview)
    return next((reading.columns["patient_id"] for reading in readings if "patient_id" in reading.columns), "")


def _show_grid(draft: Draft, preview: Preview) -> None:
    """Roles above the real cells, some columns at a time."""
    columns = list(enumerate(preview.columns))
    pages = [columns[place : place + AT_ONCE] for place in range(0, len(columns), AT_ONCE)]
    if not pages:
        st.info("No table was found in this sheet. Say in which rows its headings stand.")
        return
    page = 1
    if len(pages) > 1:
        key = f"columns of {preview.sheet}"
        page = int(session.number(key, 1, len(pages), 1))
        session.assign(key, page)
        label = f"Columns {pages[page - 1][0][1].letter} to {pages[page - 1][-1][1].letter} of {len(columns):,}: page"
        st.number_input(label, 1, len(pages), key=key, width=260)
    shown = pages[page - 1]
    with st.container(key="sheetgrid"):
        _show_roles(draft, preview, [column for _, column in shown])
        st.html(_as_html(preview, [place for place, _ in shown]))
    st.caption(_below(preview))


def _show_roles(draft: Draft, preview: Preview, columns: list[ColumnPreview]) -> None:
    guesses = {guess.column: guess for guess in draft.suggestion.guesses if guess.sheet == preview.sheet}
    roles = _roles(_table_of(draft, preview))
    for place, column in zip(st.columns(_widths(len(columns)), gap=None)[1:], columns, strict=True):
        guess = guesses.get(column.heading)
        with place:
            if not column.heading:
                st.caption(f"{_place(column)}: no heading, not read")
            elif guess is None:
                st.caption(f"{_place(column)}: not read")
            else:
                _show_role(draft, preview, column, guess, roles)


def _show_role(draft: Draft, preview: Preview, column: ColumnPreview, guess: Guess, roles: list[str]) -> None:
    key = f"role {preview.sheet} {column.heading}"
    now = guess.role if guess.role in roles else EXTRA_ROLE
    session.assign(key, now)
    st.selectbox(
        f"{_place(column)}: read as",
        roles,
        key=key,
        format_func=label_of,
        on_change=_set_role,
        args=(preview.sheet, column.heading, key),
        help=plain(guess.reason),
    )
    if not column.private and now not in (IGNORED, PRIVATE_ROLE):
        with st.popover("Details", width="stretch", key=f"details {preview.sheet} {column.heading}"):
            column_details.show(draft, preview, column, now)


def _place(column: ColumnPreview) -> str:
    """Where a column stands: its letter; of a turned sheet the row that it was."""
    return f"Row {column.letter}" if column.letter.isdecimal() else column.letter


def _as_html(preview: Preview, places: list[int]) -> str:
    """The cells as they stand, with the header marked and what is outside of the table greyed."""
    last = preview.header[-1] if preview.header else 0
    lines = []
    for number, row in enumerate(preview.rows, preview.first_row):
        kind = "head" if number in preview.header else "outside" if number < last or number > preview.last_row else ""
        kind += " end" if number == preview.last_row else ""
        cells = "".join(f"<td>{escape(row[place] if place < len(row) else '')}</td>" for place in places)
        lines.append(f'<tr class="{kind}"><th>{number}</th>{cells}</tr>')
    widths = _widths(len(places))
    shares = "".join(f'<col style="width:{100 * width / sum(widths):.2f}%">' for width in widths)
    return f"<table><colgroup>{shares}</colgroup>{''.join(lines)}</table>"


def _widths(n: int) -> tuple[int, ...]:
    """Of the row numbers and each of n columns."""
    return (NUMBERS, *(CELLS,) * n)


def _below(preview: Preview) -> str:
    shown = len(preview.rows)
    more = f"The first {shown} rows are shown." if preview.last_row > preview.first_row + shown - 1 else ""
    return f"{more} The table ends in row {preview.last_row:,} and has {plural(preview.n_rows, 'row')} of data.".strip()


def _roles(table: str) -> list[str]:
    """Every role, those of the sheet's own table first."""
    tables = sorted((PATIENTS, *EVENT_TABLES), key=lambda each: (each.name != table, each is not PATIENTS))
    named = [
        f"{each.name}.{column.name}"
        for each in tables
        for column in each.columns
        if each is PATIENTS or column.name != "patient_id"
    ]
    return [*SPECIAL_ROLES, *named]


def label_of(role: str) -> str:
    """A role as the reader knows it: "age years (Patients)"."""
    if role in SPECIAL_ROLES:
        return SPECIAL_ROLES[role]
    name, _, column = role.partition(".")
    table = next((table for table in TABLES if table.name == name), None)
    return f"{column.replace('_', ' ')} ({table.sheet})" if table else SPECIAL_ROLES[EXTRA_ROLE]


def _set_table(sheet: str, key: str) -> None:
    if (table := session.answer(key, ONE_ROW)) is not None:
        session.change_draft(session.draft().answered(edit_key("table", sheet), table))


def _set_patient(sheet: str, key: str) -> None:
    """Another column is the patient; what another was before, it is not any more."""
    draft, start = session.draft(), f"role:{sheet}:"
    for name, role in draft.answers.items():
        if name.startswith(start) and role.endswith(".patient_id"):
            draft = draft.answered(name, "")
    column = session.answer(key)
    session.change_draft(draft.answered(f"{start}{column}", "patients.patient_id") if column else draft)


def _set_header(sheet: str, keys: tuple[str, str]) -> None:
    top, bottom = (int(session.number(key, 1, 10**7, 1)) for key in keys)
    rows = ",".join(map(str, range(top, max(top, bottom) + 1)))
    session.change_draft(session.draft().answered(edit_key("header", sheet), rows))


def _set_area(preview: Preview, keys: tuple[str, ...]) -> None:
    """The table between these columns, from its header to this row."""
    letters = [column.letter for column in preview.columns]
    left, right = (
        letters.index(session.answer(key, letters) or letters[place])
        for key, place in zip(keys[1:], (0, -1), strict=True)
    )
    top = preview.header[0] if preview.header else preview.first_row
    last = int(session.number(keys[0], top, 10**7, preview.last_row))
    first = preview.first_column
    area = f"{top},{first + min(left, right)},{last},{first + max(left, right)}"
    session.change_draft(session.draft().answered(edit_key("area", preview.sheet), area))


def _set_further(preview: Preview, key: str) -> None:
    """A second table of the sheet; the one that is shown ends left of it, or above it."""
    said = str(session.answer(key) or "").replace(" ", "").upper()
    name = f"{preview.layout.sheet} [{said}]"
    top, left, bottom, right = table_in_sheet(name)[1] or (1, 1, 0, 0)
    is_area = top <= bottom and left <= right
    session.assign("further problem", "" if is_area or not said else f"{said} is no part of a sheet: write H1:K20.")
    if not is_area:
        return
    column, end = preview.first_column, preview.first_column + len(preview.columns) - 1
    own = (preview.header[0] if preview.header else preview.first_row, column, preview.last_row, end)
    if left > column:
        own = (*own[:3], min(end, left - 1))
    elif top > own[0]:
        own = (*own[:2], min(preview.last_row, top - 1), end)
    areas = {preview.sheet: own, name: (top, left, bottom, right)}
    changes = {edit_key("area", each): ",".join(map(str, area)) for each, area in areas.items()}
    session.change_draft(session.draft().all_answered(changes))
    session.assign("edited sheet", name)


def _take_back(name: str) -> None:
    session.change_draft(session.draft().answered(name, ""))


def _set_role(sheet: str, heading: str, key: str) -> None:
    if (role := session.answer(key)) is not None:
        session.change_draft(session.draft().answered(f"role:{sheet}:{heading}", role))
