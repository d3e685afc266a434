"""Assays: what an experiment in vitro gave, dose by dose; it speaks of wells or donors, not of patients."""

from functools import partial

import streamlit as st

from lib.assay.dose_figure import FIGURE
from lib.assay.means import TABLE, headline, measured, name_of
from lib.assay.sensitivity import SENSITIVITY
from lib.assay.series import series_by_slug
from pages.frame import ask, options_form, output, page

page.open_page("Assays")
analysis = page.analysis_or_stop("assays")
series = series_by_slug(analysis)
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
few = len(series) <= 6
choose = partial(ask.one, default=next(iter(series))) if few else partial(ask.from_list, width=360)
with controls:
    slug = choose(
        "Measure",
        list(series),
        name=lambda slug: name_of(series[slug]),
        key="assay",
        link="measure",
        persist_state="session",
    )
    values = options_form.row([(FIGURE, slug)], analysis, ("drawn", "from_zero", "stars"))
sentence, warning = headline(measured(analysis, slug))
output.headline(sentence)
st.warning(warning, icon=":material/science:")
output.show(FIGURE, analysis, slug, values)
means, sensitivity = st.tabs(["Means", "Sensitivity analyses"])
with means:
    output.show(TABLE, analysis, slug)
with sensitivity:
    output.show(SENSITIVITY, analysis, slug, values)
