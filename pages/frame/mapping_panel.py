"""Asks which column is what, where the workbook is not our template: open questions first, then every column with our guess and why.

Every answer is applied at once to the file in memory, and what would be opened is shown beside it. Nothing of a private column is shown.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from lib.cohort.effect import endpoint_effects, table_effects
from lib.cohort.schema import EVENT_TABLES, PATIENTS, TABLES
from lib.intake.infer.question import EXTRA_ROLE, PRIVATE_ROLE, Guess, Question, coded
from lib.intake.mapping import to_json
from lib.intake.read import Draft
from lib.publication.number import plural
from pages.frame import findings, session
from pages.frame.escape import plain

MANY_CHOICES: Final = 5
SPECIAL_ROLES: Final = {EXTRA_ROLE: "further column", PRIVATE_ROLE: "left out: private", "ignore": "not read"}
CERTAINTY: Final = {"certain": "●●●", "likely": "●●○", "open": "●○○"}


def show(draft: Draft) -> None:
    """The whole panel: questions, what would be opened, the columns of every sheet."""
    st.subheader("How your file is read")
    st.caption(plain(f"{draft.name}. Nothing of it is on the pages until you press Open."))
    asked, effect = st.container(key="mapping").columns([6, 4], gap="large")
    with asked:
        _show_questions(draft)
        _show_private(draft)
    with effect:
        _show_effect(draft)
    st.markdown("##### Every column")
    sheets = dict.fromkeys(guess.sheet for guess in draft.suggestion.guesses)
    for sheet in sheets:
        guesses = [guess for guess in draft.suggestion.guesses if guess.sheet == sheet]
        with st.expander(plain(f"{sheet}: {_read_as(draft, sheet)}"), expanded=len(sheets) == 1):
            _show_columns(sheet, guesses)


def _show_questions(draft: Draft) -> None:
    unanswered = len(draft.open_questions)
    questions = draft.suggestion.questions
    if draft.saved:
        st.info("A saved mapping is applied. What no longer fits stands among the findings.")
        st.button("Ask me instead", on_click=session.set_draft, args=(draft.with_saved(None),), type="tertiary")
        return
    if not questions:
        st.success("Nothing had to be asked.", icon=":material/check:")
        return
    st.markdown(
        f"##### {plural(unanswered, 'question')} only you can answer"
        if unanswered
        else "##### All questions are answered"
    )
    for question in sorted(questions, key=lambda each: not each.needed):
        _show_question(draft, question)
    filled = tuple(question for question in questions if question.is_open and _is_filled(question))
    if len(filled) > 1:
        st.button(f"All {len(filled)} that are filled in are right", key="confirm all", on_click=_confirm, args=filled)


def _show_question(draft: Draft, question: Question) -> None:
    key = f"ask {draft.fingerprint} {question.id}"
    mark = ":orange-badge[open] " if question.is_open else ""
    place = f"{question.sheet}, " if question.sheet else ""
    columns = ", ".join(question.columns)
    with st.container(border=question.is_open):
        st.markdown(f"{mark}{plain(question.sentence)}")
        st.caption(plain(f"{place}{columns}. {question.why}" if columns else question.why))
        if question.kind == "codes":
            _show_codes(question, key)
        else:
            _show_choices(question, key)
        if question.is_open and _is_filled(question):
            st.button("That is right", key=f"yes {key}", on_click=_confirm, args=(question,))


def _is_filled(question: Question) -> bool:
    """Whether there is a proposal for all that is asked."""
    return bool(question.chosen) and all(each.meaning for each in question.values)


def _show_choices(question: Question, key: str) -> None:
    labels = {choice.key: choice.label for choice in question.choices}
    session.assign(key, question.chosen or None)
    pick = st.selectbox if len(labels) > MANY_CHOICES else st.radio
    pick(
        plain(question.sentence), list(labels), key=key, index=None, format_func=lambda choice: plain(labels.get(choice, choice)),
        label_visibility="collapsed", on_change=_answer, args=(question.id, key),
    )  # fmt: skip


def _show_codes(question: Question, key: str) -> None:
    """One line a value: how often it stands there, and its meaning."""
    labels = {choice.key: choice.label for choice in question.choices}
    for each in question.values:
        own = f"{key} = {each.value}"
        session.assign(own, each.meaning or None)
        st.segmented_control(
            plain(f"“{each.value}” ({each.n:,})"), list(labels), key=own, format_func=lambda choice: labels.get(choice, choice),
            on_change=_answer_code, args=(question.id, each.value, own),
        )  # fmt: skip


def _answer(question_id: str, key: str) -> None:
    if (answer := session.answer(key)) is not None:
        session.set_draft(session.draft().answered(question_id, answer))


def _answer_code(question_id: str, value: str, key: str) -> None:
    """What one value means; the others keep what stands for them now, answers given a moment ago among them."""
    draft = session.draft()
    question = next(each for each in draft.suggestion.questions if each.id == question_id)
    meanings = {each.value: each.meaning for each in question.values} | {value: session.answer(key) or ""}
    session.set_draft(draft.answered(question.id, coded(meanings)))


def _confirm(*questions: Question) -> None:
    draft = session.draft()
    for question in questions:
        draft = draft.answered(question.id, question.chosen)
    session.set_draft(draft)


def _show_private(draft: Draft) -> None:
    private = draft.private_columns
    if private:
        names = ", ".join(dict.fromkeys(column for columns in private.values() for column in columns))
        st.warning(
            f"**Left out, because they look like names, record numbers, addresses or dates of birth:** {plain(names)}. "
            "If one is none, give it another meaning in the list of columns."
        )


def _show_effect(draft: Draft) -> None:
    """What would be opened with the answers as they are, and the buttons."""
    with st.container(border=True):
        st.markdown("##### What would be opened")
        opened = draft.opened
        if isinstance(opened, str):
            st.error(plain(opened))
        else:
            effects = (*table_effects(opened), *endpoint_effects(opened))
            st.markdown("\n".join(f"- {plain(said)}" for said in effects))
            st.caption(f"Findings: {findings.counted(opened)}.")
        st.checkbox(
            "Replace patient ids by P01, P02 ...", draft.study_codes, key="study codes", on_change=_set_study_codes
        )
        if draft.blocking:
            st.caption(f"{plural(len(draft.blocking), 'answer')} still missing on which numbers depend.")
        left = f" ({plural(len(draft.open_questions), 'question')} open)" if draft.open_questions else ""
        with st.container(horizontal=True):
            st.button(
                f"Open{left}",
                key="open draft",
                type="primary",
                on_click=session.open_draft,
                disabled=isinstance(draft.opened, str) or bool(draft.blocking),
            )
            st.button("Cancel", key="cancel draft", on_click=session.set_draft, args=(None,))
    st.download_button(
        "Save these answers", to_json(draft.mapping), "mapping.json", "application/json", on_click="ignore", icon=":material/download:",
        help="A small file (JSON) without any patient's data. Give it to next month's file under “Use saved answers”.",
    )  # fmt: skip
    saved = st.file_uploader("Use saved answers", type=["json"], key="saved mapping")
    if saved is not None and saved.file_id != session.read_mapping():
        session.use_mapping(saved.file_id, saved.getvalue())
        st.rerun()
    if problem := session.mapping_problem():
        st.error(plain(problem))


def _set_study_codes() -> None:
    session.set_draft(session.draft().with_study_codes(bool(session.answer("study codes"))))


def _show_columns(sheet: str, guesses: Sequence[Guess]) -> None:
    """The user's own columns with examples, what each is read as (to be changed), and why."""
    rows = pd.DataFrame({
        "Column": [guess.column for guess in guesses],
        "Values": [" · ".join(guess.examples) for guess in guesses],
        "Read as": [_label(guess.role) for guess in guesses],
        "Sure": ["asked" if guess.asks else CERTAINTY[guess.certainty] for guess in guesses],
        "Why": [guess.reason for guess in guesses],
    })  # fmt: skip
    roles = sorted({*_roles(), *rows["Read as"]})
    key = f"columns {sheet} {hash(tuple(rows['Read as']))}"
    st.data_editor(
        rows, hide_index=True, width="stretch", key=key, disabled=["Column", "Values", "Sure", "Why"], on_change=_set_roles,
        args=(key, sheet, tuple(guess.column for guess in guesses)),
        column_config={"Read as": st.column_config.SelectboxColumn(options=roles, required=True, width="medium"),
                       "Sure": st.column_config.TextColumn(width="small")},
    )  # fmt: skip


def _set_roles(key: str, sheet: str, columns: tuple[str, ...]) -> None:
    draft = session.draft()
    by_label = {_label(role): role for role in [*_role_names(), *(guess.role for guess in draft.suggestion.guesses)]}
    for place, change in session.answer(key)["edited_rows"].items():
        if change.get("Read as"):
            draft = draft.answered(f"role:{sheet}:{columns[int(place)]}", by_label[change["Read as"]])
    session.set_draft(draft)


def _read_as(draft: Draft, sheet: str) -> str:
    sheets = {table.name: table.sheet for table in TABLES}
    readings = [reading for each in draft.mapping.sheets if each.sheet == sheet for reading in each.readings]
    names = dict.fromkeys(sheets[reading.table] for reading in readings)
    return "read as " + " and ".join(names) if names else "not read"


def _role_names() -> list[str]:
    tables = (PATIENTS, *EVENT_TABLES)
    return [*SPECIAL_ROLES, *(f"{table.name}.{column.name}" for table in tables for column in table.columns)]


def _roles() -> list[str]:
    return [_label(role) for role in _role_names()]


def _label(role: str) -> str:
    """A role as the reader knows it: "Patients: age years"; a column that is nothing of the schema's goes along as it is."""
    if role in SPECIAL_ROLES:
        return SPECIAL_ROLES[role]
    name, _, column = role.partition(".")
    table = next((table for table in TABLES if table.name == name), None)
    if table is None or table.column(column) is None:
        return SPECIAL_ROLES[EXTRA_ROLE]
    return f"{table.sheet}: {column.replace('_', ' ')}"
