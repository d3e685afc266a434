"""Opening a workbook: on Home, and on whatever page a link led to."""

from pathlib import Path
from typing import Final

import streamlit as st

from lib.cohort.model import Cohort
from lib.cohort.schema import TABLES
from lib.intake.files.grid import SourceFile
from lib.intake.files.process import BUDGET
from lib.publication.number import plural
from pages.frame import findings, session, words
from pages.frame.escape import plain

TEMPLATE: Final = Path(__file__).parents[2] / "data" / "template.xlsx"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTES: Final = 25
WAITING: Final = "Other files are being read on this machine; yours is next ..."
TYPES: Final = (
    "xlsx",
    "xlsm",
    "xls",
    "ods",
    "csv",
    "tsv",
    "txt",
    "zip",
    "sav",
    "zsav",
    "dta",
    "xpt",
    "sas7bdat",
    "parquet",
)


def ask_for_workbook() -> None:
    """The upload box. Files are read in memory, by a process of their own; the page runs anew with what they hold."""
    BUDGET.make_ready()
    files = st.file_uploader(
        "Open your workbook", type=list(TYPES), accept_multiple_files=True, key="upload", max_upload_size=MEGABYTES,
        help="A workbook (.xlsx, .xls, .ods), text tables (.csv, .txt), SPSS, Stata or SAS files, or several at once. It stays in this computer's memory.",
    )  # fmt: skip
    ids = tuple(file.file_id for file in files)
    if files and ids != session.read_uploads():
        with st.spinner(WAITING if BUDGET.is_busy else "Reading ..."):
            session.open_files([SourceFile(file.name, file.getvalue()) for file in files], ids)
        st.rerun()
    if refusal := session.refusal():
        st.error(plain(refusal))


def show_state() -> None:
    """What is open: the example, which says that it is synthetic, or the reader's own workbook."""
    cohort = session.cohort()
    if cohort is None:
        return
    if session.shows_example():
        note = cohort.study.note
        st.warning(f"**Synthetic example.** {plain(note[:1].upper() + note[1:])}. No value in it is a real patient's.")
    else:
        st.success(f"**Open:** {plain(cohort.name)}")
        st.caption(_what_was_read(cohort))
        if cohort.findings:
            st.caption(f"**Found in it: {findings.counted(cohort)}**; listed below.")
        with st.container(horizontal=True):
            if draft := session.read_as():
                st.button("How it was read", key="how it was read", on_click=session.set_draft, args=(draft,))
            st.button("Back to the example", on_click=session.open_example, type="tertiary")


def show_steps() -> None:
    """The way from a file to a figure."""
    st.markdown(
        "1. Open your workbook, or fill in the template.\n"
        "2. Press arm, EMD or high-risk in the sidebar; every page follows.\n"
        "3. Take a figure home: **Export** under each one."
    )
    offer_template("steps")
    st.button("Open the example of one patient", key="open case", on_click=session.open_case, icon=":material/person:")
    st.caption(
        "Your file is read on this machine, kept in memory until about a minute after you close this tab, and sent nowhere."
    )


def _what_was_read(cohort: Cohort) -> str:
    names = {schema.name: schema.sheet.lower() for schema in TABLES}
    rows = [f"{len(table):,} {names[name]}" for name, table in cohort.tables.items() if len(table)]
    return plain(f"{plural(len(cohort.patients), 'patient')}" + (f"; rows of {', '.join(rows)}." if rows else "."))


def offer_template(place: str) -> None:
    """The blank template as a download; `place` tells two such buttons on one page apart."""
    st.download_button(
        "Download the template",
        TEMPLATE.read_bytes(),
        TEMPLATE.name,
        XLSX,
        key=f"template {place}",
        on_click="ignore",
        icon=":material/download:",
    )


def ask_for_workbook_of_link() -> None:
    """What every page says while a link waits for its workbook."""
    st.info("Open the workbook this link was made from to apply these filters.")
    st.caption(words.why_no_workbook())
    ask_for_workbook()
    st.button("Look at the example instead", on_click=session.open_example)


def say_what_is_missing(table: str) -> None:
    """Which sheet would fill this page, what stands in it, and where the template is."""
    schema = next(schema for schema in TABLES if schema.name == table)
    columns = ", ".join(column.name for column in schema.columns)
    st.info(f'This workbook has no rows in a sheet "{schema.sheet}". {schema.explanation} Columns: {plain(columns)}.')
    if session.cohort().patients.empty:  # only assays can be read without patients
        st.page_link(
            "pages/assay.py", label="Look at its assays", icon=":material/science:", query_params=session.link()
        )
    offer_template("missing")
