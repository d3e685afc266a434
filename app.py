"""The house door: menu, sidebar selection, then the page the reader asked for."""

from lib.derived.course_answer import answers
from lib.derived.known_at_proposal import proposed_known_at
from pages.frame import output, page, selection_panel, session

asked_for = page.open_house()
with output.standing("This page", "Other pages, and other workbooks, are not affected."):
    session.begin()
    page.show_menu()
    if (cohort := session.cohort()) and session.draft() is None:  # the filters of one file say nothing of the next
        session.hold_selected(selection_panel.choose(cohort, proposed_known_at, answers))
    session.write_link()
    asked_for.run()
