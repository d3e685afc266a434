"""The ledger of looking on the screen: every comparison with its p, adjusted for the number of looks; exported and
cleared."""

import streamlit as st

from lib.export.provenance import Provenance
from pages.frame import looks, output, session


def show() -> None:
    """The comparisons of the session, or that there are none yet."""
    ledger = looks.ledger()
    if not ledger.looks:
        st.info("No comparison of groups was looked at in this session yet.")
        return
    analysis = session.analysis()
    table = ledger.table(analysis.mask_below)
    output.show_made(table, Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below))
    st.button(
        "Clear",
        key="clear ledger",
        icon=":material/delete:",
        help="Forgets every comparison; counting begins again.",
        on_click=looks.clear_ledger,
    )
