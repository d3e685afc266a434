"""This is how your file was read: what would be opened, how sure that is, what is not used, and what only its owner can
say.

Nothing of a file that is not in the template's names is on the pages before Open is pressed here. Every answer is
applied at once to the file in memory. Nothing of a private column is shown.
"""

from typing import Final

import pandas as pd
import streamlit as st

from lib.cohort.finding import ColumnAccount
from lib.cohort.model import Cohort
from lib.derived.contents import Line, contents
from lib.intake.draft import Draft
from lib.intake.infer.question import Guess
from lib.intake.mapping import Reading, SheetMapping, table_in_sheet, to_json
from lib.publication.number import plural
from pages.frame import file_settings, findings, questions, session, session_menu, sheet_editor
from pages.frame.escape import plain

SURE: Final = {"certain": ":green-badge[sure]", "likely": ":blue-badge[likely]", "open": ":orange-badge[please check]"}
ORDER: Final = ("certain", "likely", "open")
SHEETS, COLUMNS, FILE, ANSWERS = (
    "Change how a sheet is read",
    "Where did my columns go?",
    "The whole file",
    "Save or use answers",
)
MOST_SHOWN: Final = 8
FIRST: Final = {"endpoints.os": 0, "endpoints.pfs": 1}  # in the line that is always in view


def show(draft: Draft) -> None:
    """The whole screen."""
    with st.sidebar:
        st.badge("Your file, not open yet", color="blue")
        st.caption(plain(draft.name))
    st.subheader("This is how your file was read")
    _show_bar(draft)
    left, right = st.container(key="mapping").columns([7, 5], gap="large")
    first = any(each.is_open or each.answered for each in draft.suggestion.questions) or draft.saved is not None
    with left if first else right:
        questions.show(draft)
    with right if first else left:
        _show_contents(draft)
    for problem in draft.problems:
        st.warning(plain(problem))
    _show_more(draft)


def _show_bar(draft: Draft) -> None:
    """What would be opened, in one line, and the buttons: always in view."""
    with st.container(key="readingbar"):
        said, buttons = st.columns([2, 1], vertical_alignment="center")
        said.markdown(f"**{plain(draft.name)}** · {_in_short(draft)}  \n{_why_not(draft)}")
        with buttons.container(horizontal=True, horizontal_alignment="right"):
            undone = session.earlier_drafts()
            st.button(
                "Undo", key="undo", on_click=session.undo, disabled=not undone, icon=":material/undo:", type="tertiary"
            )
            st.button("Cancel", key="cancel draft", on_click=session.set_draft, args=(None,))
            st.button(
                "Open",
                key="open draft",
                type="primary",
                on_click=session_menu.open_waiting,
                disabled=isinstance(draft.opened, str) or bool(draft.blocking),
            )


def _in_short(draft: Draft) -> str:
    if isinstance(draft.opened, str):
        return "cannot be opened yet"
    lines = contents(draft.opened)
    named = sorted(
        (line for line in lines if line.subject.startswith("endpoints.")),
        key=lambda line: FIRST.get(line.subject, len(FIRST)),
    )
    endpoints = [f"{line.label}: {line.words.split(',')[0]}" for line in named]
    return plain(" · ".join([lines[0].words.split(";")[0], *endpoints[:2]]))


def _why_not(draft: Draft) -> str:
    """Why Open cannot be pressed, or what may wait."""
    if draft.blocking:
        left = plural(len(draft.blocking), "question")
        changes = "changes" if len(draft.blocking) == 1 else "change"
        return f":orange[{left} below {changes} a number: answer before you open.]"
    if isinstance(draft.opened, str):
        return ":red[See below why.]"
    waiting = len(draft.open_questions)
    return (
        f":gray[{plural(waiting, 'question')} may wait.]"
        if waiting
        else ":gray[Nothing of it is on the pages until you press Open.]"
    )


def _show_contents(draft: Draft) -> None:
    st.markdown("## What would be opened")
    if isinstance(draft.opened, str):
        st.error(plain(draft.opened))
        _show_private(draft)
        return
    lines = contents(draft.opened)
    st.markdown("\n".join(f"- **{plain(line.label)}:** {plain(line.words)}. {_source(draft, line)}" for line in lines))
    found = "listed on Home once it is open" if draft.opened.findings else "every cell could be read"
    st.caption(f"Findings: {findings.counted(draft.opened)}; {found}.")
    _show_unused(draft.opened)
    _show_private(draft)
    st.checkbox("Replace patient ids by P01, P02 ...", draft.study_codes, key="study codes", on_change=_set_study_codes)


def _source(draft: Draft, line: Line) -> str:
    """From which columns a line comes, and how sure that is."""
    guesses = _guesses(draft, line.subject)
    if not guesses:
        return (
            f"{SURE['open']} :gray[no column names the patient: every row is one]"
            if line.subject == "patients.patient_id"
            else ""
        )
    sure = max((_certainty(draft, guess) for guess in guesses), key=ORDER.index)
    names = list(dict.fromkeys(guess.column for guess in guesses))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{SURE[sure]} :gray[{plain(', '.join(names[:3]) + more)}]"


def _guesses(draft: Draft, subject: str) -> list[Guess]:
    """The columns that a line of the contents comes from, as the mapping has them."""
    table, _, name = subject.partition(".")
    used = {
        (guessed, column)
        for sheet in draft.mapping.sheets
        for reading in sheet.readings
        if reading.table == table and _is_of(reading, name)
        for guessed in _names(draft, sheet)
        for column in _columns(reading, name)
    }
    return [guess for guess in draft.suggestion.guesses if (guess.sheet, guess.column) in used]


def _names(draft: Draft, sheet: SheetMapping) -> set[str]:
    """What the columns of this table are listed under: its name, or the one that it had before it was moved by hand."""
    names = {guess.sheet for guess in draft.suggestion.guesses}
    return (
        {sheet.name}
        if sheet.name in names
        else {name for name in names if table_in_sheet(name)[0].split(" + ")[0] == sheet.sheet}
    )


def _is_of(reading: Reading, name: str) -> bool:
    return reading.table != "endpoints" or reading.constants.get("endpoint", name).casefold() == name


def _columns(reading: Reading, name: str) -> set[str | None]:
    """The columns that a reading takes; of one of patients the one that is named."""
    if reading.table == "patients":
        return {reading.columns.get(name)}
    wide = (wide.column for wide in reading.wide)
    return {*reading.columns.values(), *reading.keep, *wide} - {reading.columns.get("patient_id")}


def _certainty(draft: Draft, guess: Guess) -> str:
    asked = any(each.is_about(guess.sheet, guess.column) for each in draft.open_questions)
    answered = any(each.answered and each.is_about(guess.sheet, guess.column) for each in draft.suggestion.questions)
    return "open" if asked else "certain" if answered or guess.reason == "you said so" else guess.certainty


def _show_unused(cohort: Cohort) -> None:
    """What is not used, and why; the table of columns has the rest."""
    sheets = [each for each in cohort.account.sheets if not each.read and each.rows and each.why]
    columns = _unused_columns(cohort, {each.sheet for each in sheets})
    if not columns and not sheets:
        st.caption("Every column is used.")
        return
    reported = [f"- sheet **{plain(each.sheet)}**: {plain(each.why)}" for each in sheets]
    reported += [_unused(each) for each in columns[:MOST_SHOWN]]
    more = len(columns) - MOST_SHOWN
    reported += [f"- and {plural(more, 'column')} more, listed under “{COLUMNS}”"] if more > 0 else []
    st.markdown("Not used:\n" + "\n".join(reported))


def _unused_columns(cohort: Cohort, sheets: set[str]) -> list[ColumnAccount]:
    """The columns with something in them that became nothing, but for those of sheets that are not read at all."""
    unused = (each for each in cohort.account.columns if not each.became and each.filled > each.heading_cells)
    return [each for each in unused if each.sheet not in sheets]


def _unused(column: ColumnAccount) -> str:
    named = column.heading or f"column {column.letter}, no heading"
    return f"- **{plain(named)}**: {plain(column.why)}"


def _show_private(draft: Draft) -> None:
    private = draft.private_columns
    if private:
        names = list(dict.fromkeys(column for columns in private.values() for column in columns))
        more = f" and {len(names) - MOST_SHOWN:,} more" if len(names) > MOST_SHOWN else ""
        st.warning(
            "**Left out and never shown, because they look like names, record numbers, addresses or dates of birth:** "
            f"{plain(', '.join(names[:MOST_SHOWN]) + more)}. If one is none, give it another meaning under “{SHEETS}”."
        )


def _show_more(draft: Draft) -> None:
    """The editor, the account, settings and saved answers: one at a time."""
    chosen = st.segmented_control(
        "More", [SHEETS, COLUMNS, FILE, ANSWERS], key="reading more", label_visibility="collapsed"
    )
    if chosen == SHEETS:
        sheet_editor.show(draft)
    elif chosen == COLUMNS:
        _show_account(draft)
    elif chosen == FILE:
        file_settings.show(draft)
    elif chosen == ANSWERS:
        _show_answers(draft)


def _show_account(draft: Draft) -> None:
    if isinstance(draft.opened, str):
        st.info("The table is made once the file can be read: answer the questions first.")
        return
    account = draft.opened.account
    st.caption(plain(account.sentence()))
    table: pd.DataFrame = account.table()
    st.dataframe(table, hide_index=True, width="stretch", key="account")
    st.download_button(
        "Download as CSV",
        account.csv(),
        "where_my_columns_went.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _show_answers(draft: Draft) -> None:
    st.download_button(
        "Save these answers",
        to_json(draft.mapping),
        "mapping.json",
        "application/json",
        on_click="ignore",
        icon=":material/download:",
        help=(
            "A small file (JSON) with headings and codes, without any patient's row. Give it to next month's file here."
        ),
    )
    saved = st.file_uploader("Use saved answers", type=["json"], key="saved mapping")
    if saved is not None and saved.file_id != session.read_mapping():
        session.use_mapping(saved.file_id, saved.getvalue())
        st.rerun()
    if problem := session.mapping_problem():
        st.error(plain(problem))


def _set_study_codes() -> None:
    session.change_draft(session.draft().with_study_codes(bool(session.answer("study codes"))))
