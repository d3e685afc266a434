"""The tab "Course": values of one test over time, patient by patient and group by group."""

from lib.labs.figure import lab_figure
from lib.labs.result import labs
from lib.labs.table import lab_table
from lib.labs.words import headline
from pages.frame import output
from pages.labs_tabs.asked import Asked


def show(asked: Asked) -> None:
    result = labs(asked.cohort, asked.chosen, asked.grouping, asked.by_visit)
    output.headline(*headline(result))
    output.show(lab_figure, result, asked.options)
    output.show(lab_table, result)
