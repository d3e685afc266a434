"""The laboratory values of a cohort under one name and in one unit a test, whatever they are called and written in.

Values, limits of detection and reference limits are converted together (see lib/cohort/analyte.py for names and
factors). What cannot be converted stays in the frame with its reason; tests of no known analyte are not in it.

Before the infusion counts the value marked as baseline, else the last on day 0 or before; one below its limit as half
the limit. Values were followed until the last day on which a patient has any.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analyte import analyte_of, factor_of
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort, kept
from lib.cohort.time_unit import DAYS_PER
from lib.derived.follow_up import patient_index
from lib.stats.estimate import Floats, Names
from lib.stats.small_samples import significant

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
