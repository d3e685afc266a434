"""Invented points through the printed values of the lenalidomide case, drawn with a seed: for pictures, never for
inference.

Each curve is a line between knots (on the logarithm where amounts span decades) that goes through every printed value,
with a little noise elsewhere. Nothing invented is higher than a printed peak.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

SEED: Final = 20210504
COPIES, CELLS = "copies/µg DNA", "% of T cells"
Row = dict[str, object]
Knots = dict[int, float]

LLOQ: Final = 10.0
COURSES: Final[tuple[tuple[int, str, str, str, Knots, tuple[int, ...]], ...]] = (  # knots; the days that are sampled
    (2, "blood", "qPCR", COPIES, {1: 331.43, 6: 1.16e4, 14: 2100, 28: 260, 56: 40}, (1, 4, 6, 8, 11, 14, 21, 28, 56)),
    (2, "blood", "flow", CELLS, {1: 0.05, 6: 6.91, 14: 1.4, 28: 0.2}, (1, 4, 6, 8, 11, 14, 21, 28)),
    (
        3,
        "blood",
        "qPCR",
        COPIES,
        {1: 32.71, 5: 1.47e5, 9: 9e4, 14: 3.6e4, 28: 8e3, 60: 600, 150: 45, 270: 4},
        (1, 3, 5, 7, 9, 11, 14, 21, 28, 42, 60, 90, 150, 270),
    ),
    (
        3,
        "blood",
        "flow",
        CELLS,
        {1: 0.02, 5: 52.5, 9: 41, 14: 24, 28: 8, 60: 0.9, 150: 0.1},
        (1, 3, 5, 7, 9, 11, 14, 21, 28, 60, 90, 150),
    ),
    (3, "marrow", "qPCR", COPIES, {7: 9000, 14: 4.81e4, 28: 1.2e4, 60: 900, 150: 60}, (7, 14, 28, 60, 90, 150)),
    (3, "marrow", "flow", CELLS, {7: 6.0, 14: 27.4, 28: 9.0, 60: 1.1, 150: 0.1}, (7, 14, 28, 60, 90, 150)),
)
DAILY: Final = tuple(range(0, 15))
COUNTED: Final = (-4, 0, 2, 4, 5, 7, 9, 11, 14, 17, 21, 28, 42, 60, 90, 150, 270)
FOLLOWED: Final = (-7, 7, 14, 28, 60, 90, 120, 152, 210, 244, 274)
Curve = tuple[int, str, str, Knots, tuple[int, ...], tuple[float | None, float | None], bool]
CURVES: Final[tuple[Curve, ...]] = (  # infusion, test, unit, knots, days, limits of reference, on the logarithm
    (2, "Temperature", "°C", {0: 36.8, 1: 37.9, 2: 38.5, 4: 37.4, 14: 36.6}, DAILY, (None, 37.3), False),
    (3, "Temperature", "°C", {0: 38.6, 2: 39.1, 4: 39.5, 6: 38.2, 7: 37.0, 14: 36.6}, DAILY, (None, 37.3), False),
    (3, "IL-6", "pg/mL", {0: 9, 4: 119.8, 7: 30, 14: 6}, (0, 1, 2, 3, 4, 5, 6, 7, 10, 14), (None, 7.0), True),
    (3, "IFN-γ", "pg/mL", {0: 4, 5: 310, 9: 40, 14: 6}, (0, 1, 3, 4, 5, 6, 7, 10, 14), (None, None), True),
    (3, "Granzyme B", "pg/mL", {0: 18, 5: 540, 9: 130, 14: 30}, (0, 1, 3, 4, 5, 6, 7, 10, 14), (None, None), True),
    (3, "CRP", "mg/L", {0: 14, 5: 121, 9: 30, 14: 5}, (0, 1, 2, 3, 4, 5, 6, 7, 10, 14), (None, 10.0), True),
    (3, "WBC", "10^9/L", {-4: 2.6, 0: 1.4, 5: 2.1, 9: 1.1, 14: 1.6, 28: 2.8, 270: 4.6}, COUNTED, (3.5, 9.5), True),
    (3, "ALC", "10^9/L", {-4: 0.7, 0: 0.24, 5: 1.2, 9: 0.3, 14: 0.6, 28: 0.9, 270: 1.6}, COUNTED, (1.1, 3.2), True),
    (3, "ANC", "10^9/L", {-4: 1.4, 0: 0.8, 5: 0.4, 9: 0.15, 14: 0.6, 28: 1.5, 270: 2.6}, COUNTED, (1.8, 6.3), True),
    (3, "Platelets", "10^9/L", {-4: 62, 0: 45, 5: 26, 9: 15, 14: 31, 28: 70, 270: 138}, COUNTED, (125, 350), True),
    (3, "Haemoglobin", "g/L", {-4: 84, 0: 77, 9: 68, 14: 74, 28: 88, 270: 112}, COUNTED, (130, 175), False),
    (3, "M-protein", "g/L", {-7: 6.4, 7: 2.0, 14: 0.1, 152: 0.1, 210: 0.3, 274: 2.1}, FOLLOWED, (None, None), True),
    (
        3,
        "Lambda light chain",
        "g/L",
        {-7: 21.0, 7: 6.0, 14: 0.9, 28: 0.2, 152: 0.1, 210: 0.4, 274: 3.2},
        FOLLOWED,
        (None, None),
        True,
    ),
)
LIMITS: Final = {"M-protein": 0.2, "Lambda light chain": 0.15}  # below them: "negative"
EVENT_DAYS: Final = {
    "Fever": (1, 3),
    "Neutropenia": (4, 15),
    "Leukopenia": (0, 16),
    "Lymphopenia": (0, 13),
    "Thrombocytopenia": (4, 19),
    "Anemia": (4, 24),
}
NOISE: Final = 0.06  # on the logarithm
NOISE_OF_LEVELS: Final = 0.12  # in °C or g/L


def invented_kinetics(printed: Sequence[Row]) -> list[Row]:
    """The printed rows with invented ones between; a printed peak without a day gets the day of its invented curve."""
    draw = np.random.default_rng(SEED)
    rows = []
    for infusion, specimen, assay, unit, knots, days in COURSES:
        known = _by_day(printed, infusion=infusion, specimen=specimen, assay=assay)
        if None in known:
            known[max(knots, key=lambda day: knots[day])] = known.pop(None)
        common = {"infusion": infusion, "specimen": specimen, "assay": assay, "unit": unit}
        for day, value in _curve(knots, days, True, draw).items():
            below = unit == COPIES and value < LLOQ
            said = f"<{LLOQ:g}" if below else float(f"{value:.3g}")
            row = known.get(day, {"value": said, "origin": "invented"})
            rows.append({**common, **row, "day": day, "lloq": LLOQ if unit == COPIES else None})
    return rows


def invented_labs(printed: Sequence[Row]) -> list[Row]:
    """The printed rows with invented ones of every curve; the maxima of temperature stand on invented days."""
    draw = np.random.default_rng(SEED + 1)
    rows: list[Row] = [dict(row) for row in printed if row["test"] != "Temperature"]
    for infusion, test, unit, knots, days, (low, high), log in CURVES:
        known = _by_day(printed, infusion=infusion, test=test)
        for day, value in _curve(knots, days, log, draw).items():
            if day in known and test != "Temperature":
                continue
            limit = LIMITS.get(test, 0.0)
            said = f"<{limit:g}" if value < limit else float(f"{value:.3g}")
            origin = "printed" if test == "Temperature" and value == max(knots.values()) else "invented"
            rows.append(
                {
                    "infusion": infusion,
                    "day": day,
                    "test": test,
                    "value": said,
                    "unit": unit,
                    "origin": origin,
                    "lower_limit": low,
                    "upper_limit": high,
                }
            )
    return [_with_limit(row) for row in rows]


def invented_events(printed: Sequence[Row]) -> list[Row]:
    """The printed events; those whose days are not printed get invented ones."""
    rows = []
    for row in printed:
        start, stop = EVENT_DAYS.get(str(row["term"]), (row.get("start_day"), row.get("stop_day")))
        rows.append({**row, "start_day": start, "stop_day": stop})
    return rows


def _curve(knots: Knots, days: Sequence[int], log: bool, draw: np.random.Generator) -> Knots:
    """The value of each day: that of its knot, else between knots with noise, never beyond the highest knot."""
    at = np.array(list(knots), dtype=float)
    amounts = np.array(list(knots.values()))
    between = np.interp(days, at, np.log(amounts) if log else amounts)
    noise = draw.normal(0, NOISE if log else NOISE_OF_LEVELS, len(days))
    values = np.exp(between + noise) if log else between + noise
    top = float(amounts.max()) * (0.97 if log else 0.999)
    return {day: knots.get(day, min(float(value), top)) for day, value in zip(days, values, strict=True)}


def _by_day(printed: Sequence[Row], **same: object) -> dict[object, Row]:
    return {row.get("day"): dict(row) for row in printed if all(row[name] == value for name, value in same.items())}


def _with_limit(row: Row) -> Row:
    """What is printed as "negative" stands below the limit of the invented assay."""
    return {**row, "value": f"<{LIMITS[str(row['test'])]:g}"} if row["value"] == "BLQ" else row
