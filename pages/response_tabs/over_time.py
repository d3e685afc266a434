"""The tab "Over time": response at landmarks as bars, table and flows; time to response and to CR; duration of response."""

import streamlit as st

from lib.cohort.endpoint_choice import incidence_label, offered_endpoints, offered_incidences
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import endpoint_label
from lib.response.landmark.figure import flow_figure, landmark_figure
from lib.response.landmark.flow import flow
from lib.response.landmark.result import LandmarkResult, landmark_responses
from lib.response.landmark.table import landmark_table
from lib.response.landmark.words import headline
from lib.response.state import MONTHS, Landmark, states_of, usual_landmarks
from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table
from lib.survival.competing.words import headline as incidence_headline
from lib.survival.figure import survival_figure
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.words import headline as survival_headline
from lib.survival.words import summary_table
from pages.frame import ask, output, session

LANDMARKS, FLOWS = "At landmarks", "Flows"
INCIDENCES = ("response", "best_response", "complete_response")
DOR = "dor"


def show(cohort: Cohort, grouping: Grouping) -> None:
    opened = session.cohort()
    views = {LANDMARKS: LANDMARKS, FLOWS: FLOWS}
    views |= {name: incidence_label(name) for name in INCIDENCES if name in offered_incidences(opened)}
    views |= {DOR: endpoint_label(DOR)} if DOR in offered_endpoints(opened) else {}
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        view = ask.one(
            "View", list(views), default=LANDMARKS, name=lambda name: views[name], key="response view", persist_state="session",
        )  # fmt: skip
        landmarks, carried = _choose(opened) if view in (LANDMARKS, FLOWS) else (MONTHS, False)
    if view in INCIDENCES:
        _show_incidence(cohort, grouping, view)
    elif view == DOR:
        _show_duration(cohort, grouping)
    else:
        _show_landmarks(landmark_responses(cohort, grouping, landmarks, carried), view)


def _choose(opened: Cohort) -> tuple[tuple[Landmark, ...], bool]:
    """The landmarks, with one of the reader's own, and whether the last response holds until the next assessment."""
    with st.popover("Landmarks", icon=":material/tune:"):
        names = {landmark.label: landmark for landmark in MONTHS}
        usual = [landmark.label for landmark in usual_landmarks(opened)]
        chosen = ask.some("Landmarks", list(names), default=usual, key="landmarks", persist_state="session", help="At first those at which at least half of the patients who had not failed before were assessed.")  # fmt: skip
        day = st.number_input("Own landmark, day", 1, 3650, value=None, key="own landmark", persist_state="session")
        window = st.number_input("± days", 0, 180, value=14, key="own window", persist_state="session")
        carried = st.checkbox("Carry the last response forward", key="carried", persist_state="session", help="To landmarks without an assessment, of whoever is free of progression. The number is said.")  # fmt: skip
    own = (Landmark(f"Day {day}", float(day), float(window)),) if day else ()
    return (*(names[name] for name in chosen), *own) or usual_landmarks(opened), carried


def _show_landmarks(result: LandmarkResult, view: str) -> None:
    output.headline(*headline(result))
    states = states_of(session.cohort())
    if view == FLOWS and len(result.landmarks) < 2:
        st.info("Choose a second landmark: flows go from one to the next.")
    elif view == FLOWS:
        output.show(flow_figure, result, lambda: flow(result), states)
    else:
        output.show(landmark_figure, result, states)
    output.show(landmark_table, result)


def _show_incidence(cohort: Cohort, grouping: Grouping, name: str) -> None:
    result = competing(competing_outcome(cohort, name, grouping, session.view().unit))
    output.headline(*incidence_headline(result))
    output.show(incidence_figure, result)
    output.show(incidence_table, result)


def _show_duration(cohort: Cohort, grouping: Grouping) -> None:
    result = survival(time_to_event(cohort, DOR, grouping, session.view().unit), cohort)
    output.headline(*survival_headline(result))
    output.show(survival_figure, result)
    output.show(summary_table, result)
    st.caption("More of it, with other definitions: page Survival, endpoint Duration of response.")
