"""Opening a workbook: on Home, and on whatever page a link led to.

While uploaded files are read a bar names the step, and a button cancels it. They are read by a thread that waits for
their process: a click elsewhere draws the page anew, which goes on waiting for the same one. The process is ended when
nobody waits for it any more: after Cancel, another upload, or the end of the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Final

import streamlit as st

from lib.cohort.model import Cohort
from lib.cohort.schema import TABLES
from lib.derived.contents import contents
from lib.intake.draft import CANCELLED, Draft, Source, first_draft
from lib.intake.files.grid import SourceFile
from lib.intake.files.limits import Unsafe
from lib.intake.files.process import BUDGET
from lib.publication.number import plural
from pages.frame import background, findings, session, session_menu, warm, words
from pages.frame.escape import plain
from pages.frame.examples import EXAMPLES

READING: Final = "reading that goes on"
WAITING: Final = "Other files are being read on this machine; yours is next"
LOOK_AGAIN: Final = 0.2  # seconds
STEPS: Final = {
    "reading the sheets": 0.05,
    "finding the tables": 0.5,
    "finding out what the columns mean": 0.57,
    "reading the values": 0.65,
    "checking the values": 0.75,
    "accounting for every cell": 0.85,
}  # of a large workbook, when each begins
TEMPLATE: Final = Path(__file__).parents[2] / "data" / "template.xlsx"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTES: Final = 25
CARDS: Final = """<style>
.st-key-examples {display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: .5rem;
  align-items: stretch;}
.st-key-examples > * {height: 100%;}
[class*="st-key-example-"] {position: relative; border: 1px solid #8887; border-radius: .5rem;
  padding: .35rem .45rem .4rem; height: 100%;}
[class*="st-key-example-"]:hover {border-color: #5FB0E0;}
[class*="st-key-example-"]::before {content: ""; display: block; width: 100%; aspect-ratio: 120 / 64;
  background: center / contain no-repeat;}
[class*="st-key-example-"] * {position: static;}
[class*="st-key-example-"] button {min-height: 0; padding: .15rem 0 0; justify-content: flex-start;}
[class*="st-key-example-"] button::after {content: ""; position: absolute; inset: 0;}
[class*="st-key-example-"] button p {font-size: .78rem; line-height: 1.25; white-space: normal; text-align: left;}
"""  # the whole card is the button; each card's picture follows
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
    "por",
    "dta",
    "xpt",
    "sas7bdat",
    "parquet",
    "json",
)


def ask_for_workbook() -> None:
    """The upload box. Files are read in memory, by a process of their own; the page runs anew with what they hold."""
    warm.make_ready()
    files = st.file_uploader(
        "Open your workbook",
        type=list(TYPES),
        accept_multiple_files=True,
        key="upload",
        max_upload_size=MEGABYTES,
        help=(
            "A workbook (.xlsx, .xls, .ods), text tables (.csv, .txt), SPSS, Stata or SAS files, or several at once;"
            " beside it, if you have one, a saved session (.json). It stays in this computer's memory."
        ),
    )
    ids = tuple(file.file_id for file in files)
    if not files:  # taken out again, or left behind on another page
        give_up()
    elif ids != session.read_uploads():
        saved = [file.getvalue() for file in files if session_menu.is_session(file.name)]
        tables = [SourceFile(file.name, file.getvalue()) for file in files if not session_menu.is_session(file.name)]
        session_menu.kept().take(saved, tables, ids, partial(read, ids=ids))
        st.rerun()
    if refusal := session.refusal():
        st.error(plain(refusal))
    session_menu.say_waiting("page")


def show_state() -> None:
    """What is open: an example, or the reader's own workbook."""
    cohort = session.cohort()
    if cohort is None:
        return
    if session.shows_example():
        note = cohort.study.note.removeprefix("synthetic").lstrip(",; ")  # the sidebar says that it is
        st.markdown(f"**Example:** {plain(cohort.study.title or cohort.name)}")
        st.caption(f"{_who_was_read(cohort)} {plain(note[:1].upper() + note[1:])}.")
        return
    st.success(f"**Open:** {plain(cohort.name)}")
    st.caption(_what_was_read(cohort))
    if cohort.findings:
        st.caption(f"**Found in it: {findings.counted(cohort)}**; listed below.")
    with st.container(horizontal=True):
        if draft := session.read_as():
            st.button("How it was read", key="how it was read", on_click=session.set_draft, args=(draft,))
        st.button("Back to the examples", on_click=session.open_example, type="tertiary")


def show_steps() -> None:
    """The way from a file to a figure, and the examples."""
    st.markdown("Or look at an example:")
    show_examples()
    st.markdown(
        "1. Open your workbook, or fill in the template.\n"
        "2. Press a filter in the sidebar; every page follows.\n"
        "3. Take a figure home: **Export** under each one."
    )
    offer_template("steps")
    st.caption(
        "Your file is read on this machine, kept in memory until about a minute after you close this tab, and sent"
        " nowhere."
    )


def show_examples() -> None:
    """The examples, a picture each; one click anywhere on it opens it, on its own page."""
    pictures = (f'.st-key-example-{each.stem}::before {{background-image: url("{each.picture}")}}' for each in EXAMPLES)
    st.html(f"{CARDS}{' '.join(pictures)}</style>")
    with st.container(horizontal=True, key="examples"):
        for example in EXAMPLES:
            with st.container(key=f"example-{example.stem}", gap=None):
                st.button(
                    example.title,
                    key=f"open {example.stem}",
                    type="tertiary",
                    on_click=session.open_example,
                    args=(example,),
                )


def show_contents() -> None:
    """What is in a workbook that has no figure for Home, in words; nothing of an example's, whose page it is not."""
    cohort = session.cohort()
    lines = "\n".join(f"- **{plain(line.label)}:** {plain(line.words)}" for line in contents(cohort))
    st.markdown(lines or "No patients are in this workbook.")
    if first := next((schema for schema in TABLES if schema.name == "assays" and len(cohort.assays)), None):
        st.page_link(
            "pages/assay.py",
            label=f"Look at its {first.sheet.lower()}",
            icon=":material/science:",
            query_params=session.link(),
        )


def _who_was_read(cohort: Cohort) -> str:
    """ "60 patients, 67 infusions."."""
    included = cohort.patients.loc[cohort.patients["analysis_set"] != "excluded", "patient_id"]
    counted = [(len(included), "patient"), (int(cohort.infusions["patient_id"].isin(included).sum()), "infusion")]
    left_out = len(cohort.patients) - len(included)
    said = ", ".join(plural(n, word) for n, word in counted if n) or "No patients"
    return plain(said + (f"; {left_out:,} more left out of the analysis." if left_out else "."))


def _what_was_read(cohort: Cohort) -> str:
    names = {schema.name: schema.sheet.lower() for schema in TABLES}
    rows = [f"{names[name]} {len(table):,}" for name, table in cohort.tables.items() if len(table)]
    return f"{_who_was_read(cohort)} " + plain(f"Rows: {', '.join(rows)}." if rows else "")


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
    st.info(
        "Open the workbook this link was made from to apply these filters; with its saved session beside it, all else"
        " comes back, too."
    )
    st.caption(words.why_no_workbook())
    ask_for_workbook()
    st.button("Look at an example instead", on_click=session.open_example)


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


@dataclass(eq=False)
class Job:
    """The reading of one upload: how far it is, and its draft or why there is none."""

    ids: tuple[str, ...]
    source: Source
    step: str = ""
    outcome: Draft | Exception | None = field(default=None, repr=False)

    def start(self) -> Thread:
        """Begin to read, in a thread of its own."""
        self.source.report_step = self._report_step
        self.step = WAITING if BUDGET.is_busy else "beginning"
        self.thread = Thread(target=self._run, name="reading", daemon=True)
        self.thread.start()
        return self.thread

    def draft(self) -> Draft:
        """What was read. Raises what reading raised."""
        if isinstance(self.outcome, Draft):
            return self.outcome
        raise self.outcome or Unsafe(CANCELLED)

    def _report_step(self, step: str) -> None:
        self.step = step

    def _run(self) -> None:
        try:
            self.outcome = first_draft(self.source)
        except Exception as error:  # raised where the page waits
            self.outcome = error


def read(files: Sequence[SourceFile], ids: tuple[str, ...]) -> Draft:
    """The draft of these uploads; the bar goes on until it is there. Raises Unsafe."""
    job: Job | None = session.answer(READING)
    if job is None or job.ids != ids:
        give_up()
        job = Job(ids, Source(tuple(files)))
        session.assign(READING, job)
        background.pool().ends_with(session.session_id(), job.source.cancel)
        job.start()
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Reading ...")
        st.button("Cancel", key="cancel reading", on_click=_cancel, args=(job,))
    while job.thread.is_alive():
        bar.progress(STEPS.get(job.step, 0.0), f"{job.step[:1].upper()}{job.step[1:]} ...")
        job.thread.join(LOOK_AGAIN)
    session.assign(READING, None)
    return job.draft()


def give_up() -> None:
    """Nobody waits for the reading that goes on, if there is one."""
    job: Job | None = session.answer(READING)
    if job is not None:
        job.source.cancel()
        session.assign(READING, None)


def _cancel(job: Job) -> None:
    give_up()
    session.note_uploads(job.ids, CANCELLED)
