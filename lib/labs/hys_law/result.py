"""Drug-induced liver injury at a glance: peaks of ALT or AST beside the peak of bilirubin as multiples of the ULN, and who is a
potential Hy's law case.

A case has, within the window of days: ALT or AST of at least 3 x ULN, then (on that day or within 30 days after it) bilirubin above
2 x ULN, and alkaline phosphatase below 2 x ULN where it is known for that time. Other causes are not looked at: a case is to be judged
clinically. Source: FDA Guidance for Industry, Drug-Induced Liver Injury: Premarketing Clinical Evaluation, 2009.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.derived.lab_values import lab_values
from lib.derived.period import Period
from lib.stats.small_samples import ratio

ENZYME_LIMIT: Final = 3.0  # reached: at least
BILIRUBIN_LIMIT: Final = 2.0  # exceeded
PHOSPHATASE_LIMIT: Final = 2.0  # not reached
WITHIN: Final = 30.0  # days from the enzyme to the bilirubin, and from an earlier alkaline phosphatase to the enzyme
ENZYMES: Final = ("ALT", "AST")
BILIRUBIN: Final = "bilirubin"
PHOSPHATASE: Final = "alkaline phosphatase"
USUAL_WINDOW: Final = Period(0, 90)
QUADRANTS: Final = ("neither", "ALT or AST only", "bilirubin only", "both")
CASE: Final = "case"
NOT_IN_ORDER: Final = "bilirubin not within 30 days after"
CHOLESTATIC: Final = "alkaline phosphatase 2 × ULN or more"


@dataclass(frozen=True)
class HysLaw:
    """`peaks`: patient, group, enzyme, enzyme_times, enzyme_day, bilirubin, bilirubin_day (multiples of the ULN), quadrant, verdict,
    case_enzyme_day, case_bilirubin_day, phosphatase (the highest that counts, NaN: not known).

    `verdict`: CASE, "" for who does not reach both limits, else why not. `n_without`: patients of a group who lack enzyme or
    bilirubin in the window; `n_no_uln`: values left out for want of an ULN or a unit.
    """

    grouping: Grouping
    window: Period
    peaks: pd.DataFrame
    n_without: int
    n_no_uln: int

    @property
    def n(self) -> int:
        return len(self.peaks)

    @property
    def n_cases(self) -> int:
        return int((self.peaks["verdict"] == CASE).sum())

    @property
    def n_unknown_phosphatase(self) -> int:
        """Cases of whom no alkaline phosphatase is known for that time."""
        return int(((self.peaks["verdict"] == CASE) & self.peaks["phosphatase"].isna()).sum())

    def n_in(self, group: str, quadrant: str) -> int:
        return self.n_with(group, "quadrant", quadrant)

    def n_with(self, group: str, column: str, word: str) -> int:
        return int(((self.peaks["group"] == group) & (self.peaks[column] == word)).sum())


def can_show(cohort: Cohort) -> bool:
    """Whether bilirubin and one of the enzymes were measured."""
    found = set(lab_values(cohort, *ENZYMES, BILIRUBIN)["analyte"])
    return BILIRUBIN in found and bool(found & set(ENZYMES))


def hys_law(cohort: Cohort, grouping: Grouping, window: Period = USUAL_WINDOW) -> HysLaw:
    """Of whoever has an enzyme and bilirubin within the window; a value below its limit of detection counts as half of it."""
    rows = lab_values(cohort, *ENZYMES, BILIRUBIN, PHOSPHATASE)
    rows = rows[rows["infusion"] == cohort.infusion]
    amount = rows["amount"].fillna((rows["limit"] / 2).where(rows["below"]))
    every = rows.assign(times=ratio(amount, rows["upper"]))
    looked_at = every[window.holds(every["day"])]
    measured = looked_at["amount"].notna() | looked_at["below"] | (looked_at["problem"] != "")
    missing = int((looked_at["times"].isna() & measured & (looked_at["analyte"] != PHOSPHATASE)).sum())
    usable = looked_at[looked_at["times"] > 0]
    enzymes, bilirubin = usable[usable["analyte"].isin(ENZYMES)], usable[usable["analyte"] == BILIRUBIN]
    peaks = _peaks(enzymes, "enzyme_times", "enzyme_day", "enzyme").join(
        _peaks(bilirubin, "bilirubin", "bilirubin_day"), how="inner"
    )
    known = every[(every["analyte"] == PHOSPHATASE) & (every["times"] > 0) & every["day"].notna()]
    judged = peaks.assign(quadrant=_quadrants(peaks)).join(_judged(enzymes, bilirubin, known)).reset_index()
    judged["verdict"] = judged["verdict"].fillna("").mask(
        judged["verdict"].isna() & (judged["quadrant"] == QUADRANTS[-1]), NOT_IN_ORDER
    )  # fmt: skip
    group = pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")
    named = judged.assign(group=judged["patient"].map(group).astype("object"))
    named = named[named["group"].notna()].reset_index(drop=True)
    return HysLaw(grouping, window, named, int(group.notna().sum()) - len(named), missing)


def _peaks(rows: pd.DataFrame, times: str, day: str, analyte: str = "") -> pd.DataFrame:
    """The first highest value of each patient; `analyte` names the column that says of which test it is."""
    ordered = rows.sort_values(["times", "day"], ascending=[False, True], kind="stable")
    first = ordered.drop_duplicates("patient").set_index("patient")
    names = {"times": times, "day": day} | ({"analyte": analyte} if analyte else {})
    return first.rename(columns=names)[list(names.values())]


def _quadrants(peaks: pd.DataFrame) -> np.ndarray:
    high = (peaks["enzyme_times"] >= ENZYME_LIMIT).to_numpy(int) + 2 * (peaks["bilirubin"] > BILIRUBIN_LIMIT).to_numpy(
        int
    )
    return np.array(QUADRANTS, dtype=object)[high]


def _judged(enzymes: pd.DataFrame, bilirubin: pd.DataFrame, phosphatase: pd.DataFrame) -> pd.DataFrame:
    """Of each patient in whom both limits were reached in time order: the first pair that makes a case, else the first pair."""
    pairs = enzymes[enzymes["times"] >= ENZYME_LIMIT].merge(
        bilirubin[bilirubin["times"] > BILIRUBIN_LIMIT], on="patient", suffixes=("_enzyme", "_bilirubin")
    )
    pairs = pairs[(pairs["day_bilirubin"] - pairs["day_enzyme"]).between(0, WITHIN)]
    pairs = pairs[["patient", "day_enzyme", "day_bilirubin"]].drop_duplicates().reset_index(drop=True)
    pairs["phosphatase"] = [
        _highest(phosphatase[phosphatase["patient"] == patient], first, last)
        for patient, first, last in pairs.itertuples(index=False)
    ]
    pairs["verdict"] = np.where(pairs["phosphatase"] >= PHOSPHATASE_LIMIT, CHOLESTATIC, CASE)
    pairs["later"] = pairs["verdict"] != CASE
    chosen = pairs.sort_values(["later", "day_enzyme", "day_bilirubin"], kind="stable").drop_duplicates("patient")
    named = {"day_enzyme": "case_enzyme_day", "day_bilirubin": "case_bilirubin_day"}
    return chosen.set_index("patient").rename(columns=named)[["verdict", *named.values(), "phosphatase"]]


def _highest(phosphatase: pd.DataFrame, first: float, last: float) -> float:
    """The highest alkaline phosphatase between the two days, else the last one in the 30 days before; NaN if none is known."""
    during = phosphatase.loc[phosphatase["day"].between(first, last), "times"]
    if len(during):
        return float(during.max())
    before = phosphatase[phosphatase["day"].between(first - WITHIN, first)].sort_values("day", kind="stable")
    return float(before["times"].iloc[-1]) if len(before) else float("nan")
