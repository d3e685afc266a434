"""Kinetics: how far the CAR T cells expanded, and how long they stayed."""

import streamlit as st

from lib.kinetics.figure import kinetics_figure
from lib.kinetics.result import compared_at, kinetics
from lib.kinetics.series import series_keys
from lib.kinetics.table import comparison_table, parameters_table, summary_table
from lib.kinetics.words import headline
from pages.frame import output, page, session

page.open_page("Kinetics")
cohort, grouping = page.selected_or_stop("kinetics")
keys = series_keys(session.cohort())
controls = st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom")
key = controls.selectbox("Series", keys, format_func=lambda key: key.label, key="series") if len(keys) > 1 else keys[0]
spread = controls.checkbox("Spread early days", value=True, key="spread early days", persist_state="session")
result = kinetics(cohort, key, grouping)
output.headline(*headline(result))
output.show(kinetics_figure(result, spread))
output.show(summary_table(result))
if grouping.compares and result.days:
    month_1 = result.days.index(result.comparison.day)
    day = st.selectbox("Compare at day", result.days, month_1, format_func=lambda day: f"{day:g}", key="day", width=160)
    output.show(comparison_table(compared_at(result, day)))
output.show(parameters_table(result))
