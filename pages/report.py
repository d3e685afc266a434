"""Report: figures and tables of all pages in one document, in the reader's order, with options as they stand on the
screen."""

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.exhibits import Entry, entries
from lib.export.provenance import Provenance
from pages.frame import options_form, page, report_making, report_panel
from pages.frame.escape import plain
from pages.frame.widget_state import MASK_BELOW


def offered(analysis: Analysis) -> list[Entry]:
    """Every exhibit that has something to show with its options as they stand on the screen."""
    known = [each for each in entries(analysis) if isinstance(each, Entry)]
    return [each for each in known if is_offered(each, analysis)]


def is_offered(entry: Entry, analysis: Analysis) -> bool:
    """Whether an exhibit has something to show; one that fails stands in the list, and says so in the report."""
    try:
        return entry.spec.is_offered(analysis, entry.variant, options_form.held(entry.spec, entry.variant, analysis))
    except Exception:
        return True


page.open_page("Report")
analysis = page.analysis_or_stop("patients" if page.why_empty(page.OF_WELLS) else page.OF_WELLS)
found = offered(analysis)
st.markdown(
    "Tick figures and tables here or beside any Export. They are made with the options, filters and groups that stand"
    " on the screen."
)
st.caption(plain(Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below).sentence))
with st.container(key="report"):
    choice, order = st.columns([4, 5], gap="large")
with choice:
    st.markdown("## Exhibits")
    report_panel.choose(found, page.titles())
with order:
    st.markdown("## Your report")
    report_panel.order(found, analysis)
    report_making.show(analysis, found)
st.number_input(
    "Mask counts of patients below",
    0,
    99,
    0,
    key=MASK_BELOW,
    persist_state="session",
    width=260,
    help=(
        "On all pages and in all files: 5 masks counts from 1 to 4, and what would give them back, and smallest and"
        " largest values. Figures and tables of single patients are then not shown, nor figures that draw such counts,"
        " nor numbers behind figures. 0: nothing is masked."
    ),
)
report_panel.show_sections(found, analysis)
