"""The tab "Time zero": groups that were formed after the infusion, formed anew by what was known at a landmark."""

from lib.derived.known_source import became_known
from lib.survival.time_zero.figure import time_zero_exhibits
from lib.survival.time_zero.followed import Asked as AskedOfTime
from lib.survival.time_zero.opening import opening
from lib.survival.time_zero.result import three_analyses
from lib.survival.time_zero.words import sentence, too_few, warning
from pages.frame import landmark_panel, output, session
from pages.survival_tabs.asked import Asked


def show(asked: Asked) -> None:
    start = opening(session.cohort(), asked.grouping, asked.endpoint, asked.cohort.selected_by)
    output.headline(start.sentence)
    source, days = landmark_panel.choose(start.sources, start.own)
    if not source:
        return
    known = became_known(asked.cohort, asked.grouping, source)
    wanted = AskedOfTime(asked.endpoint, asked.unit, asked.definition, asked.result.options)
    compared = three_analyses(asked.cohort, wanted, asked.grouping, known, days)
    landmark_panel.offer(too_few(compared.landmark), compared.landmark.instead)
    output.headline(sentence(compared), warning(compared))
    output.show_all(time_zero_exhibits, compared, asked.wishes.limits)
