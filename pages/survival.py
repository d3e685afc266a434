"""Survival: how long until the event, group by group."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import offered_incidences
from lib.survival import competing, kaplan_meier, landmark
from lib.survival import curves as survival
from lib.survival import time_zero as from_zero
from lib.survival.adjusted import ADJUSTED
from lib.survival.competing import INCIDENCE_MODELS
from lib.survival.difference import DIFFERENCE
from lib.survival.forest import FOREST
from lib.survival.incidence import INCIDENCE, INCIDENCE_SUMMARY
from lib.survival.incidence import headline as incidence_headline
from lib.survival.kaplan_meier import KAPLAN_MEIER
from lib.survival.landmark import DROPPED, LANDMARK, LANDMARK_SUMMARY
from lib.survival.milestones import MILESTONES
from lib.survival.models import UNADJUSTED
from lib.survival.panels import PANELS
from lib.survival.regrouping import known_of
from lib.survival.sensitivity import SENSITIVITY
from lib.survival.summary import SUMMARY
from lib.survival.time_dependent import DEPENDENT
from pages.frame import endpoint_panel, landmark_panel, options_form, output, page

CURVES = (KAPLAN_MEIER, PANELS, SUMMARY, MILESTONES, DIFFERENCE, SENSITIVITY, LANDMARK)
DEFINITION = ("origin", "dor_death", "ttnt_death", "efs_events")
FORMED = ("formed_by", "landmark", "landmark_day")


def curves(analysis: Analysis, endpoint: str, view: str, values: dict[str, Any]) -> None:
    """Kaplan-Meier curves, their difference or cumulative incidence; medians, milestones, sensitivity analyses."""
    if view == endpoint_panel.INCIDENCE:
        causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
        options = INCIDENCE.settled(analysis, causes, values)
        output.headline(*incidence_headline(competing.causes(analysis, causes, options)))
        output.show(INCIDENCE, analysis, causes, values)
        output.show(INCIDENCE_SUMMARY, analysis, causes, values)
        return
    drawn = PANELS if values.get("panels_by") else KAPLAN_MEIER
    output.show(DIFFERENCE if view == endpoint_panel.DIFFERENCE else drawn, analysis, endpoint, values)
    output.show(SUMMARY, analysis, endpoint, values)
    output.show(MILESTONES, analysis, endpoint, values)
    if analysis.grouping.compares:
        output.unfold("Sensitivity analyses", SENSITIVITY, analysis, endpoint, values)


def time_zero(analysis: Analysis, endpoint: str, values: dict[str, Any]) -> None:
    """Groups that were formed after the infusion, formed anew by what was known at a landmark."""
    start = from_zero.opening(analysis.opened, analysis.grouping, endpoint, analysis.selected.selected_by)
    output.headline(start.sentence)
    if not start.sources:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        values = values | options_form.row([(LANDMARK, endpoint)], analysis, FORMED)
    options = LANDMARK.settled(analysis, endpoint, values)
    if options.formed_by is None:
        return
    if isinstance(reason := known_of(analysis, options.formed_by), str):
        st.info(reason)
        return
    compared = from_zero.time_zero(analysis, endpoint, options)
    landmark_panel.offer(landmark.too_few(compared.landmark), compared.landmark.instead)
    output.headline(from_zero.sentence(compared), from_zero.warning(compared))
    for spec in (from_zero.TIME_ZERO, LANDMARK, LANDMARK_SUMMARY, DROPPED, DEPENDENT):
        output.show(spec, analysis, endpoint, values)


def models(analysis: Analysis, endpoint: str, values: dict[str, Any]) -> None:
    """Hazard ratios, adjusted, within subgroups, and by cause where causes compete."""
    for heading, spec, in_view in (("Not adjusted", UNADJUSTED, ()), ("Adjusted", ADJUSTED, ("covariates",))):
        chosen = options_form.headed(heading, spec, analysis, endpoint, in_view, DEFINITION)
        output.show(spec, analysis, endpoint, values | chosen)
    if not analysis.grouping.compares:
        st.info("Choose in the sidebar what to compare by: groups have hazard ratios, also within subgroups.")
        return
    chosen = options_form.headed("Subgroups", FOREST, analysis, endpoint, ("compared", "subgroups"), DEFINITION)
    output.show(FOREST, analysis, endpoint, values | chosen)
    if offered_incidences(analysis.opened):
        st.markdown("## Competing risks")
        causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
        output.show(INCIDENCE_MODELS, analysis, causes, values)


page.open_page("Survival")
analysis = page.analysis_or_stop("endpoints")
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
endpoint = endpoint_panel.choose(analysis.opened, controls)
of_endpoint = [(spec, endpoint) for spec in CURVES]
with controls:
    values = options_form.popover([(KAPLAN_MEIER, endpoint)], analysis, only=DEFINITION, label="Definition")
    view = endpoint_panel.choose_view(analysis.opened, analysis.grouping)
finding = st.container(horizontal=True)
sentence_place = finding.container()
with finding.container(width="content"):
    values |= options_form.popover(of_endpoint, analysis, without=(*DEFINITION, *FORMED))
with sentence_place:
    output.headline(
        *kaplan_meier.headline(survival.curves(analysis, endpoint, KAPLAN_MEIER.settled(analysis, endpoint, values)))
    )
names = ("Curves", "Landmark analysis", "Models and subgroups")
tabs = (
    lambda: curves(analysis, endpoint, view, values),
    lambda: time_zero(analysis, endpoint, values),
    lambda: models(analysis, endpoint, values),
)
output.show_tabs(names, tabs, "survival tab")
