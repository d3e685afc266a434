"""R's data sets and small made ones as cohorts, read through the front door, and what an exhibit says of them as
rows."""

from functools import cache

import pandas as pd
from golden.cohorts import STUDY, by, cohort, follow_up, selected
from golden.reference import survival_data

from lib.survival.outcome import time_to_event

REFERENCE = {"lung": "male", "ovarian": "rx1", "veteran": "standard", "ttp": "Control", "os": "Control"}
COVARIATES = {"lung": ("age", "ph_ecog"), "ovarian": ("resid_ds",), "veteran": ("age", "karno", "celltype")}
WORDS = ("ph_ecog", "resid_ds")  # numbers that are categories


@cache
def data_set(name):
    """A data set of R's survival, or an endpoint of the reconstruction, as a cohort whose arm is R's group. ECOG 3 (one
    patient) is missing."""
    table = survival_data(name)
    patients, times = [], {}
    for place, row in enumerate(table.to_dict("records")):
        patient = {"patient_id": f"p{place}", "arm": row["g"]}
        for column in COVARIATES.get(name, ()):
            value = row[column]
            missing = pd.isna(value) or (column == "ph_ecog" and value == 3)
            patient["age_years" if column == "age" else column] = (
                None if missing else f"level {value:g}" if column in WORDS else value
            )
        patients.append(patient)
        times[f"p{place}"] = (row["time"], int(row["ev"]))
    known = [("known_at", column, "before") for column in COVARIATES.get(name, ()) if column != "age"]
    return cohort(patients, (*STUDY, ("reference", "arm", REFERENCE[name]), *known), endpoints=follow_up("os", **times))


def pairs(n_a, n_b, events_a, events_b, **columns):
    """Two arms of patients a0 ..., b0 ...; the first so many of each have an event. A column gives a value by patient
    id."""
    patients, times = [], {}
    for arm, n, events in (("A", n_a, events_a), ("B", n_b, events_b)):
        for place in range(n):
            name = f"{arm.lower()}{place}"
            made = {column: give(name) for column, give in columns.items()}
            patients.append({"patient_id": name, "arm": arm, **made})
            times[name] = (place + 1.5 + 0.3 * (arm == "B"), int(place < events))
    known = [("known_at", column, "before") for column in columns]
    return cohort(patients, (*STUDY, *known), endpoints=follow_up("os", **times))


def outcome(made, grouping="arm", *where, endpoint="os", unit="months"):
    """(selected cohort, its outcome)."""
    part = selected(made, *where)
    return part, time_to_event(part, endpoint, by(made, grouping), unit)


def rows(exhibit):
    """The numbers of an exhibit as {column: value}."""
    names = [name for name, _ in exhibit.numbers.columns]
    return [dict(zip(names, row, strict=True)) for row in exhibit.numbers.rows]


def no_null_without_reason(exhibit):
    for row in rows(exhibit):
        assert row["reason"] or None not in [value for name, value in row.items() if name != "reason"], row
