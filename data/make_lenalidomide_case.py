"""Makes lenalidomide_case.xlsx (what is printed of one published patient) and lenalidomide_case_synthetic.xlsx (curves
through it).

Published: Zhao et al., Cancer Immunol Immunother 2022;71:39, doi 10.1007/s00262-021-02959-8, CC BY 4.0. The article
prints peaks, their days, doses, grades and responses, but almost none of the values of its curves. The first workbook
holds these alone; the copies of day 1 are derived from the printed folds. In the second, points invented with a seed
stand between them. `origin` tells which is which.
"""

from typing import Final

from make_lenalidomide_curves import invented_events, invented_kinetics, invented_labs
from workbook import HERE, Rows, write_workbook

PATIENT: Final = "LEN-01"
MURINE, FIRST_HUMAN, SECOND_HUMAN = (
    1,
    2,
    3,
)  # the numbers of the infusions; the article calls the last two first and second
NINE_MONTHS: Final = 274  # "at about 9 months": days, the exact one is not printed
FIVE_MONTHS: Final = 152
EIGHT_MONTHS: Final = 244
COPIES, CELLS = "copies/µg DNA", "% of T cells"
Row = dict[str, object]

PRINTED_NOTE: Final = (
    "published case, printed values only: Zhao et al., Cancer Immunol Immunother 2022;71:39 (CC BY 4.0)"
)
SYNTHETIC_NOTE: Final = (
    "synthetic, invented points through the printed values of Zhao et al., Cancer Immunol Immunother 2022;71:39"
)
PATIENTS: Rows = [
    {
        "patient_id": PATIENT,
        "sex": "M",
        "age_at_diagnosis_years": 51,
        "isotype": "IgD lambda",
        "bcma_positive_plasma_cells": 56.2,
        "cytogenetics": "CKS1B (1q21), CDKN2C (1p32.3)",
        "prior_imid": "yes",
        "prior_asct": "yes",
        "prior_bcma_car": "yes",
    }
]
INFUSIONS: Rows = [
    {"infusion": MURINE, "date": "2018-12-24", "product": "murine BCMA CAR T, elsewhere: no efficacy"},
    {
        "infusion": FIRST_HUMAN,
        "date": "2019-09-29",
        "product": "human BCMA CAR T (first)",
        "dose": 12,
        "dose_unit": "10^6/kg",
    },
    {
        "infusion": SECOND_HUMAN,
        "date": "2020-03-26",
        "product": "human BCMA CAR T (second) + lenalidomide",
        "dose": 10,
        "dose_unit": "10^6/kg",
    },
]
DAY, MONTH, BETWEEN = "day printed", "month printed", "between printed dates"
THERAPIES: Rows = [  # kind, infusion, therapy, first day, last day, how they are dated
    {"kind": kind, "infusion": infusion, "therapy": therapy, "dating": dating, **further}
    for kind, infusion, therapy, dating, further in (
        (
            "prior line",
            MURINE,
            "Induction: VAD ×6, BD ×4",
            MONTH,
            {"line": 1, "start_date": "2015-10-01", "stop_date": "2017-06-17", "response": "VGPR"},
        ),
        ("transplant", MURINE, "Autologous transplant", DAY, {"start_date": "2017-06-17", "stop_date": "2017-06-17"}),
        ("prior line", MURINE, "Consolidation: bortezomib, PAD", BETWEEN, {"line": 1, "start_date": "2017-06-18"}),
        (
            "prior line",
            MURINE,
            "Relapse 5/2018: BPD, BD, PCTD",
            MONTH,
            {"line": 2, "start_date": "2018-05-01", "stop_date": "2018-12-23", "response": "PD"},
        ),
        (
            "subsequent",
            MURINE,
            "DECP ×2, Id ×2, IRd ×1",
            BETWEEN,
            {"line": 3, "start_date": "2018-12-25", "stop_date": "2019-09-24", "response": "PD"},
        ),
        (
            "lymphodepletion",
            FIRST_HUMAN,
            "Fludarabine 50 mg, cyclophosphamide 500 mg",
            DAY,
            {"start_date": "2019-09-25", "stop_date": "2019-09-27"},
        ),
        (
            "other",
            FIRST_HUMAN,
            "Lenalidomide",
            DAY,
            {"start_day": 7, "stop_day": 27, "dose": 12.5, "dose_unit": "mg/day"},
        ),
        ("subsequent", FIRST_HUMAN, "Rd ×1, IRd ×2", BETWEEN, {"line": 4, "start_day": 28, "stop_date": "2019-12-31"}),
        ("lymphodepletion", SECOND_HUMAN, "Fludarabine 40 mg, cyclophosphamide 400 mg", DAY, {"start_day": -3}),
        (
            "other",
            SECOND_HUMAN,
            "Lenalidomide",
            DAY,
            {"start_day": -1, "stop_day": 9, "dose": 25, "dose_unit": "mg/day"},
        ),
        ("other", SECOND_HUMAN, "Red cells and platelets", DAY, {"start_day": 4}),
    )
]
RESPONSES: Rows = [
    {"infusion": FIRST_HUMAN, "day": 28, "response": "MR"},
    {"infusion": SECOND_HUMAN, "day": 14, "response": "VGPR", "mrd": "negative", "stop_day": EIGHT_MONTHS},
]
ADVERSE_EVENTS: Rows = [
    {"infusion": FIRST_HUMAN, "term": "Fever"},
    {
        "infusion": SECOND_HUMAN,
        "term": "CRS",
        "grade": 2,
        "grading_system": "ASTCT 2019",
        "start_day": 0,
        "stop_day": 7,
    },
    {"infusion": SECOND_HUMAN, "term": "ICANS", "grade": 0, "grading_system": "ASTCT 2019"},
    *(
        {"infusion": SECOND_HUMAN, "term": term, "grade": 3}
        for term in ("Neutropenia", "Leukopenia", "Lymphopenia", "Thrombocytopenia", "Anemia")
    ),
]
KINETICS: Rows = [
    {
        "infusion": infusion,
        "day": day,
        "specimen": specimen,
        "assay": assay,
        "value": value,
        "unit": unit,
        "origin": origin,
    }
    for infusion, day, specimen, assay, value, unit, origin in (
        (
            FIRST_HUMAN,
            1,
            "blood",
            "qPCR",
            round(1.16e4 / 35, 4),
            COPIES,
            "derived",
        ),  # printed: the peak is 35 times day 1
        (FIRST_HUMAN, 6, "blood", "qPCR", 1.16e4, COPIES, "printed"),
        (FIRST_HUMAN, 6, "blood", "flow", 6.91, CELLS, "printed"),
        (SECOND_HUMAN, 1, "blood", "qPCR", round(1.47e5 / 4494.3, 4), COPIES, "derived"),  # printed: 4494.3 times day 1
        (SECOND_HUMAN, 5, "blood", "qPCR", 1.47e5, COPIES, "printed"),
        (SECOND_HUMAN, None, "blood", "flow", 52.5, CELLS, "printed"),  # its day is not printed
        (SECOND_HUMAN, 14, "marrow", "qPCR", 4.81e4, COPIES, "printed"),
        (SECOND_HUMAN, 14, "marrow", "flow", 27.4, CELLS, "printed"),
    )
]
BEFORE: Final = {"infusion": MURINE, "date": "2015-10-01"}  # the month of the diagnosis
LABS: Rows = [
    {"test": test, "value": value, "unit": unit, "origin": "printed", **when}
    for test, value, unit, when in (
        (
            "Temperature",
            38.5,
            "°C",
            {"infusion": FIRST_HUMAN, "visit": "maximum"},
        ),  # the days of the maxima are not printed
        ("Temperature", 39.5, "°C", {"infusion": SECOND_HUMAN, "visit": "maximum"}),
        ("IL-6", 119.8, "pg/mL", {"infusion": SECOND_HUMAN, "day": 4}),
        ("ANC", "<0.2", "10^9/L", {"infusion": SECOND_HUMAN, "day": 9}),
        ("Platelets", "<20", "10^9/L", {"infusion": SECOND_HUMAN, "day": 9}),
        ("M-protein", 0.75, "g/L", BEFORE),
        ("M-protein", "BLQ", "g/L", {"infusion": SECOND_HUMAN, "day": 14}),  # printed: negative
        ("M-protein", "BLQ", "g/L", {"infusion": SECOND_HUMAN, "day": FIVE_MONTHS}),
        ("Lambda light chain", 28.7, "g/L", BEFORE),
        ("Lambda light chain", "BLQ", "g/L", {"infusion": SECOND_HUMAN, "day": FIVE_MONTHS}),
        ("Plasma cells, marrow (morphology)", 76.4, "%", BEFORE),
        ("Plasma cells, marrow (morphology)", 26.0, "%", {"infusion": FIRST_HUMAN, "day": 28}),
        ("Plasma cells, marrow (morphology)", 98, "%", {"infusion": SECOND_HUMAN, "date": "2020-01-15"}),
        ("Plasma cells, marrow (flow)", 3.2, "%", {"infusion": MURINE, "date": "2018-05-01"}),
        ("Plasma cells, marrow (flow)", 61.5, "%", {"infusion": FIRST_HUMAN, "date": "2019-09-15"}),
        ("Plasma cells, marrow (flow)", 91.2, "%", {"infusion": SECOND_HUMAN, "date": "2020-01-15"}),
        ("Plasma cells, marrow (flow)", 0.08, "%", {"infusion": SECOND_HUMAN, "day": 14}),
        ("Plasma cells, marrow (flow)", 4.5, "%", {"infusion": SECOND_HUMAN, "day": NINE_MONTHS}),
        ("Plasma cells, blood", 18, "%", {"infusion": SECOND_HUMAN, "date": "2020-01-15"}),
    )
]
ENDPOINTS: Rows = [
    {
        "infusion": infusion,
        "endpoint": "os",
        "time": time,
        "unit": "days",
        "event": 0,
        "censoring_reason": "alive, followed on at about 9 months after the last infusion",
    }
    for infusion, time in ((MURINE, 458 + NINE_MONTHS), (FIRST_HUMAN, 179 + NINE_MONTHS), (SECOND_HUMAN, NINE_MONTHS))
]


def main() -> None:
    write_workbook(HERE / "lenalidomide_case.xlsx", _tables(PRINTED_NOTE, synthetic=False))
    made = _tables(SYNTHETIC_NOTE, synthetic=True)
    kinetics, labs = list(map(dict, made["kinetics"])), list(map(dict, made["labs"]))
    made |= {
        "kinetics": _of_patient(invented_kinetics(kinetics)),
        "labs": _of_patient(invented_labs(labs)),
        "adverse_events": _of_patient(invented_events(list(map(dict, made["adverse_events"])))),
    }
    write_workbook(HERE / "lenalidomide_case_synthetic.xlsx", made)


def _tables(note: str, synthetic: bool) -> dict[str, Rows]:
    title = "BCMA CAR T cells with lenalidomide: one patient, three infusions"
    settings = {"title": title, **({"synthetic": "yes"} if synthetic else {}), "note": note, "time_unit": "days"}
    study = [{"setting": setting, "value": value} for setting, value in settings.items()]
    tables = {
        "patients": PATIENTS,
        "infusions": INFUSIONS,
        "endpoints": ENDPOINTS,
        "responses": RESPONSES,
        "adverse_events": ADVERSE_EVENTS,
        "therapies": THERAPIES,
        "kinetics": KINETICS,
        "labs": LABS,
    }
    return {"study": study, **{name: _of_patient(rows) for name, rows in tables.items()}}


def _of_patient(rows: Rows) -> Rows:
    return [{"patient_id": PATIENT, **row} for row in rows]


if __name__ == "__main__":
    main()
