"""Toxicity: who had which adverse event at which grade, do groups differ, and when did events begin."""

import streamlit as st

from lib.derived.computed_events import with_computed_events
from lib.toxicity.incidence import Asked as AskedOfEvents
from lib.toxicity.incidence import incidence
from lib.toxicity.shown import common_terms, timed_terms
from lib.toxicity.words import headline
from pages.frame import output, page, session
from pages.toxicity_tabs import controls, differences, grades, timing
from pages.toxicity_tabs.asked import Asked

page.open_page("Toxicity")
cohort, grouping = page.selected_or_stop("adverse_events")
above = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
with above:
    period = controls.period(bool(timed_terms(session.cohort())))
    share = controls.least_share()
finding = st.container(horizontal=True)
sentence = finding.container()
with finding.container(width="content"):
    thresholds, interval, adjustment, computed = controls.options(not session.cohort().labs.empty)
opened, looked_at = session.cohort(), cohort
if computed:
    opened, looked_at = with_computed_events(opened, computed), with_computed_events(cohort, computed)
result = incidence(looked_at, grouping, AskedOfEvents(period, interval))
with sentence:
    output.headline(*headline(result))
asked = Asked(cohort, grouping, result, common_terms(opened, share), thresholds, adjustment)
names = ("Grades", "Differences", "Timing")
for place, tab in zip(
    st.tabs(names, key="toxicity tab", on_change="rerun"), (grades, differences, timing), strict=True
):
    if place.open:
        with place, output.standing("This tab"):
            tab.show(asked)
