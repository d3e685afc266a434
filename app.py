"""The entry. Started by the server: the app with its guard. Run for a reader: menu, sidebar selection, then the page asked for."""

import streamlit as st

from lib.derived.course_answer import answers
from lib.derived.known_at_proposal import proposed_known_at
from pages.frame import kept, output, page, selection_panel, session
from pages.frame.at_once import sent_at_once
from pages.server import start

if __name__ == "__main__":  # a run for one reader
    asked_for = page.open_app()
    with output.standing("This page", "Other pages, and other workbooks, are not affected."), sent_at_once():
        session.begin(asked_for.url_path)
        menu = page.place_menu()
        if cohort := page.cohort_of_filters():
            session.hold_selected(*selection_panel.chosen(cohort, answers))
        page.run(asked_for)  # before what stands beside it: a click is answered by its figure first
    with output.standing("The filters", "The page is not affected."), sent_at_once():
        page.show_menu(menu)
        if cohort := page.cohort_of_filters():
            selection_panel.show(cohort, proposed_known_at, answers)
        kept.show_menu()
else:  # `streamlit run app.py` finds this line in the text of this file and imports it
    app = st.App(__file__, middleware=start.MIDDLEWARE, lifespan=start.lifespan)
