"""Hand-worked patients for derived endpoints: a cohort of a few rows, and what is found of it by patient."""

import math

from golden.cohorts import arms, cohort, follow_up, selected

from lib.cohort.model import Cohort

MONTH = 30.4375


def made(
    ids: str, *, os=None, ttp=None, pfs=None, responses=(), therapies=(), infusions=(), unit="days", **more
) -> Cohort:
    """Patients a, b, c ...; endpoints as {"a": (time, event)} or (time, event, cause); responses as (patient, day,
    response); therapies as (patient, kind, therapy, start_day); infusions as (patient, number, day).
    """
    endpoints = []
    for name, rows in {"os": os, "ttp": ttp, "pfs": pfs, **more}.items():
        for patient, (time, event, *cause) in (rows or {}).items():
            (row,) = follow_up(name, **{patient: (time, event)})
            endpoints.append(row | {"unit": unit} | ({"cause": cause[0]} if cause else {}))
    return cohort(
        arms(A=list(ids)),
        endpoints=endpoints,
        responses=[{"patient_id": patient, "day": day, "response": response} for patient, day, response in responses],
        therapies=[
            {"patient_id": patient, "kind": kind, "therapy": therapy, "start_day": day}
            for patient, kind, therapy, day in therapies
        ],
        infusions=[{"patient_id": patient, "infusion": number, "day": day} for patient, number, day in infusions],
    )


def all_of(cohort: Cohort, **options) -> Cohort:
    return selected(cohort, **options)


def reported(table, *columns) -> dict:
    """By patient the columns, rounded to 6 decimals so that months can be written as products."""
    rows = table.reset_index().to_dict("records")
    return {row["patient_id"]: tuple(_short(row[column]) for column in columns) for row in rows}


def _short(value):
    if isinstance(value, str | bool):
        return value
    return None if math.isnan(value) else round(float(value), 6)
