"""Makes pomalidomide_cohort.xlsx: 16 synthetic patients, and the excluded 17th, constructed to match published
summaries.

Published: Yan et al., J Transl Med 2024, doi 10.1186/s12967-024-05772-w. Individual data are not public; the values in
source/patients.csv and source/kinetics.csv are a reconstruction, one of many that give the published numbers. Days of
adverse events are drawn (seeded), because none are published; so are the laboratory values (pomalidomide_labs.py).
"""

import csv
from collections.abc import Iterator
from typing import Final

import numpy as np
from pomalidomide_labs import lab_rows
from workbook import HERE, Rows, write_workbook

from lib.intake.draft import kept_reading

SEED: Final = 20240731
DAYS_PER_MONTH: Final = 30.4375
YES_NO: Final = {"Y": "yes", "N": "no"}
CYTOPENIAS: Final = ("neutropenia", "lymphopenia", "anemia", "thrombocytopenia")
EXCLUDED: Final = "C9"  # control, died of septic shock in the acute phase; not one of the 16
FOLLOWED_TO_CUTOFF: Final = ("P1", "P2", "P6")

STUDY: Rows = [
    {"setting": setting, "column": column, "value": value}
    for setting, column, value in (
        ("title", None, "BCMA CAR T cells with or without pomalidomide maintenance"),
        ("synthetic", None, "yes"),
        ("note", None, "synthetic, constructed to match published summaries (Yan et al., J Transl Med 2024)"),
        ("data_cutoff", None, "2023-07-31"),
        ("time_unit", None, "months"),
        ("group_by", None, "arm"),
        ("month_1_response", None, "yes"),  # stands in Table 1 of the paper
        ("order", "arm", "Control; Pomalidomide"),
        ("reference", "arm", "Control"),
        ("known_at", "arm", "61"),
    )
]


def main() -> None:
    with open(HERE / "source" / "patients.csv", newline="") as file:
        patients = list(csv.DictReader(file))
    with open(HERE / "source" / "kinetics.csv", newline="") as file:
        kinetics = list(csv.DictReader(file))
    write_workbook(
        HERE / "pomalidomide_cohort.xlsx",
        {
            "study": STUDY,
            "patients": [
                *map(_patient, patients),
                {
                    "patient_id": EXCLUDED,
                    "arm": "Control",
                    "analysis_set": "excluded",
                    "exclusion_reason": "death from septic shock in the acute phase",
                },
            ],
            "infusions": (
                [
                    {"patient_id": row["patient_id"], "infusion": 1, "day": 0, "product": "BCMA CAR T cells"}
                    for row in patients
                ]
                + [{"patient_id": EXCLUDED, "infusion": 1, "day": 0, "product": "BCMA CAR T cells"}]
            ),
            "endpoints": [endpoint for row in patients for endpoint in _endpoints(row)] + _excluded_endpoints(),
            "responses": [assessment for row in patients for assessment in _responses(row)],
            "adverse_events": list(_adverse_events(patients)),
            "therapies": [_maintenance(row) for row in patients if row["maintenance_start_month"]],
            "kinetics": [
                {
                    "patient_id": row["patient_id"],
                    "day": int(row["day"]),
                    "specimen": "blood",
                    "assay": "qPCR",
                    "value": "<1000" if row["blq"] == "1" else int(row["car_copies_per_ug"]),
                    "unit": "copies/µg DNA",
                    "lloq": 1000,
                }
                for row in kinetics
            ],
            "labs": list(lab_rows(patients)),
        },
    )


def _patient(row: dict[str, str]) -> dict[str, object]:
    return {
        "patient_id": row["patient_id"],
        "arm": row["arm"],
        "analysis_set": "included",
        "age_years": int(row["age_years"]),
        "sex": row["sex"],
        "emd": YES_NO[row["emd"]],
        "high_risk_cytogenetics": YES_NO[row["high_risk_cytogenetics"]],
        "prior_lines": row["prior_lines"],
        "prior_imid": YES_NO[row["prior_imid"]],
        "prior_asct": YES_NO[row["prior_asct"]],
        "kps_below_60": YES_NO[row["kps_lt60"]],
        "disease_status": row["status_pre_infusion"],
    }


def _endpoints(row: dict[str, str]) -> Rows:
    died, progressed = row["os_event"] == "1", row["ttp_event"] == "1"
    lost = "lost to follow-up" if row["lost_to_follow_up"] == "Y" else "last contact"
    end = "alive at data cut-off" if row["patient_id"] in FOLLOWED_TO_CUTOFF else lost
    common = {"patient_id": row["patient_id"], "unit": "months"}
    return [
        {
            **common,
            "endpoint": "ttp",
            "time": float(row["ttp_months"]),
            "event": int(progressed),
            "cause": "progression" if progressed else None,
            "censoring_reason": None if progressed else "no progression at last assessment",
        },
        {
            **common,
            "endpoint": "os",
            "time": float(row["os_months"]),
            "event": int(died),
            "cause": "myeloma" if died else None,
            "censoring_reason": None if died else end,
        },
    ]


def _excluded_endpoints() -> Rows:
    common = {"patient_id": EXCLUDED, "unit": "months", "time": 0.5}
    return [
        {**common, "endpoint": "ttp", "event": 0, "censoring_reason": "death without progression"},
        {**common, "endpoint": "os", "event": 1, "cause": "septic shock"},
    ]


def _responses(row: dict[str, str]) -> Rows:
    """Assessments on day 28, month 3, the month of CR and the day of progression; none after loss to follow-up."""
    assessed = [(28, row["response_m1"])]
    if row["response_m3"] not in ("NE", "PD"):
        assessed.append((_day(3), row["response_m3"]))
    if row["cr_month"] and row["cr_month"] != "3":
        assessed.append((_day(float(row["cr_month"])), "CR"))
    if row["ttp_event"] == "1":
        assessed.append((_day(float(row["ttp_months"])), "PD"))
    return [
        {"patient_id": row["patient_id"], "day": day, "response": response} for day, response in sorted(set(assessed))
    ]


def _adverse_events(patients: list[dict[str, str]]) -> Iterator[dict[str, object]]:
    """Worst grades of CRS and ICANS; cytopenias of grade 3 or more as grade 3; seven terms whose names and grades are
    not known."""
    draw = np.random.default_rng(SEED)
    for row in patients:
        patient = row["patient_id"]
        for term, system, first, longest in (("CRS", "Lee 2014", 5, 7), ("ICANS", "ASTCT 2019", 8, 5)):
            grade = int(row[f"{term.lower()}_grade"])
            if grade:
                start = int(draw.integers(1, first))
                yield {
                    "patient_id": patient,
                    "term": term,
                    "grade": grade,
                    "grading_system": system,
                    "start_day": start,
                    "stop_day": start + int(draw.integers(2, longest)) + grade,
                    "system_organ_class": "Immune and nervous system",
                }
        for term in CYTOPENIAS:
            if row[f"{term}_ge3"] == "1":
                start = int(draw.integers(0, 8))
                yield {
                    "patient_id": patient,
                    "term": term.capitalize(),
                    "grade": 3,
                    "grading_system": "CTCAE v5",
                    "start_day": start,
                    "stop_day": start + int(draw.integers(7, 21)),
                    "system_organ_class": "Blood and lymphatic system",
                }
        for number in range(11, 18):
            if row[f"t2_row{number}"] == "1":
                yield {"patient_id": patient, "term": f"Unnamed term {number}", "grading_system": "CTCAE v5"}


def _maintenance(row: dict[str, str]) -> dict[str, object]:
    start, end = _day(float(row["maintenance_start_month"])), _day(float(row["os_months"]))
    ongoing = row["patient_id"] in FOLLOWED_TO_CUTOFF
    return {
        "patient_id": row["patient_id"],
        "kind": "maintenance",
        "therapy": "Pomalidomide",
        "start_day": start,
        "stop_day": end,
        "ongoing": "yes" if ongoing else "no",
        "dose": 3 if row["patient_id"] == "P1" else 4,
        "dose_unit": "mg/day",
    }


def _day(months: float) -> int:
    return round(months * DAYS_PER_MONTH)


def keep_reading() -> None:
    """Beside the workbook stands what the program reads in it, so that its start need not."""
    path = HERE / "pomalidomide_cohort.xlsx"
    path.with_suffix(".read").write_bytes(kept_reading(path.read_bytes(), path.name))


if __name__ == "__main__":
    main()
    keep_reading()
