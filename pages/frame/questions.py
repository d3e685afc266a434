"""What only the owner of a file can know, asked one thing at a time; those whose answer changes a number come first."""

from typing import Final

import streamlit as st

from lib.intake.draft import Draft
from lib.intake.infer.question import Question, coded, decoded
from lib.publication.number import plural
from pages.frame import session
from pages.frame.escape import plain

MANY_CHOICES: Final = 5
MOST_COLUMNS: Final = 5
BLOCKS: Final = ":orange-badge[needed before Open]"
WAITS: Final = ":gray-badge[may wait]"


def show(draft: Draft) -> None:
    """The open questions, then those that are answered, folded."""
    if draft.saved:
        st.info("A saved mapping is applied as it stands. What no longer fits stands among the findings.")
        st.button("Ask me instead", on_click=session.change_draft, args=(draft.with_saved(None),), type="tertiary")
    blocking = draft.blocking
    open_ones = sorted(draft.open_questions, key=lambda each: each not in blocking)
    if open_ones:
        st.markdown(f"## {plural(len(open_ones), 'question')} only you can answer")
    for question in open_ones:
        _show_question(draft, question)
    filled = tuple(question for question in open_ones if is_filled(question))
    if len(filled) > 1:
        st.button(
            f"Confirm all {len(filled)} that are filled in",
            key="confirm all",
            on_click=_confirm,
            args=[each.id for each in filled],
        )
    settled = [each for each in draft.suggestion.questions if not each.is_open]
    if settled:
        with st.expander(f"{plural(len(settled), 'answer')} that can be changed"):
            for question in settled:
                _show_question(draft, question)


def _show_question(draft: Draft, question: Question) -> None:
    key = f"ask {draft.fingerprint} {question.id}"
    mark = "" if not question.is_open else BLOCKS if question in draft.blocking else WAITS
    with st.container(border=question.is_open):
        st.markdown(f"{mark} {plain(question.sentence)}".strip())
        st.caption(plain(_place(question)))
        if question.kind == "codes":
            _show_codes(question, key)
        else:
            _show_choices(question, key)
        if question.is_open and is_filled(question):
            st.button("Confirm", key=f"yes {key}", on_click=_confirm, args=(question.id,))


def _place(question: Question) -> str:
    """Sheet and columns, where the sentence does not say them, and why it is asked."""
    columns = [each for each in question.columns if f'"{each}"' not in question.sentence]
    more = f" and {len(columns) - MOST_COLUMNS:,} more" if len(columns) > MOST_COLUMNS else ""
    named = ", ".join(columns[:MOST_COLUMNS]) + more
    return " ".join(filter(None, [f"{': '.join(filter(None, [question.sheet, named]))}.", question.why]))


def is_filled(question: Question) -> bool:
    """Whether there is a proposal for all that is asked."""
    return bool(question.chosen) and all(each.meaning for each in question.values)


def _show_choices(question: Question, key: str) -> None:
    labels = {choice.key: choice.label for choice in question.choices}
    session.assign(key, question.chosen or None)
    if len(labels) > MANY_CHOICES:
        st.selectbox(
            question.sentence,
            list(labels),
            key=key,
            index=None,
            format_func=lambda choice: labels.get(choice, choice),
            label_visibility="collapsed",
            on_change=_answer,
            args=(question.id, key),
            placeholder="Choose",
        )
        return
    st.radio(
        plain(question.sentence),
        list(labels),
        key=key,
        index=None,
        format_func=lambda choice: plain(labels.get(choice, choice)),
        label_visibility="collapsed",
        on_change=_answer,
        args=(question.id, key),
    )


def _show_codes(question: Question, key: str) -> None:
    """A small table: one line a value with how often it stands there, and its meaning."""
    labels = {choice.key: choice.label for choice in question.choices}
    for each in question.values:
        own, shown = f"{key} = {each.value}", plain(each.value or "empty")
        session.assign(own, each.meaning or None)
        said, choice = st.columns([2, 7], vertical_alignment="center")
        said.markdown(f"**{shown}** ({plural(each.n, 'cell')})")
        choice.pills(
            f"“{shown}”",
            list(labels),
            key=own,
            format_func=lambda choice: plain(labels.get(choice, choice)),
            on_change=_answer_code,
            args=(question, each.value, own),
            label_visibility="collapsed",
        )


def _answer(question_id: str, key: str) -> None:
    if (answer := session.answer(key)) is not None:
        session.change_draft(session.draft().answered(question_id, answer))


def _answer_code(question: Question, value: str, key: str) -> None:
    """What one value means; of the others what was pressed before, and nothing that was only proposed."""
    draft = session.draft()
    meanings = decoded(draft.answers.get(question.id, "")) | {value: session.answer(key) or ""}
    session.change_draft(draft.answered(question.id, coded(meanings)))


def _confirm(*asked: str) -> None:
    """Take what is proposed for these questions now: an answer given just before the click counts."""
    draft = session.draft()
    for question in draft.suggestion.questions:
        if question.id in asked and question.is_open and is_filled(question):
            draft = draft.answered(question.id, question.chosen)
    session.change_draft(draft)
