"""CAR-HEMATOTOX: scores by hand, windows, tables and notes."""

from dataclasses import replace
from functools import cache

from golden.cohorts import arms, by, cohort, nobody

from labs.scored import scored_cohort
from lib.labs.hematotox import hematotox_patients, hematotox_scores, hematotox_table


def by_patient():
    made = scored_cohort()
    return {each.patient: each for each in hematotox_scores(made, by(made)).patients}


def test_scores_by_hand():
    """a1: 0 (its 50 of day -3 came after lymphodepletion began). a2: 2 platelets + 1 ANC + 1 haemoglobin + 0 CRP + 1
    ferritin = 5.

    a3: 1 + 0 + 0 + 0 and ferritin missing: 1 to 3. b1: 2, CRP and ferritin missing: 2 to 5, high. b3: CRP < 0.5 mg/dL
    is 0 points: 0. a4: ANC alone, 0 to 6. b2: nothing, 0 to 7.
    """
    ends = {patient: (each.score.low, each.score.high, each.score.category) for patient, each in by_patient().items()}
    assert ends == {
        "a1": (0, 0, "low"),
        "a2": (5, 5, "high"),
        "a3": (1, 3, None),
        "a4": (0, 6, None),
        "b1": (2, 5, "high"),
        "b2": (0, 7, None),
        "b3": (0, 0, "low"),
    }


def test_which_values_were_taken_is_said():
    found = by_patient()
    assert found["a1"].lymphodepletion == -5 and found["a1"].taken["platelets"] == (-6, 220, 220)
    assert (
        found["b3"].lymphodepletion is None and found["b3"].taken["CRP"][1] == 0.0 and found["b3"].taken["CRP"][2] < 5.0
    )


LAB = {"test": "PLT", "unit": "G/L"}


def taken(labs, *therapies, assumed=-5.0):
    made = cohort(
        arms(A=["a1"]),
        labs=[{"patient_id": "a1", **LAB, **row} for row in labs],
        therapies=[{"patient_id": "a1", **row} for row in therapies],
    )
    value = hematotox_scores(made, by(made, "-"), assumed).patients[0].taken.get("platelets")
    return value and value[:2]


def test_windows():
    days = [{"day": day, "value": 100 - day} for day in (-40, -20, -14, -5, -4, -1, 0, 2)]
    flu_cy = {"kind": "lymphodepletion", "therapy": "Flu/Cy"}
    assert taken(days, {**flu_cy, "start_day": -5}) == (-5, 105)  # on the first day, still
    assert taken(days, {**flu_cy, "start_day": -4}, {**flu_cy, "start_day": -5}) == (
        -5,
        105,
    )  # the first of two courses
    assert taken(days) == (-5, 105) and taken(days, flu_cy) == (-5, 105)  # not dated: day -5, never the blood of day -1
    assert taken(days, assumed=-4) == (-4, 104) and taken(days, assumed=-6) == (-14, 114)
    assert taken(days, {**flu_cy, "start_day": -5}, assumed=-2) == (-5, 105)  # stated: nothing is assumed
    earlier = {**flu_cy, "start_day": -45}
    assert taken(days, earlier) == (-5, 105) and taken(days, earlier, {**flu_cy, "start_day": -5}) == (
        -5,
        105,
    )  # of another infusion
    assert taken(days[:1], {**flu_cy, "start_day": -5}) is None  # 35 days before
    assert taken(days[:2], {**flu_cy, "start_day": -5}) == (-20, 120) and taken(days[:2]) == (-20, 120)
    assert taken(days[:3]) == (-14, 114) and taken(days[4:]) is None  # day -4 and later is after it began


def test_nobody_and_no_labs():
    made = scored_cohort()
    assert hematotox_scores(nobody(made), by(made)).patients == ()
    assert hematotox_scores(cohort(arms(A=["a1"])), by(made, "-")).patients[0].score.high == 7


@cache
def result(grouping="arm"):
    return hematotox_scores(scored_cohort(), by(scored_cohort(), grouping))


def test_risks_by_group():
    table = hematotox_table(result())
    assert table.rows == (
        ("Low (0–1)", "1 (25 %)", "1 (33 %)", "2 (29 %)"),
        ("High (2–7)", "1 (25 %)", "1 (33 %)", "2 (29 %)"),
        ("Not certain: items missing", "2 (50 %)", "1 (33 %)", "3 (43 %)"),
        ("All five items known", "2 (50 %)", "1 (33 %)", "3 (43 %)"),
        ("Scores", "0: 1, 0–6: 1, 1–3: 1, 5: 1", "0: 1, 0–7: 1, 2–5: 1", "0: 2, 0–6: 1, 0–7: 1, 1–3: 1, 2–5: 1, 5: 1"),
    )
    assert ("A", None, 2, 4, "items missing") in table.numbers.rows and ("B", "high", 1, 3, None) in table.numbers.rows


def test_items_points_and_range_of_each_patient():
    table = hematotox_patients(result())
    rows = {row[0]: row[1:] for row in table.rows}
    assert table.header[2:7] == ("Platelets, 10⁹/L", "ANC, 10⁹/L", "Hb, g/L", "CRP, mg/L", "Ferritin, µg/L")
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


def test_boundaries_missing_items_and_undated_lymphodepletion():
    found = hematotox_scores(scored_cohort(), by(scored_cohort()))
    table = hematotox_table(found)
    said, caption = " ".join(table.notes), f"{table.caption} {table.method}"
    assert len(table.caption) <= 200 and "here 0, 0 and 1" in table.method
    for part in (
        "Platelets in 2 patients, ANC in 1 patient",
        "Ferritin in 4 patients",
        "not stated in Therapies for 3 patients",
        "Neutrophils %: 1 value",
    ):
        assert part in said
    for part in ("7 patients", "CRP < 30 mg/L (3 mg/dL) 0", "at most 28 days before", "Rejeski 2021"):
        assert part in caption
    assert "score before infusion 2" in hematotox_table(replace(found, infusion=2)).method
    assert "infusion 1" not in caption
