"""What the app and every page start with: settings, the one MENU, the title."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.schema import TABLES
from lib.publication.masking import masked_words
from pages.frame import (
    audit,
    downloads,
    login,
    opening,
    printed_table,
    reading,
    said_once,
    selection_panel,
    session,
    session_menu,
    words,
)
from pages.frame.escape import plain


class PageEnds(BaseException):
    """Nothing more stands on this page; what stands beside it is drawn all the same, which after st.stop nothing could
    be."""


@dataclass(frozen=True)
class Entry:
    """One page: `stem` is its file in pages/ and its URL; `needs` the table without which it has nothing to show."""

    title: str
    stem: str
    needs: str = ""


MENU: Final[dict[str, tuple[Entry, ...]]] = {
    "": (Entry("Home", "home"),),
    "Cohort": (Entry("Table 1", "baseline", "patients"), Entry("Patient", "patient", "patients")),
    "Efficacy": (
        Entry("Swimmer", "swimmer", "endpoints"),
        Entry("Response", "response", "responses"),
        Entry("Survival", "survival", "endpoints"),
    ),
    "Safety": (Entry("Toxicity", "toxicity", "adverse_events"), Entry("Labs", "labs", "labs")),
    "CAR T cells": (Entry("Kinetics", "kinetics", "kinetics"), Entry("Assays", "assay", "assays")),
    "Publication": (Entry("Report", "report"),),
}
MENU_SEEN: Final = "menu seen"
PAGES: Final = "pages"
APP: Final = "CAR-T Cohort Explorer"
WAITS: Final = "A file waits to be opened: press Open or Cancel first."
OF_WELLS: Final = "assays"  # speaks of no patient: filters do not matter
PATIENT: Final = "patient"  # the page of a single patient
STYLE: Final = """<style>
.stMainBlockContainer {padding-top: 2.2rem; padding-bottom: 3rem;}
.stMainBlockContainer h1 {font-size: 1.9rem; padding: 0;}
.stSidebar [data-testid="stSidebarHeader"] {height: 2.2rem; margin-bottom: 0;}
.stSidebar [data-testid="stSidebarUserContent"] {padding-bottom: 1.5rem;}
.stSidebar [data-testid="stVerticalBlock"] {gap: .55rem;}
.stSidebar [data-testid="stVerticalBlock"].st-key-menu {gap: 0;}
@media (max-width: 768px) {.stMainBlockContainer {padding-top: 4rem;}}
[data-testid="stElementToolbarButton"]:has(button:is([aria-label^="Show data"], [aria-label^="Download as PNG"],
  [aria-label^="Copy Vega"])) {display: none;}
.stMainBlockContainer h1 {margin-bottom: .5rem;}
[class*="st-key-bias-"] button {min-height: 0; padding: 0;}
[class*="st-key-bias-"] button p {text-decoration: underline;}
[data-testid="stLayoutWrapper"]:has(> .st-key-keys) {display: none;}
.st-key-footer {border-top: 1px solid #8884; padding-top: .5rem;}
[class*="st-key-below-"] :is([data-testid="stPopoverButton"], [data-testid="stButton"] button) {min-height: 0;
  padding-block: .1rem;}
[class*="st-key-below-"] :is([data-testid="stPopoverButton"], [data-testid="stButton"]) p {font-size: .875rem;
  white-space: nowrap;}
[class*="st-key-below-"] {flex-wrap: wrap;}
[class*="st-key-below-"] > [data-testid="stLayoutWrapper"] {min-width: min(22rem, 100%);}
[class*="st-key-below-"] > [data-testid="stLayoutWrapper"]:has(> [data-testid="stPopover"]) {min-width: 0;}
[class*="st-key-below-"] > [data-testid="stLayoutWrapper"]:has(> [class*="st-key-long-"]) {min-width: 100%;}
.stMainBlockContainer .stHorizontalBlock {row-gap: .75rem;}
.st-key-front [class*="st-key-below-"] > [data-testid="stLayoutWrapper"]:first-child {min-width: 100%;}
.stMainBlockContainer .stHorizontalBlock:has(> * > :is(.stSelectbox, .stNumberInput, .stPopover, .stButton))
  > * > .stButtonGroup [role="radiogroup"] button {min-height: 2.5rem;}
.st-key-menu [data-testid="stCaptionContainer"] {margin: .45rem 0 .1rem .5rem; font-size: .75rem;}
.st-key-menu [data-testid="stCaptionContainer"] p {margin: 0;}
.st-key-menu [data-testid="stElementContainer"] {margin-block: 0;}
.st-key-menu [data-testid="stPageLink"] a {padding-block: 0; margin: 0; height: 1.55rem;}
[data-testid="stLayoutWrapper"]:has(> .st-key-readingbar) {position: sticky; top: 0; z-index: 99;}
.st-key-readingbar {background: var(--bar); border-radius: .5rem; padding: .6rem .9rem;}
.st-key-readingbar p, .st-key-readingbar [data-testid="stMarkdownContainer"] {margin: 0;}
.st-key-readingbar [data-testid="stColumn"] {min-width: 0;}
@media (max-width: 768px) {[data-testid="stLayoutWrapper"]:has(> .st-key-readingbar) {top: 3.75rem;}}
[data-testid="stLayoutWrapper"]:has(> .st-key-readingbar), .st-key-readingbar {height: auto; flex-shrink: 0;}
.st-key-sheetgrid {overflow-x: auto;}
[data-testid="stPopoverBody"]:has([data-testid="stDataFrame"]) {min-width: min(38rem, 90vw);}
.st-key-sheetgrid [data-testid="stHorizontalBlock"] {min-width: 56rem; flex-wrap: nowrap;}
.st-key-sheetgrid table {width: 100%; min-width: 56rem; table-layout: fixed; border-collapse: collapse;
  font-size: .8rem;}
.st-key-sheetgrid [data-testid="stColumn"] {padding-right: .4rem; font-size: .875rem;}
.st-key-sheetgrid [data-testid="stColumn"] [data-baseweb="select"] {font-size: .8125rem;}
.st-key-sheetgrid td, .st-key-sheetgrid th {border: 1px solid #8884; padding: .15rem .4rem; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; text-align: left;}
.st-key-sheetgrid tr.head td {font-weight: 600; background: #4a90d933;}
.st-key-sheetgrid tr.outside td {opacity: .45;}
.st-key-sheetgrid tr.end td {border-bottom: 2px solid #4a90d9;}
@media (max-width: 900px) {.st-key-mapping [data-testid="stColumn"],
  .st-key-front [data-testid="stColumn"] {min-width: 100%;}}
[data-testid="stPopoverButton"] em, [class*="st-key-below-"] :is(label, button) em,
  [data-testid="stElementContainer"]:has(.for-screen-readers) {position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%);}
@media (min-width: 769px) {[data-testid="stLayoutWrapper"]:has(> .st-key-narrow) {display: none;}}
@media (max-width: 560px) {[data-testid="stFullScreenFrame"]:has([data-testid="stVegaLiteChart"]) {overflow-x: auto;}
  [data-testid="stFullScreenFrame"] > div:has([data-testid="stVegaLiteChart"]) {min-width: 35rem;}}
@media (max-width: 768px) {[class*="st-key-below-"] > [data-testid="stLayoutWrapper"] {min-width: 100%;}}
.stMainBlockContainer [data-testid="stButtonGroup"] [role="radiogroup"] {flex-wrap: wrap;}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {color: var(--faint); opacity: 1;}
[data-testid="stPageLink"] a[disabled] * {color: var(--faint); opacity: 1;}
[class*="st-key-below-"] [data-testid="stCheckbox"] p {font-size: .875rem; white-space: nowrap;}
.st-key-changed-since {max-height: 12.7rem; overflow: hidden auto; padding: .6rem 1rem;}
.st-key-changed-since :is(ul, p) {margin: 0;}
.st-key-changed-since button {min-height: 0; padding: 0;}
.stMainBlockContainer h2 {font-size: 1.15rem; padding: .5rem 0 .3rem;}
</style>"""
LIGHT: Final = "<style>:root {--faint: #5F6169; --page: #FFFFFF; --bar: #F0F0EE;}</style>"
DARK: Final = """<style>:root {--faint: #A9ADB5; --page: #171614; --bar: #2B2A27;}
[data-testid="stMultiSelectTagsContainer"] [data-tag-index] * {color: #0E1117;}
[data-testid="stBaseButton-primary"]:not(:disabled) p {color: #0E1117;}
[data-testid="stVegaLiteChart"] :is(svg.marks, canvas) {filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen;}
</style>"""  # figures keep their hues, paper becomes the page and ink light


def open_app() -> st.Page:
    """Called once by app.py: page settings and routing; returns the page to run."""
    if not session.answer(MENU_SEEN):  # wide from the first moment; `run` says it again with the title
        st.set_page_config(page_title=APP, page_icon="🧬", layout="wide")
    st.html(
        STYLE
        + printed_table.STYLE
        + words.STYLE
        + selection_panel.STYLE
        + (DARK if st.context.theme.type == "dark" else LIGHT)
    )
    words.speak()
    downloads.keep()
    shown = _navigation()
    login.signed_in_or_stop(shown.url_path)
    session.note_routed(True)
    return shown


def run(shown: st.Page) -> None:
    """The page that was asked for, in a window named after it and the workbook; whose data it showed is said at its
    end."""
    workbook = [session.cohort().name] if session.cohort() else []
    _note_for_audit()
    st.set_page_config(page_title=" – ".join([shown.title, *workbook, APP]), page_icon="🧬", layout="wide")
    with suppress(PageEnds):
        session.run(shown)
        said_once.below()


def _note_for_audit() -> None:
    """Which workbook of the reader's own is on the screen, where that is to be noted."""
    cohort, book = session.cohort(), audit.book()
    if not audit.is_on():
        return
    if cohort is None or session.shows_example():
        book.closed(session.session_id(), login.who())
    else:
        book.opened(session.session_id(), login.who(), cohort.name, cohort.fingerprint)


def open_page(title: str) -> None:
    """Called first by every page: makes sure app.py ran before it, then prints the title.

    Streamlit discovers pages/ by itself until the first st.navigation of the process, so the first request to a fresh
    server, and every AppTest run, starts the page file without app.py.
    """
    if not session.note_routed(False):
        _navigation()  # switches Streamlit's own discovery off; the rerun then goes through app.py
        st.rerun()
    said_once.begin()
    st.title(title)
    session_menu.show_changes()


def end() -> NoReturn:
    """Ends the page here, in the place of st.stop."""
    raise PageEnds


def cohort_or_stop() -> None:
    """Stops the page where a file waits to be opened, or a link for its workbook, and asks for it."""
    settled_or_stop()
    if session.cohort() is None:
        opening.ask_for_workbook_of_link()
        end()


def settled_or_stop() -> None:
    """Stops the page while somebody still says which column of a file is what."""
    if (draft := session.draft()) is not None:
        reading.show(draft)
        end()
    if session.has_just_opened() and (first := first_figure()):
        st.switch_page(f"pages/{first}.py", query_params=session.link())


def first_figure() -> str:
    """The page of the first figure that the open workbook has data for, survival before all others; "" if there is
    none."""
    stems = [
        "survival",
        *(entry.stem for group in MENU.values() for entry in group if entry.needs and entry.stem != PATIENT),
    ]
    needs = {entry.stem: entry.needs for group in MENU.values() for entry in group}
    return next((stem for stem in stems if not why_empty(needs[stem])), "")


def titles() -> dict[str, str]:
    """The title of each page, by the name of its file."""
    return {entry.stem: entry.title for group in MENU.values() for entry in group}


def analysis_or_stop(needs: str) -> Analysis:
    """What is looked at; stops the page, with a kind sentence, where there is nothing to show."""
    cohort_or_stop()
    analysis = session.analysis()
    if why_empty(needs):
        opening.say_what_is_missing(needs)
        end()
    if analysis.selected.n == 0 and needs != OF_WELLS:
        st.info(
            f"No patient fits all of these filters: {plain(analysis.selected.selection)}. Take one out, or reset all."
        )
        st.button("Reset all filters", key="reset_here", on_click=session.reset)
        end()
    selected = analysis.selected
    with st.container(key="narrow"):  # seen where the sidebar is folded; empty it still keeps what follows in its place
        if selected.n < selected.n_opened:
            said = f"{selected.n} of {selected.n_opened} patients: {selected.selection}"
            st.caption(plain(masked_words(said, session.mask_below())))
    return analysis


def open_patient(patient_id: str) -> None:
    """Go to this patient's page; who it is stays out of the URL."""
    session.choose_patient(patient_id)
    st.switch_page(f"pages/{PATIENT}.py", query_params=session.link())


def cohort_of_filters() -> Cohort | None:
    """The cohort whose filters stand in the sidebar: none while a file waits, since those of one say nothing of the
    next."""
    return session.cohort() if session.draft() is None else None


def place_menu() -> DeltaGenerator | None:
    """Where the menu will stand; a reader who has seen none yet gets it at once: None."""
    place = st.sidebar.container(key="menu")
    if session.answer(MENU_SEEN):
        return place
    session.assign(MENU_SEEN, True)
    show_menu(place)
    return None


def show_menu(place: DeltaGenerator | None) -> None:
    """The menu in the sidebar. Links carry the selection; a page whose data are missing is greyed with the reason."""
    if place is None:
        return
    parameters = session.link()
    with place:
        for group, entries in MENU.items():
            if group:
                st.caption(group)
            for entry in entries:
                missing = WAITS if session.draft() is not None else why_empty(entry.needs)
                st.page_link(
                    _pages()[entry.stem],
                    label=entry.title,
                    query_params=parameters,
                    width="stretch",
                    disabled=bool(missing),
                    help=missing or None,
                )


def why_empty(table: str) -> str:
    """Why a page has nothing to show: the sheet that the open workbook lacks; "" if it is there or nothing is open."""
    cohort = session.cohort()
    if cohort is None or not table:
        return ""
    rows = cohort.patients if table == "patients" else cohort.tables[table]
    sheet = next(schema.sheet for schema in TABLES if schema.name == table)
    return f'This workbook has no rows in a sheet "{sheet}".' if rows.empty else ""


def _navigation() -> st.Page:
    return st.navigation(list(_pages().values()), position="hidden")


def _pages() -> dict[str, st.Page]:
    """Every page by the name of its file: looked up on the disk once a session."""
    if not session.is_answered(PAGES):
        session.assign(PAGES, {stem: _page(stem, title) for stem, title in titles().items()})
    found: dict[str, st.Page] = session.answer(PAGES)
    return found


def _page(stem: str, title: str) -> st.Page:
    return st.Page(f"pages/{stem}.py", title=title, url_path=stem, default=stem == "home")
