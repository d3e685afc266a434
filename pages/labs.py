"""Labs: how laboratory values moved around the infusion, group by group."""

import streamlit as st

from lib.labs.figure import LabOptions, lab_figure
from lib.labs.result import labs
from lib.labs.scores.table import score_tables
from lib.labs.series import lab_series
from lib.labs.table import lab_table
from lib.labs.words import headline
from pages.frame import output, page, session

page.open_page("Labs")
cohort, grouping = page.selected_or_stop("labs")
series = {each.slug: each for each in lab_series(session.cohort())}
controls = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")
ask = controls.segmented_control if len(series) <= 6 else controls.selectbox
few = {"default": next(iter(series)), "required": True} if len(series) <= 6 else {"width": 320}
slug = ask("Test", list(series), format_func=lambda slug: series[slug].label, key="lab", persist_state="session", **few)
chosen = series[slug]
with controls.popover("Options", icon=":material/tune:", width=130):
    log = st.checkbox("Log scale", value=chosen.log, key=f"log {slug}", persist_state="session")
    by_visit = chosen.by_visit
    if chosen.visits and chosen.has_days:
        by_visit = st.checkbox("At visits, not days", value=by_visit, key=f"visits {slug}", persist_state="session")
    spread = not by_visit and st.checkbox("Spread early days", key=f"spread {slug}", persist_state="session")
result = labs(cohort, chosen, grouping, by_visit)
output.headline(*headline(result))
output.show(lab_figure(result, LabOptions(log, spread)))
output.show(lab_table(result))
for table in score_tables(cohort, grouping):
    output.show(table)
