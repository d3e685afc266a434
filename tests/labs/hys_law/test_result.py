"""Peaks of ALT and bilirubin and their quadrants; strict limits; who is left out."""

from golden.cohorts import by, nobody

from labs.made import sixteen, with_labs
from lib.derived.period import Period
from lib.labs.hys_law.result import can_show, hys_law

ALT = {"test": "ALT", "unit": "U/L", "upper_limit": 40}
BILIRUBIN = {"test": "bilirubin", "unit": "mg/dL", "upper_limit": 1.0}
PEAKS = {"a1": (200, 3.0), "a2": (120, 2.0), "a3": (121, 0.5), "b1": (30, 2.1), "b2": (500, None)}


def made():
    rows = [
        {**ALT, "patient_id": patient, "day": day, "value": alt / day}
        for patient, (alt, _) in PEAKS.items()
        for day in (1, 2)
    ]
    rows += [
        {**BILIRUBIN, "patient_id": patient, "day": 5, "value": value} for patient, (_, value) in PEAKS.items() if value
    ]
    rows.append({**ALT, "patient_id": "a2", "day": 100, "value": 4000})
    rows.append({**ALT, "patient_id": "a1", "day": 3, "value": 4000, "upper_limit": None})
    return with_labs(rows)


def test_limits_are_strict_and_the_peak_lies_in_the_window():
    opened = made()
    found = hys_law(opened, by(opened))
    assert found.peaks.set_index("patient")["quadrant"].to_dict() == {
        "a1": "both",
        "a2": "neither",
        "a3": "ALT only",
        "b1": "bilirubin only",
    }
    assert found.peaks.set_index("patient").loc["a1", ["alt", "alt_day", "bilirubin", "bilirubin_day"]].tolist() == [
        5,
        1,
        3,
        5,
    ]
    assert (found.n, found.n_without, found.n_no_uln, found.n_in("A", "both")) == (4, 2, 1, 1)
    assert hys_law(opened, by(opened), Period(0, 120)).peaks.set_index("patient").loc["a2", "quadrant"] == "ALT only"


def test_nobody_and_without_bilirubin():
    assert hys_law(nobody(made()), by(made())).n == 0
    assert can_show(made()) and not can_show(sixteen())
