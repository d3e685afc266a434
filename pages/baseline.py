"""Table 1: who these patients are, in total and by group."""

import streamlit as st

from lib.baseline.summary import baseline
from lib.baseline.table import BaselineOptions, baseline_table
from pages.frame import output, page

page.open_page("Table 1")
cohort, grouping = page.selected_or_stop("patients")
compares = grouping.compares
with st.container(horizontal=True):
    p_values = st.toggle(
        "p-values",
        key="p values",
        persist_state="session",
        disabled=not compares,
        help="Off by default: in groups that were not drawn by lot they say little about who is alike.",
    )
    each_level = st.toggle(
        "Each level against the rest", key="each level", persist_state="session", disabled=not compares
    )
    as_published = st.toggle(
        "As published (Student's t for numbers)", key="as published", persist_state="session", disabled=not compares
    )
    month_1 = st.toggle("Response at month 1", key="month 1", persist_state="session", disabled=cohort.responses.empty)
result = baseline(cohort, grouping, month_1 and not cohort.responses.empty)
output.show(baseline_table, result, BaselineOptions(p_values, each_level, as_published))
