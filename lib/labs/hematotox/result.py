"""CAR-HEMATOTOX of every patient of a cohort, by group: which values before lymphodepletion were taken, and what they score.

The last value on or before the day on which lymphodepletion began, at most 28 days before it: later ones already show its effect. Where
Therapies does not tell that day, it is taken as day -5, or as the day that is asked for. Each patient has the place the values come
from. Boundaries and source: lib/derived/hematotox.py.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.endpoint_days import first_days
from lib.derived.hematotox import ITEMS, Hematotox, hematotox
from lib.derived.lab_values import lab_values, unusable

LONGEST_BEFORE: Final = 28.0  # days before lymphodepletion; the paper names no oldest value
USUAL_START: Final = -5.0  # day of the first lymphodepletion where it is not stated: days -5 to -3 are usual
EARLIEST_START: Final = -21.0  # a lymphodepletion that began before this day belongs to another infusion
Taken = dict[str, tuple[float, float, float]]  # by analyte: day, lowest and highest possible amount


@dataclass(frozen=True)
class PatientScore:
    """`lymphodepletion`: the day it began, None where it is not stated; `taken`: day and amounts of the values that were used."""

    patient: str
    group: str
    lymphodepletion: float | None
    taken: Taken
    score: Hematotox


@dataclass(frozen=True)
class HematotoxResult:
    """Every selected patient with a group; `unusable`: test, reason, count; `assumed`: the start where it is not stated."""

    grouping: Grouping
    infusion: int
    patients: tuple[PatientScore, ...]
    n_selected: int
    unusable: tuple[tuple[str, str, int], ...]
    assumed: float = USUAL_START

    @property
    def n_ungrouped(self) -> int:
        return self.n_selected - len(self.patients)

    def of(self, group: str | None) -> tuple[PatientScore, ...]:
        """The patients of a group; of all groups for None."""
        return tuple(each for each in self.patients if group in (None, each.group))


def hematotox_scores(cohort: Cohort, grouping: Grouping, assumed: float = USUAL_START) -> HematotoxResult:
    """The score of every selected patient before the chosen infusion; `assumed`: first day of lymphodepletion where not stated."""
    values = lab_values(cohort, *(item.analyte for item in ITEMS))
    values = values[values["infusion"] == cohort.infusion]
    start = lymphodepletion_starts(cohort)
    taken = _taken(values, start.fillna(assumed))
    began = dict(zip(start.index.astype(str), start, strict=True))
    groups = zip(cohort.patients["patient_id"].astype(str), grouping.of(cohort.patients), strict=True)
    scores = [
        _scored(patient, str(group), began[patient], taken.get(patient, {}))
        for patient, group in groups
        if group is not None
    ]
    wrong = tuple((test, reason, n) for test, _, reason, n in unusable(values))
    return HematotoxResult(grouping, cohort.infusion, tuple(scores), cohort.n, wrong, assumed)


def _scored(patient: str, group: str, began: float, mine: Taken) -> PatientScore:
    score = hematotox({analyte: (low, high) for analyte, (_, low, high) in mine.items()})
    return PatientScore(patient, group, None if np.isnan(began) else float(began), mine, score)


def lymphodepletion_starts(cohort: Cohort) -> pd.Series:
    """The first day of the lymphodepletion of this infusion by patient, NaN where it is not stated."""
    rows = cohort.therapies[cohort.therapies["kind"] == "lymphodepletion"]
    return first_days(rows[rows["start_day"].between(EARLIEST_START, 0)], "start_day", cohort)


def _taken(values: pd.DataFrame, start: pd.Series) -> dict[str, Taken]:
    """By patient the last usable value of each analyte in its window; of several on a day the last in the workbook."""
    usable = values[(values["amount"].notna() | values["below"]) & values["day"].notna()]
    began = usable["patient"].map(start).astype(float)
    before = usable[usable["day"].between(began - LONGEST_BEFORE, began)]
    last = before.sort_values("day", kind="stable").drop_duplicates(["patient", "analyte"], keep="last")
    high = np.where(last["below"], np.nextafter(last["limit"].fillna(np.inf).to_numpy(float), -np.inf), last["amount"])
    found: dict[str, Taken] = {}
    for row, most in zip(last.itertuples(), high, strict=True):
        low = 0.0 if row.below else float(most)
        found.setdefault(str(row.patient), {})[str(row.analyte)] = (float(str(row.day)), low, float(most))
    return found
