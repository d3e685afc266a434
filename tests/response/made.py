"""Made cohorts with responses and values of M-protein, and the results of the example."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from golden.cohorts import STUDY, arms, as_workbook, by, cohort, example, follow_up, selected
from make_cohort import synthetic_cohort
from workbook import Rows

from lib.cohort.model import Cohort
from lib.intake.draft import read_workbook
from lib.response.at_landmarks import LandmarkResult, landmark_responses
from lib.response.best_response import BestResponse, best_response

DEEPEST = {"sCR": 1.0, "CR": 0.99, "VGPR": 0.93, "PR": 0.7, "MR": 0.35, "SD": 0.1, "PD": -0.3}


def assessed(
    *rows: tuple[str, float | None, str | None, str | None] | tuple[str, float | None, str],
) -> list[dict[str, object]]:
    """Rows of Responses: ("a1", 28, "PR") or ("a1", 28, "CR", "negative")."""
    return [dict(zip(("patient_id", "day", "response", "mrd"), row, strict=False)) for row in rows]


def measured(
    *rows: tuple[str, float | None, object], test: str = "M-protein", unit: str = "g/L"
) -> list[dict[str, object]]:
    """Rows of Labs: ("a1", 0, 32) or ("a1", 28, "<1")."""
    return [
        {"patient_id": patient, "day": day, "test": test, "value": value, "unit": unit} for patient, day, value in rows
    ]


def made(groups: dict[str, Sequence[str]], responses: Rows = (), **tables: Rows) -> Cohort:
    """A cohort of these arms, known before infusion."""
    return cohort(arms(**groups), STUDY, responses=list(responses), **tables)


def followed(**times: tuple[float, int]) -> list[dict[str, object]]:
    """Rows of Endpoints in months: overall survival."""
    return follow_up("os", **times)


@cache
def example_best(*where: str) -> BestResponse:
    opened = selected(example(), *where)
    return best_response(opened, by(opened))


@cache
def example_landmarks(carried: bool = False) -> LandmarkResult:
    opened = selected(example())
    return landmark_responses(opened, by(opened), carried=carried)


@cache
def with_m_protein(n: int, seed: int = 1) -> Cohort:
    """The synthetic cohort with M-protein and lambda FLC drawn to fit its responses."""
    return read_workbook(as_workbook(m_protein_rows(n, seed)), "m_protein.xlsx")


def m_protein_rows(n: int, seed: int = 1) -> dict[str, Rows]:
    """Its rows."""
    tables = synthetic_cohort(n, seed)
    draw = np.random.default_rng(seed)
    labs = []
    for patient in [row["patient_id"] for row in tables["patients"]]:
        start = float(np.round(draw.uniform(8, 60), 1))
        labs.append((patient, -int(draw.integers(0, 7)), start))
        for row in tables["responses"]:
            if row["patient_id"] == patient:
                value = start * (1 - DEEPEST[str(row["response"])] * float(draw.uniform(0.9, 1.0)))
                labs.append((patient, row["day"], f"{value:.1f}" if value > 0.5 else "<0.5"))
    chains = [(patient, day, f"{float(str(value).strip('<')) * 20:.0f}") for patient, day, value in labs]
    return {**tables, "labs": [*measured(*labs), *measured(*chains, test="lambda FLC", unit="mg/L")]}
