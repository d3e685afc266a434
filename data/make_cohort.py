"""Makes a synthetic cohort workbook of any size, for tests, pictures and benchmarks: python data/make_cohort.py
--patients 60 --seed 1

Three arms, 10 % of the baseline values missing, tied times, two infusions in some, non-expanders, every event type.
Nothing in it describes a real patient; the workbook says so.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
from workbook import HERE, Rows, write_workbook

ARMS: Final = ("No maintenance", "Lenalidomide", "Pomalidomide")
SAMPLING_DAYS: Final = (0, 1, 3, 5, 7, 10, 14, 21, 28, 60, 90, 120, 180)
DAYS_PER_MONTH: Final = 30.4375
LLOQ: Final = 50
TERMS: Final = (
    ("CRS", "ASTCT 2019", 0.75),
    ("ICANS", "ASTCT 2019", 0.15),
    ("Neutropenia", "CTCAE v5", 0.85),
    ("Anemia", "CTCAE v5", 0.6),
    ("Thrombocytopenia", "CTCAE v5", 0.5),
    ("Infection", "CTCAE v5", 0.35),
    ("Fatigue", "CTCAE v5", 0.3),
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--patients", type=int, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, default=None, help="default: data/synthetic_N_S.xlsx")
    options = asked.parse_args()
    path = options.out or HERE / f"synthetic_{options.patients}_{options.seed}.xlsx"
    write_workbook(path, synthetic_cohort(options.patients, options.seed))
    print(path)


def synthetic_cohort(n: int, seed: int) -> dict[str, Rows]:
    """The rows of every table, for `n` patients."""
    draw = np.random.default_rng(seed)
    tables: dict[str, list[dict[str, object]]] = {
        name: []
        for name in (
            "patients",
            "infusions",
            "endpoints",
            "responses",
            "adverse_events",
            "therapies",
            "kinetics",
            "labs",
        )
    }
    for number in range(1, n + 1):
        _add_patient(tables, draw, f"SYN-{number:04d}")
    study = [
        {"setting": setting, "column": column, "value": value}
        for setting, column, value in (
            ("title", None, f"Synthetic cohort of {n} patients"),
            ("synthetic", None, "yes"),
            ("note", None, f"synthetic, drawn with seed {seed}"),
            ("time_unit", None, "months"),
            ("group_by", None, "arm"),
            ("order", "arm", "; ".join(ARMS)),
            ("reference", "arm", ARMS[0]),
            ("known_at", "arm", "30"),
            ("known_at", "ldh", "before"),
            ("unit", "ldh", "U/L"),
        )
    ]
    return {"study": study, **tables}


def _add_patient(tables: dict[str, list[dict[str, object]]], draw: np.random.Generator, patient: str) -> None:
    arm = str(draw.choice(ARMS))
    progression, death = draw.exponential(14 + 6 * ARMS.index(arm)), draw.exponential(40)
    followed = float(draw.uniform(3, 48))
    end = min(death, followed)
    progressed, died = progression < end, death <= followed
    ttp, os = (max(0.5, round(value * 2) / 2) for value in (min(progression, end), end))  # half months: many ties
    os = max(os, ttp)
    expands = draw.random() > 0.08
    tables["patients"].append(_baseline(draw, patient, arm))
    tables["infusions"].append(
        {
            "patient_id": patient,
            "infusion": 1,
            "day": 0,
            "product": "CAR T cells",
            "dose": round(float(draw.uniform(1, 6)), 1),
            "dose_unit": "10^6/kg",
        }
    )
    common = {"patient_id": patient, "unit": "months"}
    lost = "lost to follow-up" if draw.random() < 0.2 else "alive at data cut-off"
    tables["endpoints"] += [
        {
            **common,
            "endpoint": "pfs",
            "time": ttp if progressed else os,
            "event": int(progressed or died),
            "cause": "progression" if progressed else None,
        },
        {
            **common,
            "endpoint": "os",
            "time": os,
            "event": int(died),
            "cause": str(draw.choice(["myeloma", "infection"])) if died else None,
            "censoring_reason": None if died else lost,
        },
    ]
    _add_course(tables, draw, patient, arm, ttp if progressed else None, os, bool(expands))
    _add_kinetics(tables, draw, patient, 1, bool(expands), os)
    if draw.random() < 0.1 and os > 8:
        tables["infusions"].append(
            {"patient_id": patient, "infusion": 2, "day": round(os * 0.6 * DAYS_PER_MONTH), "product": "CAR T cells"}
        )
        _add_kinetics(tables, draw, patient, 2, True, os * 0.4)


def _baseline(draw: np.random.Generator, patient: str, arm: str) -> dict[str, object]:
    row: dict[str, object] = {
        "age_years": int(draw.integers(38, 80)),
        "sex": str(draw.choice(["F", "M"])),
        "emd": str(draw.choice(["yes", "no"], p=[0.35, 0.65])),
        "high_risk_cytogenetics": str(draw.choice(["yes", "no"])),
        "prior_lines": str(draw.choice(["2", "3", "4", ">=5"])),
        "prior_asct": str(draw.choice(["yes", "no"], p=[0.7, 0.3])),
        "kps_below_60": str(draw.choice(["yes", "no"], p=[0.2, 0.8])),
        "iss_stage": str(draw.choice(["I", "II", "III"])),
        "ldh": round(float(draw.lognormal(5.4, 0.4)), 0),
    }
    return {
        "patient_id": patient,
        "arm": arm,
        **{name: None if draw.random() < 0.1 else value for name, value in row.items()},
    }


def _add_course(
    tables: dict[str, list[dict[str, object]]],
    draw: np.random.Generator,
    patient: str,
    arm: str,
    progression: float | None,
    os: float,
    expands: bool,
) -> None:
    best = int(draw.integers(0, 4)) if expands else 6
    ladder = ["sCR", "CR", "VGPR", "PR", "MR", "SD", "SD"]
    last = progression if progression is not None else os
    for visit, month in enumerate((1, 3, 6, 12, 24)):
        if month < last and draw.random() > 0.07:
            seen = ladder[min(5, max(best, 3 - visit))]
            tables["responses"].append({"patient_id": patient, "day": round(month * DAYS_PER_MONTH), "response": seen})
    if progression is not None:
        tables["responses"].append(
            {"patient_id": patient, "day": round(progression * DAYS_PER_MONTH), "response": "PD"}
        )
    for term, system, share in TERMS:
        if draw.random() < share:
            start = int(draw.integers(0, 14))
            grade = None if draw.random() < 0.05 else int(draw.choice([1, 2, 3, 4], p=[0.35, 0.3, 0.25, 0.1]))
            tables["adverse_events"].append(
                {
                    "patient_id": patient,
                    "term": term,
                    "grade": grade,
                    "grading_system": system,
                    "start_day": start,
                    "stop_day": start + int(draw.integers(2, 30)),
                }
            )
    if arm != ARMS[0] and last > 1.5:
        tables["therapies"].append(
            {
                "patient_id": patient,
                "kind": "maintenance",
                "therapy": arm,
                "start_day": 30,
                "stop_day": round(last * DAYS_PER_MONTH),
                "dose": 4,
                "dose_unit": "mg/day",
            }
        )


def _add_kinetics(
    tables: dict[str, list[dict[str, object]]],
    draw: np.random.Generator,
    patient: str,
    infusion: int,
    expands: bool,
    months: float,
) -> None:
    peak, day_of_peak, decline = 10 ** draw.normal(4.5, 0.5), draw.uniform(7, 14), draw.uniform(0.03, 0.12)
    for day in SAMPLING_DAYS:
        if day > months * DAYS_PER_MONTH or draw.random() < 0.06:
            continue
        rise = np.exp((min(day, day_of_peak) - day_of_peak) * 0.7)
        value = (
            peak * rise * np.exp(-decline * max(0, day - day_of_peak)) * 10 ** draw.normal(0, 0.12) if expands else 0
        )
        tables["kinetics"].append(
            {
                "patient_id": patient,
                "infusion": infusion,
                "day": day,
                "specimen": "blood",
                "assay": "qPCR",
                "value": f"<{LLOQ}" if value < LLOQ else round(float(value)),
                "unit": "copies/µg DNA",
                "lloq": LLOQ,
            }
        )


if __name__ == "__main__":
    main()
