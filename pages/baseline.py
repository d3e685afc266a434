"""Table 1: who these patients are, in total and by group."""

import streamlit as st

from lib.baseline.flow import FLOW
from lib.baseline.table_one import TABLE_ONE
from pages.frame import options_form, output, page

IN_VIEW = ("smd", "p_values", "each_level", "as_published", "month_1")

page.open_page("Table 1")
analysis = page.analysis_or_stop("patients")
shown = [(TABLE_ONE, None)]
with st.container(horizontal=True, vertical_alignment="center"):
    values = options_form.row(shown, analysis, IN_VIEW)
    values |= options_form.popover(shown, analysis, without=IN_VIEW, given=values)
output.show(TABLE_ONE, analysis, values=values)

st.header("Participant flow")
output.show(FLOW, analysis)
