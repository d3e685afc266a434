"""Kinetics: how far the CAR T cells expanded, and how long they stayed."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.kinetics import specs
from lib.kinetics.expansion.words import headline as expansion_headline
from lib.kinetics.persistence.words import headline as persistence_headline
from lib.kinetics.series import SeriesKey
from lib.kinetics.words import headline
from pages.frame import ask, options_form, output, page

GROUPS, PATIENTS = "Groups", "Each patient"
SHARED = ("spread_early_days", "show_ci", "base_day", "replicates")


def profiles(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """Groups or single patients over time, the groups at a day of choice, and every other test beside."""
    view = ask.one(
        "Show", (GROUPS, PATIENTS), default=GROUPS, key="kinetics view", persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if view == GROUPS:
        output.show(specs.PROFILE, analysis, key, values)
    else:
        chosen = options_form.row([(specs.PATIENTS, key)], analysis, ("sheet",))
        output.show(specs.PATIENTS, analysis, key, values | chosen)
    if analysis.grouping.compares and specs.result(analysis, key, specs.PROFILE.settled(analysis, key, values)).days:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            values = values | options_form.row([(specs.COMPARISON, key)], analysis, ("day", "window"))
        output.show(specs.COMPARISON, analysis, key, values)
        output.unfold("Sensitivity analyses", specs.SENSITIVITY, analysis, key, values)


def parameters(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """By group and by patient."""
    output.show(specs.SUMMARY, analysis, key, values)
    output.show(specs.PARAMETERS, analysis, key, values)


def correlates(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """Time to undetectable, and expansion beside what was known before it or came of it."""
    output.headline(
        *persistence_headline(specs.persisting(analysis, key, specs.PERSISTENCE.settled(analysis, key, values)))
    )
    output.show(specs.PERSISTENCE, analysis, key, values)
    output.show(specs.PERSISTENCE_SUMMARY, analysis, key, values)
    offered = specs.factors_of(analysis)
    if not offered:
        st.info(
            "Expansion can be looked at beside responses, adverse events, numbers of the patients or laboratory values; this workbook has none."
        )
        return
    st.markdown("##### Expansion and outcome")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        slug = ask.from_list("Beside", list(offered), name=lambda slug: offered[slug].title, key="factor", width=320)
        beside = (key, slug)
        values = values | options_form.row([(specs.EXPANSION, beside)], analysis, ("measure",))
    output.headline(
        *expansion_headline(specs.expanded(analysis, beside, specs.EXPANSION.settled(analysis, beside, values)))
    )
    output.show(specs.EXPANSION, analysis, beside, values)


page.open_page("Kinetics")
analysis = page.analysis_or_stop("kinetics")
keys = specs.keys(analysis)
key = ask.from_list("Series", keys, name=lambda key: key.label, key="series", width=420) if len(keys) > 1 else keys[0]
finding = st.container(horizontal=True)
sentence = finding.container()
with finding.container(width="content"):
    values = options_form.popover([(specs.PROFILE, key), (specs.PERSISTENCE, key)], analysis, only=SHARED)
with sentence:
    output.headline(*headline(specs.result(analysis, key, specs.PROFILE.settled(analysis, key, values))))
tabs = (
    lambda: profiles(analysis, key, values),
    lambda: parameters(analysis, key, values),
    lambda: correlates(analysis, key, values),
)
output.show_tabs(("Profiles", "Parameters", "Persistence and correlates"), tabs, "kinetics tab")
