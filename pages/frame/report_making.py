"""Makes the report in the background: what was asked for, how far it is, the file when it is done.

`made` runs in a thread of its own: it calls nothing of Streamlit, and gets an analysis whose results nobody else writes
to.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import streamlit as st

from lib.cohort.analysis import Analysis, coded
from lib.exhibits import Entry, attempt, entries, missing, script_files
from lib.export import report
from lib.export.composition import FORMATS, SIZES, PrintForm
from lib.export.provenance import Provenance
from lib.export.report import Item, Kind, Part, Progress, Report
from lib.export.script import Seen
from lib.export.table_file import BESIDE_CSV
from lib.ledger import Ledger, looks_of
from lib.ledger import noted as with_note
from lib.publication.exhibit import Exhibit
from lib.publication.number import plural
from lib.publication.options import WIDTH
from lib.publication.spec import Failed
from pages.frame import ask, background, export_menu, looks, options_form, session
from pages.frame.background import Job
from pages.frame.escape import plain
from pages.frame.widget_state import FIGURES_AS, TABLES_AS

KINDS: Final[Mapping[Kind, str]] = {"docx": "Word", "pptx": "PowerPoint", "pdf": "PDF", "html": "HTML", "zip": "ZIP"}
MIME: Final[Mapping[Kind, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "html": "text/html",
    "zip": "application/zip",
}
HOLDS: Final[Mapping[Kind, str]] = {
    "docx": "One Word file: figures with captions and alternative texts, tables as Word tables.",
    "pptx": "One presentation: a slide for each figure and table, captions in the notes.",
    "pdf": "One PDF with all figures and tables.",
    "html": "One web page in a single file, which needs no network.",
    "zip": (
        "All of these files, each figure and table by itself, the data as CSV, and results.json with every number."
    ),
}
JOB: Final = "report job"
PRESSED: Final = "report is to be made"
LOOK_AGAIN: Final = 0.7  # seconds
MEGABYTE: Final = 1e6


@dataclass(frozen=True)
class Request:
    """What a report was asked to be. Two that are equal give the same report; `selection` says in words of whom."""

    title: str
    items: tuple[Item, ...]
    values: Mapping[str, Mapping[str, Any]]  # of options, by id of the exhibit
    kind: Kind
    form: PrintForm
    formats: tuple[str, ...]
    pseudonyms: bool
    with_methods: bool
    seen: Any  # workbook and view
    ledger: Ledger = field(compare=False)  # of the comparisons that were looked at before
    selection: str = field(compare=False)
    seen_by_script: Callable[[], Seen] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Done:
    """The file, what of it could not be made, and the comparisons that were looked at, those of the report included."""

    content: bytes = field(repr=False)
    failed: tuple[Failed, ...]
    ledger: Ledger


@dataclass(frozen=True)
class Asked:
    """The job of a request, and when it was made."""

    job: Job
    request: Request
    at: dt.datetime


def made(request: Request, analysis: Analysis, progress: Progress) -> Done:
    """The report; half of the way is computing, half is drawing and writing. Raises what `progress` raises."""
    analysis = coded(analysis) if request.pseudonyms else analysis
    exhibits, ledger = _with_notes(_computed(request, analysis, progress), analysis, request.ledger)
    parts = tuple(Part(each, item.heading, item.words) for each, item in zip(exhibits, request.items, strict=True))
    provenance = Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below)
    if request.with_methods and len(ledger) > 1:
        parts += (Part(ledger.table(analysis.mask_below)),)
    opened = analysis.opened
    own = _scripts(request, analysis, exhibits) if request.kind == "zip" else {}
    whole = Report(request.title, parts, provenance, opened.findings, opened.account, request.with_methods, own)
    file = report.report_made(whole, request.kind, request.form, request.formats, partial(_second_half, progress))
    return Done(file.content, file.failed, ledger)


def _computed(request: Request, analysis: Analysis, progress: Progress) -> list[Exhibit | Failed]:
    """The chosen exhibits in order; of one that these data do not have, or that fails, Failed."""
    known = {entry.id: entry for entry in entries(analysis) if isinstance(entry, Entry)}
    exhibits, n = list[Exhibit | Failed](), len(request.items)
    for done, item in enumerate(request.items):
        entry = known.get(item.id)
        progress(done, 2 * n, f"Computing: {item.heading or (entry.label if entry else item.id)}")
        values = {**request.values.get(item.id, {}), WIDTH: request.form.pixels}
        exhibits.append((attempt(entry, analysis, values) if entry else None) or missing(item.id))
    return exhibits


def _scripts(request: Request, analysis: Analysis, exhibits: Sequence[Exhibit | Failed]) -> dict[str, bytes]:
    """The scripts of the exhibits, of the cohort as it was opened, or under study codes."""
    if request.seen_by_script is None:
        return {}
    known = {entry.id: entry for entry in entries(analysis) if isinstance(entry, Entry)}
    seen, files = request.seen_by_script(), dict[str, bytes]()
    seen = replace(seen, coded=seen.coded or request.pseudonyms)
    for item, exhibit in zip(request.items, exhibits, strict=True):
        if not isinstance(exhibit, Failed):
            files |= script_files(analysis, known[item.id], request.values.get(item.id, {}), seen, exhibit)
    return files


def _with_notes(
    exhibits: Sequence[Exhibit | Failed], analysis: Analysis, ledger: Ledger
) -> tuple[list[Exhibit | Failed], Ledger]:
    """The exhibits, those that explore with how many comparisons were looked at; and the ledger with theirs."""
    for each in exhibits:
        ledger = ledger if isinstance(each, Failed) else ledger.with_looks(looks_of(each, analysis))
    return [each if isinstance(each, Failed) else with_note(each, analysis, ledger) for each in exhibits], ledger


def _second_half(progress: Progress, done: int, of: int, what: str) -> None:
    progress(of + done, 2 * of, what)


def show(analysis: Analysis, offered: Sequence[Entry]) -> None:
    """Which file, how it is printed, and the button that makes it; then how far it is."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = _ask_kind()
        button = st.empty()
    request = _request(kind, _ask_looks(kind), analysis, offered)
    if session.answer(PRESSED) and request.items:
        _start(request, analysis)
    session.assign(PRESSED, False)
    last: Asked | None = session.answer(JOB)
    busy = last is not None and last.job.is_active
    idle = busy or not request.items
    button.button("Make the report", key="make report", type="primary", disabled=idle, on_click=_press)
    if last is not None:
        st.fragment(_follow, run_every=LOOK_AGAIN if busy else None)(last)
        if last.job.state == "done":
            _offer(last, request, {each.id: each.label for each in offered})


def _press() -> None:
    """What is made is what the widgets hold once all that was typed and clicked has arrived, so not yet here."""
    session.assign(PRESSED, True)


def _ask_kind() -> Kind:
    kinds = [kind for kind in KINDS if kind in report.KINDS]
    return ask.one("File", kinds, default=kinds[0], name=KINDS.__getitem__, key="report kind", persist_state="session")


def _ask_looks(kind: Kind) -> tuple[tuple[str, ...], bool, bool]:
    """The formats of figures and tables in a package; whether patients are pseudonyms, and methods are told; how
    figures are printed, in a menu."""
    st.caption(HOLDS[kind])
    formats = _ask_formats() if kind == "zip" else report.PACKED_FORMATS
    form = export_menu.print_form()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pseudonyms = st.checkbox(
            "Patients as P01, P02 ...",
            value=True,
            key="report pseudonyms",
            persist_state="session",
            help="Replaces the patient ids of your workbook in the whole file. Your own words stay as they are.",
        )
        with_methods = st.checkbox(
            "Methods and STROBE list",
            value=True,
            key="report methods",
            persist_state="session",
            help=(
                "At the end: what a Methods section says of these analyses, its references, and the STROBE list; before"
                " them the comparisons looked at, where there are several."
            ),
        )
        with st.popover(f"Figures: {SIZES.get(form.size, form.size)}", icon=":material/tune:"):
            st.caption("As last chosen in any Export menu.")
            export_menu.ask_size("report")
            export_menu.ask_looks("report")
    return formats, pseudonyms, with_methods


def _ask_formats() -> tuple[str, ...]:
    """The files of each figure and of each table in a package."""
    chosen = []
    for what, offered, usual, key in (
        ("figure", FORMATS, report.USUAL_FORMATS, FIGURES_AS),
        ("table", BESIDE_CSV, report.USUAL_TABLES, TABLES_AS),
    ):
        chosen += ask.some(
            f"Each {what} as",
            offered,
            default=usual,
            name=export_menu.LABELS.__getitem__,
            key=key,
            persist_state="session",
        )
    return tuple(chosen)


def _request(
    kind: Kind, looks_asked: tuple[tuple[str, ...], bool, bool], analysis: Analysis, offered: Sequence[Entry]
) -> Request:
    """What stands in the widgets and on the other pages."""
    ticked = {item.id for item in session.report_items()}
    values = {each.id: options_form.held(each.spec, each.variant, analysis) for each in offered if each.id in ticked}
    seen = (
        analysis.opened.fingerprint,
        session.view(),
        tuple(sorted(session.known_at().items())),
        session.mask_below(),
    )
    of = Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below).sentence
    by = f" Groups: {analysis.grouping.label}." if analysis.grouping.compares else " No groups."
    return Request(
        session.report_title(),
        session.report_items(),
        values,
        kind,
        export_menu.print_form(),
        *looks_asked,
        seen,
        looks.ledger(),
        of + by,
        export_menu.seen(),
    )


def _start(request: Request, analysis: Analysis) -> None:
    own = replace(analysis, _results=OrderedDict(analysis._results))
    job = background.pool().start(session.session_id(), partial(made, request, own))
    session.assign(JOB, Asked(job, request, dt.datetime.now()))


def _follow(asked: Asked) -> None:
    """How far the work is; drawn again and again while it goes on, then the page once more."""
    job = asked.job
    if job.is_active:
        before = background.pool().before(job)
        words = f"Waiting: {before} before yours." if before else f"{job.doing or 'Beginning'} ..."
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(job.share, plain(words))
            st.button("Cancel", key="cancel report", on_click=background.pool().cancel, args=(job,))
        session.assign("report followed", True)
    elif session.answer("report followed"):
        session.assign("report followed", False)
        st.rerun()
    if job.state == "failed":
        st.error("The report could not be made. The rest of the program is not affected.", icon=":material/error:")
    if job.state == "cancelled":
        st.info("Cancelled.")


def _offer(asked: Asked, now: Request, labels: Mapping[str, str]) -> None:
    """The file, of whom it is, and whether that is what stands on the screen."""
    done, request = asked.job.result, asked.request
    if request.seen[0] == now.seen[0]:  # of the open workbook
        looks.set_ledger(looks.ledger().with_looks(done.ledger.looks))
    st.download_button(
        f"Download ({KINDS[request.kind]}, {len(done.content) / MEGABYTE:.1f} MB)",
        lambda: done.content,
        f"report.{request.kind}",
        MIME[request.kind],
        key="download report",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption(plain(f"Made at {asked.at:%H:%M} of {request.selection}"))
    if request.seen != now.seen:
        st.warning(
            "The selection was changed since: the file is of the one that stands here, not of the one on the screen."
        )
    elif request != now:
        st.info("The report was changed since. Make it again to have the changes in the file.")
    if done.failed:
        names = "; ".join(labels.get(each.id, each.id) for each in done.failed)
        st.warning(plain(f"{plural(len(done.failed), 'exhibit')} could not be made, and the file says why: {names}."))
