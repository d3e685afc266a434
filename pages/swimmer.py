"""Swimmer: the course of every patient at a glance."""

import streamlit as st

from lib.swimmer.figure import headline, swimmer_figure
from lib.swimmer.lane import SORTS, lanes
from pages.frame import output, page, session

page.open_page("Swimmer")
cohort, grouping = page.selected_or_stop("endpoints")
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
sort = controls.segmented_control(
    "Sort by", SORTS, default=SORTS[0], required=True, key="sort", persist_state="session"
)
grouped = controls.checkbox(
    "Part by group", value=True, key="grouped", persist_state="session", disabled=not grouping.compares
)
result = lanes(cohort, grouping, session.view().unit, sort, grouped)
output.headline(*headline(result))
output.show(swimmer_figure(result, cohort))
