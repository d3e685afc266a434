"""When counts came back: each way a course can go, nadir, death before, never below."""

import pytest
from golden.cohorts import arms, by, cohort, nobody

from lib.labs.recovery.result import recovery

ANC = {"test": "ANC", "unit": "/µL"}
COURSES = {  # patient: (day, neutrophils per µL)
    "back": ((0, 3000), (5, 400), (9, 300), (12, 600), (20, 2000)),
    "dips": ((0, 3000), (5, 400), (12, 600), (14, 450), (20, 800)),
    "dies": ((0, 3000), (6, 200), (10, 100)),
    "left": ((0, 3000), (6, 200), (10, 100)),
    "late": ((0, 3000), (6, 2000), (120, 100)),
    "fine": ((0, 3000), (8, 500), (10, 1800)),
}
DEATHS = {"dies": 20, "left": 80}


def made(ids=tuple(COURSES)):
    rows = [
        {**ANC, "patient_id": patient, "day": day, "value": value} for patient in ids for day, value in COURSES[patient]
    ]
    endpoints = [
        {
            "patient_id": patient,
            "endpoint": "os",
            "time": DEATHS.get(patient, 300),
            "unit": "days",
            "event": int(patient in DEATHS),
        }
        for patient in ids
    ]
    return cohort(arms(A=list(ids)), labs=rows, endpoints=endpoints)


def test_every_course():
    opened = made()
    found = recovery(opened, by(opened, "-"), "neutrophils", 0.5).patients.set_index("patient")
    assert found["fell"].dropna().to_dict() == {"back": 5, "dips": 5, "dies": 6, "left": 6}, (
        "500 is not below 500, day 120 is too late"
    )
    assert found.loc["back", ["nadir", "nadir_day", "recovered", "time", "cause"]].tolist() == [0.3, 9, 12, 7, 1]
    assert found.loc["dips", ["recovered", "time", "cause"]].tolist() == [20, 15, 1], (
        "a value that the next falls below again is no recovery"
    )
    assert found.loc["dies", ["time", "cause"]].tolist() == [14, 2]
    assert found.loc["left", ["time", "cause"]].tolist() == [4, 0], "died long after the last value"


def test_curves_medians_and_who_is_counted():
    opened = made()
    result = recovery(opened, by(opened, "-"), "neutrophils", 0.5)
    (group,) = result.groups
    assert (result.n_measured, result.n, group.curve.n_events, group.death.n_events) == (6, 4, 2, 1)
    assert (
        group.curve.incidence[-1] == pytest.approx(2 / 3) and group.median == 15
    )  # 1/3 at 7 after one left at 4; death at 14; 2/3 at 15
    assert group.median_limits == (0, None), (
        "of four, the upper limit of the curve is beyond one half from the start, the lower one never"
    )
    assert group.nadir == (pytest.approx(0.35), 0.1, 2.0) and result.counts["at_risk"].iloc[0] == 4
    assert recovery(opened, by(opened, "-"), "neutrophils", 1.0).n == 5


def test_nobody_one_patient_and_the_order_of_rows():
    opened = made()
    empty = recovery(nobody(opened), by(opened, "-"), "neutrophils", 0.5)
    assert empty.n == empty.n_measured == 0 and empty.groups[0].median is None and empty.groups[0].nadir is None
    alone = made(("fine",))
    assert recovery(alone, by(alone, "-"), "neutrophils", 0.5).n == 0
    turned = opened.with_tables(opened.patients, {**opened.tables, "labs": opened.labs[::-1].reset_index(drop=True)})
    first, again = (recovery(each, by(opened, "-"), "neutrophils", 0.5).patients for each in (opened, turned))
    assert (
        first.sort_values("patient").reset_index(drop=True).equals(again.sort_values("patient").reset_index(drop=True))
    )
    assert recovery(opened, by(opened, "-"), "platelets", 50.0).n_measured == 0


def test_the_example_recovers_within_a_month():
    from golden.cohorts import selected
    from workbooks import example

    for analyte, threshold, below in (("neutrophils", 1.0, (8, 6)), ("platelets", 50.0, (3, 4))):
        found = recovery(selected(example()), by(example()), analyte, threshold)
        assert tuple(group.n_below for group in found.groups) == below
        assert found.patients["recovered"].dropna().le(30).all() and (found.patients["cause"].dropna() == 1).all()
