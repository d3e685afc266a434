"""The four examples that come with the program: what each is called, its file, its picture and the page on which it
opens."""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from lib.cohort.model import Cohort
from lib.cohort.view import FINGERPRINT_LENGTH
from lib.intake.draft import read_shipped

DATA: Final = Path(__file__).parents[2] / "data"


@dataclass(frozen=True)
class Example:
    """`stem` names its workbook and its picture in data/; it opens on `page`, at its `infusion`."""

    title: str
    stem: str
    page: str = "home"
    infusion: int = 1

    @property
    def cohort(self) -> Cohort:
        """The cohort, read once for all sessions: it is no patient's."""
        return _shipped(self.stem)

    @property
    def picture(self) -> str:
        """A small drawing, as an address that leaves nothing to be loaded."""
        return "data:image/svg+xml;base64," + b64encode((DATA / "pictures" / f"{self.stem}.svg").read_bytes()).decode()


EXAMPLES: Final = (
    Example("Pomalidomide maintenance, 16 patients (Yan 2024)", "pomalidomide_cohort"),
    Example("Sixty patients, everything filled in", "complete_cohort"),
    Example("One patient, three infusions (Zhao 2021)", "lenalidomide_case_synthetic", "patient", 3),
    Example("Killing assay", "killing_assay", "assay"),
)
FIRST: Final = EXAMPLES[0]  # what the program opens with


def example_of(fingerprint: str) -> Example | None:
    """The example whose cohort has this fingerprint, or one that begins so; read one after the other until it is
    found."""
    if len(fingerprint) < FINGERPRINT_LENGTH:
        return None
    return next((each for each in EXAMPLES if each.cohort.fingerprint.startswith(fingerprint)), None)


@st.cache_resource(show_spinner=False)  # shipped examples hold nobody's data; uploads are never cached
def _shipped(stem: str) -> Cohort:
    path = DATA / f"{stem}.xlsx"
    kept = path.with_suffix(".read")  # of the first: reading it would hold up the start
    return read_shipped(path.read_bytes(), path.name, kept.read_bytes() if kept.exists() else b"")
