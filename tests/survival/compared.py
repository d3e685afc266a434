"""Cohorts whose groups came about after the infusion, and the analyses of them."""

from functools import cache

import numpy as np
import pandas as pd
from golden.cohorts import arms, by, cohort, example, follow_up, selected
from golden.reference import HERE, RECONSTRUCTION

from lib.cohort.time_unit import DAYS_PER
from lib.derived.exposure import BecameKnown, exposure_of
from lib.survival.kaplan_meier import PLAIN
from lib.survival.landmark import dropped_table, landmark_figure, landmark_survival, landmark_table
from lib.survival.regrouping import EndpointChoice
from lib.survival.time_dependent import dependent_figure, dependent_survival
from lib.survival.time_zero import TimeZeroResult, naive_survival, time_zero_table

MONTH = DAYS_PER["months"]
LATE = (("synthetic", None, "yes"), ("time_unit", None, "days"), ("group_by", None, "arm"), ("known_at", "arm", 60))


def three_analyses(cohort, chosen, grouping, known, days=MONTH) -> TimeZeroResult:
    """The three analyses of the selected cohort; the landmark is given in days."""
    return TimeZeroResult(
        known,
        naive_survival(cohort, chosen, known, grouping),
        landmark_survival(cohort, chosen, known, grouping, days),
        dependent_survival(cohort, chosen, known, grouping),
    )


def time_zero_exhibits(result, look=PLAIN):
    """Every exhibit of the three analyses."""
    yield time_zero_table(result)
    yield landmark_figure(result.landmark, look)
    yield landmark_table(result.landmark)
    if len(result.landmark.dropped):
        yield dropped_table(result.landmark)
    yield dependent_figure(result.dependent, look)


def of_example(endpoint="os", days=MONTH, unit="months", known=None) -> TimeZeroResult:
    """The example, by its arm unless something else became known."""
    made, split = selected(example()), by(example())
    found = known or exposure_of(made, split)
    assert isinstance(found, BecameKnown), found
    return three_analyses(made, EndpointChoice(endpoint, unit), split, found, days)


def known_on(days, **more) -> BecameKnown:
    """Pomalidomide known of the example's patients on these days (a number for each patient, NaN = never)."""
    patients = selected(example()).patients
    return BecameKnown(
        "Pomalidomide", pd.Series(np.asarray(days, float), index=patients.index), others="Control", **more
    )


def in_months() -> BecameKnown:
    """The months of starting in which R's reference numbers count, as days that no workbook can hold."""
    start = pd.read_csv(RECONSTRUCTION.with_name("patients.csv")).set_index("patient_id")["maintenance_start_month"]
    return known_on(start.reindex(selected(example()).patients["patient_id"]).to_numpy() * MONTH)


def final_arm() -> BecameKnown:
    """The arm as it ended up, at every landmark."""
    arm = selected(example()).patients["arm"]
    return known_on(np.where(arm == "Pomalidomide", 0.0, np.nan))


@cache
def heart():
    """The Stanford heart transplants as a workbook of patients, endpoints and therapies."""
    rows = pd.read_csv(HERE / "heart_wide.csv")
    rows["id"] = [f"h{number:03d}" for number in rows["id"]]
    transplanted = rows["exposed"] == 1
    patients = arms(Transplant=list(rows["id"][transplanted]), Waiting=list(rows["id"][~transplanted]))
    times = {row.id: (row.futime, int(row.event)) for row in rows.itertuples()}
    therapies = [
        {"patient_id": row.id, "kind": "other", "therapy": "Transplant", "start_day": int(row.exposure_day)}
        for row in rows[transplanted].itertuples()
    ]
    return cohort(patients, LATE, endpoints=follow_up("os", **times), therapies=therapies)


def small(
    starts: dict[str, float | None], times: dict[str, tuple[float, int]], days=30.0, unit="days"
) -> TimeZeroResult:
    """A few patients, times in days; `starts` holds the day of "B" for whoever ever came into it (None = not
    stated)."""
    groups = {"A": [name for name in times if name not in starts], "B": list(starts)}
    courses = [
        {"patient_id": name, "kind": "maintenance", "therapy": "B", "start_day": day} for name, day in starts.items()
    ]
    nobody = [{"patient_id": "z", "kind": "maintenance", "therapy": "B", "start_day": 9}]  # outside the analysis set
    patients = [{**row, "analysis_set": "included"} for row in arms(**groups)]
    patients += [{"patient_id": "z", "arm": arm, "analysis_set": "excluded"} for arm in ("B",)]
    patients += [{"patient_id": "y", "arm": "A", "analysis_set": "excluded"}]
    made = cohort(patients, LATE, endpoints=follow_up("os", **times), therapies=[*courses, *nobody])
    part, split = selected(made), by(made)
    found = exposure_of(part, split)
    assert isinstance(found, BecameKnown), found
    return three_analyses(part, EndpointChoice("os", unit), split, found, days)
