"""Patient: what one patient went through, what was measured meanwhile, and how far the cells of each infusion expanded."""

from functools import partial

import streamlit as st

from lib.patient.comparison import expansions
from lib.patient.course import course
from lib.patient.facts import course_facts, facts
from lib.patient.figure import MOST_PANELS, cohort_figure, page_exhibits, several_infusions
from lib.patient.panels.figure import panel_figure
from lib.patient.panels.panel import cell_panels, panels
from lib.patient.panels.result import PanelOptions, course_panels, infusion_panels
from lib.patient.panels.value import first_period, values, whole_period
from lib.patient.table import comparison_table
from lib.patient.timeline.figure import UNITS, timeline_figure, timeline_unit
from lib.patient.timeline.layout import timeline
from pages.frame import output, page, patient_panel, session

page.open_page("Patient")
selected, _ = page.selected_or_stop("patients")
opened = session.cohort()
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
with controls:
    patient = patient_panel.choose(selected)
    seen = course(opened, patient)
    if len(seen.numbers) > 1:
        seen = course(opened, patient, patient_panel.choose_infusion(seen.numbers))
known, every, cells = facts(opened, seen), panels(opened), cell_panels(opened)
patient_panel.show_facts([(fact.label, fact.value) for fact in known], len(course_facts(seen)))

result = timeline(seen)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    unit = patient_panel.choose_unit(tuple(UNITS), timeline_unit(result))
    corner = st.container(width="content")
output.show(timeline_figure, result, seen, unit)

st.subheader("Course")
shown = every
with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    if every:
        shown = patient_panel.choose_panels(every, MOST_PANELS)
    table = values(seen, shown)
    period = patient_panel.choose_period(whole_period(table, seen), first_period(table, seen), patient, seen.origin)
    wishes = patient_panel.choose_scales(shown)
options = PanelOptions(wishes.log, period, wishes.spread)
with corner:
    patient_panel.offer_page(patient, known, partial(page_exhibits, opened, selected, seen, shown, options))
if shown or len(opened.adverse_events):
    output.show(panel_figure, lambda: course_panels(opened, seen, shown, options), "patient.course")
if several_infusions(seen, cells):
    st.subheader("Infusions compared")
    output.show(
        panel_figure, lambda: infusion_panels(seen, cells, PanelOptions(spread=wishes.spread)), "patient.infusions"
    )
if every:
    output.show(comparison_table, lambda: expansions(values(seen, every), every), seen)
if cells and selected.n > 1:
    st.subheader("Among the selected patients")
    output.show(cohort_figure, selected, seen, cells[0], spread=wishes.spread)
