"""Survival: how long until the event, group by group."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import offered_incidences
from lib.survival import specs
from lib.survival.competing.words import headline as incidence_headline
from lib.survival.time_zero import specs as landmark
from lib.survival.time_zero.opening import opening
from lib.survival.time_zero.words import sentence, too_few, warning
from lib.survival.words import headline
from pages.frame import endpoint_panel, landmark_panel, options_form, output, page

CURVES = (
    specs.KAPLAN_MEIER,
    specs.PANELS,
    specs.SUMMARY,
    specs.MILESTONES,
    specs.DIFFERENCE,
    specs.SENSITIVITY,
    landmark.LANDMARK,
)
DEFINITION = ("origin", "dor_death", "ttnt_death", "efs_events")
FORMED = ("formed_by", "landmark", "landmark_day")


def curves(analysis: Analysis, endpoint: str, view: str, values: dict[str, Any]) -> None:
    """Kaplan-Meier curves, their difference or cumulative incidence; medians, milestones, sensitivity analyses."""
    if view == endpoint_panel.INCIDENCE:
        causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
        options = specs.INCIDENCE.settled(analysis, causes, values)
        output.headline(*incidence_headline(specs.causes(analysis, causes, options)))
        output.show(specs.INCIDENCE, analysis, causes, values)
        output.show(specs.INCIDENCE_SUMMARY, analysis, causes, values)
        return
    drawn = specs.PANELS if values.get("panels_by") else specs.KAPLAN_MEIER
    output.show(specs.DIFFERENCE if view == endpoint_panel.DIFFERENCE else drawn, analysis, endpoint, values)
    output.show(specs.SUMMARY, analysis, endpoint, values)
    output.show(specs.MILESTONES, analysis, endpoint, values)
    if analysis.grouping.compares:
        output.unfold("Sensitivity analyses", specs.SENSITIVITY, analysis, endpoint, values)


def time_zero(analysis: Analysis, endpoint: str, values: dict[str, Any]) -> None:
    """Groups that were formed after the infusion, formed anew by what was known at a landmark."""
    start = opening(analysis.opened, analysis.grouping, endpoint, analysis.selected.selected_by)
    output.headline(start.sentence)
    if not start.sources:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        values = values | options_form.row([(landmark.LANDMARK, endpoint)], analysis, FORMED)
    options = landmark.LANDMARK.settled(analysis, endpoint, values)
    if options.formed_by is None:
        return
    if isinstance(reason := landmark.known_of(analysis, options.formed_by), str):
        st.info(reason)
        return
    compared = landmark.time_zero(analysis, endpoint, options)
    landmark_panel.offer(too_few(compared.landmark), compared.landmark.instead)
    output.headline(sentence(compared), warning(compared))
    for spec in landmark.BY_LANDMARK:
        output.show(spec, analysis, endpoint, values)


def models(analysis: Analysis, endpoint: str, values: dict[str, Any]) -> None:
    """Hazard ratios, adjusted, within subgroups, and by cause where causes compete."""
    for heading, spec, in_view in (("Not adjusted", specs.MODELS, ()), ("Adjusted", specs.ADJUSTED, ("covariates",))):
        chosen = options_form.headed(heading, spec, analysis, endpoint, in_view, DEFINITION)
        output.show(spec, analysis, endpoint, values | chosen)
    if not analysis.grouping.compares:
        st.info("Choose in the sidebar what to compare by: groups have hazard ratios, also within subgroups.")
        return
    chosen = options_form.headed("Subgroups", specs.FOREST, analysis, endpoint, ("compared", "subgroups"), DEFINITION)
    output.show(specs.FOREST, analysis, endpoint, values | chosen)
    if offered_incidences(analysis.opened):
        st.markdown("##### Competing risks")
        causes = endpoint_panel.choose_incidence(analysis.opened, endpoint)
        output.show(specs.INCIDENCE_MODELS, analysis, causes, values)


page.open_page("Survival")
analysis = page.analysis_or_stop("endpoints")
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
endpoint = endpoint_panel.choose(analysis.opened, controls)
of_endpoint = [(spec, endpoint) for spec in CURVES]
with controls:
    values = options_form.popover([(specs.KAPLAN_MEIER, endpoint)], analysis, only=DEFINITION, label="Definition")
    view = endpoint_panel.choose_view(analysis.opened, analysis.grouping)
finding = st.container(horizontal=True)
sentence_place = finding.container()
with finding.container(width="content"):
    values |= options_form.popover(of_endpoint, analysis, without=(*DEFINITION, *FORMED))
with sentence_place:
    output.headline(*headline(specs.curves(analysis, endpoint, specs.KAPLAN_MEIER.settled(analysis, endpoint, values))))
names = ("Curves", "Time zero", "Models and subgroups")
tabs = (
    lambda: curves(analysis, endpoint, view, values),
    lambda: time_zero(analysis, endpoint, values),
    lambda: models(analysis, endpoint, values),
)
output.show_tabs(names, tabs, "survival tab")
