"""What the patient's page has beside its options: whom, which days, and the one-page PDF.

The patient is kept in the session and never stands in the URL; widgets that belong to a patient are told apart by study
code.
"""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from lib.cohort.analysis import study_codes
from lib.cohort.model import Cohort, kept
from lib.export.figure_file import OnePage, one_page
from lib.export.provenance import Provenance
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.masking import pseudonymised, pseudonymised_table
from pages.frame import ask, session
from pages.frame.escape import plain

MOST_FACTS: Final = 14
Made = Callable[[], tuple[tuple[Figure, ...], tuple[Exhibit, ...]]]


def choose(selected: Cohort) -> str:
    """The patient who is looked at, with the way to the one before and the next of the selection."""
    ids = list(selected.patients["patient_id"])
    wanted = session.patient()
    if wanted is not None and wanted not in ids:
        st.info(f"Patient {plain(wanted)} is not among those selected; the first of them is shown.")
    patient = wanted if wanted in ids else ids[0]
    place = ids.index(patient)
    _step("Previous", ids[place - 1] if place else None, ":material/chevron_left:")
    session.assign("patient box", patient)
    words = f"Patient ({place + 1} of {len(ids)} selected)"
    ask.from_list(words, ids, first=place, key="patient box", on_change=_take, width=220)
    _step("Next", ids[place + 1] if place + 1 < len(ids) else None, ":material/chevron_right:")
    return patient


def show_facts(known: Sequence[tuple[str, str]], n_of_course: int) -> None:
    """How the patient fared, in a sentence; the columns of Patients below it."""
    st.markdown("; ".join(f"{plain(label)}: **{plain(value)}**" for label, value in known[:n_of_course]) + ".")
    if columns := known[n_of_course : n_of_course + MOST_FACTS]:
        st.caption(" · ".join(f"{plain(label)}: {plain(value)}" for label, value in columns))


def choose_period(
    whole: tuple[float, float], first: tuple[float, float], patient: str, origin: int
) -> tuple[float, float]:
    """The days that all panels show."""
    code = _codes(session.cohort())[patient]
    low, high = map(round, whole)
    high = max(high, low + 1)
    start, end = ask.span(
        "Days shown",
        low,
        high,
        (max(low, round(first[0])), min(high, round(first[1]))),
        key=f"days {code} {origin}",
        help=(
            "Drag the ends. In the figure: drag moves all panels, Shift and wheel zooms, a double click shows"
            " everything."
        ),
    )
    return (float(start), float(end)) if end > start else (float(start), float(start) + 1.0)


@kept
def _codes(cohort: Cohort) -> dict[str, str]:
    return study_codes(list(cohort.patients["patient_id"]))


def offer_page(patient: str, known: Sequence[tuple[str, str]], make: Made) -> None:
    """The whole page as a PDF of one page, made when it is asked for."""
    codes = _codes(session.cohort())
    analysis = session.analysis()
    provenance = Provenance.of_cohort(analysis.selected, analysis.grouping, analysis.mask_below)
    with st.container(horizontal=True, vertical_alignment="center"):
        hidden = st.checkbox(
            f"Patient as {codes[patient]}", key="page pseudonym", help="Replaces the id of your workbook in the file."
        )
        name = codes[patient] if hidden else patient
        st.download_button(
            "One page as PDF",
            _maker(name, tuple(known), make, provenance, codes if hidden else {}),
            f"patient.{codes[patient]}.pdf",
            "application/pdf",
            key="one page",
            on_click="ignore",
            icon=":material/picture_as_pdf:",
        )


def _maker(
    name: str, known: tuple[tuple[str, str], ...], make: Made, provenance: Provenance, names: dict[str, str]
) -> Callable[[], bytes]:
    def pdf() -> bytes:
        under, beside = make()
        if names:
            under = tuple(pseudonymised(figure, names) for figure in under)
            beside = tuple(
                pseudonymised(each, names) if isinstance(each, Figure) else pseudonymised_table(each, names)
                for each in beside
            )
        return one_page(OnePage(f"Patient {name}", known, under, beside), provenance)

    return pdf


def _step(label: str, patient: str | None, icon: str) -> None:
    st.button(
        label,
        icon=icon,
        key=f"{label} patient",
        disabled=patient is None,
        on_click=session.choose_patient,
        args=(patient,),
    )


def _take() -> None:
    session.choose_patient(session.answer("patient box", session.cohort().patients["patient_id"]))
