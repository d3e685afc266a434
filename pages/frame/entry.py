"""One run for one reader; and what takes long once, done before anybody waits for it."""

from lib.derived.course_answer import answers
from lib.derived.known_at_proposal import proposed_known_at
from lib.stats import packages
from pages.frame import output, page, selection_panel, session, warm


def run() -> None:
    """Menu, sidebar selection, then the page asked for."""
    with warm.first_run():
        asked_for = page.open_app()
        with output.standing("This page", "Other pages, and other workbooks, are not affected."):
            session.begin(asked_for.url_path)
            page.show_menu()
            if (
                cohort := session.cohort()
            ) and session.draft() is None:  # the filters of one file say nothing of the next
                session.hold_selected(*selection_panel.choose(cohort, proposed_known_at, answers))
            page.run(asked_for)


def load() -> None:
    """Once, beside the server."""
    warm.load(packages.load)
