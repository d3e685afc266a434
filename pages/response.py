"""Response: how deep, how soon, how long, group by group."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import incidence_label, offered_endpoints, offered_incidences
from lib.cohort.schema import endpoint_label
from lib.response import specs
from lib.response.best.words import headline
from lib.response.landmark.words import headline as landmark_headline
from lib.survival.competing import causes
from lib.survival.curves import curves
from lib.survival.incidence import INCIDENCE, INCIDENCE_SUMMARY
from lib.survival.incidence import headline as incidence_headline
from lib.survival.kaplan_meier import KAPLAN_MEIER
from lib.survival.kaplan_meier import headline as survival_headline
from lib.survival.summary import SUMMARY
from pages.frame import ask, options_form, output, page

LANDMARKS, FLOWS, DOR = "At landmarks", "Flows", "dor"
INCIDENCES = ("response", "best_response", "complete_response")
PATIENTS, WATERFALL, SPIDER = "Patients", "Waterfall", "Spider"
NO_MARKER = "Waterfall and spider plots appear when the sheet Labs has M-protein or free light chains (M-protein, paraprotein, kappa FLC, dFLC ...)."


def best(analysis: Analysis, values: dict[str, Any]) -> None:
    """Rates with exact intervals in the denominator that is chosen, and the table of all."""
    values = values | options_form.row([(specs.RATES, None)], analysis, ("denominator",))
    output.show(specs.RATES, analysis, values=values)
    output.show(specs.BEST, analysis, values=values)


def over_time(analysis: Analysis) -> None:
    """Response at landmarks as bars, table and flows; time to response and to CR; duration of response."""
    opened = analysis.opened
    views = {LANDMARKS: LANDMARKS, FLOWS: FLOWS}
    views |= {name: incidence_label(name) for name in INCIDENCES if name in offered_incidences(opened)}
    views |= {DOR: endpoint_label(DOR)} if DOR in offered_endpoints(opened) else {}
    values: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = ask.one(
            "View", list(views), default=LANDMARKS, name=lambda name: views[name], key="response view", persist_state="session",
        )  # fmt: skip
        if view in (LANDMARKS, FLOWS):
            values = options_form.popover([(specs.LANDMARK, None)], analysis, label="Landmarks")
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
        landmarks(analysis, view, values)


def landmarks(analysis: Analysis, view: str, values: dict[str, Any]) -> None:
    """Response at landmarks, or flows from one to the next."""
    output.headline(*landmark_headline(specs.at_landmarks(analysis, specs.LANDMARK.settled(analysis, values=values))))
    if view == FLOWS and not specs.FLOW.is_offered(analysis, values=values):
        st.info("Choose a second landmark: flows go from one to the next.")
    else:
        output.show(specs.FLOW if view == FLOWS else specs.LANDMARK, analysis, values=values)
    output.show(specs.LANDMARK_TABLE, analysis, values=values)


def depth(analysis: Analysis) -> None:
    """Every patient's responses as a heat map; waterfall and spider where the Labs sheet has M-protein or free light chains."""
    markers, view, slug = specs.markers(analysis), PATIENTS, ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if markers:
            view = ask.one("Figure", (PATIENTS, WATERFALL, SPIDER), default=PATIENTS, key="depth view", persist_state="session")  # fmt: skip
        if view != PATIENTS:
            slug = ask.from_list(
                "Of", list(markers), name=markers.__getitem__, key="marker", persist_state="session", width=280
            )
    if view == PATIENTS:
        output.show(specs.DEPTH, analysis)
        if not markers:
            st.caption(NO_MARKER)
    else:
        output.show(specs.WATERFALL if view == WATERFALL else specs.SPIDER, analysis, slug)


page.open_page("Response")
analysis = page.analysis_or_stop("responses")
values = options_form.row([(specs.RATES, None)], analysis, ("confirmed",))
output.headline(*headline(specs.best(analysis, specs.RATES.settled(analysis, values=values))))
tabs = (lambda: best(analysis, values), lambda: over_time(analysis), lambda: depth(analysis))
output.show_tabs(("Best response", "Over time", "Depth"), tabs, "response tab")
