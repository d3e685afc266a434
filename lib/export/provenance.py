"""Where a figure comes from: file, fingerprint, who was looked at, versions, date. It goes with every export."""

import datetime as dt
import hashlib
import platform
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Final

from lib import VERSION
from lib.cohort.grouping import RESPONDERS_ONLY, Grouping, grouping_bias, selection_bias, written
from lib.cohort.model import Cohort, known_late
from lib.publication.exhibit import Exhibit
from lib.publication.masking import masked_words
from lib.publication.number import plural

APP: Final = "CAR-T Cohort Explorer"
FORMED_ANEW: Final = ("landmark.", "time_dependent.", "patient.")
TIMED: Final = ("survival.", "cumulative_incidence.", "time_zero.")  # times to an event
RESPONDERS: Final = "dor"  # the part of an exhibit's id that names an endpoint counted from a response
PACKAGES: Final = ("pandas", "numpy", "scipy", "lifelines", "statsmodels", "altair", "vl-convert-python")


@dataclass(frozen=True)
class Provenance:
    """`source` is the file's name, for results.json only: it never goes into a figure. `note` is set for synthetic
    data."""

    source: str
    fingerprint: str
    selection: str
    group_by: str
    n: int
    of: int
    synthetic: bool
    note: str
    data_cutoff: str
    created: str
    selected_late: tuple[str, ...] = ()  # what patients were selected by that was known only after the infusion
    timed_bias: tuple[str, ...] = ()  # of groups and selection, where a time to an event is measured: sentences
    other_bias: tuple[str, ...] = ()  # and elsewhere
    mask_below: int = 0  # counts of patients below it are masked (0: none)

    @staticmethod
    def of_cohort(cohort: Cohort, grouping: Grouping, mask_below: int = 0) -> "Provenance":
        """The provenance of whatever is made of this selected cohort now."""
        timed, other = (
            tuple(filter(None, (grouping_bias(grouping, timed), selection_bias(cohort.selected_by, timed=timed))))
            for timed in (True, False)
        )
        return Provenance(
            cohort.name,
            cohort.fingerprint,
            cohort.selection,
            written(grouping),
            cohort.n,
            cohort.n_opened,
            cohort.study.synthetic,
            cohort.study.note,
            cohort.study.data_cutoff,
            dt.date.today().isoformat(),
            tuple(each.words for each in known_late(cohort.selected_by)),
            timed,
            other,
            mask_below,
        )

    def warnings_of(self, exhibit: Exhibit) -> tuple[str, ...]:
        """What biases this exhibit by design: it travels with its table and tests wherever they go.

        Nothing of wells; an analysis from a landmark on, or of time-dependent groups, forms groups anew and says itself
        what remains.
        """
        if not exhibit.of_patients or exhibit.id.startswith(FORMED_ANEW):
            return ()
        responders = (RESPONDERS_ONLY,) if RESPONDERS in exhibit.id.split(".") else ()
        return (*(self.timed_bias if exhibit.id.startswith(TIMED) else self.other_bias), *responders)

    @property
    def synthetic_words(self) -> str:
        """ "Synthetic data: constructed to match ...", or nothing."""
        if not self.synthetic:
            return ""
        note = self.note.removeprefix("synthetic").lstrip(",;: ")
        return f"Synthetic data: {note}." if note else "Synthetic data."

    @property
    def sentence(self) -> str:
        """What is printed under every figure of patients: n, selection and whether it looks into the future, synthetic
        or not, data cut-off."""
        return " ".join([f"{self.who}.", *self._late, self.of_the_data]).strip()

    @property
    def _late(self) -> list[str]:
        return [f"Known only after the infusion: {', '.join(self.selected_late)}."] if self.selected_late else []

    def in_short(self, of_patients: bool) -> str:
        """The same for the end of a page, where the menu has the selection and Home the story of synthetic data."""
        who = [f"{self.counted if self.n == self.of else self.who}.", *self._late] if of_patients else []
        return " ".join([*who, *self._cutoff, *(["Synthetic data."] if self.synthetic else [])])

    @property
    def who(self) -> str:
        """ "7 of 16 patients (EMD yes)", a small number masked where small numbers are."""
        return f"{self.counted} ({self.selection})"

    @property
    def counted(self) -> str:
        """ "7 of 16 patients"."""
        return masked_words(f"{self.n} of {plural(self.of, 'patient')}", self.mask_below)

    def sentence_of(self, exhibit: Exhibit) -> str:
        """What is printed under this exhibit: of one that speaks of wells no number and selection of patients."""
        return self.sentence if exhibit.of_patients else self.of_the_data

    @property
    def of_the_data(self) -> str:
        """Up to when they go, and whether they are synthetic."""
        return " ".join([*self._cutoff, self.synthetic_words]).strip()

    @property
    def _cutoff(self) -> list[str]:
        return [f"Data cut-off {self.data_cutoff}."] if self.data_cutoff else []

    @property
    def stamp(self) -> str:
        """What is added to a file: which program, which data, when."""
        return f"{APP} {VERSION}, data {self.fingerprint[:8]}, {self.created}."


@cache
def versions() -> dict[str, str]:
    """The versions of this program, of Python and of the packages that compute and draw."""
    return {APP: VERSION, "python": platform.python_version(), **{package: version(package) for package in PACKAGES}}


LONGEST: Final = 100  # bytes of the stem; file systems allow 255, and a folder's path may count too
UNSAFE: Final = re.compile(r"[^\w.-]+")


def file_name(exhibit_id: str, extension: str) -> str:
    """The id with its extension. Signs that a file system may refuse become "_"; an id that was changed or is too long
    ends with eight digits of its SHA-256, so that two of them never share a name."""
    stem = UNSAFE.sub("_", exhibit_id)
    shortened = stem.encode()[:LONGEST].decode(errors="ignore")
    if shortened != exhibit_id:
        shortened = f"{shortened}-{hashlib.sha256(exhibit_id.encode()).hexdigest()[:8]}"
    return f"{shortened}.{extension}"
