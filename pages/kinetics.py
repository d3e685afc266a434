"""Kinetics: how far the CAR T cells expanded, and how long they stayed."""

import streamlit as st

from lib.kinetics.fold import BASE_DAY
from lib.kinetics.result import kinetics
from lib.kinetics.series import series_keys
from lib.kinetics.words import headline
from pages.frame import ask, output, page, session
from pages.kinetics_tabs import correlates, parameters, profiles
from pages.kinetics_tabs.asked import Asked

page.open_page("Kinetics")
cohort, grouping = page.selected_or_stop("kinetics")
keys = series_keys(session.cohort())
key = keys[0]
if len(keys) > 1:
    key = ask.from_list("Series", keys, name=lambda key: key.label, key="series", width=420)
finding = st.container(horizontal=True)
sentence = finding.container()
with finding.container(width="content"), st.popover("Options", icon=":material/tune:"):
    spread = st.checkbox("Spread early days", value=True, key="spread early days", persist_state="session")
    limits = st.checkbox("Confidence bands", value=True, key="persistence limits", persist_state="session")
    base_day = st.number_input(
        "Fold expansion over day", 0, 28, int(BASE_DAY), key="base day", persist_state="session",
        help="The day whose value the peak is divided by; below the limit there, the fold is at least peak / limit.",
    )  # fmt: skip
result = kinetics(cohort, key, grouping, float(base_day))
with sentence:
    output.headline(*headline(result))
asked = Asked(cohort, result, spread, limits)
names = ("Profiles", "Parameters", "Persistence and correlates")
for place, tab in zip(st.tabs(names, key="kinetics tab", on_change="rerun"), (profiles, parameters, correlates), strict=True):  # fmt: skip
    if place.open:
        with place, output.standing("This tab"):
            tab.show(asked)
