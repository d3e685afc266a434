"""The sheet Labs of the pomalidomide cohort: synthetic blood counts and liver enzymes (seeded), drawn so that the
published counts hold.

Whoever has a cytopenia of grade 3 or more in source/patients.csv has a value of CTCAE v5 grade 3 (never 4, the grade
that the sheet "Adverse events" gives), which is over within a month; nobody else has one. Single values are not
published. Last samples of the six patients followed under pomalidomide: a median of 9 (7 to 21) months, as published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

SEED: Final = 20240801
DAYS: Final = (-7, 0, 4, 7, 10, 14, 21, 28, 35, 42, 49, 56)  # often at first, weekly for two months
MONTHS: Final = (3, 4, 5, 6)  # then monthly for four
LAST_MONTH: Final = {"P1": 12, "P2": 21, "P3": 9, "P4": 7, "P5": 8, "P6": 9}
RECOVERED_ON: Final = 28
DAYS_PER_MONTH: Final = 30.4375


@dataclass(frozen=True)
class Test:
    """`usual`: range of values before the infusion; `severe`, `mild`: range of the lowest value with and without grade
    3."""

    name: str
    unit: str
    limits: Mapping[str, tuple[float, float]]  # by sex
    usual: tuple[float, float]
    severe: tuple[float, float]
    mild: tuple[float, float]
    recovered: float  # no value is lower from day 28 on
    nadir_days: tuple[int, ...]
    digits: int
    column: str


def _both(low: float, high: float) -> dict[str, tuple[float, float]]:
    return {"F": (low, high), "M": (low, high)}


CELLS: Final = "10^9/L"
COUNTS: Final = (
    Test(
        "haemoglobin",
        "g/L",
        {"F": (115, 150), "M": (130, 175)},
        (92, 118),
        (66, 78),
        (82, 96),
        84,
        (10, 14),
        0,
        "anemia_ge3",
    ),
    Test(
        "neutrophils",
        CELLS,
        _both(1.8, 6.3),
        (2.1, 4.2),
        (0.55, 0.92),
        (1.05, 1.45),
        1.1,
        (7, 10),
        2,
        "neutropenia_ge3",
    ),
    Test(
        "lymphocytes",
        CELLS,
        _both(1.1, 3.2),
        (0.9, 1.6),
        (0.23, 0.46),
        (0.53, 0.75),
        0.55,
        (0, 4),
        2,
        "lymphopenia_ge3",
    ),
    Test("platelets", CELLS, _both(125, 350), (120, 230), (27, 47), (56, 98), 58, (10, 14), 0, "thrombocytopenia_ge3"),
)
ENZYMES: Final = ("ALT", "AST")
ENZYME_LIMITS: Final = (7, 40)


def lab_rows(patients: list[dict[str, str]]) -> Iterator[dict[str, object]]:
    """One row a patient, day and test; the baseline is the sample before lymphodepletion."""
    draw = np.random.default_rng(SEED)
    for row in patients:
        days = _days(row)
        for test in COUNTS:
            yield from _written(
                row, test.name, test.unit, test.limits[row["sex"]], days, _course(test, row, days, draw)
            )
        for name in ENZYMES:
            yield from _written(row, name, "U/L", ENZYME_LIMITS, days, _enzyme(days, draw))


def _days(row: dict[str, str]) -> list[int]:
    """Until the last sample of this patient, never after the last contact."""
    seen = int(float(row["os_months"]) * DAYS_PER_MONTH)
    last = LAST_MONTH.get(row["patient_id"])
    planned = [*DAYS, *(round(month * DAYS_PER_MONTH) for month in (*MONTHS, *((last,) if last else ())))]
    return sorted({day for day in planned if day <= seen})


def _course(test: Test, row: dict[str, str], days: list[int], draw: np.random.Generator) -> list[float]:
    """From the usual value down to the lowest on one day and back; from day 28 on above `recovered`."""
    severe = row[test.column] == "1"
    usual, lowest = draw.uniform(*test.usual), draw.uniform(*(test.severe if severe else test.mild))
    nadir = int(draw.choice(test.nadir_days))
    at = np.array(days, dtype=float)
    falling = np.clip((at + 3) / (nadir + 3), 0, 1)
    rising = np.exp(-np.clip(at - nadir, 0, None) / 16)
    noise = np.exp(draw.normal(0, 0.06, len(days)))
    level = np.exp(np.log(usual) + (np.log(lowest) - np.log(usual)) * falling * rising) * noise
    level = np.maximum(level, lowest)
    level[at >= RECOVERED_ON] = np.maximum(level[at >= RECOVERED_ON], test.recovered * draw.uniform(1.0, 1.15))
    level[at < 0] = usual
    level[at == nadir] = lowest
    return [round(float(value), test.digits) for value in level]


def _enzyme(days: list[int], draw: np.random.Generator) -> list[float]:
    """A small rise in the second week; none beyond three times the upper limit."""
    usual, peak = draw.uniform(14, 34), draw.uniform(1.0, 2.4)
    at = np.array(days, dtype=float)
    bump = np.exp(-(((at - 10) / 7) ** 2)) * (at > 0)
    noise = np.exp(draw.normal(0, 0.09, len(days)))
    return [round(float(value)) for value in np.minimum(usual * (1 + (peak - 1) * bump) * noise, 110)]


def _written(
    row: dict[str, str], test: str, unit: str, limits: tuple[float, float], days: list[int], values: list[float]
) -> Iterator[dict[str, object]]:
    for day, value in zip(days, values, strict=True):
        yield {
            "patient_id": row["patient_id"],
            "day": day,
            "test": test,
            "value": value,
            "unit": unit,
            "lower_limit": limits[0],
            "upper_limit": limits[1],
            "baseline": "yes" if day < 0 else "no",
        }
