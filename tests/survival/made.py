"""Results that several tests of survival look at: R's data sets through the front door, and cohorts with late entry."""

from golden.cohorts import by, cohort, selected
from golden.reference import survival_data, survival_numbers

from lib.survival.curves import DEFAULT, survival
from lib.survival.outcome import time_to_event

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def data_set(name):
    """A data set of R, or an endpoint of the reconstruction, as a cohort with the endpoint os in days."""
    rows, groups = survival_data(name), list(survival_numbers(name)["groups"])
    patients = [{"patient_id": f"{LETTERS[row % 26]}{row}", "arm": group} for row, group in enumerate(rows["g"])]
    endpoints = [
        {"patient_id": patient["patient_id"], "endpoint": "os", "time": time, "unit": "days", "event": event}
        for patient, time, event in zip(patients, rows["time"], rows["ev"], strict=True)
    ]
    study = [("order", "arm", ";".join(groups)), ("reference", "arm", groups[0]), ("known_at", "arm", "before")]
    return cohort(patients, study, endpoints=endpoints)


def as_groups(name, reference, **columns):
    """A table of golden with its groups as arms, times in days; a column gives a value by patient id."""
    rows = survival_data(name)
    patients = [
        {"patient_id": f"p{row}", "arm": group, **{column: give(f"p{row}") for column, give in columns.items()}}
        for row, group in enumerate(rows["g"])
    ]
    endpoints = [
        {"patient_id": patient["patient_id"], "endpoint": "os", "time": time, "unit": "days", "event": event}
        for patient, time, event in zip(patients, rows["time"], rows["ev"], strict=True)
    ]
    known = [("known_at", column, "before") for column in ("arm", *columns)]
    return cohort(patients, [("reference", "arm", reference), *known], endpoints=endpoints)


def late(*rows):
    """A cohort of (arm, entry, time, event)."""
    patients = [{"patient_id": f"p{number}", "arm": row[0]} for number, row in enumerate(rows)]
    endpoints = [
        {"patient_id": f"p{number}", "endpoint": "os", "entry": entry, "time": time, "event": event}
        for number, (_, entry, time, event) in enumerate(rows)
    ]
    return cohort(patients, endpoints=endpoints)


def result(made, endpoint="os", grouping="arm", *filters, unit="months", options=DEFAULT):
    part = selected(made, *filters)
    return survival(time_to_event(part, endpoint, by(made, grouping), unit), part, options)
