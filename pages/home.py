"""Home: opens a workbook, says what was read and what was found wrong, and shows the cohort at a glance."""

import streamlit as st

from lib.swimmer.captions import headline
from lib.swimmer.plot import SWIMMER, lanes_of
from pages.frame import findings, opening, output, page, session

page.open_page("CAR-T Cohort Explorer")
page.cohort_or_stop()
opening_column, glance = st.container(key="front").columns([3, 7], gap="large")
with opening_column:
    opening.show_state()
    opening.ask_for_workbook()
    opening.show_steps()
with st.container():
    findings.show(session.cohort())
with glance:
    analysis = page.analysis_or_stop("endpoints")
    output.headline(*headline(analysis.result(lanes_of, SWIMMER.settled(analysis))))
    output.show(SWIMMER, analysis)
