"""The Export menu of an exhibit. Files are made only when one is asked for."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from lib.cohort.study_code import study_codes
from lib.export.figure_file import figure_file
from lib.export.file_name import file_name
from lib.export.provenance import Provenance
from lib.export.pseudonym import pseudonymised, pseudonymised_table, shows_patients
from lib.export.table_file import csv_file
from lib.publication.exhibit import Exhibit, Figure, Table
from lib.publication.options import SCREEN
from pages.frame import session

MIME: Final = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png", "csv": "text/csv"}
LABELS: Final = {"svg": "SVG", "pdf": "PDF", "png": "PNG, 300 dpi", "csv": "Data as CSV"}


def export_menu(exhibit: Exhibit, provenance: Provenance, anew: Callable[[int], Exhibit]) -> None:
    """The menu of an exhibit that is on the screen; `anew` makes it at another width, in pixels. Files are made when they are asked for."""
    with st.popover("Export", icon=":material/download:", width=130):
        hidden = shows_patients(exhibit) and st.checkbox(
            "Patients as P01, P02 ...",
            key=f"pseudonyms {exhibit.id}",
            help="Replaces the patient ids of your workbook in the file.",
        )
        names = study_codes(list(session.cohort().patients["patient_id"])) if hidden else {}
        formats = ("svg", "pdf", "png", "csv") if isinstance(exhibit, Figure) else ("csv",)
        for file_format in formats:
            made = (lambda: exhibit) if file_format == "csv" else partial(anew, SCREEN)
            st.download_button(
                LABELS[file_format], _maker(made, provenance, file_format, names), file_name(exhibit.id, file_format), MIME[file_format],
                key=f"download {exhibit.id} {file_format}", on_click="ignore", width="stretch",
            )  # fmt: skip


def _maker(
    made: Callable[[], Exhibit], provenance: Provenance, file_format: str, names: dict[str, str]
) -> Callable[[], bytes]:
    """What makes the file when it is asked for; it runs outside the page, so all that it needs is bound here."""

    def make() -> bytes:
        exhibit = made()
        if isinstance(exhibit, Table):
            return csv_file(pseudonymised_table(exhibit, names) if names else exhibit, provenance)
        figure = pseudonymised(exhibit, names) if names else exhibit
        return csv_file(figure, provenance) if file_format == "csv" else figure_file(figure, provenance, file_format)

    return make
