"""Survival: how long until the event, group by group."""

import streamlit as st

from lib.cohort.schema import endpoint_label
from lib.survival import covariates
from lib.survival.adjusted.result import adjusted
from lib.survival.adjusted.table import adjusted_table
from lib.survival.figure import survival_figure
from lib.survival.models.result import models
from lib.survival.models.table import models_table
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.subgroups.figure import forest_figure
from lib.survival.subgroups.result import splits_of, subgroups
from lib.survival.words import headline, summary_table
from pages.frame import model_panel, output, page, session

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
curves, time_zero, modelled = st.tabs(
    ["Curves", "Time zero", "Models and subgroups"], key="survival tab", on_change="rerun"
)
if curves.open:
    with curves:
        output.show(survival_figure(result, limits))
        output.show(summary_table(result))
if modelled.open:
    with modelled:
        outcome, offered = result.outcome, covariates.offered(cohort, grouping)
        output.show(models_table(models(outcome, model_panel.restricted_mean_to(endpoint, outcome.unit))))
        usual = covariates.default_covariates(cohort, grouping)
        chosen, steps = model_panel.covariates(grouping, offered, usual, covariates.default_steps(offered))
        output.show(adjusted_table(adjusted(cohort, outcome, chosen, steps)))
        if grouping.compares:
            usual = covariates.default_subgroups(cohort, grouping)
            within, cut, group = model_panel.subgroups(grouping, offered, usual, (covariates.AGE, covariates.AGE_CUT))
            splits = splits_of(session.cohort(), within, cut)
            output.show(forest_figure(subgroups(cohort, outcome, splits, group)))
        else:
            st.info("Choose in the sidebar what to compare by: groups have hazard ratios, also within subgroups.")
