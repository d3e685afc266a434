"""Kinetics: how far the CAR T cells expanded, and how long they stayed."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics import expansion, persistence, summary
from lib.kinetics.correlates import with_data
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
from pages.frame.escape import plain

GROUPS, PATIENTS = "Groups", "Each patient"
SHARED = ("spread_early_days", "show_ci", "base_day", "replicates")


def say_expansion(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """How far the cells expanded, in one sentence."""
    found = kinetics_of(analysis, key, PROFILES.settled(analysis, key, values))
    output.headline(summary.headline(found), place=sentence_place)


def profiles(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """Groups or single patients over time, the groups at a day of choice, and every other test."""
    say_expansion(analysis, key, values)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        view = ask.one(
            "Show",
            (GROUPS, PATIENTS),
            default=GROUPS,
            key="kinetics view",
            link="view",
            persist_state="session",
            label_visibility="collapsed",
        )
        drawn = PROFILES if view == GROUPS else EACH_PATIENT
        values = values | options_form.row([(drawn, key)], analysis, ("bars", "sheet"))
    output.show(drawn, analysis, key, values)
    if analysis.grouping.compares and kinetics_of(analysis, key, PROFILES.settled(analysis, key, values)).days:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            values = values | options_form.row([(GROUPS_AT_DAY, key)], analysis, ("day", "window"))
        output.show(GROUPS_AT_DAY, analysis, key, values)
        output.unfold("Sensitivity analyses", KINETIC_SENSITIVITY, analysis, key, values)


def parameters(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """By group and by patient."""
    say_expansion(analysis, key, values)
    output.show(PARAMETERS_BY_GROUP, analysis, key, values)
    values = values | options_form.row([(PARAMETERS_BY_PATIENT, key)], analysis, ("every_column",))
    output.show(PARAMETERS_BY_PATIENT, analysis, key, values)


def persisting(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """Time to undetectable."""
    settled = PERSISTENCE.settled(analysis, key, values)
    output.headline(persistence.headline(persistence.persisting(analysis, key, settled)), place=sentence_place)
    output.show(PERSISTENCE, analysis, key, values)
    output.show(PERSISTENCE_BY_GROUP, analysis, key, values)


def outcome(analysis: Analysis, key: SeriesKey, values: dict[str, Any]) -> None:
    """Expansion compared with what was known before it or came of it."""
    offered, few = with_data(analysis)
    left_out = f"Fewer than three patients or one value only: {', '.join(few)}." if few else ""
    if not offered:
        say_expansion(analysis, key, values)
        st.info(
            "Expansion can be compared with responses, adverse events, numbers of the patients or laboratory values."
            f" {plain(left_out)}"
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        slug = ask.from_list(
            "Compare expansion with",
            list(offered),
            name=lambda slug: offered[slug].title,
            key="factor",
            link="compare",
            width=320,
        )
        beside = (key, slug)
        values = values | options_form.row([(EXPANSION, beside)], analysis, ("measure",))
    found = expansion.expanded(analysis, beside, EXPANSION.settled(analysis, beside, values))
    output.headline(expansion.headline(found), place=sentence_place)
    output.show(EXPANSION, analysis, beside, values)
    if left_out:
        st.caption(plain(left_out))


page.open_page("Kinetics")
analysis = page.analysis_or_stop("kinetics")
keys = series_of(analysis)
key = (
    ask.from_list("Series", keys, name=lambda key: key.label, key="series", link="series", width=420)
    if len(keys) > 1
    else keys[0]
)
finding = st.container(horizontal=True)
sentence_place = finding.container()
with finding.container(width="content"):
    values = options_form.popover([(PROFILES, key), (PERSISTENCE, key)], analysis, only=SHARED)
tabs = (
    lambda: profiles(analysis, key, values),
    lambda: parameters(analysis, key, values),
    lambda: persisting(analysis, key, values),
    lambda: outcome(analysis, key, values),
)
output.show_tabs(("Profiles", "Parameters", "Persistence", "Expansion and outcome"), tabs, "kinetics tab")
