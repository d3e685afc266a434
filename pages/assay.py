"""Assays: what an experiment in vitro gave, dose by dose; it speaks of wells or donors, not of patients."""

from functools import partial

import streamlit as st

from lib.assay.figure import assay_figure
from lib.assay.result import all_tests, assay
from lib.assay.series import assay_series
from lib.assay.table import assay_table, sensitivity_table
from lib.assay.words import headline, name_of
from pages.frame import ask, output, page, session

page.open_page("Assays")
page.opened_or_stop("assays")
series = {each.slug: each for each in assay_series(session.cohort())}
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
few = len(series) <= 6
choose = partial(ask.one, default=next(iter(series))) if few else partial(ask.from_list, width=360)
slug = choose(
    "Measure",
    list(series),
    name=lambda slug: name_of(series[slug]),
    key="assay",
    persist_state="session",
    place=controls,
)
result = assay(series[slug])
time = None
if len(result.times) > 1:
    time = ask.from_list(
        "Drawn", [None, *result.times], key=f"assay time {slug}", persist_state="session", width=190, place=controls,
        name=lambda time: "over time" if time is None else f"by dose at {series[slug].when(time)}",
    )  # fmt: skip
sentence, warning = headline(result)
output.headline(sentence)
st.warning(warning, icon=":material/science:")
output.show(assay_figure, result, time)
means, sensitivity = st.tabs(["Means", "Sensitivity analyses"])
with means:
    output.show(assay_table, result)
with sensitivity:
    output.show(sensitivity_table, result, lambda: all_tests(result))
