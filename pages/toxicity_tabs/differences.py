"""The tab "Differences": groups against the reference, term by term, as dot plot or volcano; sensitivity analyses."""

import streamlit as st

from lib.toxicity.counting import ANY_GRADE, AT_LEAST_3
from lib.toxicity.differences.figure import differences_figure
from lib.toxicity.differences.result import differences
from lib.toxicity.sensitivity.result import sensitivity
from lib.toxicity.sensitivity.table import toxicity_sensitivity_table
from lib.toxicity.shown import room_for
from lib.toxicity.volcano.figure import volcano_figure
from pages.frame import ask, output
from pages.toxicity_tabs.asked import Asked

DOTS, VOLCANO = "Dot plot", "Volcano"


def show(asked: Asked) -> None:
    if not asked.grouping.compares:
        st.info("Choose in the sidebar what to compare by: differences are between groups.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        threshold = ask.one(
            "Grade",
            (ANY_GRADE, AT_LEAST_3),
            default=ANY_GRADE,
            key="differences at",
            persist_state="session",
        )
        view = ask.one("Figure", (DOTS, VOLCANO), default=DOTS, key="differences view", persist_state="session")
    shown = room_for(asked.terms, len(asked.result.of))
    if view == VOLCANO:
        output.show(volcano_figure, lambda: differences(asked.result, threshold, asked.terms))
    else:
        output.show(differences_figure, lambda: differences(asked.result, threshold, shown))
    more = st.expander("Sensitivity analyses", key="toxicity sensitivity", on_change="rerun")
    if more.open:
        with more:
            output.show(toxicity_sensitivity_table, lambda: sensitivity(asked.result, shown))
