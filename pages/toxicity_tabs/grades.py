"""The tab "Grades": worst grades as bars, the table of all adverse events, CRS and ICANS, system organ classes."""

import streamlit as st

from lib.toxicity.butterfly.figure import butterfly_figure
from lib.toxicity.by_class.result import by_class, has_classes
from lib.toxicity.by_class.table import by_class_table
from lib.toxicity.crs_icans.result import syndromes
from lib.toxicity.crs_icans.table import crs_icans_table
from lib.toxicity.figure import toxicity_figure
from lib.toxicity.table import toxicity_table
from pages.frame import ask, output
from pages.toxicity_tabs.asked import Asked

BARS, BUTTERFLY = "Bars", "Butterfly"
TWO = 2


def show(asked: Asked) -> None:
    result = asked.result
    view = BARS
    if len(result.of) == TWO:
        view = ask.one(
            "Figure", (BARS, BUTTERFLY), default=BARS, key="grades view", persist_state="session", label_visibility="collapsed"
        )  # fmt: skip
    draw = butterfly_figure if view == BUTTERFLY else toxicity_figure
    output.show(draw, result, asked.terms)
    output.show(toxicity_table, result, asked.thresholds, asked.terms, asked.adjustment)
    found = syndromes(asked.cohort, asked.grouping, asked.period)
    if found.found:
        output.show(crs_icans_table, found)
    if has_classes(asked.cohort):
        more = st.expander("By system organ class", key="by class", on_change="rerun")
        if more.open:
            with more:
                output.show(by_class_table, lambda: by_class(asked.cohort, asked.grouping, result))
