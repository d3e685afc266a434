"""CTCAE grades computed from laboratory values: of every value, at baseline, and the worst after the infusion.

A grade that is not certain has two ends, `low` and `high`: without the lower limit of the laboratory grades 0 and 1 cannot be told
apart (never 0), and a value below a limit of detection is only known to lie below it. Baseline: the value that the workbook
marks, else the last on or before day 0. ALT, AST and bilirubin count as multiples of the ULN, or of a baseline above it.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.ctcae import NO_ENTRY, SCALES, Scale, scale_of
from lib.cohort.model import Cohort
from lib.derived.lab_values import lab_values
from lib.stats.arrays import Floats

NO_ULN: Final = "no upper limit of the reference range"
NO_LLN: Final = "no lower limit of the reference range"
NO_LIMIT: Final = "below a limit of detection that is not stated"
HIGHEST: Final = 4
UNCERTAIN: Final = "0–1"
COLUMNS: Final = ("patient", "analyte", "term", "day", "amount", "below", "low", "high", "baseline", "after")
Ends = tuple[Floats, Floats]


@dataclass(frozen=True)
class LabGrades:
    """`table`: one row a graded value: patient, analyte, term, day, amount (the scale's unit), below, low, high, baseline, after.

    `after`: on or after day 0 and not the baseline. `ungraded` counts the values of gradable tests without a grade, by reason;
    `n_unlike_baseline` patients and tests with a baseline above the ULN, by which their later values were graded.
    """

    version: str
    table: pd.DataFrame
    ungraded: tuple[tuple[str, int], ...]
    n_abnormal: int

    def of(self, analyte: str) -> pd.DataFrame:
        return self.table[self.table["analyte"] == analyte]


def lab_grades(cohort: Cohort, version: str) -> LabGrades:
    """Every value of the chosen infusion whose test has a scale."""
    rows = lab_values(cohort)
    analytes = {scale.analyte for scales in SCALES.values() for scale in scales}
    rows = rows[rows["analyte"].isin(analytes) & (rows["infusion"] == cohort.infusion)]
    measured = rows[rows["amount"].notna() | rows["below"] | (rows["problem"] != "")].reset_index(drop=True)
    marked = _with_baseline(measured)
    parts = [
        _graded(marked[marked["analyte"] == analyte], str(analyte), version) for analyte in marked["analyte"].unique()
    ]
    every = pd.concat(parts, ignore_index=True) if parts else _nothing()
    counted = Counter(reason for reason in every["reason"] if reason).most_common()
    table = every[every["reason"] == ""]
    by_own = table[table["by_baseline"]].drop_duplicates(["patient", "analyte"])
    return LabGrades(version, table[list(COLUMNS)].reset_index(drop=True), tuple(counted), len(by_own))


def worst_lab_grades(grades: LabGrades) -> pd.DataFrame:
    """One row a patient and test with a graded value: patient, analyte, term, baseline_low, baseline_high, low, high (NaN: none)."""
    keys = ["patient", "analyte", "term"]
    after = grades.table[grades.table["after"]].groupby(keys, sort=False)[["low", "high"]].max()
    baseline = grades.table[grades.table["baseline"]].set_index(keys)[["low", "high"]].add_prefix("baseline_")
    return after.join(baseline, how="outer").reset_index()


def grade_words(low: float, high: float) -> str:
    """ "3", "0–1" where they cannot be told apart, "–" without a grade."""
    if np.isnan(low):
        return "–"
    return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"


def ends(scale: Scale, rows: pd.DataFrame) -> Ends:
    """The lowest and the highest grade that each value can have; `rows`: amount, below, limit, lower, upper, reference.

    `reference` is the baseline where a value is graded by it, else NaN.
    """
    below = rows["below"].to_numpy(bool)
    limit = np.nextafter(rows["limit"].to_numpy(float), -np.inf)
    nearest = np.where(below, limit, rows["amount"].to_numpy(float))
    furthest = np.where(below, 0.0, rows["amount"].to_numpy(float))
    first, second = _grades(scale, nearest, rows), _grades(scale, furthest, rows)
    low, high = np.minimum(first, second), np.maximum(first, second)
    if scale.first_at_limit:
        high = np.where(rows["lower"].isna().to_numpy() & (high == 0), 1.0, high)
    return low, high


def _grades(scale: Scale, amount: Floats, rows: pd.DataFrame) -> Floats:
    grade = np.zeros(len(amount))
    unit = {"": np.ones(len(amount)), "LLN": rows["lower"].to_numpy(float), "ULN": rows["upper"].to_numpy(float)}
    first = {1: rows["lower"].to_numpy(float)} if scale.first_at_limit else {}
    for number, bound in {**first, **{n: b * unit[scale.relative_to] for n, b in scale.bounds.items()}}.items():
        beyond = amount < bound if scale.direction == "below" else amount > bound
        grade = np.where(beyond, np.maximum(grade, number), grade)
    for number, low in (scale.also_below or {}).items():
        grade = np.where(amount < low, np.maximum(grade, number), grade)
    return np.where(rows["reference"].notna(), _by_baseline(scale, amount, rows), grade) if scale.abnormal else grade


def _by_baseline(scale: Scale, amount: Floats, rows: pd.DataFrame) -> Floats:
    grade, reference = np.zeros(len(amount)), rows["reference"].to_numpy(float)
    for number, multiple in (scale.abnormal or {}).items():
        bound = np.round(multiple * reference, 9)
        reached = amount >= bound if scale.first_included and number == 1 else amount > bound
        grade = np.where(reached, float(number), grade)
    return grade


def _graded(rows: pd.DataFrame, analyte: str, version: str) -> pd.DataFrame:
    """The values of one test with their grades, and the reason where there is none."""
    scale = scale_of(analyte, version)
    if scale is None:
        return rows.assign(
            term="", low=np.nan, high=np.nan, by_baseline=False, reason=f"{version} {NO_ENTRY}: {analyte}"
        )
    abnormal = (
        (rows["own"] > rows["upper"]) & ~rows["baseline"] if scale.abnormal else pd.Series(False, index=rows.index)
    )
    known = rows.assign(reference=rows["own"].where(abnormal))
    low, high = ends(scale, known)
    needed = {"ULN": rows["upper"], "LLN": rows["lower"], "": rows["upper"].fillna(0.0)}[scale.relative_to]
    unknown = rows["below"] & rows["limit"].isna() & (rows["problem"] == "")
    reason = rows["problem"].mask(unknown, NO_LIMIT)
    unlimited = needed.isna() & (low < HIGHEST) & (reason == "")
    reason = reason.mask(unlimited, NO_ULN if scale.relative_to == "ULN" else NO_LLN)
    return known.assign(term=scale.term, low=low, high=high, by_baseline=abnormal, reason=reason)


def _with_baseline(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `baseline`, `after` and `own`, the patient's value at baseline."""
    keys = ["patient", "analyte"]
    ordered = rows.sort_values([*keys, "day"], kind="stable", ignore_index=True)
    marked = ordered["marked"].astype(bool)
    any_marked = marked.groupby([ordered[key] for key in keys]).transform("any").astype(bool)
    usable = (marked | (~any_marked & (ordered["day"] <= 0))) & (ordered["amount"].notna() | ordered["below"])
    baseline = usable & ~ordered[usable].duplicated(keys, keep="last").reindex(ordered.index, fill_value=True)
    own = ordered[baseline].set_index(keys)["amount"]
    found = pd.Series(own.reindex(pd.MultiIndex.from_frame(ordered[keys])).to_numpy(float), index=ordered.index)
    return ordered.assign(baseline=baseline, after=(ordered["day"] >= 0) & ~baseline, own=found)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=[*COLUMNS, "by_baseline", "reason"]).astype(
        {"by_baseline": bool, "after": bool, "baseline": bool}
    )
