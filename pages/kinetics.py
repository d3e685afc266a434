"""Kinetics: how far the CAR T cells expanded, and how long they stayed."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics import expansion, persistence, summary
from lib.kinetics.correlates import factors_of
from lib.kinetics.day_comparison import GROUPS_AT_DAY
from lib.kinetics.expansion import EXPANSION
from lib.kinetics.parameters import PARAMETERS_BY_PATIENT
from lib.kinetics.patient_panels import EACH_PATIENT
from lib.kinetics.persistence import PERSISTENCE, PERSISTENCE_BY_GROUP
from lib.kinetics.profile import PROFILES
from lib.kinetics.sensitivity import KINETIC_SENSITIVITY
from lib.kinetics.series import kinetics_of, series_of
from lib.kinetics.summary import PARAMETERS_BY_GROUP
from pages.frame import ask, options_form, output, page

GROUPS, PATIENTS = "Groups", "Each patient"
SHARED = ("spread_early_days", "show_ci", "base_day", "replicates")


def profiles(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """Groups or single patients over time, the groups at a day of choice, and every other test beside."""
    view = ask.one(
        "Show", (GROUPS, PATIENTS), default=GROUPS, key="kinetics view", persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if view == GROUPS:
        output.show(PROFILES, analysis, key, values)
    else:
        chosen = options_form.row([(EACH_PATIENT, key)], analysis, ("sheet",))
        output.show(EACH_PATIENT, analysis, key, values | chosen)
    if analysis.grouping.compares and kinetics_of(analysis, key, PROFILES.settled(analysis, key, values)).days:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            values = values | options_form.row([(GROUPS_AT_DAY, key)], analysis, ("day", "window"))
        output.show(GROUPS_AT_DAY, analysis, key, values)
        output.unfold("Sensitivity analyses", KINETIC_SENSITIVITY, analysis, key, values)


def parameters(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """By group and by patient."""
    output.show(PARAMETERS_BY_GROUP, analysis, key, values)
    output.show(PARAMETERS_BY_PATIENT, analysis, key, values)


def correlates(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """Time to undetectable, and expansion beside what was known before it or came of it."""
    output.headline(
        *persistence.headline(persistence.persisting(analysis, key, PERSISTENCE.settled(analysis, key, values)))
    )
    output.show(PERSISTENCE, analysis, key, values)
    output.show(PERSISTENCE_BY_GROUP, analysis, key, values)
    offered = factors_of(analysis)
    if not offered:
        st.info(
            "Expansion can be looked at beside responses, adverse events, numbers of the patients or laboratory values; this workbook has none."
        )
        return
    st.markdown("## Expansion and outcome")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        slug = ask.from_list("Beside", list(offered), name=lambda slug: offered[slug].title, key="factor", width=320)
        beside = (key, slug)
        values = values | options_form.row([(EXPANSION, beside)], analysis, ("measure",))
    output.headline(
        *expansion.headline(expansion.expanded(analysis, beside, EXPANSION.settled(analysis, beside, values)))
    )
    output.show(EXPANSION, analysis, beside, values)


page.open_page("Kinetics")
analysis = page.analysis_or_stop("kinetics")
keys = series_of(analysis)
key = ask.from_list("Series", keys, name=lambda key: key.label, key="series", width=420) if len(keys) > 1 else keys[0]
finding = st.container(horizontal=True)
sentence = finding.container()
with finding.container(width="content"):
    values = options_form.popover([(PROFILES, key), (PERSISTENCE, key)], analysis, only=SHARED)
with sentence:
    output.headline(summary.headline(kinetics_of(analysis, key, PROFILES.settled(analysis, key, values))))
tabs = (
    lambda: profiles(analysis, key, values),
    lambda: parameters(analysis, key, values),
    lambda: correlates(analysis, key, values),
)
output.show_tabs(("Profiles", "Parameters", "Persistence and correlates"), tabs, "kinetics tab")
