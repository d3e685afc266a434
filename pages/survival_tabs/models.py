"""The tab "Models and subgroups": hazard ratios by cause where causes compete."""

import streamlit as st

from lib.cohort.endpoint_choice import offered_incidences
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import ratio_table
from pages.frame import endpoint_panel, output
from pages.survival_tabs.asked import Asked


def show(asked: Asked) -> None:
    if asked.grouping.compares and offered_incidences(asked.cohort):
        st.subheader("Competing risks")
        causes = endpoint_panel.choose_incidence(asked.cohort, asked.endpoint)
        parted = competing(competing_outcome(asked.cohort, causes, asked.grouping, asked.unit, asked.definition))
        output.show(ratio_table(parted))
