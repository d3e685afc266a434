"""The session as a file: saved, and opened again with its workbook or a newer one; the link to what is seen.

It knows every exhibit, and is loaded once somebody asks for it: session_menu.py stands on every page.
"""

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.exhibits import Entry, entries
from lib.export.composition import FORMATS
from lib.export.report import PACKED_FORMATS
from lib.export.table_file import BESIDE_CSV
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.ledger import Ledger
from lib.publication.number import plural
from lib.session import NotASession, SavedSession, file_name, one_session, saved_session, to_text, written_options
from lib.session_opened import analysis_of, changes, followed, headline_numbers, prepared, usable_settings
from pages.frame import linked, looks, options_form, session
from pages.frame.escape import plain
from pages.frame.examples import example_of
from pages.frame.session_menu import CHANGES, ENDING, WAITING
from pages.frame.widget_state import FIGURES_AS, MASK_BELOW, TABLES_AS

READ: Final = "session read last"  # the id of its upload
PROBLEM: Final = "session problem"
PRINTED: Final = "print form"
TITLE: Final = "report title"
Reader = Callable[[Sequence[SourceFile]], Draft]
HELP: Final = (
    "Filters, groups, options, what the columns mean and what was ticked, as a small file (JSON) without any of your"
    " data."
)


def show_in_menu() -> None:
    """The menu that is open: save the session, open one, and the link."""
    if session.cohort() is not None:
        _offer_saving()
    _offer_opening()
    if session.cohort() is not None:
        _offer_link()


def _offer_saving() -> None:
    st.download_button(
        "Save session",
        _maker(session.analysis()),
        file_name(),
        "application/json",
        key="save session",
        on_click="ignore",
        width="stretch",
        icon=":material/download:",
        help=HELP,
    )


def _offer_opening() -> None:
    file = st.file_uploader("Open session", type=[ENDING.removeprefix(".")], key="open session", max_upload_size=1)
    if file is not None and file.file_id != session.answer(READ):
        session.assign(READ, file.file_id)
        session.assign(PROBLEM, take([file.getvalue()]))
        st.rerun()
    if file is not None and (problem := session.answer(PROBLEM)):
        st.error(plain(problem))
    say_waiting("sidebar")


def _offer_link() -> None:
    address = f"{st.context.url or ''}?{urlencode(session.link() | linked.parameters(), doseq=True)}"
    st.caption("Link to what you see: filters, groups and what is open on this page; no data, no patient.")
    st.code(address, language=None, wrap_lines=True, height=90)


def _maker(analysis: Analysis) -> Callable[[], bytes]:
    """What makes the file when it is asked for; it runs outside the page, so all that it needs is bound here."""
    options: dict[str, dict[str, str]] = {}
    left_out: list[str] = []
    for entry in entries(analysis):
        if isinstance(entry, Entry) and entry.id not in options:  # of patients there is one for all
            options[entry.id], said = written_options(
                entry, analysis, options_form.held(entry.spec, entry.variant, analysis)
            )
            left_out += said
    more = {
        "options": {of: texts for of, texts in options.items() if texts},
        "shown": linked.chosen(),
        "known_at": session.known_at(),
        "form": session.answer(PRINTED),
        "items": session.report_items(),
        "title": session.answer(TITLE) or "",
        "left_out": tuple(dict.fromkeys(left_out)),
        "ledger": tuple(looks.ledger().to_json()),
        "mask_below": analysis.mask_below,
        "formats": _formats(),
    }
    cohort, view, draft = session.cohort(), session.view(), session.read_as()

    def make() -> bytes:
        settings = [(of, name, text) for of, texts in options.items() for name, text in texts.items()]
        numbers = headline_numbers(analysis, settings, [item.id for item in more["items"]])
        return to_text(saved_session(cohort, view, draft, numbers=numbers, **more)).encode()

    return make


def _formats() -> tuple[str, ...] | None:
    """Those of a package, where the reader was asked and did not leave them as usual."""
    chosen = (*session.answers(FIGURES_AS, FORMATS), *session.answers(TABLES_AS, BESIDE_CSV))
    asked = session.is_answered(FIGURES_AS)
    return chosen if asked and chosen != PACKED_FORMATS else None


def _take_formats(saved: Sequence[str] | None) -> None:
    formats = PACKED_FORMATS if saved is None else saved
    session.assign(FIGURES_AS, [each for each in FORMATS if each in formats])
    session.assign(TABLES_AS, [each for each in BESIDE_CSV if each in formats])


def waiting() -> SavedSession | None:
    """The session that was opened before its file."""
    found: SavedSession | None = session.answer(WAITING)
    return found


def say_waiting(place: str) -> None:
    """Which file a session waits for; `place` tells two such notes on one page apart."""
    saved = waiting()
    if saved is None:
        return
    st.info(
        plain(
            f"The session of {saved.created} ({plural(saved.n, 'patient')}) waits for its file: open that, or a newer"
            " one, on Home."
        )
    )
    with st.container(horizontal=True):
        if session.read_as() is not None:
            st.button("Use it with the open file", key=f"use session {place}", on_click=_use_with_open_file)
        st.button(
            "Forget it", key=f"forget session {place}", on_click=session.assign, args=(WAITING, None), type="tertiary"
        )


def take(
    contents: Sequence[bytes], files: Sequence[SourceFile] = (), ids: tuple[str, ...] = (), reader: Reader = read_draft
) -> str:
    """Open what was uploaded: files, a session or both; a session alone waits for its file. The sentence why a session
    cannot be used. `reader` reads the files."""
    try:
        saved = one_session(contents) if contents else waiting()
    except NotASession as refusal:
        if ids:
            session.note_uploads(ids, str(refusal))
        return str(refusal)
    session.assign(WAITING, saved)
    if files:
        session.open_files(lambda: prepared(reader(files), saved) if saved else reader(files), ids)
        _follow_if_open(saved, not session.refusal())
        return ""
    if ids:
        session.note_uploads(ids)
    return _open_at_once(saved) if saved else ""


def _open_at_once(saved: SavedSession) -> str:
    """Where the file of the session is open already, or is an example."""
    opened, example = session.cohort(), example_of(saved.fingerprint)
    if opened is not None and opened.fingerprint == saved.fingerprint and session.read_as() is not None:
        return _use_with_open_file()
    if example is not None:
        session.open_example(example)
        _follow_if_open(saved)
    return ""


def _use_with_open_file() -> str:
    saved, draft = waiting(), session.read_as()
    if saved is None or draft is None:  # pressed twice
        return ""
    try:
        refused = session.take_draft(prepared(draft, saved))
    except Unsafe as refusal:
        refused = str(refusal)
    _follow_if_open(saved, not refused)
    session.assign(PROBLEM, refused)
    return refused


def open_waiting() -> None:
    """Open was pressed where the program shows how a file was read: a session that waited for it is followed."""
    session.open_waiting()
    _follow_if_open(waiting())


def _follow_if_open(saved: SavedSession | None, was_read: bool = True) -> None:
    """Show what the session looked at, once its file is open; while its columns are being sorted out it waits."""
    if saved is None or not was_read or session.draft() is not None or session.cohort() is None:
        return
    cohort, view, dropped = followed(saved, session.cohort())
    known = {name: day for name, day in saved.known_at.items() if cohort.variable(name) is not None}
    session.restore(cohort, view, known)
    analysis = analysis_of(cohort, view, saved.mask_below)
    options_form.restore(usable_settings(saved, analysis)[0], analysis)
    linked.restore(saved.shown)
    _take_formats(saved.formats)
    for key, value in (
        (PRINTED, saved.form),
        (TITLE, saved.title),
        (WAITING, None),
        (PROBLEM, ""),
        (MASK_BELOW, saved.mask_below),
    ):
        session.assign(key, value)
    session.set_report_items(saved.items)
    session.assign(CHANGES, (*changes(saved, cohort, view), *dropped, *_take_ledger(saved)))


def _take_ledger(saved: SavedSession) -> Sequence[str]:
    """The comparisons that were looked at count on, with those of this file that were looked at since; those of another
    file do not."""
    if saved.fingerprint == session.cohort().fingerprint:
        looks.set_ledger(Ledger.from_json(saved.ledger).with_looks(looks.ledger().looks))
        return ()
    n = plural(len(saved.ledger), "comparison")
    return (f"{n} looked at then, in the other file: counting begins again.",) if saved.ledger else ()
