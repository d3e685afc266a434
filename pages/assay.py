"""Assays: what an experiment in vitro gave, dose by dose; it speaks of wells or donors, not of patients."""

import streamlit as st

from lib.assay.figure import assay_figure
from lib.assay.result import all_tests, assay
from lib.assay.series import assay_series
from lib.assay.table import assay_table, sensitivity_table
from lib.assay.words import headline, name_of
from pages.frame import output, page, session

page.open_page("Assays")
page.opened_or_stop("assays")
series = {each.slug: each for each in assay_series(session.cohort())}
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
few = len(series) <= 6
ask = controls.segmented_control if few else controls.selectbox
style = {"default": next(iter(series)), "required": True} if few else {"width": 360}
slug = ask(
    "Measure",
    list(series),
    format_func=lambda slug: name_of(series[slug]),
    key="assay",
    persist_state="session",
    **style,
)
stars = controls.toggle("Stars beside p", key="assay stars", persist_state="session")
result = assay(series[slug])
time = None
if len(result.times) > 1:
    time = controls.selectbox(
        "Drawn", [None, *result.times], key=f"assay time {slug}", persist_state="session", width=190,
        format_func=lambda time: "over time" if time is None else f"by dose at {series[slug].when(time)}",
    )  # fmt: skip
sentence, warning = headline(result)
output.headline(sentence)
st.warning(warning, icon=":material/science:")
output.show(assay_figure(result, time, stars))
means, sensitivity = st.tabs(["Means", "Sensitivity analyses"])
with means:
    output.show(assay_table(result))
with sensitivity:
    output.show(sensitivity_table(result, all_tests(result), stars))
