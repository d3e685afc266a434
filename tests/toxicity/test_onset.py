"""The first event with death competing, worked by hand and over the example; the curves as drawn."""

from functools import cache

import numpy as np
import pytest
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.toxicity.first_event import onset
from lib.toxicity.onset import onset_figure, slug

EVENTS = [
    {"patient_id": "a1", "term": "CRS", "grade": 1, "start_day": 2},
    {"patient_id": "a1", "term": "CRS", "grade": 3, "start_day": 6},
    {"patient_id": "a2", "term": "CRS", "grade": 2, "start_day": 4},
    {"patient_id": "a5", "term": "CRS", "grade": 1},
    {"patient_id": "a6", "term": "CRS", "grade": 1, "start_day": -3},
]
OS = follow_up("os", a1=(10, 0), a2=(10, 0), a3=(3, 1), a4=(5, 0), a5=(9, 0))
STUDY = (("time_unit", None, "days"), ("group_by", None, "arm"), ("known_at", "arm", "before"))


@cache
def made():
    return cohort(arms(A=["a1", "a2", "a3", "a4", "a5", "a6", "a7"]), STUDY, adverse_events=EVENTS, endpoints=OS)


def test_time_and_cause_of_each_and_who_is_left_out():
    found = onset(made(), by(made(), "-"), "CRS")
    rows = {row["patient"]: (row["time"], row["cause"]) for row in found.table.to_dict("records")}
    assert rows == {"a1": (2, 1), "a2": (4, 1), "a3": (3, 2), "a4": (5, 0)}
    assert dict(found.left_out) == {
        "had the event on a day that is not stated": 1,
        "had it before the infusion": 1,
        "no overall survival recorded": 1,
    }
    assert len(found.table) + sum(n for _, n in found.left_out) == found.n == 7


def test_the_curve_is_aalen_johansens():
    (group,) = onset(made(), by(made(), "-"), "CRS").groups
    # at risk 4, 3, 2, 1 on days 2, 3, 4, 5: 1/4; death of 1/3 of 3/4; then 1/2 of what is left
    assert dict(zip(group.curve.time, group.curve.incidence, strict=True)) == {0: 0, 2: 0.25, 3: 0.25, 4: 0.5, 5: 0.5}
    assert group.death.incidence[-1] == pytest.approx(0.25) and group.curve.free[-1] == pytest.approx(0.25)


def test_a_higher_grade_counts_from_its_own_day():
    found = onset(made(), by(made(), "-"), "CRS", least=3)
    rows = {row["patient"]: (row["time"], row["cause"]) for row in found.table.to_dict("records")}
    assert rows["a1"] == (6, 1) and rows["a2"] == (10, 0) and rows["a5"] == (9, 0) and found.label == "CRS, grade ≥ 3"


def test_the_example():
    found = onset(selected(example()), by(example()), "CRS")
    assert found.left_out == () and [group.curve.n_events for group in found.groups] == [8, 4]
    assert [float(group.curve.incidence[-1]) for group in found.groups] == [1, 0.5]
    assert found.horizon == 14 and found.ticks == tuple(range(0, 15, 2)) and found.groups[1].milestones[0].value == 0.5
    at_first = found.counts[found.counts["time"] == 0]
    assert at_first["at_risk"].tolist() == [8, 8]


def test_events_and_deaths_and_censored_balance():
    found = onset(selected(synthetic()), by(synthetic()), "Infection")
    assert len(found.table) == 60 and found.gray.p is not None
    for group in found.groups:
        last = group.curve.free[-1] + group.curve.incidence[-1] + group.death.incidence[-1]
        assert last == pytest.approx(1) and (np.diff(group.curve.incidence) >= 0).all()


def test_nobody_and_no_survival():
    found = onset(nobody(example()), by(example()), "CRS")
    assert [group.curve.n for group in found.groups] == [0, 0] and found.horizon == 30 and found.gray.reason
    without = cohort(arms(A=["a1", "a2"]), STUDY, adverse_events=EVENTS[:1])
    assert dict(onset(without, by(without, "-"), "CRS").left_out) == {"no overall survival recorded": 1}


def test_who_has_no_day_is_counted_by_group_and_in_the_comparison_that_needs_none():
    patients = arms(A=["a1", "a2", "a3", "a4"], B=["b1", "b2", "b3"])
    events = [
        {"patient_id": patient, "term": "CRS", "grade": grade, "start_day": day}
        for patient, grade, day in (("a1", 1, 2), ("a2", 3, None), ("a3", 1, None), ("b1", 2, None), ("b2", 3, 4))
    ]
    followed = follow_up("os", **{row["patient_id"]: (30, 0) for row in patients})
    opened = cohort(patients, STUDY, adverse_events=events, endpoints=followed)
    found = onset(opened, by(opened), "CRS")
    assert found.undated == (2, 1) and (found.ever.n, found.ever.of) == ((3, 2), (4, 3))
    assert found.ever.test.name == "Fisher's exact test" and found.ever.test.p == 1.0
    severe = onset(opened, by(opened), "CRS", least=3)
    assert severe.undated == (1, 0) and severe.ever.n == (1, 1)
    assert onset(made(), by(made()), "CRS", least=3).ever is None
    notes = " ".join(onset_figure(found).notes)
    assert "In no curve, because the day is not stated: A 2, B 1." in notes
    assert (
        "Whoever ever had it, with or without a day: A 3 (75 %), B 2 (67 %) of all treated; Fisher's exact test, p >"
        " 0.99." in notes
    )


def test_curves_are_drawn_to_the_horizon():
    figure = onset_figure(onset(selected(example()), by(example()), "CRS"))
    curve = figure.tables["curve"]
    assert figure.id == "toxicity.onset.crs"
    assert curve.groupby("group")["time"].max().to_dict() == {"Control": 14, "Pomalidomide": 14}
    assert curve[curve["group"] == "Control"]["incidence"].iloc[-1] == 1
    assert figure.tables["counts"].query("time == 2")["text"].tolist() == ["6", "7"]


def test_no_p_stands_beside_groups_formed_after_infusion():
    figure = onset_figure(onset(selected(example()), by(example()), "CRS"))
    heading = figure.tables["heading"]["text"].iloc[0]
    assert heading == "CRS: 12 of 16 patients; 1 death before it." and "Groups formed after infusion" in figure.method
    before = onset_figure(onset(selected(example()), by(example(), "emd"), "CRS"))
    assert "Gray's test p" in before.tables["heading"]["text"].iloc[0] and len(before.tests) == 1


def test_who_is_left_out_is_said_and_numbers_have_reasons():
    figure = onset_figure(onset(made(), by(made(), "-"), "CRS", 3))
    assert "of 7 not evaluable" in " ".join(figure.notes) and figure.id == "toxicity.onset.crs_grade_3"
    (row,) = figure.numbers.rows
    assert len(row) == len(figure.numbers.columns) and row[-1] and row[1:4] == (5, 1, 1)


@pytest.mark.parametrize(
    ("words", "expected"), [("Infección, grave", "infeccion_grave"), ("细胞", "event_7ec6_80de"), ("x" * 90, "x" * 60)]
)
def test_slugs(words, expected):
    assert slug(words) == expected


def test_nobody_and_filters_leave_the_chart_alone():
    empty = onset_figure(onset(nobody(example()), by(example()), "CRS"))
    assert (
        len(empty.tables["curve"]) == 0
        and empty.chart == onset_figure(onset(selected(example(), "emd=yes"), by(example()), "CRS")).chart
    )
