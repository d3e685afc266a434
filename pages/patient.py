"""Patient: what one patient went through, what was measured meanwhile, and how far the cells of each infusion
expanded."""

from functools import partial

import streamlit as st

from lib.patient.course import course_facts, facts
from lib.patient.expansion_by_infusion import PATIENT_COMPARISON
from lib.patient.outcomes import PATIENT_OUTCOMES
from lib.patient.panel_figures import PATIENT_COURSE, PATIENT_IN_COHORT, PATIENT_INFUSIONS, page_exhibits
from lib.patient.panels import first_period, values, whole_period
from lib.patient.timeline import PATIENT_TIMELINE
from lib.publication.masking import ONE_PATIENT
from pages.frame import options_form, output, page, patient_panel

page.open_page("Patient")
analysis = page.analysis_or_stop("patients")
if analysis.mask_below:
    st.info(ONE_PATIENT)
    page.end()
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    patient = patient_panel.choose(analysis.selected)
    chosen = options_form.row([(PATIENT_TIMELINE, patient)], analysis, ("infusion",))
seen = PATIENT_TIMELINE.settled(analysis, patient, chosen).seen(analysis, patient)
known = [(fact.label, fact.value) for fact in facts(analysis.opened, seen)]
patient_panel.show_facts(known, len(course_facts(seen)))

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    chosen |= options_form.row([(PATIENT_TIMELINE, patient)], analysis, ("timeline_unit",))
    corner = st.container(width="content")
if seen.origin != analysis.selected.infusion:
    st.caption(
        f"On this page day 0 is infusion {seen.origin}; “Counted from” in the sidebar (infusion "
        f"{analysis.selected.infusion}) applies to all other pages."
    )
output.show(PATIENT_TIMELINE, analysis, patient, chosen)

st.header("Course")
of_patient = [(PATIENT_COURSE, patient)]
with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    chosen |= options_form.popover(of_patient, analysis, only=("panels", "log", "spread_early_days"), label="Panels")
    table = values(seen, PATIENT_COURSE.settled(analysis, patient, chosen).shown(analysis.opened))
    first, last = patient_panel.choose_period(
        whole_period(table, seen), first_period(table, seen), patient, seen.origin
    )
    chosen |= {"first_day": first, "last_day": last}
with corner:
    patient_panel.offer_page(patient, known, partial(page_exhibits, analysis, patient, dict(chosen)))
output.show(PATIENT_COURSE, analysis, patient, chosen)
for heading, spec in (
    ("Infusions compared", PATIENT_INFUSIONS),
    ("", PATIENT_COMPARISON),
    ("Among the selected patients", PATIENT_IN_COHORT),
):
    if spec.is_offered(analysis, patient, chosen):
        if heading:
            st.header(heading)
        output.show(spec, analysis, patient, chosen)
output.unfold("Outcomes of all selected patients", PATIENT_OUTCOMES, analysis)
