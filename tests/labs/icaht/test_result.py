"""ICAHT of a cohort: grades by hand, what ends the days, G-CSF, who is not gradable."""

from golden.cohorts import arms, by, cohort, nobody, selected

from labs.scores.made import scored_cohort
from lib.cohort.analyte import SHARE_OF_CELLS
from lib.derived.icaht import NOT_FOLLOWED, NOT_MEASURED, TOO_FEW_LATE, TOO_THIN
from lib.labs.icaht.result import NEXT, icaht_grades


def by_patient():
    made = scored_cohort()
    return {each.patient: each for each in icaht_grades(made, by(made)).patients}


def test_grades_and_days_of_each_patient():
    found = by_patient()
    early = {
        patient: (each.grades.early.grade, each.grades.days_low, each.grades.days_very_low)
        for patient, each in found.items()
    }
    assert early == {
        "a1": (0, 0, 0), "a2": (2, 7, 0), "a3": (3, 14, 7), "a4": (4, 19, 0), "b1": (None, None, None), "b2": (None, None, None), "b3": (3, 14, 0),
    }  # fmt: skip
    late = {patient: each.grades.late.grade for patient, each in found.items() if each.grades.late.grade is not None}
    assert late == {"a1": 0, "a2": 2} and found["a2"].grades.lowest_late == 0.9


def test_nobody_without_a_grade_is_without_a_reason():
    found = by_patient()
    reasons = {patient: (each.grades.early.reason, each.grades.late.reason) for patient, each in found.items()}
    assert reasons["b1"] == (TOO_THIN, TOO_FEW_LATE) and reasons["b2"] == (NOT_MEASURED, TOO_FEW_LATE)
    assert reasons["a4"] == ("", NOT_FOLLOWED) == reasons["b3"] and reasons["a3"] == ("", TOO_FEW_LATE)


def test_what_ended_the_days():
    found = by_patient()
    ended = {patient: (each.counted_to and round(each.counted_to), each.ended_by) for patient, each in found.items()}
    assert ended["a4"] == (18, "death") and ended["b3"] == (20, "progression") and ended["a1"] == (None, "")


def test_the_next_therapy_ends_the_days():
    labs = [
        {"patient_id": "a1", "day": day, "test": "ANC", "value": 0.3 if day > 9 else 2, "unit": "G/L"}
        for day in range(0, 31, 5)
    ]
    made = cohort(
        arms(A=["a1"]),
        labs=labs,
        therapies=[{"patient_id": "a1", "kind": "subsequent", "therapy": "x", "start_day": 12}],
    )
    found = icaht_grades(made, by(made, "-")).patients[0]
    assert (found.grades.early.grade, found.grades.days_low, found.counted_to, found.ended_by) == (
        1,
        3,
        12,
        NEXT,
    )  # days 10, 11, 12


def test_g_csf_in_therapies():
    """GM-CSF is none, and what belongs to a line before the infusion does not count."""
    g_csf = {patient: each.g_csf for patient, each in by_patient().items() if each.g_csf}
    assert g_csf == {"a2": "day 5", "a3": "day not stated"}


def test_shares_are_counted_as_not_used():
    made = scored_cohort()
    assert icaht_grades(made, by(made)).unusable == (("Neutrophils %", SHARE_OF_CELLS, 1),)


def test_nobody_no_group_and_no_labs():
    made = scored_cohort()
    assert icaht_grades(nobody(made), by(made)).patients == ()
    assert [each.patient for each in icaht_grades(selected(made, "arm=B"), by(made)).patients] == ["b1", "b2", "b3"]
    ungrouped = cohort(
        [*arms(A=["a1"]), {"patient_id": "x"}],
        labs=[{"patient_id": "x", "day": 1, "test": "ANC", "value": 1, "unit": "G/L"}],
    )
    found = icaht_grades(ungrouped, by(ungrouped))
    assert [each.patient for each in found.patients] == ["a1"] and found.n_ungrouped == 1
    assert icaht_grades(cohort(arms(A=["a1"])), by(made, "-")).patients[0].grades.early.reason == NOT_MEASURED
