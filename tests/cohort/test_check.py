"""Which rows are set aside, and why."""

import pandas as pd
import pytest

from lib.cohort.check import analysis_sets, usable_rows, without_duplicates


def rows(**columns: list[object]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"source_row": range(2, n + 2), **columns})


@pytest.mark.parametrize("name", ["patients", "infusions", "endpoints", "kinetics", "responses"])
def test_no_rows_give_no_findings(name):
    empty = rows(patient_id=[], infusion=[], endpoint=[], day=[], specimen=[], assay=[], unit=[]).astype({"day": float})
    kept, findings = usable_rows(empty, name, "S", set())
    assert (len(kept), findings) == (0, [])


def test_rows_without_an_id_unknown_and_double_ones_are_set_aside_once_each():
    table = rows(patient_id=["P1", None, "P9", "P1", "P1"], value=[1, 2, 3, 1, 2])
    kept, findings = usable_rows(table, "labs", "Labs", {"P1"})
    assert kept["value"].tolist() == [1, 2]
    assert kept.index.tolist() == [0, 1]
    assert [(finding.severity, finding.row, finding.value) for finding in findings] == [
        ("error", 3, ""),
        ("error", 4, "P9"),
        ("warning", 5, "P1"),
    ]


def test_a_patient_is_a_duplicate_by_id_alone_and_the_first_row_stays():
    kept, findings = without_duplicates(
        rows(patient_id=["P1", "P1", "P2"], arm=["A", "B", "A"]), "patients", "Patients"
    )
    assert kept["arm"].tolist() == ["A", "A"]
    assert [(finding.severity, finding.row) for finding in findings] == [("error", 3)]


def test_missing_values_are_equal_when_rows_are_compared():
    kept, findings = without_duplicates(
        rows(patient_id=["P1", "P1"], note=[None, None], value=[float("nan")] * 2), "labs", "Labs"
    )
    assert (len(kept), len(findings)) == (1, 1)


def test_kinetics_without_a_day_are_not_compared():
    table = rows(
        patient_id=["P1", "P1"],
        infusion=[1.0, 1.0],
        day=[float("nan")] * 2,
        specimen=["blood"] * 2,
        assay=["qPCR"] * 2,
        unit=["c"] * 2,
    )
    assert len(without_duplicates(table, "kinetics", "Kinetics")[0]) == 2


@pytest.mark.parametrize(
    ("written", "known", "n_findings"),
    [
        (["included", "excluded"], ["included", "excluded"], 0),
        ([None, "EXCLUDED"], ["included", "excluded"], 0),
        (["no", "exclude"], ["included", "included"], 2),
        ([None, None], ["included", "included"], 0),
        ([], [], 0),
    ],
)
def test_analysis_sets(written, known, n_findings):
    table = rows(analysis_set=pd.Series(written, dtype="object"))
    sets, findings = analysis_sets(table, "Patients")
    assert (sets.tolist(), len(findings)) == (known, n_findings)


def test_an_equal_row_is_a_warning_and_one_that_differs_an_error_that_says_in_what():
    table = rows(patient_id=["P1", "P1", "P1"], arm=["A", "A", "B"], age_years=[50.0, 50.0, float("nan")])
    kept, findings = without_duplicates(table, "patients", "Patients")
    assert len(kept) == 1
    assert [(finding.severity, finding.row, finding.fix) for finding in findings] == [
        ("warning", 3, "Delete one of the two, or correct it."),
        ("error", 4, "They differ in arm, age_years: correct the row, or delete it."),
    ]


def test_two_missing_values_do_not_differ():
    table = rows(patient_id=["P1", "P1"], arm=[None, None], age_years=[float("nan")] * 2)
    assert [finding.severity for finding in without_duplicates(table, "patients", "Patients")[1]] == ["warning"]


@pytest.mark.parametrize(
    ("written", "meant"), [("p1", "P01"), ("P 01", "P01"), ("P001", "P01"), ("P11", None), ("P10", None)]
)
def test_an_unknown_patient_may_be_a_known_one_mistyped(written, meant):
    (found,) = usable_rows(rows(patient_id=[written]), "labs", "Labs", {"P01", "P2"})[1]
    fix = f'Write it as "{meant}" if that is the same patient, or add the patient to Patients.'
    assert found.fix == (fix if meant else "Add the patient to Patients or correct the id.")


def test_rows_set_aside_say_so():
    table = rows(patient_id=["P1", None, "P9", "P1"], value=[1, 2, 3, 1])
    assert [finding.sets_aside for finding in usable_rows(table, "labs", "Labs", {"P1"})[1]] == [True] * 3
    assert not analysis_sets(rows(analysis_set=["out"]), "Patients")[1][0].sets_aside
