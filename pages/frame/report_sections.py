"""What the analyses of the report say about themselves: the Methods paragraph with the STROBE list, and the comparisons
looked at."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.exhibits import Entry, attempt
from lib.export.methods_text import methods_paragraph
from lib.export.provenance import Provenance
from lib.export.strobe import strobe_table
from lib.publication.spec import Failed
from pages.frame import ledger_panel, options_form, output, session

Draw = Callable[[Sequence[Entry], Analysis], None]  # of what is offered


def methods(offered: Sequence[Entry], analysis: Analysis) -> None:
    """The Statistical analysis section of the ticked exhibits, and where the report answers STROBE."""
    known = {each.id: each for each in offered}
    chosen = [known[item.id] for item in session.report_items() if item.id in known]
    made = [attempt(each, analysis, options_form.held(each.spec, each.variant, analysis)) for each in chosen]
    exhibits = [each for each in made if each is not None and not isinstance(each, Failed)]
    if not exhibits:
        st.info("Tick figures and tables: this is written of what the report holds.")
        return
    provenance = Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below)
    text = methods_paragraph(exhibits, provenance)
    st.code(text.text, language=None, wrap_lines=True, height=320)
    output.show_made(strobe_table(exhibits, text), provenance)


def comparisons(_offered: Sequence[Entry], _analysis: Analysis) -> None:
    """Every comparison of the session, adjusted for their number."""
    ledger_panel.show()


SECTIONS: Final[tuple[tuple[str, Draw], ...]] = (
    ("Statistical methods and STROBE list", methods),
    ("Comparisons looked at", comparisons),
)


def show(offered: Sequence[Entry], analysis: Analysis) -> None:
    """Each section folded; computed once it is opened."""
    for heading, draw in SECTIONS:
        section = st.expander(heading, key=f"section {heading}", on_change="rerun")
        if section.open:
            with section, output.standing(f"“{heading}”"):
                draw(offered, analysis)
