"""Survival: how long until the event, group by group."""

import streamlit as st

from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.words import headline
from pages.frame import endpoint_panel, output, page, session
from pages.survival_tabs import curves, models, time_zero
from pages.survival_tabs.asked import Asked

page.open_page("Survival")
cohort, grouping = page.selected_or_stop("endpoints")
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
endpoint, definition = endpoint_panel.choose(cohort, controls)
limits = controls.checkbox("Confidence bands", value=True, key="limits", persist_state="session")
unit = session.view().unit
result = survival(time_to_event(cohort, endpoint, grouping, unit, definition), cohort)
output.headline(*headline(result))
asked = Asked(cohort, grouping, endpoint, definition, unit, result, limits)
names = ("Curves", "Time zero", "Models and subgroups")
for place, tab in zip(st.tabs(names, key="survival tab", on_change="rerun"), (curves, time_zero, models), strict=True):
    if place.open:
        with place:
            tab.show(asked)
