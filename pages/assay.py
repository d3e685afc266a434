"""Assays: what an experiment in vitro gave, dose by dose; it speaks of wells or donors, not of patients."""

import streamlit as st

from lib.assay.figure import assay_figure
from lib.assay.result import all_tests, assay
from lib.assay.series import assay_series
from lib.assay.table import assay_table, sensitivity_table
from lib.assay.words import headline, title
from pages.frame import output, page, session

page.open_page("Assays")
page.opened_or_stop("assays")
results = {each.slug: assay(each) for each in assay_series(session.cohort())}
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
few = len(results) <= 6
ask = controls.segmented_control if few else controls.selectbox
style = {"default": next(iter(results)), "required": True} if few else {"width": 360}
slug = ask(
    "Measure",
    list(results),
    format_func=lambda slug: title(results[slug]),
    key="assay",
    persist_state="session",
    **style,
)
result = results[slug]
time = None
if len(result.times) > 1:
    at = controls.selectbox(
        "Drawn", [None, *result.times], format_func=lambda time: f"by dose, {result.series.when(time)}" if time is not None else "over time",
        key=f"assay time {slug}", persist_state="session", width=190,
    )  # fmt: skip
    time = at
sentence, warning = headline(result)
output.headline(sentence)
st.warning(warning)
output.show(assay_figure(result, time))
means, sensitivity = st.tabs(["Means", "Sensitivity analyses"])
with means:
    output.show(assay_table(result))
with sensitivity:
    output.show(sensitivity_table(result, all_tests(result)))
