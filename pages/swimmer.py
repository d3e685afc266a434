"""Swimmer: the course of every patient at a glance."""

import streamlit as st

from lib.swimmer.drawing import PICK
from lib.swimmer.layout import headline
from lib.swimmer.options import MOST_OWN, is_own
from lib.swimmer.plot import SWIMMER, lanes_of
from pages.frame import options_form, output, page

page.open_page("Swimmer")
analysis = page.analysis_or_stop("endpoints")
shown = [(SWIMMER, None)]
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    values = options_form.row(shown, analysis, ("sort",)) | options_form.popover(shown, analysis, without=("sort",))
options = SWIMMER.settled(analysis, values=values)
output.headline(*headline(analysis.result(lanes_of, options)))
if sum(map(is_own, options.marks or ())) > MOST_OWN:
    st.caption(f"Symbols reach for {MOST_OWN} marks of the workbook's own words; the first {MOST_OWN} are drawn.")
st.caption("Click on a lane to open that patient.")
picked = output.show(SWIMMER, analysis, values=values, pick=PICK)
if picked:
    page.open_patient(picked)
