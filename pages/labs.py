"""Labs: how laboratory values moved around the infusion, at which grade, and how soon counts came back."""

import streamlit as st

from lib.labs.series import lab_series
from pages.frame import output, page, session
from pages.labs_tabs import controls, course, grades, recovery
from pages.labs_tabs.asked import Asked

page.open_page("Labs")
cohort, grouping = page.selected_or_stop("labs")
series = lab_series(session.cohort())
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    chosen = controls.test({each.slug: each for each in series})
    version = controls.version()
    by_visit, options = controls.options(chosen, version)
asked = Asked(cohort, grouping, series, chosen, version, by_visit, options)
for place, tab in zip(
    st.tabs(("Course", "Grades", "Recovery"), key="labs tab", on_change="rerun"),
    (course, grades, recovery),
    strict=True,
):
    if place.open:
        with place, output.standing("This tab"):
            tab.show(asked)
