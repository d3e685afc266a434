"""The tab "Models and subgroups": hazard ratios, adjusted, within subgroups, and by cause where causes compete."""

import streamlit as st

from lib.cohort.endpoint_choice import offered_incidences
from lib.survival import covariates
from lib.survival.adjusted.result import adjusted
from lib.survival.adjusted.table import adjusted_table
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import ratio_table
from lib.survival.models.result import models
from lib.survival.models.table import models_table
from lib.survival.subgroups.figure import forest_figure
from lib.survival.subgroups.result import splits_of, subgroups
from pages.frame import endpoint_panel, model_panel, output, session
from pages.survival_tabs.asked import Asked


def show(asked: Asked) -> None:
    cohort, grouping, outcome = asked.cohort, asked.grouping, asked.result.outcome
    offered = covariates.offered(cohort, grouping)
    up_to = model_panel.restricted_mean_to(asked.endpoint, outcome.unit)
    output.show(models_table, lambda: models(outcome, up_to))
    usual = covariates.default_covariates(cohort, grouping)
    chosen, steps = model_panel.covariates(grouping, offered, usual, covariates.default_steps(offered))
    output.show(adjusted_table, lambda: adjusted(cohort, outcome, chosen, steps))
    if not grouping.compares:
        st.info("Choose in the sidebar what to compare by: groups have hazard ratios, also within subgroups.")
        return
    usual = covariates.default_subgroups(cohort, grouping)
    within, cut, group = model_panel.subgroups(grouping, offered, usual, (covariates.AGE, covariates.AGE_CUT))
    output.show(forest_figure, lambda: subgroups(cohort, outcome, splits_of(session.cohort(), within, cut), group))
    if offered_incidences(cohort):
        _show_competing_risks(asked)


def _show_competing_risks(asked: Asked) -> None:
    st.markdown("##### Competing risks")
    causes = endpoint_panel.choose_incidence(asked.cohort, asked.endpoint)
    parted = competing(competing_outcome(asked.cohort, causes, asked.grouping, asked.unit, asked.definition))
    output.show(ratio_table, parted)
