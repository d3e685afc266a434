"""A made cohort of 16 patients with CRP, ferritin and neutrophils over days 0 to 28, in two arms."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from golden.cohorts import STUDY, arms, as_workbook, by, cohort, selected
from workbook import Rows

from lib.cohort.model import Cohort
from lib.intake.draft import read_workbook
from lib.labs.profile import LabResult, labs
from lib.labs.series import lab_series

DAYS = (0, 1, 3, 5, 7, 10, 14, 21, 28)
LIMITS = {"CRP": (0, 5), "ferritin": (30, 400), "ANC": (1.8, 7.7)}
UNITS = {"CRP": "mg/L", "ferritin": "µg/L", "ANC": "10^9/L"}


def rises_and_falls(day: int, peak: float) -> float:
    return float(np.exp(-((np.log((day + 1) / (peak + 1))) ** 2)))


@cache
def sixteen() -> Cohort:
    """The cohort as it is opened."""
    return read_workbook(as_workbook(sixteen_rows()), "labs.xlsx")


def sixteen_rows() -> dict[str, Rows]:
    """The rows of its workbook."""
    draw = np.random.default_rng(7)
    patients = {"Control": [f"c{n}" for n in range(8)], "Pomalidomide": [f"p{n}" for n in range(8)]}
    rows: list[dict[str, object]] = []
    for arm, ids in patients.items():
        high = 1.6 if arm == "Pomalidomide" else 1.0
        for patient in ids:
            own = float(np.exp(draw.normal(0, 0.4)))
            for day in DAYS:
                sampled = day + int(draw.integers(-1, 2)) if day > 7 else day
                bump = rises_and_falls(day, 5)
                crp = 2 + 120 * high * own * bump**2 * float(np.exp(draw.normal(0, 0.2)))
                amounts = {
                    "CRP": f"{crp:.1f}" if crp > 4 else "<4",
                    "ferritin": f"{300 * own * (1 + 8 * high * bump):.0f}",
                    "ANC": f"{4 * own * (1 - 0.95 * rises_and_falls(day, 8)):.2f}",
                }
                rows += [
                    {
                        "patient_id": patient,
                        "day": sampled,
                        "test": test,
                        "value": value,
                        "unit": UNITS[test],
                        "lower_limit": LIMITS[test][0],
                        "upper_limit": LIMITS[test][1],
                    }
                    for test, value in amounts.items()
                    if test != "ferritin" or day != 3
                ]
    settings = [{"setting": setting, "column": column, "value": value} for setting, column, value in STUDY]
    return {"study": settings, "patients": arms(**patients), "labs": rows}


def result(
    opened: Cohort, number: int = 0, grouping: str = "arm", *filters: str, by_visit: bool | None = None
) -> LabResult:
    """The labs of one series (its number in the order of the menu) of what these filters leave."""
    return labs(selected(opened, *filters), lab_series(opened)[number], by(opened, grouping), by_visit)


def with_labs(rows: Sequence[Mapping[str, object]], **groups: Sequence[str]) -> Cohort:
    """A cohort of arms with these rows of Labs; CRP in mg/L where nothing else is said."""
    said = [{"test": "CRP", "unit": "mg/L", **row} for row in rows]
    return cohort(arms(**(groups or {"A": ["a1", "a2", "a3"], "B": ["b1", "b2", "b3"]})), labs=said)
