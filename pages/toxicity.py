"""Toxicity: who had which adverse event at which grade, do groups differ, and when did events begin."""

from typing import Any

import streamlit as st

from lib import toxicity
from lib.cohort.analysis import Analysis
from lib.toxicity.captions import headline
from lib.toxicity.events import events, kinds_in_words, timed_terms
from pages.frame import ask, options_form, output, page
from pages.frame.escape import plain

NO_SURVIVAL = (
    "The workbook has no overall survival, so it is not known how long patients without the event were followed."
)
ABOVE = ("period", "first_day", "last_day", "minimum_incidence")
IN_TABS = ("grade", "term", "least")


def grades(analysis: Analysis, values: dict[str, Any]) -> None:
    """Worst grades as bars, the table of all adverse events, CRS and ICANS, system organ classes."""
    view = "Bars"
    if toxicity.BUTTERFLY.is_offered(analysis, values=values):
        view = ask.one(
            "Figure",
            ("Butterfly", "Bars"),
            default="Butterfly",
            key="grades view",
            link="figure",
            persist_state="session",
            label_visibility="collapsed",
        )
    output.show(toxicity.BUTTERFLY if view == "Butterfly" else toxicity.GRADES, analysis, values=values)
    output.unfold("Show table", toxicity.TABLE, analysis, values=values)
    output.show(toxicity.CRS_ICANS, analysis, values=values)
    if toxicity.BY_CLASS.is_offered(analysis):
        output.unfold("By system organ class", toxicity.BY_CLASS, analysis, values=values)


def differences(analysis: Analysis, values: dict[str, Any]) -> None:
    """Groups against the reference, term by term, as dot plot or volcano; sensitivity analyses."""
    if not analysis.grouping.compares:
        st.info("Choose in the sidebar what to compare by: differences are between groups.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        values = values | options_form.row([(toxicity.DIFFERENCES, None)], analysis, ("grade",))
        view = ask.one("Figure", ("Dot plot", "Volcano"), default="Dot plot", key="differences view", link="figure")
    output.show(toxicity.VOLCANO if view == "Volcano" else toxicity.DIFFERENCES, analysis, values=values)
    output.unfold("Sensitivity analyses", toxicity.SENSITIVITY, analysis, values=values)


def timing(analysis: Analysis, values: dict[str, Any]) -> None:
    """When one adverse event began and how long it lasted, patient by patient, and its cumulative incidence."""
    if not timed_terms(analysis.opened):
        st.info('No adverse event has a day. Fill in start_day (and stop_day) in the sheet "Adverse events".')
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        values = values | options_form.row(
            [(toxicity.TIMELINE, None), (toxicity.ONSET, None)], analysis, ("term", "least")
        )
    term = toxicity.TIMELINE.settled(analysis, values=values).term
    if toxicity.TIMELINE.is_offered(analysis, values=values):
        output.show(toxicity.TIMELINE, analysis, values=values)
    else:
        st.info(plain(f"Nobody in this selection had {term} on a day that is stated."))
    if timed_terms(analysis.opened, followed=True):
        output.show(toxicity.ONSET, analysis, term, values)
    else:
        st.info(NO_SURVIVAL)


page.open_page("Toxicity")
analysis = page.analysis_or_stop("adverse_events")
shown = [(spec, None) for spec in toxicity.TOXICITY]
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    values = options_form.row(shown, analysis, ABOVE)
finding = st.container(horizontal=True)
sentence = finding.container()
with finding.container(width="content"):
    values |= options_form.popover(shown, analysis, without=(*ABOVE, *IN_TABS))
with sentence:
    counted = toxicity.TABLE.settled(analysis, values=values)
    output.headline(*headline(events(analysis, counted), kinds_in_words(counted)))
tabs = (lambda: grades(analysis, values), lambda: differences(analysis, values), lambda: timing(analysis, values))
output.show_tabs(("Grades", "Differences", "Timing"), tabs, "toxicity tab")
