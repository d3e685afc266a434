"""The tab "Time zero": groups that were formed after the infusion, formed anew by what was known at a landmark."""

from lib.derived.exposure import exposure_of
from lib.derived.known_at_proposal import proposed_known_at
from lib.derived.known_source import became_known, known_sources
from lib.survival.time_zero.figure import time_zero_exhibits
from lib.survival.time_zero.followed import why_not
from lib.survival.time_zero.result import three_analyses
from lib.survival.time_zero.words import opening, sentence, too_few
from pages.frame import landmark_panel, output, session
from pages.survival_tabs.asked import Asked


def show(asked: Asked) -> None:
    opened = session.cohort()
    found = exposure_of(opened, asked.grouping)
    refused = why_not(asked.endpoint)
    output.headline(refused or opening(asked.grouping, found, proposed_known_at(opened, asked.grouping)))
    sources = () if refused else known_sources(opened, asked.grouping)
    source, days = landmark_panel.choose(sources, own=not isinstance(found, str))
    if not source:
        return
    known = became_known(asked.cohort, asked.grouping, source)
    compared = three_analyses(asked.cohort, asked.endpoint, asked.grouping, known, asked.unit, days)
    instead = compared.landmark.instead
    landmark_panel.offer(too_few(compared.landmark), instead.days if instead else None)
    output.headline(sentence(compared))
    for exhibit in time_zero_exhibits(compared, asked.limits):
        output.show(exhibit)
