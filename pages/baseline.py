"""Table 1: who these patients are, in total and by group."""

import streamlit as st

from lib.baseline.flow import FLOW
from lib.baseline.table_one import TABLE_ONE
from pages.frame import options_form, output, page

page.open_page("Table 1")
analysis = page.analysis_or_stop("patients")
with st.container(horizontal=True):
    values = options_form.row([(TABLE_ONE, None)], analysis, ("p_values", "each_level", "as_published", "month_1"))
output.show(TABLE_ONE, analysis, values=values)

st.header("Participant flow")
output.show(FLOW, analysis)
