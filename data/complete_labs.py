"""The sheet Labs of the complete cohort: blood counts, inflammation, chemistry and M-protein over time, and the
cytopenias they make."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

COUNTED: Final = (-6, 0, 3, 7, 10, 14, 21, 28, 42, 61, 91, 183, 365)
INFLAMED: Final = (-6, 0, 2, 4, 6, 8, 10, 14, 21, 28)
FOLLOWED: Final = (-6, 28, 61, 91, 183, 274, 365, 548, 730)
LEFT: Final = {-1: 0.8, 0: 0.3, 1: 0.05, 2: 0.0, 3: 0.0}  # share of M-protein at the best response
MOST_ENZYME: Final = 110
Row = dict[str, object]


@dataclass(frozen=True)
class Count:
    """`lowest` is the range of the lowest value, its logarithm drawn evenly; `grades` the limits below which grades 1
    to 4 begin (CTCAE v5)."""

    test: str
    unit: str
    limits: tuple[float, float]
    usual: tuple[float, float]
    lowest: tuple[float, float]
    term: str
    grades: tuple[float, ...]
    digits: int
    days: float  # of recovery


CELLS: Final = "10^9/L"
COUNTS: Final = (
    Count("neutrophils", CELLS, (1.8, 6.3), (2.2, 4.5), (0.15, 1.2), "Neutropenia", (1.8, 1.5, 1.0, 0.5), 2, 18),
    Count("lymphocytes", CELLS, (1.1, 3.2), (0.7, 1.6), (0.03, 0.3), "Lymphopenia", (1.1, 0.8, 0.5, 0.2), 2, 25),
    Count("platelets", CELLS, (150, 350), (110, 230), (18, 110), "Thrombocytopenia", (150, 75, 50, 25), 0, 24),
    Count("haemoglobin", "g/L", (120, 155), (95, 125), (70, 95), "Anaemia", (120, 100, 80), 0, 40),
)


def lab_rows(
    woman: bool,
    until: int,
    best: int,
    progression: int | None,
    crs: tuple[int, tuple[int, int]],
    draw: np.random.Generator,
) -> list[Row]:
    """All values of one patient until progression or the end of follow-up."""
    rows: list[Row] = []
    for count in COUNTS:
        limits = (130.0, 175.0) if count.test == "haemoglobin" and not woman else count.limits
        rows += _written(count.test, count.unit, limits, COUNTED, until, _fall(count, draw), count.digits)
    grade, (first, last) = crs
    for test, unit, high, usual, peak in (
        ("CRP", "mg/L", 5, 4, 35),
        ("ferritin", "µg/L", 400, 250, 700),
        ("IL-6", "pg/mL", 7, 4, 60),
    ):
        top = usual * draw.uniform(0.7, 2) + peak * grade * draw.uniform(0.6, 1.6)
        rows += _written(test, unit, (None, high), INFLAMED, until, _rise(usual, top, (first + last) / 2, draw), 1)
    for test in ("ALT", "AST"):
        rows += _written(
            test,
            "U/L",
            (7, 40),
            COUNTED,
            until,
            _rise(draw.uniform(15, 30), draw.uniform(25, MOST_ENZYME), 10, draw),
            0,
        )
    rows += _written(
        "creatinine",
        "µmol/L",
        (45, 104),
        COUNTED,
        until,
        _rise(draw.uniform(55, 95), draw.uniform(60, 110), 8, draw),
        0,
    )
    return rows + _marker(until, best, progression, draw)


def cytopenias(rows: Sequence[Row]) -> Iterator[tuple[str, int, int, int]]:
    """Term, worst grade, first and last day of each cytopenia that began or grew worse after the infusion."""
    for count in COUNTS:
        values = {int(str(row["day"])): float(str(row["value"])) for row in rows if row["test"] == count.test}
        graded = {day: sum(value < limit for limit in count.grades) for day, value in values.items()}
        before = max(graded[day] for day in graded if day <= 0)
        if worse := [day for day in graded if graded[day] > before]:
            over = next((day for day in graded if day > worse[-1]), worse[-1])
            yield count.term, max(graded[day] for day in worse), worse[0], over


def _fall(count: Count, draw: np.random.Generator) -> Callable[[int], float]:
    """From the usual value down to the lowest in the second week and back."""
    usual, nadir = draw.uniform(*count.usual), draw.uniform(6, 13)
    lowest = np.exp(draw.uniform(*np.log(count.lowest)))
    back = draw.uniform(0.6, 1.6) * count.days

    def value(day: int) -> float:
        depth = np.clip((day + 4) / (nadir + 4), 0, 1) * np.exp(-max(0.0, day - nadir) / back)
        return float(
            np.exp(np.log(usual) + (np.log(min(lowest, usual)) - np.log(usual)) * depth + draw.normal(0, 0.05))
        )

    return value


def _rise(usual: float, top: float, at: float, draw: np.random.Generator) -> Callable[[int], float]:
    """A bump around one day."""
    return lambda day: float(
        (usual + max(0.0, top - usual) * np.exp(-(((day - at) / 5) ** 2)) * (day > 0)) * np.exp(draw.normal(0, 0.08))
    )


def _written(
    test: str,
    unit: str,
    limits: tuple[float | None, float | None],
    days: Sequence[int],
    until: int,
    value: Callable[[int], float],
    digits: int,
) -> list[Row]:
    return [
        {
            "day": day,
            "test": test,
            "value": round(value(day), digits) if digits else round(value(day)),
            "unit": unit,
            "lower_limit": limits[0],
            "upper_limit": limits[1],
            "baseline": "yes" if day < 0 else "no",
        }
        for day in days
        if day <= until
    ]


def _marker(until: int, best: int, progression: int | None, draw: np.random.Generator) -> list[Row]:
    """M-protein: down to what the best response leaves, and at progression up by more than a quarter and 5 g/L; below
    0.5 not measurable."""
    first, left = draw.uniform(12, 48), LEFT[best] * draw.uniform(0.8, 1.2)
    steps = {28: max(left, 0.4 if best == 0 else 0.25 if best > 0 else left), 61: max(left, 0.06 if best > 0 else left)}
    found = {day: first * (1 if day < 0 else steps.get(day, left)) for day in FOLLOWED if day < until}
    if progression is not None:
        found[progression] = max(first * max(left, 0.02) * 1.6, first * left + 6)
    return [
        {
            "day": day,
            "test": "M-protein",
            "value": "<0.5" if value < 0.5 else round(float(value), 1),
            "unit": "g/L",
            "baseline": "yes" if day < 0 else "no",
        }
        for day, value in found.items()
    ]
