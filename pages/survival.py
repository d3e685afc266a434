"""Survival: how long until the event, group by group."""

import streamlit as st

from lib.cohort.schema import endpoint_label
from lib.stats.survival_limits import TRANSFORMS
from lib.survival.difference import difference
from lib.survival.difference_figure import difference_figure
from lib.survival.figure import survival_figure
from lib.survival.milestone import milestones
from lib.survival.options import DIFFERENCE_VIEW, SHARES, CurveOptions, views
from lib.survival.outcome import time_to_event
from lib.survival.panel import panels
from lib.survival.panel_figure import panel_figure
from lib.survival.result import survival
from lib.survival.sensitivity import sensitivity
from lib.survival.table import milestones_table, sensitivity_table
from lib.survival.words import headline, summary_table
from pages.frame import curve_panel, output, page, session

page.open_page("Survival")
cohort, grouping = page.selected_or_stop("endpoints")
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
endpoint = controls.segmented_control(
    "Endpoint", cohort.endpoint_names, default=cohort.endpoint_names[0], format_func=endpoint_label, required=True, key="endpoint",
    persist_state="session",
)  # fmt: skip
view = controls.segmented_control(
    "View", views(grouping), default=views(grouping)[0], required=True, key="survival view", persist_state="session"
)
with controls:
    wishes = curve_panel.show(TRANSFORMS, SHARES, grouping)
options = CurveOptions(wishes.transform, wishes.share)
result = survival(time_to_event(cohort, endpoint, grouping, session.view().unit), cohort, options)
output.headline(*headline(result))
curves, time_zero, models = st.tabs(
    ["Curves", "Time zero", "Models and subgroups"], key="survival tab", on_change="rerun"
)
if curves.open:
    with curves:
        if view == DIFFERENCE_VIEW:
            output.show(difference_figure(difference(result)))
        elif wishes.panels:
            output.show(panel_figure(panels(result, cohort, wishes.panels), wishes.limits))
        else:
            output.show(survival_figure(result, wishes.limits))
        output.show(summary_table(result))
        output.show(milestones_table(result, milestones(result)))
    if grouping.compares:
        more = curves.expander("Sensitivity analyses", key="sensitivity", on_change="rerun")
        if more.open:
            with more:
                output.show(sensitivity_table(result, sensitivity(result, cohort, wishes.strata)))
