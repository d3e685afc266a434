"""ICAHT as tables: counts by group with every reason, the rule in full, "experimental" everywhere; patients with their days."""

from functools import cache

from golden.cohorts import by, nobody

from labs.scores.made import scored_cohort
from lib.labs.icaht.result import icaht_grades
from lib.labs.icaht.table import icaht_patients, icaht_table


@cache
def result(grouping="arm"):
    return icaht_grades(scored_cohort(), by(scored_cohort(), grouping))


def test_counts_by_group():
    table = icaht_table(result())
    assert table.header == ("ICAHT (experimental)", "A (n = 4)", "B (n = 3)", "Total (n = 7)")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Early (day 0–30): grade 0"] == ("1 (25 %)", "0 (0 %)", "1 (14.3 %)")
    assert rows["Early (day 0–30): grade 3 or more"] == ("2 (50 %)", "1 (33.3 %)", "3 (42.9 %)")
    assert rows["Early (day 0–30): not gradable"] == ("0 (0 %)", "2 (66.7 %)", "2 (28.6 %)")
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
        assert "experimental" in table.title and table.notes[0].startswith("Experimental")
    said = icaht_table(result()).caption
    for part in (
        "≤ 500/µL on 1–6 days grade 1",
        "never above 500 grade 4",
        "≤ 100/µL on 7–13 days grade 3",
        "at least 2 days",
        "≤ 1500/µL grade 1",
    ):
        assert part in said
    notes = " ".join(icaht_table(result()).notes)
    for part in (
        "last observation carried forward",
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
    assert "NG a: fewer than 2 days with a value after day 30" in table.caption
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
