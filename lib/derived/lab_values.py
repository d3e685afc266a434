"""The laboratory values of a cohort under one name and in one unit a test, whatever they are called and written in.

Values, limits of detection and reference limits are converted together (see lib/cohort/analyte.py for names and
factors). What cannot be converted stays in the frame with its reason; tests of no known analyte are not in it.

Before the infusion counts the value marked as baseline, else the last on day 0 or before; one below its limit as half
the limit. Values were followed until the last day on which a patient has any.

CTCAE grades computed from laboratory values: of every value, at baseline, and the worst after the infusion.

A grade that is not certain has two ends, `low` and `high`: without the lower limit of the laboratory grades 0 and 1
cannot be reported apart (never 0), and a value below a limit of detection is only known to lie below it. Baseline: the
value that the workbook marks, else the last on or before day 0. ALT, AST and bilirubin count as multiples of the ULN,
or of a baseline above it; fibrinogen as a share of the LLN, or of a baseline below it (the percent fall of v5 and v6).
All are compared to nine digits."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analyte import analyte_of, factor_of
from lib.cohort.ctcae import NO_ENTRY, SCALES, Scale, scale_of
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort, kept
from lib.cohort.time_unit import DAYS_PER
from lib.derived.follow_up import patient_index
from lib.stats.estimate import Floats, Names, ratio, significant

LOST = r"lost"
DIGITS: Final = 12  # 0.3 g/dL is 3 g/L, not 2.9999999999999996; more than the nine to which ratios are compared
CONVERTED: Final = {"value": "amount", "limit": "limit", "lower_limit": "lower", "upper_limit": "upper"}
COLUMNS: Final = (
    "patient",
    "infusion",
    "analyte",
    "day",
    "visit",
    "amount",
    "below",
    "limit",
    "lower",
    "upper",
    "unit",
    "marked",
    "test",
    "problem",
)
NO_ULN: Final = "no upper limit of the reference range"
NO_LLN: Final = "no lower limit of the reference range"
NO_LIMIT: Final = "below a limit of detection that is not stated"
HIGHEST: Final = 4
UNCERTAIN: Final = "0–1"
GRADE_COLUMNS: Final = ("patient", "analyte", "term", "day", "amount", "below", "low", "high", "baseline", "after")
Ends = tuple[Floats, Floats]
Flags = np.typing.NDArray[np.bool_]


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
    group = group_of(cohort, grouping)
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


def baseline_lab(cohort: Cohort, test: str, unit: str = "") -> pd.Series:
    """For each selected patient (the index) the value of one test in one unit before the chosen infusion."""
    rows = cohort.labs
    mine = rows[(rows["test"] == test) & (rows["unit"].fillna("") == unit) & (rows["infusion"] == cohort.infusion)]
    mine = mine.assign(
        marked=(mine["baseline"] == "yes").astype(int),
        amount=mine["value"].mask(mine["below"].astype(bool), mine["limit"] / 2),
    )
    before = mine[(mine["marked"] == 1) | (mine["day"] <= 0)]
    known = before[before["value"].notna() | before["below"].astype(bool)]
    last = known.sort_values(["marked", "day"], kind="stable", na_position="first").drop_duplicates(
        "patient_id", keep="last"
    )
    return last.set_index("patient_id")["amount"].reindex(patient_index(cohort)).astype("float64")


def lab_values(cohort: Cohort, *analytes: str) -> pd.DataFrame:
    """One row a laboratory value of the selected patients, of every infusion; of these analytes, or of all that are
    known.

    `amount` in `unit` (NaN where nothing was measured, below a limit of detection, or with a problem), `below` and its
    `limit`, `lower` and `upper` reference limits, all in that unit; `marked`: the workbook calls it the baseline;
    `test` as written;
    `problem`: "" or why the value cannot be used. `day` is NaN where it is not stated. In order of the workbook.
    """
    rows = cohort.labs
    named = rows["test"].map({test: _name(test) for test in rows["test"].dropna().unique()}).astype("object")
    rows = rows[named.isin(analytes) if analytes else named.notna()]
    tests, units = rows["test"].astype("object"), rows["unit"].astype("object").fillna("")
    factors, problem = _factors(tests, units)
    measured = (rows["value"].notna() | rows["below"].fillna(False)).to_numpy(bool)
    usable = np.array(problem == "")
    amounts = {
        new: significant(rows[old].to_numpy("float64", na_value=np.nan) * factors, DIGITS)
        for old, new in CONVERTED.items()
    }
    table = pd.DataFrame(
        {
            "patient": rows["patient_id"].astype("object").to_numpy(),
            "infusion": rows["infusion"].to_numpy(),
            "analyte": named[rows.index].to_numpy(),
            "day": rows["day"].to_numpy("float64", na_value=np.nan),
            "visit": rows["visit"].to_numpy(),
            **amounts,
            "below": rows["below"].fillna(False).to_numpy(bool) & usable,
            "unit": tests.map({test: _unit(test) for test in tests.unique()}).to_numpy(),
            "marked": (rows["baseline"] == "yes").fillna(False).to_numpy(bool),
            "test": tests.to_numpy(),
            "problem": np.where(measured, problem, ""),
        }
    )
    return table[list(COLUMNS)]


def unusable(values: pd.DataFrame) -> tuple[tuple[str, str, str, int], ...]:
    """What could not be used: test as written, its analyte, the reason, how many values."""
    wrong = values[values["problem"] != ""]
    counted = wrong.groupby(["test", "analyte", "problem"], sort=False).size().reset_index(name="n")
    return tuple((str(row.test), str(row.analyte), str(row.problem), int(str(row.n))) for row in counted.itertuples())


def _factors(tests: pd.Series, units: pd.Series) -> tuple[Floats, Names]:
    """The factor and the problem of every row, looked up once a test and unit."""
    pairs = tests + "\t" + units
    found = {pair: factor_of(*str(pair).split("\t", 1)) for pair in pairs.unique()}
    factors = pairs.map({pair: factor for pair, (factor, _) in found.items()}).to_numpy("float64", na_value=np.nan)
    return factors, pairs.map({pair: problem for pair, (_, problem) in found.items()}).to_numpy(object)


def _name(test: str) -> str | None:
    analyte, _ = analyte_of(test)
    return analyte.name if analyte else None


def _unit(test: str) -> str:
    analyte, _ = analyte_of(test)
    return analyte.unit if analyte else ""


def analytes_of(cohort: Cohort) -> frozenset[str]:
    """The analytes of which the opened cohort has values, whatever is selected."""
    tests = {words.partition("\t")[0] for words in cohort.vocabulary.get("lab", ())}
    return frozenset(name for test in tests if (name := _name(test)))


@dataclass(frozen=True)
class LabGrades:
    """`table`: one row a graded value: patient, analyte, term, day, amount (the scale's unit), below, low, high,
    baseline, after.

    `after`: on or after day 0 and not the baseline. `ungraded` counts the values of gradable tests without a grade, by
    reason; `n_abnormal` patients and tests with an abnormal baseline, by which their later values were graded.
    """

    version: str
    table: pd.DataFrame
    ungraded: tuple[tuple[str, int], ...]
    n_abnormal: int

    def of(self, analyte: str) -> pd.DataFrame:
        """The rows of one analyte."""
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
    return LabGrades(version, table[list(GRADE_COLUMNS)].reset_index(drop=True), tuple(counted), len(by_own))


def worst_lab_grades(grades: LabGrades) -> pd.DataFrame:
    """One row a patient and test with a graded value: patient, analyte, term, baseline_low, baseline_high, low, high
    (NaN: none)."""
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

    `reference` is the baseline where a value is graded by it, else NaN. Values are compared to nine significant digits.
    """
    below = rows["below"].to_numpy(bool)
    nearest = np.where(below, rows["limit"].to_numpy(float), rows["amount"].to_numpy(float))
    furthest = np.where(below, 0.0, rows["amount"].to_numpy(float))
    first, second = _grades(scale, nearest, below, rows), _grades(scale, furthest, np.zeros_like(below), rows)
    low, high = np.minimum(first, second), np.maximum(first, second)
    if scale.first_at_limit:
        high = np.where(rows["lower"].isna().to_numpy() & (high == 0), 1.0, high)
    return low, high


def _grades(scale: Scale, amount: Floats, under: Flags, rows: pd.DataFrame) -> Floats:
    """The grade of each amount; `under`: of what lies just under the amount, as a value below a limit of detection
    may."""
    own = {"": significant(amount), "LLN": ratio(amount, rows["lower"]), "ULN": ratio(amount, rows["upper"])}
    grade = _reached(scale, own[scale.relative_to], under, scale.bounds)
    if scale.first_at_limit:
        grade = np.maximum(grade, _reached(scale, own["LLN"], under, {1: 1.0}))
    if scale.abnormal is not None:
        by_baseline = _reached(scale, ratio(amount, rows["reference"]), under, scale.abnormal, scale.included)
        grade = np.where(rows["reference"].notna(), by_baseline, grade)
    return np.maximum(grade, _reached(scale, own[""], under, scale.also_below or {}))


def _reached(
    scale: Scale, amount: Floats, under: Flags, bounds: Mapping[int, float], included: frozenset[int] = frozenset()
) -> Floats:
    """The highest grade whose bound an amount is beyond (or at, where its grade is `included`), 0 without."""
    grade, below = np.zeros(len(amount)), scale.direction == "below"
    for number, bound in bounds.items():
        first = under | (number in included) if below else ~under & (number in included)
        beyond = amount < bound if below else amount > bound
        grade = np.where(beyond | ((amount == bound) & first), np.maximum(grade, number), grade)
    return grade


def _graded(rows: pd.DataFrame, analyte: str, version: str) -> pd.DataFrame:
    """The values of one test with their grades, and the reason where there is none."""
    scale = scale_of(analyte, version)
    if scale is None:
        return rows.assign(
            term="", low=np.nan, high=np.nan, by_baseline=False, reason=f"{version} {NO_ENTRY}: {analyte}"
        )
    abnormal = _abnormal(scale, rows)
    known = rows.assign(reference=rows["own"].where(abnormal))
    low, high = ends(scale, known)
    needed = {"ULN": rows["upper"], "LLN": rows["lower"], "": pd.Series(1.0, index=rows.index)}[scale.relative_to]
    unknown = rows["below"] & rows["limit"].isna() & (rows["problem"] == "")
    reason = rows["problem"].mask(unknown, NO_LIMIT)
    unlimited = ~(needed > 0) & (low < HIGHEST) & (reason == "")
    reason = reason.mask(unlimited, NO_ULN if scale.relative_to == "ULN" else NO_LLN)
    return known.assign(term=scale.term, low=low, high=high, by_baseline=abnormal, reason=reason)


def _abnormal(scale: Scale, rows: pd.DataFrame) -> pd.Series:
    """Which later values are graded by their own baseline, because it lay beyond the limit of the laboratory."""
    if scale.abnormal is None:
        return pd.Series(False, index=rows.index)
    low = scale.direction == "below"
    own = ratio(rows["own"], rows["lower" if low else "upper"])
    return pd.Series(own < 1 if low else own > 1, index=rows.index) & ~rows["baseline"]


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
    return pd.DataFrame(columns=[*GRADE_COLUMNS, "by_baseline", "reason"]).astype(
        {"by_baseline": bool, "after": bool, "baseline": bool}
    )
