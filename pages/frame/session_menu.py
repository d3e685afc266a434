"""What of a saved session stands on every page: its menu at the end of the sidebar, the session that waits for its
file, and what changed since it was saved.

The rest, kept.py, knows every exhibit: it is loaded once somebody asks for it, not before the first page.
"""

from importlib import import_module
from typing import Any, Final

import streamlit as st

from pages.frame import session
from pages.frame.escape import plain

WAITING: Final = "session that waits"  # for its file
CHANGES: Final = "changes since the session"
ENDING: Final = ".json"


def kept() -> Any:
    """The module that saves and opens sessions."""
    return import_module("pages.frame.kept")


def show_menu() -> None:
    """At the end of the sidebar: save the session, open one, and the link. What it needs is computed only once it is
    opened."""
    if session.draft() is not None:
        return
    menu = st.sidebar.popover(
        "Session", key="session menu", icon=":material/bookmark:", width="stretch", on_change="rerun"
    )
    with menu:
        if menu.open:
            kept().show_in_menu()


def say_waiting(place: str) -> None:
    """Which file a session waits for, where one does."""
    if session.answer(WAITING) is not None:
        kept().say_waiting(place)


def open_waiting() -> None:
    """Open was pressed where the program shows how a file was read."""
    kept().open_waiting()


def is_session(name: str) -> bool:
    """Whether an uploaded file may be a session, by its name."""
    return name.casefold().endswith(ENDING)


def show_changes() -> None:
    """What is not as it was when the session was saved, until the reader has read it."""
    said = session.answer(CHANGES) or ()
    if not said:
        return
    with st.container(border=True, key="changed since", horizontal=True, vertical_alignment="top"):
        st.caption("**The session is open. Since it was saved:**\n" + "\n".join(f"- {plain(each)}" for each in said))
        st.button("Dismiss", key="dismiss changes", on_click=session.assign, args=(CHANGES, ()), type="tertiary")
