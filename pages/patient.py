"""Patient: what one patient went through, what was measured meanwhile, and how far the cells of each infusion expanded."""

from functools import partial

import streamlit as st

from lib.patient import specs
from lib.patient.facts import course_facts, facts
from lib.patient.figure import page_exhibits
from lib.patient.panels.value import first_period, values, whole_period
from pages.frame import options_form, output, page, patient_panel

page.open_page("Patient")
analysis = page.analysis_or_stop("patients")
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    patient = patient_panel.choose(analysis.selected)
    chosen = options_form.row([(specs.TIMELINE, patient)], analysis, ("infusion",))
seen = specs.TIMELINE.settled(analysis, patient, chosen).seen(analysis, patient)
known = facts(analysis.opened, seen)
patient_panel.show_facts([(fact.label, fact.value) for fact in known], len(course_facts(seen)))

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    chosen |= options_form.row([(specs.TIMELINE, patient)], analysis, ("timeline_unit",))
    corner = st.container(width="content")
output.show(specs.TIMELINE, analysis, patient, chosen)

st.subheader("Course")
of_patient = [(specs.COURSE, patient)]
with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    chosen |= options_form.popover(of_patient, analysis, only=("panels", "log", "spread_early_days"), label="Panels")
    shown = specs.COURSE.settled(analysis, patient, chosen).shown(analysis)
    table = values(seen, shown)
    first, last = patient_panel.choose_period(
        whole_period(table, seen), first_period(table, seen), patient, seen.origin
    )
    chosen |= {"first_day": first, "last_day": last}
options = specs.COURSE.settled(analysis, patient, chosen)
with corner:
    make_page = partial(page_exhibits, analysis.opened, analysis.selected, seen, shown, options.drawn)
    patient_panel.offer_page(patient, known, make_page)
output.show(specs.COURSE, analysis, patient, chosen)
for heading, spec in (
    ("Infusions compared", specs.INFUSIONS),
    ("", specs.COMPARISON),
    ("Among the selected patients", specs.IN_COHORT),
):
    if spec.is_offered(analysis, patient, chosen):
        if heading:
            st.subheader(heading)
        output.show(spec, analysis, patient, chosen)
