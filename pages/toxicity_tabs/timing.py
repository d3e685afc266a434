"""The tab "Timing": when one adverse event began and how long it lasted, patient by patient, and its cumulative incidence."""

import streamlit as st

from lib.toxicity.onset.figure import onset_figure
from lib.toxicity.onset.result import NO_SURVIVAL, onset
from lib.toxicity.shown import timed_terms
from lib.toxicity.timeline.figure import timeline_figure
from lib.toxicity.timeline.result import timeline
from pages.frame import ask, output, session
from pages.frame.escape import plain
from pages.toxicity_tabs.asked import Asked

ANY, SEVERE = "any grade", "grade ≥ 3"


def show(asked: Asked) -> None:
    terms = timed_terms(session.cohort())
    if not terms:
        st.info('No adverse event has a day. Fill in start_day (and stop_day) in the sheet "Adverse events".')
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        term = ask.from_list("Event", terms, key="timed event", persist_state="session", width=320)
        grade = ask.one("First event of", (ANY, SEVERE), default=ANY, key="timed grade", persist_state="session")
    made = timeline(asked.cohort, asked.grouping, term, asked.period)
    if made.n_lanes:
        output.show(timeline_figure, made)
    else:
        st.info(plain(f"Nobody in this selection had {term} on a day that is stated."))
    if timed_terms(session.cohort(), followed=True):
        output.show(onset_figure, lambda: onset(asked.cohort, asked.grouping, term, 3 if grade == SEVERE else 1))
    else:
        st.info(NO_SURVIVAL)
