"""Home: opens a workbook, says what was read and what was found wrong, and shows the cohort at a glance."""

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import offered_endpoints
from lib.survival import curves as survival
from lib.survival import kaplan_meier
from lib.survival.kaplan_meier import KAPLAN_MEIER
from lib.swimmer.drawing import PICK
from lib.swimmer.layout import headline
from lib.swimmer.plot import SWIMMER, lanes_of
from pages.frame import findings, opening, output, page, session

MOST_LANES = 80  # of the opened workbook: more are too thin to read beside the summary


def lanes(analysis: Analysis) -> None:
    """One lane a patient."""
    output.headline(*headline(analysis.result(lanes_of, SWIMMER.settled(analysis))))
    if picked := output.show(SWIMMER, analysis, pick=PICK):
        page.open_patient(picked)


def curves(analysis: Analysis) -> None:
    """The curves of the first endpoint."""
    endpoint = offered_endpoints(analysis.opened)[0]
    output.headline(
        *kaplan_meier.headline(survival.curves(analysis, endpoint, KAPLAN_MEIER.settled(analysis, endpoint)))
    )
    output.show(KAPLAN_MEIER, analysis, endpoint)


page.open_page("CAR-T Cohort Explorer")
page.cohort_or_stop()
if (first := session.page_of_example()) not in ("", "home"):
    st.switch_page(f"pages/{first}.py", query_params=session.link())
cohort = session.cohort()
opening_column, glance = st.container(key="front").columns([3, 7], gap="large")
with opening_column:
    opening.show_state()
    opening.ask_for_workbook()
    if session.shows_example():
        opening.show_steps()
with st.container():
    if not session.shows_example():
        findings.show(cohort)
with glance:
    if page.why_empty("endpoints"):
        opening.show_contents()
    else:
        analysis = page.analysis_or_stop("endpoints")
        few = len(cohort.patients) <= MOST_LANES and not cohort.responses.empty
        (lanes if few else curves)(analysis)
