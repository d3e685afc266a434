"""Drug-induced liver injury at a glance: the peak of ALT beside the peak of bilirubin, each as a multiple of its ULN, patient by patient.

A potential Hy's law case has ALT above 3 x ULN and bilirubin above 2 x ULN (strictly), here within the same window of days.
Alkaline phosphatase, other causes and the order of the peaks are not looked at. Source: FDA Guidance, Drug-Induced Liver Injury, 2009.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.lab_values import lab_values
from lib.derived.period import Period

ALT_LIMIT: Final = 3.0
BILIRUBIN_LIMIT: Final = 2.0
ANALYTES: Final = ("ALT", "bilirubin")
USUAL_WINDOW: Final = Period(0, 90)
QUADRANTS: Final = ("neither", "ALT only", "bilirubin only", "both")


@dataclass(frozen=True)
class HysLaw:
    """`peaks`: patient, group, alt, alt_day, bilirubin, bilirubin_day (multiples of the ULN), quadrant (one of QUADRANTS).

    `n_without`: patients of a group who lack one of the two in the window; `n_no_uln`: values left out for want of an ULN or a unit.
    """

    grouping: Grouping
    window: Period
    peaks: pd.DataFrame
    n_without: int
    n_no_uln: int

    @property
    def n(self) -> int:
        return len(self.peaks)

    def n_in(self, group: str, quadrant: str) -> int:
        return int(((self.peaks["group"] == group) & (self.peaks["quadrant"] == quadrant)).sum())


def can_show(cohort: Cohort) -> bool:
    """Whether ALT and bilirubin were both measured."""
    found = lab_values(cohort, *ANALYTES)
    return set(ANALYTES) <= set(found["analyte"])


def hys_law(cohort: Cohort, grouping: Grouping, window: Period = USUAL_WINDOW) -> HysLaw:
    """Peaks of whoever has both within the window; a value below its limit of detection counts as half of it."""
    rows = lab_values(cohort, *ANALYTES)
    rows = rows[(rows["infusion"] == cohort.infusion) & window.holds(rows["day"])]
    amount = rows["amount"].fillna((rows["limit"] / 2).where(rows["below"]))
    times = (amount / rows["upper"]).round(9)
    usable = rows.assign(times=times)
    usable = usable[usable["times"] > 0]
    missing = int((times.isna() & (rows["amount"].notna() | rows["below"] | (rows["problem"] != ""))).sum())
    peaks = _peaks(usable, "ALT").join(_peaks(usable, "bilirubin"), how="inner").reset_index()
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")
    named = peaks.assign(group=peaks["patient"].map(group).astype("object"), quadrant=_quadrants(peaks))
    named = named[named["group"].notna()].reset_index(drop=True)
    return HysLaw(grouping, window, named, int(group.notna().sum()) - len(named), missing)


def _peaks(rows: pd.DataFrame, analyte: str) -> pd.DataFrame:
    name = analyte.casefold()
    mine = rows[rows["analyte"] == analyte].sort_values(["times", "day"], ascending=[False, True], kind="stable")
    first = mine.drop_duplicates("patient").set_index("patient")
    return first.rename(columns={"times": name, "day": f"{name}_day"})[[name, f"{name}_day"]]


def _quadrants(peaks: pd.DataFrame) -> np.ndarray:
    high = (peaks["alt"] > ALT_LIMIT).to_numpy(int) + 2 * (peaks["bilirubin"] > BILIRUBIN_LIMIT).to_numpy(int)
    return np.array(QUADRANTS, dtype=object)[high]
