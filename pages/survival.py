"""Survival: how long until the event, group by group."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.cohort.endpoint_choice import offered_incidences
from lib.publication.spec import ExhibitSpec
from lib.survival import competing, difference, incidence, kaplan_meier, landmark
from lib.survival import curves as survival
from lib.survival import time_zero as from_zero
from lib.survival.adjusted import ADJUSTED
from lib.survival.competing import INCIDENCE_MODELS
from lib.survival.difference import DIFFERENCE
from lib.survival.forest import FOREST
from lib.survival.incidence import INCIDENCE, INCIDENCE_SUMMARY
from lib.survival.kaplan_meier import KAPLAN_MEIER
from lib.survival.landmark import DROPPED, LANDMARK, LANDMARK_SUMMARY
from lib.survival.milestones import MILESTONES
from lib.survival.models import UNADJUSTED
from lib.survival.panels import PANELS
from lib.survival.regrouping import known_of
from lib.survival.sensitivity import SENSITIVITY
from lib.survival.summary import SUMMARY
from lib.survival.time_dependent import DEPENDENT
from lib.survival.time_zero import TIME_ZERO
from pages.frame import endpoint_panel, landmark_panel, options_form, output, page

Values = dict[str, Any]
CURVES = (KAPLAN_MEIER, PANELS, SUMMARY, MILESTONES, SENSITIVITY)
FORMED = ("formed_by", "landmark", "landmark_day")
TAB = "survival tab"
NAMES = ("Curves", "Landmark analysis", "Models and subgroups")
IN_VIEW = ("covariates", "compared", "subgroups")


def choose_options(shown: Sequence[ExhibitSpec], without: Sequence[str] = (), given: Values | None = None) -> Values:
    """The options of these exhibits of the endpoint, behind the one button of the page."""
    with options_place:
        return options_form.popover([(spec, endpoint) for spec in shown], analysis, without=without, given=given)


def finding(sentence: str, warning: str = "") -> None:
    """The finding above the tabs."""
    with sentence_place:
        output.headline(sentence, warning)


def curves() -> None:
    """Kaplan-Meier curves, their difference or cumulative incidence; medians, milestones, sensitivity analyses."""
    with controls:
        view = endpoint_panel.choose_view(analysis.opened, analysis.grouping)
    if view == endpoint_panel.INCIDENCE:
        incidences()
        return
    differs = view == endpoint_panel.DIFFERENCE
    values = choose_options((DIFFERENCE, SENSITIVITY) if differs else CURVES)
    if differs:
        found = survival.curves(analysis, endpoint, DIFFERENCE.settled(analysis, endpoint, values))
        finding(*difference.headline(difference.difference(found)))
        output.show(DIFFERENCE, analysis, endpoint, values)
    else:
        finding(*headline_of(values))
        output.show(PANELS if values.get("panels_by") else KAPLAN_MEIER, analysis, endpoint, values)
    output.show(SUMMARY, analysis, endpoint, values)
    output.show(MILESTONES, analysis, endpoint, values)
    if analysis.grouping.compares:
        output.unfold("Sensitivity analyses", SENSITIVITY, analysis, endpoint, values)


def headline_of(values: Values) -> tuple[str, str]:
    """Medians and comparison in one sentence, and what biases it."""
    return kaplan_meier.headline(survival.curves(analysis, endpoint, KAPLAN_MEIER.settled(analysis, endpoint, values)))


def incidences() -> None:
    """The cumulative incidence of an event and of what competes with it."""
    causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
    with options_place:
        values = options_form.popover([(INCIDENCE, causes)], analysis)
    options = INCIDENCE.settled(analysis, causes, values)
    finding(*incidence.headline(competing.causes(analysis, causes, options)))
    output.show(INCIDENCE, analysis, causes, values)
    output.show(INCIDENCE_SUMMARY, analysis, causes, values)


def landmarks() -> None:
    """Groups that were formed after the infusion, formed anew by what was known at a landmark."""
    start = from_zero.opening(analysis.opened, analysis.grouping, endpoint, analysis.selected.selected_by)
    if not start.sources:
        finding(start.sentence)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        values = options_form.row([(LANDMARK, endpoint)], analysis, FORMED)
    values |= choose_options((LANDMARK,), (*FORMED, "origin"))
    options = LANDMARK.settled(analysis, endpoint, values)
    if options.formed_by is None or isinstance(reason := known_of(analysis, options.formed_by), str):
        finding(start.sentence)
        if options.formed_by is not None:
            st.info(reason)
        return
    compared = from_zero.time_zero(analysis, endpoint, options)
    finding(from_zero.sentence(compared), from_zero.warning(compared))
    output.headline(start.sentence)
    landmark_panel.offer(landmark.too_few(compared.landmark), compared.landmark.instead)
    whole = min(compared.landmark.sizes) > 0
    for spec in (LANDMARK, LANDMARK_SUMMARY, TIME_ZERO, DEPENDENT) if whole else (TIME_ZERO, DEPENDENT):
        output.show(spec, analysis, endpoint, values)
    if DROPPED.is_offered(analysis, endpoint, values):
        output.unfold(DROPPED.title, DROPPED, analysis, endpoint, values)


def models() -> None:
    """Hazard ratios, adjusted, within subgroups, and by cause where causes compete."""
    compares = analysis.grouping.compares
    st.markdown("## Not adjusted")
    unadjusted = st.container()
    st.markdown("## Adjusted")
    chosen = options_form.row([(ADJUSTED, endpoint)], analysis, IN_VIEW)
    adjusted = st.container()
    if compares:
        st.markdown("## Subgroups")
        chosen |= options_form.row([(FOREST, endpoint)], analysis, IN_VIEW)
    shown = (UNADJUSTED, ADJUSTED, FOREST) if compares else (UNADJUSTED, ADJUSTED)
    values = chosen | choose_options(shown, IN_VIEW, chosen)
    finding(*headline_of(values))
    for place, spec in ((unadjusted, UNADJUSTED), (adjusted, ADJUSTED)):
        with place:
            output.show(spec, analysis, endpoint, values)
    if not compares:
        st.info("Choose in the sidebar what to compare by: groups have hazard ratios, also within subgroups.")
        return
    output.show(FOREST, analysis, endpoint, values)
    if offered_incidences(analysis.opened):
        st.markdown("## Competing risks")
        causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
        output.show(INCIDENCE_MODELS, analysis, causes, values)


page.open_page("Survival")
analysis = page.analysis_or_stop("endpoints")
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
endpoint = endpoint_panel.choose(analysis.opened, controls)
above = st.container(horizontal=True)
sentence_place = above.container()
options_place = above.container(width="content")
output.show_tabs(NAMES, (curves, landmarks, models), TAB)
