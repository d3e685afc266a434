"""The tab "Depth": every patient's responses as a heat map; waterfall and spider where the Labs sheet has M-protein or free light chains."""

import streamlit as st

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.publication.attempt import later
from lib.response.change.figure import spider_figure, waterfall_figure
from lib.response.change.result import marker_change
from lib.response.change.series import marker_series
from lib.response.depth.figure import depth_figure
from lib.response.depth.result import depth
from pages.frame import ask, output, session

PATIENTS, WATERFALL, SPIDER = "Patients", "Waterfall", "Spider"
MISSING = "Waterfall and spider plots appear when the sheet Labs has M-protein or free light chains (M-protein, paraprotein, kappa FLC, dFLC ...)."


def show(cohort: Cohort, grouping: Grouping) -> None:
    opened = session.cohort()
    series = {each.slug: each for each in marker_series(opened)}
    responses = opened.vocabulary.get("response", ())
    view = PATIENTS
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if series:
            view = ask.one("Figure", (PATIENTS, WATERFALL, SPIDER), default=PATIENTS, key="depth view", persist_state="session")  # fmt: skip
        if view != PATIENTS:
            slug = ask.from_list(
                "Of",
                list(series),
                name=lambda slug: series[slug].label,
                key="marker",
                persist_state="session",
                width=280,
            )
    if view == PATIENTS:
        output.show(depth_figure, lambda: depth(cohort, grouping), opened.n_opened, responses)
        if not series:
            st.caption(MISSING)
        return
    changes = later(marker_change, cohort, series[slug], grouping)
    if view == WATERFALL:
        output.show(waterfall_figure, changes, responses)
    else:
        output.show(spider_figure, changes)
