"""Assays: what an experiment in vitro gave, dose by dose; it speaks of wells or donors, not of patients."""

from functools import partial

import streamlit as st

from lib.assay import specs
from lib.assay.words import headline, name_of
from pages.frame import ask, options_form, output, page

page.open_page("Assays")
analysis = page.analysis_or_stop("assays")
series = specs.series_by_slug(analysis)
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
few = len(series) <= 6
choose = partial(ask.one, default=next(iter(series))) if few else partial(ask.from_list, width=360)
with controls:
    slug = choose(
        "Measure", list(series), name=lambda slug: name_of(series[slug]), key="assay", persist_state="session"
    )
    values = options_form.row([(specs.FIGURE, slug)], analysis, ("stars", "drawn"))
sentence, warning = headline(specs.measured(analysis, slug))
output.headline(sentence)
st.warning(warning, icon=":material/science:")
output.show(specs.FIGURE, analysis, slug, values)
means, sensitivity = st.tabs(["Means", "Sensitivity analyses"])
with means:
    output.show(specs.TABLE, analysis, slug)
with sensitivity:
    output.show(specs.SENSITIVITY, analysis, slug, values)
