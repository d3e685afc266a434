"""The course of one patient of the complete cohort: baseline, response, progression, death, from which all sheets
follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

PRODUCTS: Final = ("Product A", "Product B")


@dataclass
class Course:
    """What happened to one patient; days since the first infusion."""

    patient: str
    baseline: dict[str, object]
    best: int  # place in LADDER; -1 = no response
    progression: int | None
    death: int | None
    cause: str
    end: int  # last day alive or of death
    second: int | None = None  # day of the second infusion
    crs: int = 0
    crs_days: tuple[int, int] = (0, 0)
    icans: int = 0
    peak: float = 0.0
    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: str, **row: object) -> None:
        self.tables.setdefault(table, []).append({"patient_id": self.patient, **row})

    @property
    def infusions(self) -> dict[int, int]:
        """The day of each infusion."""
        return {1: 0} if self.second is None else {1: 0, 2: self.second}

    @property
    def until(self) -> int:
        """The last day before progression or the end."""
        return self.end if self.progression is None else self.progression


def pick(draw: np.random.Generator, choices: Sequence[object], p: Sequence[float] | None = None) -> object:
    return choices[int(draw.choice(len(choices), p=p))]


def drawn_course(draw: np.random.Generator, patient: str, product: str) -> Course:
    """Hazards: extramedullary disease and high-risk cytogenetics shorten, Product B lengthens remission."""
    baseline = _baseline(draw, product)
    factors = {"emd": 2.1, "high_risk_cytogenetics": 1.5}
    hazard = float(np.prod([factor for name, factor in factors.items() if baseline[name] == "yes"]))
    hazard *= 0.6 if product == PRODUCTS[1] else 1
    followed = int(draw.integers(200, 1100))
    responds = draw.random() < 1 - 0.12 * hazard
    relapse = 120 + draw.weibull(1.2) * 620 / hazard if responds else float(draw.integers(32, 70))
    of_myeloma = relapse + 40 + draw.exponential(420)
    of_infection = draw.exponential(6500) + 25
    death = min(of_myeloma, of_infection)
    end = int(min(death, followed))
    progression = int(relapse) if relapse < end - 7 else None
    best = -1
    if responds:  # a response needs time to deepen
        best = _number(draw, (0.12, 0.23, 0.2, 0.45)) if min(relapse, end) > 100 else 0
    cause = "infection" if of_infection < of_myeloma else "myeloma"
    course = Course(patient, baseline, best, progression, end if death <= followed else None, cause, end)
    _react(course, draw, product)
    if progression is not None and end - progression > 240 and draw.random() < 0.45:
        course.second = progression + int(draw.integers(35, 75))
    return course


def _baseline(draw: np.random.Generator, product: str) -> dict[str, object]:
    emd, risk = draw.random() < 0.3, draw.random() < 0.4
    yes_no = {True: "yes", False: "no"}
    return {
        "arm": product,
        "age_years": int(np.clip(draw.normal(63, 8), 41, 79)),
        "sex": pick(draw, ("F", "M"), (0.43, 0.57)),
        "emd": yes_no[emd],
        "high_risk_cytogenetics": yes_no[risk],
        "prior_lines": pick(draw, ("3", "4", "5", ">=6"), (0.3, 0.3, 0.2, 0.2)),
        "prior_imid": "yes",
        "prior_asct": yes_no[draw.random() < 0.75],
        "kps_below_60": yes_no[draw.random() < 0.1],
        "disease_status": pick(draw, ("PD", "SD", "PR"), (0.6, 0.2, 0.2)),
        "iss_stage": pick(draw, ("I", "II", "III"), (0.35, 0.4, 0.25)),
        "triple_class_refractory": yes_no[draw.random() < 0.7],
        "ldh": round(float(draw.lognormal(5.4 + 0.25 * emd, 0.3))),
    }


def _react(course: Course, draw: np.random.Generator, product: str) -> None:
    """Expansion, CRS and ICANS."""
    course.peak = float(10 ** draw.normal(4.5 + 0.18 * course.best + 0.15 * (product == PRODUCTS[1]), 0.3))
    course.crs = _number(draw, (0.12, 0.5, 0.28, 0.1))
    onset = int(draw.integers(1, 8) if product == PRODUCTS[0] else draw.integers(4, 10))
    course.crs_days = (onset, onset + int(draw.integers(2, 7)))
    course.icans = _number(draw, (0.55, 0.25, 0.15, 0.05)) if course.crs >= 2 else int(draw.random() < 0.05)


def _number(draw: np.random.Generator, p: Sequence[float]) -> int:
    return int(draw.choice(len(p), p=p))
