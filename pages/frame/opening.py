"""Opening a workbook: on Home, and on whatever page a link led to."""

from pathlib import Path
from typing import Final

import streamlit as st

from lib.cohort.schema import TABLES
from lib.intake.guard import Unsafe
from lib.intake.workbook import SourceFile
from pages.frame import session
from pages.frame.escape import plain

TEMPLATE: Final = Path(__file__).parents[2] / "data" / "template.xlsx"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTES: Final = 25


def ask_for_workbook() -> None:
    """The upload box. Files are read in memory, by a process of their own; the page runs anew with what they hold."""
    files = st.file_uploader(
        "Open your workbook", type=["xlsx", "xlsm", "csv", "tsv"], accept_multiple_files=True, key="upload", max_upload_size=MEGABYTES,
        help="One Excel workbook, or several csv files with one table each. It stays in this computer's memory.",
    )  # fmt: skip
    ids = tuple(file.file_id for file in files)
    if files and ids != session.read_uploads():
        session.note_uploads(ids)
        try:
            with st.spinner("Reading ..."):
                session.open_files([SourceFile(file.name, file.getvalue()) for file in files])
        except Unsafe as refusal:
            session.note_refusal(str(refusal))
        st.rerun()
    if refusal := session.refusal():
        st.error(plain(refusal))


def offer_template() -> None:
    """The blank template as a download."""
    st.download_button(
        "Download the template",
        TEMPLATE.read_bytes(),
        TEMPLATE.name,
        XLSX,
        on_click="ignore",
        icon=":material/download:",
    )


def ask_for_workbook_of_link() -> None:
    """What every page says while a link waits for its workbook."""
    st.info("Open the workbook this link was made from to apply these filters.")
    ask_for_workbook()
    st.button("Look at the example instead", on_click=session.open_example)


def say_what_is_missing(table: str) -> None:
    """Which sheet would fill this page, what stands in it, and where the template is."""
    schema = next(schema for schema in TABLES if schema.name == table)
    columns = ", ".join(column.name for column in schema.columns)
    st.info(f'This workbook has no rows in a sheet "{schema.sheet}". {schema.explanation} Columns: {plain(columns)}.')
    offer_template()
