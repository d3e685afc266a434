"""The complete example: what its script makes, small, without fault, and with something on every page that speaks of
patients."""

import make_complete_cohort
from golden.cohorts import as_workbook
from workbook import HERE

from lib.cohort.schema import TABLES
from lib.intake.draft import read_workbook

PATH = HERE / "complete_cohort.xlsx"


def test_the_workbook_is_what_the_script_makes_and_holds_no_fault():
    cohort = read_workbook(PATH.read_bytes(), PATH.name)
    again = read_workbook(as_workbook(make_complete_cohort.complete_cohort()), PATH.name)
    assert PATH.stat().st_size < 400_000
    assert not cohort.findings and cohort.study.synthetic and cohort.n == 60
    for table in TABLES:
        if table.name in cohort.tables:
            assert cohort.tables[table.name].equals(again.tables[table.name]), table.name
            assert (len(cohort.tables[table.name]) > 0) == (table.name != "assays"), table.name


def test_its_courses_are_as_a_clinician_expects_them():
    cohort = read_workbook(PATH.read_bytes(), PATH.name)
    events, endpoints = cohort.adverse_events, cohort.endpoints
    assert {"CRS", "ICANS", "Neutropenia", "Pneumonia", "Sepsis"} <= set(events["term"])
    assert events["grade"].notna().all() and events["start_day"].notna().all() and events["stop_day"].notna().all()
    assert {"Tocilizumab", "Dexamethasone"} <= set(cohort.therapies["therapy"])
    assert set(cohort.states["measure"]) == {"B cells"} and (cohort.infusions["infusion"] == 2).sum() >= 3
    first = endpoints[endpoints["infusion"] == 1].pivot(index="patient_id", columns="endpoint", values="time")
    assert (first["pfs"] <= first["os"]).all()
    worst = cohort.responses[cohort.responses["response"] == "PD"]
    assert set(worst["patient_id"]) == set(endpoints[endpoints["cause"] == "progression"]["patient_id"])
