"""How long counts stayed below a threshold after the infusion: nadir, and time to recovery with death before it
competing.

Who counts: whoever had a value below the threshold from day 0 to 90. Time runs from the first such value to the first
value at or above the threshold that the next one does not fall below again. Death within 30 days of the last value
competes; whoever has not recovered else is censored at the last value. Thresholds: neutrophils 0.5 and 1.0, platelets
20 and 50 x 10^9/L (CIBMTR; EHA/EBMT 2023).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort
from lib.derived.follow_up import death_days, followed
from lib.derived.lab_values import lab_values
from lib.labs.series import analyte
from lib.publication.number import short
from lib.publication.options import FollowUpOptions, choice
from lib.stats.competing_risks import IncidenceCurve, cumulative_incidence, incidence_at
from lib.stats.estimate import Estimate, Floats, TestResult
from lib.stats.log_rank import gray
from lib.stats.risk_sets import day_horizon, day_ticks

THRESHOLDS: Final = {"neutrophils": (1.0, 0.5), "platelets": (50.0, 20.0)}  # 10^9/L, the default first
WINDOW: Final = 90.0
DEATH_WITHIN: Final = 30.0
MILESTONES: Final = (7.0, 14.0, 30.0)
RECOVERED, DIED = 1, 2
HORIZONS: Final = (14.0, 30.0, 60.0, 90.0, 180.0, 365.0)
STEPS: Final = (2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 90.0, 180.0)
MOST_TICKS: Final = 8
HALF: Final = 0.5 - 1e-9


@dataclass(frozen=True)
class GroupRecovery:
    """One group: `n_measured` had values from day 0 to 90, `n_below` of them one below the threshold; the curve is of
    these."""

    name: str
    n_measured: int
    n_below: int
    curve: IncidenceCurve
    death: IncidenceCurve
    milestones: tuple[Estimate, ...]
    nadir: tuple[float, float, float] | None  # median, lowest, highest of all measured
    nadir_day: tuple[float, float, float] | None

    @property
    def median(self) -> float | None:
        """The time by which half had recovered; None where it is not reached."""
        return _first(self.curve.time, self.curve.incidence)

    @property
    def median_limits(self) -> tuple[float | None, float | None]:
        """Where the upper and the lower 95 % limit of the curve reach one half; None where they do not (Brookmeyer &
        Crowley 1982)."""
        return _first(self.curve.time, self.curve.high), _first(self.curve.time, self.curve.low)


@dataclass(frozen=True)
class Recovery:
    """`patients`: patient, group, nadir, nadir_day, fell (day; NaN = never below), recovered (day), time, cause (0, 1,
    2).

    `counts`: group, time, at_risk. The curves are over the whole follow-up, drawn to `horizon`.
    """

    analyte: str
    threshold: float
    grouping: Grouping
    patients: pd.DataFrame
    groups: tuple[GroupRecovery, ...]
    gray: TestResult
    horizon: float
    ticks: tuple[float, ...]
    counts: pd.DataFrame
    n_selected: int
    has_survival: bool

    @property
    def n(self) -> int:
        """How many had a value below the threshold."""
        return sum(group.n_below for group in self.groups)

    @property
    def n_measured(self) -> int:
        """How many had a value in the window."""
        return sum(group.n_measured for group in self.groups)


def _first(time: Floats, share: Floats) -> float | None:
    """The first time at which a curve has reached one half."""
    reached = time[share >= HALF]
    return float(reached[0]) if len(reached) else None


def recovery(cohort: Cohort, grouping: Grouping, analyte: str, threshold: float) -> Recovery:
    """The recovery of neutrophils or platelets (threshold in 10^9/L)."""
    daily = lowest_of_each_day(cohort, analyte)
    group = group_of(cohort, grouping)
    patients = _courses(daily, threshold)
    patients = _ended(patients.assign(group=patients["patient"].map(group).astype("object")), cohort)
    patients = patients[patients["group"].notna()].reset_index(drop=True)
    at_risk = patients[patients["fell"].notna()]
    time, cause, named = (at_risk[name].to_numpy() for name in ("time", "cause", "group"))
    horizon = day_horizon(time.astype(float), cause == RECOVERED, HORIZONS)
    ticks = day_ticks(horizon, STEPS, MOST_TICKS)
    counts = [(name, tick, int(np.sum(time[named == name] >= tick))) for name in grouping.names for tick in ticks]
    return Recovery(
        analyte,
        threshold,
        grouping,
        patients,
        tuple(_group(name, patients[patients["group"] == name]) for name in grouping.names),
        gray(time.astype(float), cause.astype(float), named.astype(object)),
        horizon,
        ticks,
        pd.DataFrame(counts, columns=["group", "time", "at_risk"]),
        cohort.n,
        "os" in cohort.endpoint_names,
    )


def lowest_of_each_day(cohort: Cohort, analyte: str) -> pd.DataFrame:
    """patient, day, amount: one row a patient and day from day 0 on; a value below a limit of detection counts as half
    of it."""
    rows = lab_values(cohort)
    rows = rows[(rows["analyte"] == analyte) & (rows["infusion"] == cohort.infusion) & (rows["day"] >= 0)]
    amount = rows["amount"].fillna((rows["limit"] / 2).where(rows["below"]))
    lowest = rows.assign(amount=amount).dropna(subset=["amount"]).groupby(["patient", "day"])["amount"].min()
    daily = pd.DataFrame({"amount": lowest}).reset_index()
    return daily.sort_values(["patient", "day"], kind="stable", ignore_index=True)


def _courses(daily: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """One row a patient with a value in the window: nadir and its day, when the count fell, recovered, and was last
    measured."""
    early = daily[daily["day"] <= WINDOW]
    lowest = (
        early.loc[early.groupby("patient")["amount"].idxmin()].set_index("patient")
        if len(early)
        else early.set_index("patient")
    )
    below = daily["amount"] < threshold
    fell = daily[below & (daily["day"] <= WINDOW)].groupby("patient")["day"].min()
    again = below.groupby(daily["patient"]).shift(-1, fill_value=False).astype(bool)
    lasting = ~below & ~again & (daily["day"] > daily["patient"].map(fell).astype(float))
    table = pd.DataFrame({"nadir": lowest["amount"], "nadir_day": lowest["day"]})
    table["fell"] = fell
    table["recovered"] = daily[lasting].groupby("patient")["day"].min()
    table["last"] = daily.groupby("patient")["day"].max()
    return table.astype(float).rename_axis("patient").reset_index()


def _ended(patients: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    died = patients["patient"].map(death_days(cohort)).astype(float) if "os" in cohort.endpoint_names else np.nan
    recovered = patients["recovered"].notna()
    competing = ~recovered & (died - patients["last"] <= DEATH_WITHIN)
    cause = np.where(recovered, RECOVERED, np.where(competing, DIED, 0))
    until = patients["recovered"].where(recovered, patients["last"].mask(competing, died))
    return patients.assign(cause=np.where(patients["fell"].notna(), cause, np.nan), time=until - patients["fell"])


def _group(name: str, patients: pd.DataFrame) -> GroupRecovery:
    fell = patients[patients["fell"].notna()]
    curves = cumulative_incidence(fell["time"].to_numpy(float), fell["cause"].to_numpy(float), causes=(RECOVERED, DIED))
    reached = tuple(incidence_at(curves[RECOVERED], day) for day in MILESTONES)
    spread = tuple(_spread(patients[column]) for column in ("nadir", "nadir_day"))
    return GroupRecovery(name, len(patients), len(fell), curves[RECOVERED], curves[DIED], reached, *spread)


def _spread(values: pd.Series) -> tuple[float, float, float] | None:
    return (float(values.median()), float(values.min()), float(values.max())) if len(values) else None


def thresholds(analysis: Analysis, slug: str | None) -> dict[str, str]:
    """The thresholds to which a count can recover, the usual one first."""
    return {short(each): short(each) for each in THRESHOLDS.get(analyte(analysis, slug), ())}


@dataclass(frozen=True)
class RecoveryOptions(FollowUpOptions):
    """Which threshold counts have to reach."""

    threshold: str = choice(None, thresholds, "Recovery to, × 10⁹/L", each_variant=True)


def _computed(analysis: Analysis, slug: str, threshold: str, until: bool) -> Recovery:
    cohort = followed(analysis, until).cohort
    return recovery(cohort, analysis.grouping, analyte(analysis, slug), float(threshold))


def recovered(analysis: Analysis, slug: str, options: RecoveryOptions) -> Recovery:
    """Nadir of a count and the time until it came back above the threshold."""
    return analysis.result(_computed, slug, options.threshold, options.until_next)


def recovers(analysis: Analysis, slug: str, _options: Any = None) -> bool:
    """Whether recovery is defined for this test."""
    return analyte(analysis, slug) in THRESHOLDS
