"""The tab "Curves": Kaplan-Meier curves, their difference or cumulative incidence; medians, milestones, sensitivity analyses."""

import streamlit as st

from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table
from lib.survival.competing.words import headline as incidence_headline
from lib.survival.difference.figure import difference_figure
from lib.survival.difference.result import difference
from lib.survival.figure import survival_figure
from lib.survival.milestone import milestones
from lib.survival.panels.figure import panel_figure
from lib.survival.panels.result import panels
from lib.survival.sensitivity import sensitivity
from lib.survival.table import milestones_table, sensitivity_table
from lib.survival.words import summary_table
from pages.frame import endpoint_panel, output
from pages.survival_tabs.asked import Asked


def show(asked: Asked) -> None:
    if asked.view == endpoint_panel.INCIDENCE:
        _show_incidence(asked)
        return
    result, wishes = asked.result, asked.wishes
    if asked.view == endpoint_panel.DIFFERENCE:
        output.show(difference_figure, lambda: difference(result))
    elif wishes.panels:
        output.show(panel_figure, lambda: panels(result, asked.cohort, wishes.panels), wishes.limits)
    else:
        output.show(survival_figure, result, wishes.limits)
    output.show(summary_table, result)
    output.show(milestones_table, result, lambda: milestones(result))
    if asked.grouping.compares:
        _offer_sensitivity(asked)


def _offer_sensitivity(asked: Asked) -> None:
    """Computed only once it is opened."""
    more = st.expander("Sensitivity analyses", key="sensitivity", on_change="rerun")
    if more.open:
        with more:
            output.show(
                sensitivity_table, asked.result, lambda: sensitivity(asked.result, asked.cohort, asked.wishes.strata)
            )


def _show_incidence(asked: Asked) -> None:
    causes = endpoint_panel.choose_incidence(asked.cohort, asked.endpoint)
    parted = competing(competing_outcome(asked.cohort, causes, asked.grouping, asked.unit, asked.definition))
    output.headline(*incidence_headline(parted))
    output.show(incidence_figure, parted, asked.limits)
    output.show(incidence_table, parted)
