"""One run for one reader; and what takes long once, done before anybody waits for it."""

from functools import partial
from importlib import import_module
from typing import Final

from lib.derived.course_answer import answers
from lib.derived.exposure import proposed_known_at
from lib.stats import packages
from pages.frame import output, page, selection_panel, session, session_menu, warm
from pages.frame.at_once import sent_at_once

FIRST_FIGURES: Final = ("lib.swimmer.plot", "lib.survival.kaplan_meier")  # of pages/home.py


def run() -> None:
    """The page asked for, then what stands beside it: menu and sidebar selection."""
    with warm.first_run():
        asked_for = page.open_app()
        with output.standing("This page", "Other pages, and other workbooks, are not affected."), sent_at_once():
            session.begin(asked_for.url_path)
            menu = page.place_menu()
            if cohort := page.cohort_of_filters():
                session.hold_selected(partial(selection_panel.chosen, cohort, answers))
            page.run(asked_for)  # before what stands beside it: a click is answered by its figure first
        with output.standing("The filters", "The page is not affected."), sent_at_once():
            page.show_menu(menu)
            if cohort := page.cohort_of_filters():
                selection_panel.show(cohort, proposed_known_at, answers)
            session_menu.show_menu()


def load() -> None:
    """Once, beside the server: the page that opens first, and when it has been shown the rest."""
    for figure in FIRST_FIGURES:
        import_module(figure)
    warm.load(_rest)


def _rest() -> None:
    """What the first page did without: the other exhibits, and the packages of statistics."""
    session_menu.kept()
    packages.load()
