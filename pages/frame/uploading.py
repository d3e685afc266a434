"""While uploaded files are read: a bar that names the step, and a button that cancels it.

The files are read by a thread that waits for their process: a click elsewhere draws the page anew, which goes on
waiting for the same one. The process is ended when nobody waits for it any more: after Cancel, another upload, or the
end of the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Final

import streamlit as st

from lib.intake.draft import CANCELLED, Draft, Source, first_draft
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.files.process import BUDGET
from pages.frame import background, session

READING: Final = "reading that goes on"
WAITING: Final = "Other files are being read on this machine; yours is next"
LOOK_AGAIN: Final = 0.2  # seconds
STEPS: Final = {
    "reading the sheets": 0.05,
    "finding the tables": 0.5,
    "finding out what the columns mean": 0.57,
    "reading the values": 0.65,
    "checking the values": 0.75,
    "accounting for every cell": 0.85,
}  # of a large workbook, when each begins


@dataclass(eq=False)
class Job:
    """The reading of one upload: how far it is, and its draft or why there is none."""

    ids: tuple[str, ...]
    source: Source
    step: str = ""
    outcome: Draft | Exception | None = field(default=None, repr=False)

    def start(self) -> Thread:
        """Begin to read, in a thread of its own."""
        self.source.report_step = self._report_step
        self.step = WAITING if BUDGET.is_busy else "beginning"
        self.thread = Thread(target=self._run, name="reading", daemon=True)
        self.thread.start()
        return self.thread

    def draft(self) -> Draft:
        """What was read. Raises what reading raised."""
        if isinstance(self.outcome, Draft):
            return self.outcome
        raise self.outcome or Unsafe(CANCELLED)

    def _report_step(self, step: str) -> None:
        self.step = step

    def _run(self) -> None:
        try:
            self.outcome = first_draft(self.source)
        except Exception as error:  # raised where the page waits
            self.outcome = error


def read(files: Sequence[SourceFile], ids: tuple[str, ...]) -> Draft:
    """The draft of these uploads; the bar goes on until it is there. Raises Unsafe."""
    job: Job | None = session.answer(READING)
    if job is None or job.ids != ids:
        give_up()
        job = Job(ids, Source(tuple(files)))
        session.assign(READING, job)
        background.pool().ends_with(session.session_id(), job.source.cancel)
        job.start()
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Reading ...")
        st.button("Cancel", key="cancel reading", on_click=_cancel, args=(job,))
    while job.thread.is_alive():
        bar.progress(STEPS.get(job.step, 0.0), f"{job.step[:1].upper()}{job.step[1:]} ...")
        job.thread.join(LOOK_AGAIN)
    session.assign(READING, None)
    return job.draft()


def give_up() -> None:
    """Nobody waits for the reading that goes on, if there is one."""
    job: Job | None = session.answer(READING)
    if job is not None:
        job.source.cancel()
        session.assign(READING, None)


def _cancel(job: Job) -> None:
    give_up()
    session.note_uploads(job.ids, CANCELLED)
