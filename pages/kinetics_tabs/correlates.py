"""The tab "Persistence and correlates": time to undetectable, and expansion beside what was known before it or came of it."""

import streamlit as st

from lib.kinetics.expansion.factor import factors
from lib.kinetics.expansion.figure import expansion_figure
from lib.kinetics.expansion.result import MEASURES, expansion
from lib.kinetics.expansion.words import headline as expansion_headline
from lib.kinetics.persistence.figure import persistence_figure
from lib.kinetics.persistence.result import persistence
from lib.kinetics.persistence.table import persistence_table
from lib.kinetics.persistence.words import headline
from pages.frame import ask, output, session
from pages.kinetics_tabs.asked import Asked


def show(asked: Asked) -> None:
    persisting = persistence(asked.cohort, asked.result)
    output.headline(*headline(persisting))
    output.show(persistence_figure, persisting, asked.limits)
    output.show(persistence_table, persisting)
    offered = {factor.slug: factor for factor in factors(session.cohort())}
    if not offered:
        st.info('Expansion can be looked at beside responses, adverse events, numbers of the patients or laboratory values; this workbook has none.')  # fmt: skip
        return
    st.markdown("##### Expansion and what goes with it")
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    slug = ask.from_list(
        "Beside", list(offered), name=lambda slug: offered[slug].title, key="factor", width=320, place=row
    )
    measures = {measure.name: measure for measure in MEASURES}
    name = ask.one(
        "Expansion", list(measures), default=next(iter(measures)), name=lambda name: measures[name].label, key="measure",
        persist_state="session", place=row,
    )  # fmt: skip
    found = expansion(asked.cohort, asked.result, offered[slug], measures[name])
    output.headline(*expansion_headline(found))
    output.show(expansion_figure, found)
