"""Survival: how long until the event, group by group."""

import streamlit as st

from lib.stats.survival_limits import TRANSFORMS
from lib.survival.options import SHARES, CurveOptions
from lib.survival.outcome import time_to_event
from lib.survival.result import survival
from lib.survival.words import headline
from pages.frame import curve_panel, endpoint_panel, output, page, session
from pages.survival_tabs import curves, models, time_zero
from pages.survival_tabs.asked import Asked

page.open_page("Survival")
cohort, grouping = page.selected_or_stop("endpoints")
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
endpoint, definition = endpoint_panel.choose(cohort, controls)
with controls:
    view = endpoint_panel.choose_view(cohort, grouping)
finding = st.container(horizontal=True)
sentence = finding.container()
with finding.container(width="content"):
    wishes = curve_panel.show(TRANSFORMS, SHARES, grouping)
unit, options = session.view().unit, CurveOptions(wishes.transform, wishes.share)
result = survival(time_to_event(cohort, endpoint, grouping, unit, definition), cohort, options)
with sentence:
    output.headline(*headline(result))
asked = Asked(cohort, grouping, endpoint, definition, unit, result, view, wishes)
names = ("Curves", "Time zero", "Models and subgroups")
for place, tab in zip(st.tabs(names, key="survival tab", on_change="rerun"), (curves, time_zero, models), strict=True):
    if place.open:
        with place, output.standing("This tab"):
            tab.show(asked)
