"""The tab "Grades": CTCAE grades computed from values, from baseline to worst, and the plot of Hy's law."""

import streamlit as st

from lib.labs.grades.result import grades_result
from lib.labs.grades.table import grades_table
from lib.labs.hys_law.figure import hys_law_figure
from lib.labs.hys_law.result import can_show, hys_law
from lib.labs.scores.table import score_tables
from lib.labs.shift.result import shift
from lib.labs.shift.table import shift_table
from pages.frame import output, session
from pages.frame.escape import plain
from pages.labs_tabs.asked import Asked


def show(asked: Asked) -> None:
    result = grades_result(asked.cohort, asked.grouping, asked.version)
    if result.rows:
        output.show(grades_table, result)
    else:
        st.info(plain(f"No test in this selection has grades by value in {asked.version}."))
    if asked.chosen.analyte in {row.analyte for row in result.rows}:
        output.show(shift_table, lambda: shift(result, asked.chosen.analyte), asked.chosen.slug)
    else:
        st.info(plain(f"{asked.chosen.test} has no grades by value in {asked.version}: no shift table."))
    if can_show(session.cohort()):
        output.show(hys_law_figure, lambda: hys_law(asked.cohort, asked.grouping))
    else:
        st.caption("With ALT and bilirubin in the sheet Labs the plot of Hy's law stands here.")
    scores = st.expander("ICAHT (experimental) and CAR-HEMATOTOX", key="lab scores", on_change="rerun")
    if scores.open:
        with scores:
            shown = output.show_all(score_tables, asked.cohort, asked.grouping)
            if not shown:
                st.caption("ICAHT needs neutrophils in the sheet Labs, CAR-HEMATOTOX three of its five items.")
