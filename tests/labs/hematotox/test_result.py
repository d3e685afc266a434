"""CAR-HEMATOTOX of a cohort: which values are taken, by hand."""

from golden.cohorts import arms, by, cohort, nobody

from labs.scores.made import scored_cohort
from lib.labs.hematotox.result import hematotox_scores


def by_patient():
    made = scored_cohort()
    return {each.patient: each for each in hematotox_scores(made, by(made)).patients}


def test_scores_by_hand():
    """a1: 0 (its 50 of day -3 came after lymphodepletion began). a2: 2 platelets + 1 ANC + 1 haemoglobin + 0 CRP + 1 ferritin = 5.

    a3: 1 + 0 + 0 + 0 and ferritin missing: 1 to 3. b1: 2, CRP and ferritin missing: 2 to 5, high. b3: CRP < 0.5 mg/dL is 0 points: 0.
    a4: ANC alone, 0 to 6. b2: nothing, 0 to 7.
    """
    ends = {patient: (each.score.low, each.score.high, each.score.category) for patient, each in by_patient().items()}
    assert ends == {
        "a1": (0, 0, "low"), "a2": (5, 5, "high"), "a3": (1, 3, None), "a4": (0, 6, None), "b1": (2, 5, "high"), "b2": (0, 7, None),
        "b3": (0, 0, "low"),
    }  # fmt: skip


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
