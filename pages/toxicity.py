"""Toxicity: who had which adverse event at which grade, and do groups differ."""

import streamlit as st

from lib.toxicity.figure import toxicity_figure
from lib.toxicity.incidence import THRESHOLDS, incidence
from lib.toxicity.table import toxicity_table
from lib.toxicity.words import headline
from pages.frame import output, page

page.open_page("Toxicity")
cohort, grouping = page.selected_or_stop("adverse_events")
result = incidence(cohort, grouping)
output.headline(*headline(result))
output.show(toxicity_figure(result))
thresholds = st.pills(
    "Rows",
    list(THRESHOLDS),
    selection_mode="multi",
    default=list(THRESHOLDS),
    key="thresholds",
    persist_state="session",
)
output.show(toxicity_table(result, tuple(thresholds)))
