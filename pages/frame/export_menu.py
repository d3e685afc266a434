"""The Export menu of an exhibit. Files are made only when one is asked for; how figures are printed is remembered for
all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import streamlit as st

from lib.cohort.analysis import Analysis, study_codes
from lib.export import script
from lib.export.composition import CAPTIONS, COLOURS, ON_PAPER, RESOLUTIONS, SIZES, PrintForm
from lib.export.drawing import WAITING
from lib.export.figure_file import caption_text, figure_file
from lib.export.provenance import Provenance, file_name
from lib.export.script import WHICH_PATIENT, Seen, packed, python_script, r_files
from lib.export.table_file import TABLE_FORMATS, csv_file, for_clipboard, table_file
from lib.publication.exhibit import Exhibit, Figure, Table
from lib.publication.masking import HIDDEN_FIRST, pseudonymised, pseudonymised_table, shows_patients
from lib.publication.spec import ExhibitSpec
from pages.frame import ask, session
from pages.frame.components import COPY, component
from pages.frame.escape import plain

COPY_STYLE: Final = """
.copy {display: flex; flex-direction: column; gap: .25rem; font-family: var(--st-font); font-size: .875rem}
.copy button {font: inherit; color: var(--st-text-color); background: var(--st-background-color); min-height: 2.5rem;
  cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem); padding: .25rem .75rem;
  width: 100%}
.copy button:hover, .copy button:focus-visible {border-color: var(--st-primary-color);
  color: var(--st-primary-color); outline: none}
"""
COPIED: Final = "Copied. Paste it into Word or Excel."
NOT_COPIED: Final = "The browser does not allow copying here. Save the table as Word or Excel instead."
MIME: Final = {
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "png": "image/png",
    "tiff": "image/tiff",
    "csv": "text/csv",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "tex": "application/x-tex",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "py": "text/x-python",
    "r.zip": "application/zip",
}
LABELS: Final = {
    "pdf": "PDF",
    "svg": "SVG",
    "png": "PNG",
    "tiff": "TIFF",
    "csv": "Data as CSV",
    "docx": "Word",
    "xlsx": "Excel",
    "html": "HTML",
    "tex": "LaTeX",
    "py": "Python script",
    "r.zip": "R script with its data",
}
Scripts = Callable[
    [bool], Mapping[str, Callable[[], bytes]]
]  # given whether patients are hidden: makers by file format
PRINTED: Final = "print form"  # how figures are printed, as the reader last chose in any menu of the session
TITLES: Final[Mapping[bool, str]] = {True: "Above the figure", False: "None"}


def export_menu(
    exhibit: Exhibit, provenance: Provenance, anew: Callable[[int], Exhibit], scripts: Scripts = lambda _: {}
) -> None:
    """The menu of an exhibit that is on the screen; `anew` makes it at another width, in pixels; `scripts` what makes
    it elsewhere.

    What is in it is sent once it is open.
    """
    menu = st.popover(
        f"Export *{plain(exhibit.title)}*",
        icon=":material/download:",
        width=130,
        key=f"menu {exhibit.id}",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu:
        hidden = shows_patients(exhibit) and st.checkbox(
            "Patients as P01, P02 ...",
            value=exhibit.id in HIDDEN_FIRST,
            key=f"pseudonyms {exhibit.id}",
            help="Replaces the patient ids of your workbook in the file.",
            persist_state="session",
        )
        names = study_codes(list(session.cohort().patients["patient_id"])) if hidden else {}
        if isinstance(exhibit, Figure):
            WAITING.make_ready()
            form = print_form()
            ask_size(exhibit.id)
            with st.container(horizontal=True, gap="small"):
                for file_format in ("pdf", "svg", "png", "tiff"):
                    _button(exhibit.id, file_format, _maker(anew, provenance, file_format, names, form))
            _further(exhibit, provenance, form)
            _button(exhibit.id, "csv", _maker(lambda _: exhibit, provenance, "csv", names, PrintForm()))
        else:
            table = pseudonymised_table(exhibit, names) if names else exhibit
            _of_table(table, provenance)
        for file_format, make in scripts(bool(hidden)).items():
            _button(exhibit.id, file_format, make)


def _of_table(table: Table, provenance: Provenance) -> None:
    """Copy, and a file in each format."""
    copy_button(table, provenance)
    with st.container(horizontal=True, gap="small"):
        for file_format in ("docx", "xlsx"):
            _button(table.id, file_format, partial(table_file, table, provenance, file_format))
    with st.container(horizontal=True, gap="small"):
        for file_format in (each for each in TABLE_FORMATS if each not in ("docx", "xlsx")):
            _button(table.id, file_format, partial(table_file, table, provenance, file_format))


def _further(figure: Figure, provenance: Provenance, form: PrintForm) -> None:
    """What few ask for; and the caption as text, where it stands in no file."""
    with st.expander("Colours, caption, resolution"):
        ask_looks(figure.id)
    if form.caption == "beside":
        st.code(caption_text(figure, provenance), language=None, wrap_lines=True, height=160)


def ask_size(menu: str) -> None:
    """The width of figures on paper; `menu` tells one menu of a page from the others."""
    _ask(menu, "size", "Size", SIZES)


def ask_looks(menu: str) -> None:
    """Colours, caption, title and resolution of figures in files."""
    _ask(menu, "colours", "Colours", COLOURS)
    _ask(menu, "caption", "Caption", CAPTIONS)
    _ask(menu, "title", "Title", TITLES)
    _ask(menu, "dpi", "PNG and TIFF", {dots: f"{dots} dots per inch" for dots in RESOLUTIONS})


def _ask(exhibit_id: str, name: str, label: str, offered: Mapping[Any, str]) -> None:
    """One property of how figures are printed; every menu shows what was chosen in any of them."""
    key = f"export {name} {exhibit_id}"
    chosen = session.assign(key, getattr(print_form(), name))
    ask.from_list(
        label,
        list(offered),
        key=key,
        first=list(offered).index(chosen),
        name=lambda each: offered[each],
        on_change=_remember,
        args=(key, name, list(offered)),
    )


def _remember(key: str, name: str, offered: Sequence[Any]) -> None:
    chosen = session.answer(key, offered)
    if chosen is not None:
        session.assign(PRINTED, replace(print_form(), **{name: chosen}))


def print_form() -> PrintForm:
    """How figures are printed, as the reader last chose in any menu of the session."""
    form: PrintForm = session.answer(PRINTED) or ON_PAPER
    return form


def _button(exhibit_id: str, file_format: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        LABELS[file_format],
        make,
        file_name(exhibit_id, file_format),
        MIME[file_format],
        key=f"download {exhibit_id} {file_format}",
        on_click="ignore",
        width="stretch",
    )


def _maker(
    made: Callable[[int], Exhibit], provenance: Provenance, file_format: str, names: dict[str, str], form: PrintForm
) -> Callable[[], bytes]:
    """What makes a figure's file when it is asked for; it runs outside the page, so all that it needs is bound here."""

    def make() -> bytes:
        figure = made(form.pixels)
        if not isinstance(figure, Figure):
            raise TypeError(f"{figure.id} is no figure")
        shown = pseudonymised(figure, names) if names else figure
        if file_format == "csv":
            return csv_file(shown, provenance)
        drawn = figure_file(shown, provenance, file_format, form)
        WAITING.make_ready()  # for the next format
        return drawn

    return make


def copy_button(table: Table, provenance: Provenance) -> None:
    """The button, with a line below it that says whether the table was copied."""
    html, text = for_clipboard(table, provenance)
    data = {"html": html, "text": text, "label": "Copy", "done": COPIED, "failed": NOT_COPIED}
    component(COPY, COPY_STYLE)(key=f"copy {table.id}", data=data)


def scripts_of(
    exhibit: Exhibit, spec: ExhibitSpec, analysis: Analysis, variant: Any, values: Mapping[str, Any]
) -> Scripts:
    """What makes each script of the exhibit, once somebody asks for it; all that it needs is bound here, since it runs
    outside the page."""
    looked_at = seen()

    def makers(hidden: bool) -> dict[str, Callable[[], bytes]]:
        patient = (WHICH_PATIENT if hidden else str(variant)) if spec.of_one_patient else ""

        def in_python() -> bytes:
            options = spec.unusual(analysis, variant, values)
            return python_script(spec.id_of(variant), options, looked_at(), exhibit, patient).encode()

        def in_r() -> bytes:
            name = spec.id_of(variant)
            return packed(r_files(name, lambda file: spec.r_script(analysis, variant, values, file)))

        return {"py": in_python, **({"r.zip": in_r} if spec.in_r and not analysis.mask_below else {})}

    return makers


def seen() -> Callable[[], Seen]:
    """What gives the words of what is looked at now."""
    draft, looked_at = session.read_as(), (session.view(), session.cohort(), session.known_at(), session.mask_below())
    if draft is None:
        return partial(script.seen, *looked_at)
    mapped = bool(draft.answers or draft.saved or not draft.suggestion.is_template)
    return lambda: replace(script.seen(*looked_at), mapped=mapped, files=len(draft.source.files))
