"""Survival: how long until the event, group by group."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.cohort.endpoint_choice import offered_incidences
from lib.publication.spec import ExhibitSpec
from lib.survival import competing, difference, incidence, kaplan_meier, landmark, time_zero
from lib.survival import curves as survival
from lib.survival.adjusted import ADJUSTED
from lib.survival.forest import FOREST
from lib.survival.models_table import UNADJUSTED
from lib.survival.panels import PANELS
from lib.survival.regrouping import known_of
from lib.survival.sensitivity import SENSITIVITY
from lib.survival.summary import MILESTONES, SUMMARY
from lib.survival.time_dependent import DEPENDENT
from pages.frame import endpoint_panel, options_form, output, page

KAPLAN_MEIER, DIFFERENCE, INCIDENCE = kaplan_meier.KAPLAN_MEIER, difference.DIFFERENCE, incidence.INCIDENCE
FORMED, IN_VIEW = ("formed_by", "landmark", "landmark_day"), ("covariates", "compared", "subgroups")
TAB, NAMES = "survival tab", ("Curves", "Landmark analysis", "Models and subgroups")
Values = dict[str, Any]


def choose(shown: Sequence[ExhibitSpec], of: str, without: Sequence[str] = (), given: Values | None = None) -> Values:
    """The options of these exhibits of an endpoint, behind the one button of the page."""
    with options_place:
        return options_form.popover([(spec, of) for spec in shown], analysis, without=without, given=given)


def say(sentence: str, warning: str = "") -> None:
    """The finding above the tabs."""
    with sentence_place:
        output.headline(sentence, warning)


def say_medians(spec: ExhibitSpec, values: Values) -> None:
    """Medians and comparison, or the difference of the curves, in one sentence."""
    found = survival.curves(analysis, endpoint, spec.settled(analysis, endpoint, values))
    say(*(difference.headline(difference.difference(found)) if spec is DIFFERENCE else kaplan_meier.headline(found)))


def curves() -> None:
    """Kaplan-Meier curves, their difference or cumulative incidence; medians, milestones, sensitivity analyses."""
    with controls:
        view = endpoint_panel.choose_view(analysis.opened, analysis.grouping)
    if view == endpoint_panel.INCIDENCE:
        causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
        values = choose((INCIDENCE,), causes)
        say(*incidence.headline(competing.causes(analysis, causes, INCIDENCE.settled(analysis, causes, values))))
        for spec in (INCIDENCE, incidence.INCIDENCE_SUMMARY):
            output.show(spec, analysis, causes, values)
        return
    drawn = DIFFERENCE if view == endpoint_panel.DIFFERENCE else KAPLAN_MEIER
    values = choose((drawn, *(() if drawn is DIFFERENCE else (PANELS,)), SUMMARY, SENSITIVITY), endpoint)
    say_medians(drawn, values)
    for spec in (PANELS if values.get("panels_by") else drawn, SUMMARY, MILESTONES):
        output.show(spec, analysis, endpoint, values)
    if analysis.grouping.compares:
        output.unfold("Sensitivity analyses", SENSITIVITY, analysis, endpoint, values)


def landmarks() -> None:
    """Groups that were formed after the infusion, formed anew by what was known at a landmark."""
    start = time_zero.opening(analysis.opened, analysis.grouping, endpoint, analysis.selected.selected_by)
    output.headline(start.sentence)
    if not start.sources:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        values = options_form.row([(landmark.LANDMARK, endpoint)], analysis, FORMED)
    values |= choose((landmark.LANDMARK,), endpoint, (*FORMED, "origin"))
    options = landmark.LANDMARK.settled(analysis, endpoint, values)
    if options.formed_by is None:
        return
    if isinstance(reason := known_of(analysis, options.formed_by), str):
        st.info(reason)
        return
    compared = time_zero.time_zero(analysis, endpoint, options)
    say(time_zero.sentence(compared), time_zero.warning(compared))
    endpoint_panel.offer_landmark(landmark.too_few(compared.landmark), compared.landmark.instead)
    whole = (landmark.LANDMARK, landmark.LANDMARK_SUMMARY) if min(compared.landmark.sizes) else ()
    for spec in (*whole, time_zero.TIME_ZERO, DEPENDENT):
        output.show(spec, analysis, endpoint, values)
    if landmark.DROPPED.is_offered(analysis, endpoint, values):
        output.unfold(landmark.DROPPED.title, landmark.DROPPED, analysis, endpoint, values)


def models() -> None:
    """Hazard ratios, adjusted, within subgroups, and by cause where causes compete."""
    compares, places, values = analysis.grouping.compares, [], Values()
    parts = {"Not adjusted": UNADJUSTED, "Adjusted": ADJUSTED} | ({"Within subgroups": FOREST} if compares else {})
    for heading, spec in parts.items():
        output.heading(heading)
        values |= options_form.row([(spec, endpoint)], analysis, IN_VIEW)
        places.append((st.container(), spec))
    values |= choose(tuple(parts.values()), endpoint, IN_VIEW, values)
    say_medians(KAPLAN_MEIER, values)
    for place, spec in places:
        with place:
            output.show(spec, analysis, endpoint, values)
    if not compares:
        st.info("Choose in the sidebar what to compare by: groups have hazard ratios, also within subgroups.")
    elif offered_incidences(analysis.opened):
        output.heading("Competing risks")
        causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
        output.show(competing.INCIDENCE_MODELS, analysis, causes, values)


page.open_page("Survival")
analysis = page.analysis_or_stop("endpoints")
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
endpoint = endpoint_panel.choose(analysis.opened, controls)
above = st.container(horizontal=True)
sentence_place, options_place = above.container(), above.container(width="content")
output.show_tabs(NAMES, (curves, landmarks, models), TAB)
