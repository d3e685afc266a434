"""CAR-HEMATOTOX as tables: risks by group; values, points and ranges of each patient."""

from functools import cache

from golden.cohorts import by, nobody

from labs.scores.made import scored_cohort
from lib.labs.hematotox.result import hematotox_scores
from lib.labs.hematotox.table import hematotox_patients, hematotox_table


@cache
def result(grouping="arm"):
    return hematotox_scores(scored_cohort(), by(scored_cohort(), grouping))


def test_risks_by_group():
    table = hematotox_table(result())
    assert table.rows == (
        ("Low (0–1)", "1 (25 %)", "1 (33.3 %)", "2 (28.6 %)"),
        ("High (2–7)", "1 (25 %)", "1 (33.3 %)", "2 (28.6 %)"),
        ("Not certain: items missing", "2 (50 %)", "1 (33.3 %)", "3 (42.9 %)"),
        ("All five items known", "2 (50 %)", "1 (33.3 %)", "3 (42.9 %)"),
        ("Scores", "0: 1, 0–6: 1, 1–3: 1, 5: 1", "0: 1, 0–7: 1, 2–5: 1", "0: 2, 0–6: 1, 0–7: 1, 1–3: 1, 2–5: 1, 5: 1"),
    )
    assert ("A", None, 2, 4, "items missing") in table.numbers.rows and ("B", "high", 1, 3, None) in table.numbers.rows


def test_items_points_and_range_of_each_patient():
    table = hematotox_patients(result())
    rows = {row[0]: row[1:] for row in table.rows}
    assert table.header[2:7] == ("Platelets, 10^9/L", "ANC, 10^9/L", "Hb, g/L", "CRP, mg/L", "Ferritin, µg/L")
    assert rows["a2"] == ("A", "60 (2)", "0.9 (1)", "85 (1)", "24 (0)", "1,400 (1)", "5", "high", "−5", "−6")
    assert rows["b1"][3:] == ("120 (0)", "– (0–1)", "– (0–2)", "2–5", "high", "−5", "−6")
    assert rows["b3"][4] == "< 5 (0)" and rows["b3"][-2:] == ("–", "−6") and rows["b2"][-2:] == ("–", "–")


def test_numbers_are_unrounded_with_reasons():
    numbers = hematotox_patients(result()).numbers
    names = [name for name, _ in numbers.columns]
    of = {row[0]: dict(zip(names, row, strict=True)) for row in numbers.rows}
    assert (of["a2"]["CRP"], of["a2"]["score"], of["a2"]["lymphodepletion_day"], of["a2"]["reason"]) == (
        24.0,
        5,
        -5.0,
        None,
    )
    assert (
        of["a3"]["score"] is None
        and (of["a3"]["score_min"], of["a3"]["score_max"]) == (1, 3)
        and "ferritin: no value" in of["a3"]["reason"]
    )
    assert of["b3"]["CRP"] is None and "CRP: below 5" in of["b3"]["reason"]


def test_one_group_and_nobody():
    assert hematotox_table(result("-")).header == ("CAR-HEMATOTOX", "All patients (n = 7)")
    nothing = hematotox_scores(nobody(scored_cohort()), by(scored_cohort()))
    assert hematotox_table(nothing).rows[0][1:] == ("0", "0", "0") and hematotox_patients(nothing).rows == ()
