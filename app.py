"""The entry. Started by the server: the app with its guard. Run for a reader: menu, sidebar selection, then the page asked for."""

import streamlit as st

from lib.derived.course_answer import answers
from lib.derived.known_at_proposal import proposed_known_at
from pages.frame import output, page, said_once, selection_panel, session
from pages.server import start

if __name__ == "__main__":  # a run for one reader
    asked_for = page.open_app()
    with output.standing("This page", "Other pages, and other workbooks, are not affected."):
        session.begin(asked_for.url_path)
        page.show_menu(asked_for)
        if (cohort := session.cohort()) and session.draft() is None:  # the filters of one file say nothing of the next
            session.hold_selected(*selection_panel.choose(cohort, proposed_known_at, answers))
        session.run(asked_for)
        said_once.below()
else:  # `streamlit run app.py` finds this line in the text of this file and imports it
    app = st.App(__file__, middleware=start.MIDDLEWARE, lifespan=start.lifespan)
