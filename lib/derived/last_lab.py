"""Until when laboratory values were followed: the last day of each patient with any value, by group."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort, kept
from lib.cohort.time_unit import DAYS_PER

LOST = r"lost"


@dataclass(frozen=True)
class LastLab:
    """The last values of one group's patients, in months after the infusion; `n_lost` were lost to follow-up and do not
    count."""

    group: str
    n: int
    n_lost: int
    median: float
    low: float
    high: float


@kept
def _last_months(cohort: Cohort) -> pd.Series:
    rows = cohort.labs[(cohort.labs["infusion"] == cohort.infusion) & (cohort.labs["day"] >= 0)]
    return rows.groupby("patient_id")["day"].max() / DAYS_PER["months"]


def last_labs(cohort: Cohort, grouping: Grouping, everybody: Cohort | None = None) -> tuple[LastLab, ...]:
    """Each group with a value on or after day 0. Lost to follow-up: as the reason for censoring of overall survival
    says.

    `everybody`: whose values, kept, hold those of the cohort.
    """
    last = _last_months(everybody or cohort)
    survival = cohort.endpoints[cohort.endpoints["endpoint"] == "os"]
    why = survival["censoring_reason"].astype("object").fillna("").astype(str).str.casefold()
    lost = set(survival.loc[why.str.contains(LOST), "patient_id"])
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")
    found = []
    for name in grouping.names:
        mine = last[last.index.isin(group.index[group == name])]
        kept = mine[~mine.index.isin(lost)].to_numpy(float)
        if len(kept):
            found.append(
                LastLab(
                    name, len(kept), len(mine) - len(kept), float(np.median(kept)), float(kept.min()), float(kept.max())
                )
            )
    return tuple(found)
