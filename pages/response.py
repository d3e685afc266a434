"""Response: how deep, how soon, how long, group by group."""

import streamlit as st

from lib.response.best.result import best_response
from lib.response.best.words import headline
from pages.frame import output, page
from pages.response_tabs import best, depth, over_time

page.open_page("Response")
cohort, grouping = page.selected_or_stop("responses")
result = best_response(cohort, grouping)
output.headline(*headline(result))
shown = (lambda: best.show(result), lambda: over_time.show(cohort, grouping), lambda: depth.show(cohort, grouping))
names = ("Best response", "Over time", "Depth")
for place, show in zip(st.tabs(names, key="response tab", on_change="rerun"), shown, strict=True):
    if place.open:
        with place, output.standing("This tab"):
            show()
