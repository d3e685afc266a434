"""Survival: how long until the event, group by group."""

import streamlit as st

from lib.cohort.endpoint_choice import offered_incidences
from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table, ratio_table
from lib.survival.competing.words import headline as incidence_headline
from lib.survival.figure import survival_figure
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.words import headline, summary_table
from pages.frame import endpoint_panel, output, page, session

page.open_page("Survival")
cohort, grouping = page.selected_or_stop("endpoints")
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
endpoint, definition = endpoint_panel.choose(cohort, controls)
limits = controls.checkbox("Confidence bands", value=True, key="limits", persist_state="session")
unit = session.view().unit
result = survival(time_to_event(cohort, endpoint, grouping, unit, definition), cohort)
output.headline(*headline(result))
curves, time_zero, models = st.tabs(
    ["Curves", "Time zero", "Models and subgroups"], key="survival tab", on_change="rerun"
)
if curves.open:
    with curves:
        if endpoint_panel.choose_view(cohort) == endpoint_panel.INCIDENCE:
            causes = endpoint_panel.choose_incidence(cohort, endpoint)
            parted = competing(competing_outcome(cohort, causes, grouping, unit, definition))
            output.headline(*incidence_headline(parted))
            output.show(incidence_figure(parted, limits))
            output.show(incidence_table(parted))
        else:
            output.show(survival_figure(result, limits))
            output.show(summary_table(result))
if models.open and grouping.compares and offered_incidences(cohort):
    with models:
        st.subheader("Competing risks")
        causes = endpoint_panel.choose_incidence(cohort, endpoint)
        output.show(ratio_table(competing(competing_outcome(cohort, causes, grouping, unit, definition))))
