"""What is said once a page: its bias above the first exhibit that has one, each note and each sentence of a caption
below the first, and below the last whose data they are.

Files have every text in full.
"""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from lib.export.provenance import Provenance
from lib.publication.exhibit import Exhibit
from pages.frame import session
from pages.frame.escape import plain

SURVIVAL: Final = "survival"  # the page, and the key of its tabs
LANDMARK: Final = "Landmark analysis"  # the tab
AT_A_LANDMARK: Final = ("time_zero.", "landmark.", "time_dependent.")
OF_ONE_PATIENT: Final = "patient."
BETWEEN_SENTENCES: Final = re.compile(r"(?<=\.) (?=[A-Z0-9]|n = )")


@dataclass
class Said:
    """What one run of a page has shown so far."""

    bias: str = ""
    of_data: Provenance | None = None
    of_patients: bool = False
    subject: str = ""  # what all the page is about, as its controls have it: an endpoint
    notes: set[str] = field(default_factory=set)


_said: ContextVar[Said] = ContextVar("said")


def begin() -> None:
    """A page begins: nothing is said yet."""
    _said.set(Said())


def above(exhibit: Exhibit, provenance: Provenance) -> None:
    """The page shows this exhibit next: its bias, where the page has said none. Of time zero and the landmark the
    exhibits speak themselves."""
    said = _said.get()
    said.of_data = provenance
    said.of_patients |= exhibit.of_patients and not exhibit.id.startswith(OF_ONE_PATIENT)
    if not said.bias and not exhibit.id.startswith(AT_A_LANDMARK):
        say_bias(" ".join(provenance.warnings_of(exhibit)))


def unsaid(notes: Iterable[str]) -> tuple[str, ...]:
    """The notes that no exhibit above has said; files have them all."""
    said = _said.get()
    new = tuple(note for note in notes if note not in said.notes)
    said.notes.update(new)
    return new


def about(subject: str) -> None:
    """All that the page shows from here on is about this; captions need not begin with it."""
    said = _said.get()
    said.subject = subject
    said.notes.add(f"{subject}.")


def caption(words: str) -> str:
    """What of a caption the page has not said: neither its subject nor a sentence that stands above."""
    said = _said.get()
    if said.subject and (rest := re.sub(rf"^{re.escape(said.subject)}[.:,] ", "", words)) != words:
        words = rest[:1].upper() + rest[1:]
    return " ".join(unsaid(BETWEEN_SENTENCES.split(words)))


def say_bias(sentence: str) -> None:
    """What biases the page, in one line, and the way to an analysis without that bias; nothing that is said already."""
    said = _said.get()
    if sentence in said.bias:
        return
    first, said.bias = not said.bias, f"{said.bias} {sentence}".strip()
    with st.container(
        key=f"bias {'first' if first else 'more'}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(f":material/warning: {plain(sentence)}", width="content")
        if first and not session.cohort().tables["endpoints"].empty:
            pressed = st.button("Do a landmark analysis", key="to landmark", type="tertiary", on_click=_open_landmark)
            if pressed:
                st.switch_page(f"pages/{SURVIVAL}.py", query_params=session.link())


def _open_landmark() -> None:
    session.assign(f"{SURVIVAL} tab", LANDMARK)


def below() -> None:
    """The end of a page that showed exhibits: how many patients, which, up to when, and whether they are synthetic."""
    said = _said.get(Said())
    if said.of_data is None:
        return
    if words := said.of_data.in_short(said.of_patients):
        with st.container(key="footer"):
            st.caption(plain(words))
