"""ICAHT and T-ICAHT of a made cohort: grades and days, what ends them, tables and notes."""

from dataclasses import replace
from functools import cache

from golden.cohorts import arms, by, cohort, nobody, selected

from labs.scored import scored_cohort
from lib.cohort.analyte import SHARE_OF_CELLS
from lib.cohort.grouping import FORMED_LATE
from lib.derived.icaht import NOT_FOLLOWED, NOT_MEASURED, TOO_FEW_LATE, TOO_THIN
from lib.labs.icaht import NEXT, icaht_grades, icaht_patients, icaht_table


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
        "a1": (0, 0, 0),
        "a2": (2, 7, 0),
        "a3": (3, 14, 7),
        "a4": (4, 19, 0),
        "b1": (None, None, None),
        "b2": (None, None, None),
        "b3": (3, 14, 0),
    }
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
    assert [each.patient for each in found.patients] == ["a1"] and found.n_selected == 2
    assert icaht_grades(cohort(arms(A=["a1"])), by(made, "-")).patients[0].grades.early.reason == NOT_MEASURED


@cache
def result(grouping="arm"):
    return icaht_grades(scored_cohort(), by(scored_cohort(), grouping))


def test_counts_by_group():
    table = icaht_table(result())
    assert table.header == ("ICAHT (experimental)", "A (n = 4)", "B (n = 3)", "Total (n = 7)")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Early (day 0–30): grade 0"] == ("1 (25 %)", "0 (0 %)", "1 (14 %)")
    assert rows["Early (day 0–30): grade 3 or more"] == ("2 (50 %)", "1 (33 %)", "3 (43 %)")
    assert rows["Early (day 0–30): not gradable"] == ("0 (0 %)", "2 (67 %)", "2 (29 %)")
    assert rows["– 7 days or more without a value from day 0 to 30"] == ("0", "1", "1")
    assert rows["– fewer than 2 days with a value after day 30"] == ("1", "2", "3")
    assert rows["Late (after day 30): grade 2"][0] == "1 (25 %)" and rows["– not followed beyond day 30"] == (
        "1",
        "1",
        "2",
    )


def test_every_patient_is_in_one_row_of_each_period():
    numbers = icaht_table(result()).numbers
    assert dict(numbers.columns)["grade"] == "experimental"
    for group, size in (("A", 4), ("B", 3)):
        for period in ("early", "late"):
            mine = [row for row in numbers.rows if row[:2] == (group, period)]
            assert sum(row[3] for row in mine) == size and {row[4] for row in mine} == {size}
            assert all((row[2] is None) == bool(row[5]) for row in mine)


def test_it_is_called_experimental_and_the_rule_stands_in_full():
    for table in (icaht_table(result()), icaht_patients(result())):
        assert "experimental" in table.title and any(note.startswith("Experimental") for note in table.notes)
    said = icaht_table(result()).method
    for part in (
        "≤ 500/µL on 1–6 days grade 1",
        "never above 500 grade 4",
        "≤ 100/µL on 7–13 days grade 3",
        "at least 2 days",
        "≤ 1500/µL grade 1",
        "last observation carried forward",
    ):
        assert part in said
    notes = " ".join(icaht_table(result()).notes)
    for part in (
        "in 2 patients (death 1, progression 1)",
        "G-CSF is named in Therapies for 2 patients",
        "Neutrophils %: 1 value not used",
    ):
        assert part in notes


def test_patients_with_their_days():
    table = icaht_patients(result())
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["a3"] == ("A", "3", "14", "7", "14", "NG a", "–", "day not stated")
    assert rows["a4"] == ("A", "4", "19", "0", "19", "NG b", "day 18, death", "–")
    assert "NG a: fewer than 2 days with a value after day 30" in table.notes[0]
    names = [name for name, _ in table.numbers.columns]
    assert names[0] == "patient" and all(len(row) == len(names) for row in table.numbers.rows)
    a2 = dict(zip(names, table.numbers.rows[1], strict=True))
    assert (a2["early_grade"], a2["days_at_most_500"], a2["late_grade"], a2["second_lowest_late"], a2["reason"]) == (
        2,
        7,
        2,
        0.9,
        None,
    )


def test_one_group_and_nobody():
    alone = icaht_table(result("-"))
    assert alone.header[1:] == ("All patients (n = 7)",) and " by " not in alone.title
    nothing = icaht_grades(nobody(scored_cohort()), by(scored_cohort()))
    assert icaht_table(nothing).rows[0][1:] == ("0", "0", "0") and icaht_patients(nothing).rows == ()


def test_notes_follow_what_holds():
    made = scored_cohort()
    found = icaht_grades(made, by(made))
    table = icaht_table(found)
    assert FORMED_LATE not in table.notes and "without" not in table.notes[-1]
    untreated = tuple(each for each in found.patients if not each.g_csf)
    other = replace(found, patients=untreated, grouping=replace(found.grouping, known_at=30.0))
    said = " ".join(icaht_table(other).notes)
    assert FORMED_LATE not in said and "whether it was given is not known" in said and "2 patients without" in said
    assert table.title == "Early and late ICAHT by Arm (experimental)"
