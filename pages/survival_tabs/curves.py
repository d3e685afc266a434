"""The tab "Curves": Kaplan-Meier or cumulative incidence curves, and their medians."""

from lib.survival.competing.figure import incidence_figure
from lib.survival.competing.outcome import competing_outcome
from lib.survival.competing.result import competing
from lib.survival.competing.table import incidence_table
from lib.survival.competing.words import headline as incidence_headline
from lib.survival.figure import survival_figure
from lib.survival.words import summary_table
from pages.frame import endpoint_panel, output
from pages.survival_tabs.asked import Asked


def show(asked: Asked) -> None:
    if endpoint_panel.choose_view(asked.cohort) == endpoint_panel.INCIDENCE:
        causes = endpoint_panel.choose_incidence(asked.cohort, asked.endpoint)
        parted = competing(competing_outcome(asked.cohort, causes, asked.grouping, asked.unit, asked.definition))
        output.headline(*incidence_headline(parted))
        output.show(incidence_figure(parted, asked.limits))
        output.show(incidence_table(parted))
    else:
        output.show(survival_figure(asked.result, asked.limits))
        output.show(summary_table(asked.result))
