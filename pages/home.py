"""Home: opens a workbook, says what was read and what was found wrong, and shows the cohort at a glance."""

import streamlit as st

from lib.swimmer.figure import swimmer_figure
from lib.swimmer.lane import lanes
from lib.swimmer.words import headline
from pages.frame import findings, opening, output, page, session

page.open_page("CAR-T Cohort Explorer")
page.cohort_or_stop()
door, glance = st.container(key="front").columns([3, 7], gap="large")
with door:
    opening.show_state()
    opening.ask_for_workbook()
    opening.show_steps()
with st.container():
    findings.show(session.cohort())
with glance:
    cohort, grouping = page.selected_or_stop("endpoints")
    result = lanes(cohort, grouping, session.view().unit)
    output.headline(*headline(result))
    output.show(swimmer_figure, result, cohort)
