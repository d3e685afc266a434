"""Survival: how long until the event, group by group."""

import streamlit as st

from lib.cohort.schema import endpoint_label
from lib.derived.known_source import became_known
from lib.survival.figure import survival_figure
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.time_zero.figure import time_zero_exhibits
from lib.survival.time_zero.followed import Asked
from lib.survival.time_zero.opening import opening
from lib.survival.time_zero.result import three_analyses
from lib.survival.time_zero.words import sentence, too_few
from lib.survival.words import headline, summary_table
from pages.frame import landmark_panel, output, page, session

page.open_page("Survival")
cohort, grouping = page.selected_or_stop("endpoints")
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
endpoint = controls.segmented_control(
    "Endpoint", cohort.endpoint_names, default=cohort.endpoint_names[0], format_func=endpoint_label, required=True, key="endpoint",
    persist_state="session",
)  # fmt: skip
limits = controls.checkbox("Confidence bands", value=True, key="limits", persist_state="session")
result = survival(time_to_event(cohort, endpoint, grouping, session.view().unit), cohort)
output.headline(*headline(result))
curves, time_zero, models = st.tabs(
    ["Curves", "Time zero", "Models and subgroups"], key="survival tab", on_change="rerun"
)
if curves.open:
    with curves:
        output.show(survival_figure(result, limits))
        output.show(summary_table(result))
if time_zero.open:
    with time_zero:
        start = opening(session.cohort(), grouping, endpoint)
        output.headline(start.sentence)
        source, days = landmark_panel.choose(start.sources, start.own)
        if source:
            known = became_known(cohort, grouping, source)
            compared = three_analyses(cohort, Asked(endpoint, session.view().unit), grouping, known, days)
            landmark_panel.offer(too_few(compared.landmark), compared.landmark.instead)
            output.headline(sentence(compared))
            for exhibit in time_zero_exhibits(compared, limits):
                output.show(exhibit)
