"""The tab "Parameters": by group and by patient."""

from lib.kinetics.table import parameters_table, summary_table
from pages.frame import output
from pages.kinetics_tabs.asked import Asked


def show(asked: Asked) -> None:
    output.show(summary_table, asked.result)
    output.show(parameters_table, asked.result)
