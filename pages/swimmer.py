"""Swimmer: the course of every patient at a glance."""

from dataclasses import asdict

import streamlit as st

from lib.swimmer.chart import PICK
from lib.swimmer.figure import swimmer_figure
from lib.swimmer.lane import lanes
from lib.swimmer.options import MOST_OWN, SORTS, SwimmerOptions, colour_label, colours_of, is_own, marks_of, settled
from lib.swimmer.words import headline
from pages.frame import output, page, session, swimmer_panel

page.open_page("Swimmer")
cohort, grouping = page.selected_or_stop("endpoints")
opened = session.cohort()
first = settled(SwimmerOptions(), opened)
columns = {variable.name: variable.label for variable in opened.variables}
wishes = swimmer_panel.show(
    swimmer_panel.Offered(
        sorts={name: name for name in SORTS} | columns,
        colours={colour: colour_label(colour) for colour in colours_of(opened)},
        strips={name: label for name, label in columns.items() if name != grouping.variable},
        first_strips=[name for name in first.strips if name != grouping.variable],
        marks=marks_of(opened),
        first_marks=first.marks,
        can_group=grouping.compares,
    )
)
result = lanes(cohort, grouping, session.view().unit, SwimmerOptions(**asdict(wishes)))
output.headline(*headline(result))
if sum(map(is_own, wishes.marks)) > MOST_OWN:
    st.caption(f"Symbols reach for {MOST_OWN} marks of the workbook's own words; the first {MOST_OWN} are drawn.")
st.caption("Click on a lane to open that patient.")
picked = output.show(swimmer_figure, result, cohort, pick=PICK)
if picked:
    page.open_patient(picked)
