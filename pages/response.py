"""Response: how deep, how soon, how long, group by group."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import incidence_label, offered_endpoints, offered_incidences
from lib.cohort.schema import endpoint_label
from lib.response import at_landmarks, best_response, marker_change
from lib.response.depth import DEPTH
from lib.response.flows import FLOW
from lib.response.landmark_bars import LANDMARK
from lib.response.response_rates import BEST, RATES
from lib.response.spider import SPIDER
from lib.response.waterfall import WATERFALL
from lib.survival.competing import causes
from lib.survival.curves import curves
from lib.survival.incidence import INCIDENCE, INCIDENCE_SUMMARY
from lib.survival.incidence import headline as incidence_headline
from lib.survival.kaplan_meier import KAPLAN_MEIER
from lib.survival.kaplan_meier import headline as survival_headline
from lib.survival.summary import SUMMARY
from pages.frame import ask, options_form, output, page, session

BARS, FLOWS, DOR = "At landmarks", "Flows", "dor"
INCIDENCES = ("response", "best_response", "complete_response")
PATIENTS, DEEPEST, COURSES = "Patients", "Waterfall", "Spider"
NO_MARKER = (
    "Waterfall and spider plots appear when the sheet Labs has M-protein or free light chains (M-protein, paraprotein,"
    " kappa FLC, dFLC ...)."
)


def best(analysis: Analysis, values: dict[str, Any]) -> None:
    """Rates with exact intervals in the denominator that is chosen, and the table of all."""
    values = values | options_form.row([(RATES, None)], analysis, ("denominator",))
    output.show(RATES, analysis, values=values)
    output.show(BEST, analysis, values=values)
    if not page.why_empty("kinetics"):
        st.page_link("pages/kinetics.py", label="Expansion by response: page Kinetics", query_params=session.link())


def over_time(analysis: Analysis) -> None:
    """Response at landmarks as bars, table and flows; time to response and to CR; duration of response."""
    opened = analysis.opened
    views = {BARS: BARS, FLOWS: FLOWS}
    views |= {name: incidence_label(name) for name in INCIDENCES if name in offered_incidences(opened)}
    views |= {DOR: endpoint_label(DOR)} if DOR in offered_endpoints(opened) else {}
    view = ask.one("View", list(views), default=BARS, name=views.__getitem__, key="response view", link="view")
    if view in INCIDENCES:
        found = causes(analysis, view, INCIDENCE.settled(analysis, view))
        output.headline(*incidence_headline(found))
        output.show(INCIDENCE, analysis, view)
        output.show(INCIDENCE_SUMMARY, analysis, view)
    elif view == DOR:
        output.headline(*survival_headline(curves(analysis, DOR, KAPLAN_MEIER.settled(analysis, DOR))))
        output.show(KAPLAN_MEIER, analysis, DOR)
        output.show(SUMMARY, analysis, DOR)
        st.caption("More of it, with other definitions: page Survival, endpoint Duration of response.")
    else:
        landmarks(analysis, view)


def landmarks(analysis: Analysis, view: str) -> None:
    """Response at landmarks, or flows from one to the next."""
    above = st.container(horizontal=True)
    finding = above.container()
    with above.container(width="content"):
        values = options_form.popover([(LANDMARK, None)], analysis, label="Landmarks")
    found = at_landmarks.at_landmarks(analysis, LANDMARK.settled(analysis, values=values))
    with finding:
        output.headline(*at_landmarks.headline(found))
    if view == FLOWS and not FLOW.is_offered(analysis, values=values):
        st.info("Choose a second landmark: flows go from one to the next.")
    else:
        output.show(FLOW if view == FLOWS else LANDMARK, analysis, values=values)
    output.show(at_landmarks.LANDMARK_TABLE, analysis, values=values)


def depth(analysis: Analysis) -> None:
    """Every patient's responses as a heat map; waterfall and spider where the Labs sheet has M-protein or free light
    chains."""
    markers, view, slug = marker_change.markers(analysis), PATIENTS, ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if markers:
            view = ask.one("Figure", (PATIENTS, DEEPEST, COURSES), default=PATIENTS, key="depth view", link="figure")
        if view != PATIENTS:
            slug = ask.from_list(
                "Marker",
                list(markers),
                name=markers.__getitem__,
                key="marker",
                link="marker",
                persist_state="session",
                width=280,
            )
    if view == PATIENTS:
        output.show(DEPTH, analysis)
        if not markers:
            st.caption(NO_MARKER)
    else:
        output.show(WATERFALL if view == DEEPEST else SPIDER, analysis, slug)


page.open_page("Response")
analysis = page.analysis_or_stop("responses")
values = options_form.row([(RATES, None)], analysis, ("confirmed",))
output.headline(*best_response.headline(best_response.best(analysis, RATES.settled(analysis, values=values))))
if analysis.selected.n == 1:
    st.caption("Rates and curves need more than one patient.")
    depth(analysis)
    page.end()
tabs = (lambda: best(analysis, values), lambda: over_time(analysis), lambda: depth(analysis))
output.show_tabs(("Best response", "Over time", "Depth"), tabs, "response tab")
