"""ICAHT of every patient of a cohort, by group: both grades, until when values counted and why, and who had G-CSF. EXPERIMENTAL.

Values count until death, progression, or the next therapy or infusion, whichever is first. Nobody is left out: who cannot be graded
has the reason. Rule and source: lib/derived/icaht.py.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.endpoint_days import death_days, patient_index
from lib.derived.icaht import DEATH, Counts, Grade, Icaht, icaht
from lib.derived.lab_values import lab_values, unusable
from lib.derived.progression import ends
from lib.derived.t_icaht import t_icaht
from lib.derived.treatment import other_treatment

NEUTROPHILS: Final = "neutrophils"
PLATELETS: Final = "platelets"
GRADED_BY: Final = {NEUTROPHILS: icaht, PLATELETS: t_icaht}
PROGRESSION: Final = "progression"
NEXT: Final = "next therapy or infusion"
G_CSF: Final = re.compile(
    r"(?<![a-z])g-?csf|filgrastim|lenograstim|granulocyte.colony|neupogen|neulasta|粒细胞(集落)?刺激因子", re.I
)
LONG_BEFORE: Final = ("prior line", "transplant")
SAME_DAY: Final = 6  # digits: a time in months gives day 17.999999999 for day 18
NOT_DATED: Final = "day not stated"
NOTHING: Final = Counts((), (), ())


@dataclass(frozen=True)
class PatientIcaht:
    """`counted_to`: the day until which values count, None where no end is known; `g_csf`: "day 5", "day not stated" or ""."""

    patient: str
    group: str
    grades: Icaht
    counted_to: float | None
    ended_by: str
    g_csf: str

    def grade(self, late: bool) -> Grade:
        return self.grades.late if late else self.grades.early


@dataclass(frozen=True)
class IcahtResult:
    """Every selected patient with a group, in the order of the cohort; `unusable`: test, reason, count of its values."""

    grouping: Grouping
    infusion: int
    patients: tuple[PatientIcaht, ...]
    n_selected: int
    unusable: tuple[tuple[str, str, int], ...]
    analyte: str = NEUTROPHILS

    @property
    def n_ungrouped(self) -> int:
        return self.n_selected - len(self.patients)

    def of(self, group: str | None) -> tuple[PatientIcaht, ...]:
        """The patients of a group; of all groups for None."""
        return tuple(each for each in self.patients if group in (None, each.group))


def icaht_grades(cohort: Cohort, grouping: Grouping, analyte: str = NEUTROPHILS) -> IcahtResult:
    """Both grades of every selected patient after the chosen infusion: ICAHT by neutrophils, T-ICAHT by platelets."""
    values, graded_by = lab_values(cohort, analyte), GRADED_BY[analyte]
    values = values[values["infusion"] == cohort.infusion]
    counts, until, g_csf = _counts(values), _ended(cohort), _g_csf(cohort)
    groups = zip(cohort.patients["patient_id"].astype(str), grouping.of(cohort.patients), strict=True)
    graded = tuple(
        PatientIcaht(
            patient, str(group), graded_by(counts.get(patient, NOTHING), *until[patient]),
            until[patient][0] if np.isfinite(until[patient][0]) else None, until[patient][1], g_csf.get(patient, ""),
        )
        for patient, group in groups if group is not None
    )  # fmt: skip
    wrong = tuple((test, reason, n) for test, _, reason, n in unusable(values))
    return IcahtResult(grouping, cohort.infusion, graded, cohort.n, wrong, analyte)


def _counts(values: pd.DataFrame) -> dict[str, Counts]:
    """The counts of each patient; a value below a limit of detection lies between 0 and just under that limit."""
    usable = values[(values["amount"].notna() | values["below"]) & values["day"].notna()]
    limit = np.nextafter(usable["limit"].fillna(np.inf).to_numpy(float), -np.inf)
    ranged = usable.assign(
        low=usable["amount"].mask(usable["below"], 0.0),
        high=usable["amount"].mask(usable["below"], pd.Series(limit, usable.index)),
    )
    return {
        str(patient): Counts(rows["day"].to_list(), rows["low"].to_list(), rows["high"].to_list())
        for patient, rows in ranged.groupby("patient", sort=False)
    }


def _ended(cohort: Cohort) -> dict[str, tuple[float, str]]:
    """By patient until which day values count (infinite: no end is known) and what ended it; of several on a day, death."""
    progressed = ends(cohort, with_death=False).table
    days = pd.DataFrame({
        DEATH: death_days(cohort),
        PROGRESSION: progressed["day"].where((progressed["event"] == 1) & (progressed["day"] > 0)),
        NEXT: other_treatment(cohort),
    }, index=patient_index(cohort)).astype(float).round(SAME_DAY).fillna(np.inf)  # fmt: skip
    if not len(days):
        return {}
    first, by = days.min(axis=1), days.idxmin(axis=1)
    return {
        str(patient): (day, str(cause) if np.isfinite(day) else "")
        for patient, day, cause in zip(days.index, first, by, strict=True)
    }


def _g_csf(cohort: Cohort) -> dict[str, str]:
    """Days from the infusion on, on which G-CSF was begun, by patient; a course that ended before it is none."""
    rows = cohort.therapies
    named = rows["therapy"].map(lambda word: bool(G_CSF.search(str(word))), na_action="ignore").eq(True)
    rows = rows[named & ~rows["kind"].isin(LONG_BEFORE) & ~(rows["stop_day"] < 0)]
    return {str(patient): _days(mine["start_day"]) for patient, mine in rows.groupby("patient_id", sort=False)}


def _days(starts: pd.Series) -> str:
    known = sorted(set(starts.dropna()))
    return "day " + ", ".join(f"{day:g}" for day in known) if known else NOT_DATED
