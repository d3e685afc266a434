"""The first day of a therapy after infusion, and the therapy for which a group stands."""

import numpy as np
import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import same

from lib.cohort.grouping import everybody
from lib.cohort.time_unit import DAYS_PER
from lib.derived.exposure import BecameKnown, exposure_of, exposure_start
from lib.stats.cox import hazard_ratios
from lib.stats.log_rank import logrank
from lib.stats.time_dependent import landmark

AFTER = (*STUDY[:3], ("known_at", "arm", 61))


def course(patient, start=None, kind="maintenance", therapy="Pomalidomide", **more):
    return {"patient_id": patient, "kind": kind, "therapy": therapy, "start_day": start, **more}


def made(*therapies, study=AFTER, groups=None):
    groups = groups or {"Pomalidomide": ["a1", "a2"], "Control": ["b1", "b2"]}
    return selected(cohort(arms(**groups), study, therapies=list(therapies)))


def days(known):
    return [None if np.isnan(day) else day for day in known.day]


def test_nobody_and_no_therapies():
    assert days(exposure_start(nobody(example()), "Pomalidomide")) == []
    assert days(exposure_start(made(), "maintenance")) == [None] * 4
    assert exposure_start(made(), "maintenance").not_stated == ()


def test_the_first_course_from_the_infusion_on():
    one = made(
        course("a1", 40), course("a1", 20), course("a2", -30), course("b1", 0), course("b2", -30), course("b2", 5)
    )
    assert days(exposure_start(one, "Pomalidomide")) == [20, None, 0, 5]


def test_kind_name_or_both_in_any_writing():
    one = made(
        course("a1", 20, therapy="Pomalidomide 4 mg"),
        course("a2", 30, kind="subsequent"),
        course("b1", 9, therapy="Lenalidomide"),
    )
    assert days(exposure_start(one, "pomalidomide")) == [20, 30, None, None]
    assert days(exposure_start(one, "maintenance")) == [20, None, 9, None]
    assert days(exposure_start(one, "POMALIDOMIDE maintenance")) == [20, None, None, None]
    assert days(exposure_start(one, "No maintenance")) == days(exposure_start(one, "")) == [None] * 4
    assert days(exposure_start(one, "Pom")) == [None] * 4  # a part of a word is not the word


def test_a_course_without_a_start_day_is_told_and_is_not_unexposed():
    one = made(course("a1"), course("a2", 30), course("b1", None, kind="prior line"), course("b2", None, stop_day=-3))
    known = exposure_start(one, "Pomalidomide")
    assert (days(known), known.not_stated) == ([None, 30, None, None], ("a1",))
    patients = one.patients["patient_id"]
    assert known.group_at(60, patients).tolist() == [None, "Pomalidomide", "no Pomalidomide", "no Pomalidomide"]


def test_the_group_of_the_example_is_its_therapy():
    opened = selected(example())
    known = exposure_of(opened, by(opened))
    assert isinstance(known, BecameKnown)
    assert (known.label, known.others, known.not_stated) == ("Pomalidomide", "Control", ())
    assert known.group_at(DAYS_PER["months"], opened.patients["patient_id"]).value_counts().to_dict() == {
        "Control": 9,
        "Pomalidomide": 7,
    }


@pytest.mark.parametrize(
    ("endpoint", "left", "dropped", "p", "ratio"),
    [("ttp", (8, 7), 1, 0.3205736, 0.542136), ("os", (9, 7), 0, 0.01489387, 0.1716838)],
)
def test_the_example_formed_anew_at_one_month(endpoint, left, dropped, p, ratio):
    opened = selected(example())
    month = DAYS_PER["months"]
    group = exposure_of(opened, by(opened)).group_at(month, opened.patients["patient_id"])
    rows = opened.patients[["patient_id"]].merge(opened.endpoints[opened.endpoints["endpoint"] == endpoint])
    time, event = rows["time"].to_numpy(float), rows["event"].to_numpy(float)
    assert set(rows["unit"]) == {"months"}
    found = landmark(time, event, group.to_numpy(object), 1)
    assert tuple(np.sum(found.group == name) for name in ("Control", "Pomalidomide")) == left
    assert len(found.dropped) == dropped
    given = found.time, found.event, found.group
    assert logrank(*given).p == same(p)
    assert hazard_ratios(*given, ("Control", "Pomalidomide"), "Control")["Pomalidomide"][0].value == same(ratio)


def test_a_yes_or_no_variable_named_like_a_therapy():
    rows = arms(A=["a1", "a2"])
    patients = [{**row, "maintenance": taken} for row, taken in zip(rows, ("yes", "no"), strict=True)]
    study = (("synthetic", None, "yes"), ("known_at", "maintenance", 30))
    one = selected(cohort(patients, study, therapies=[course("a1", 30)]))
    known = exposure_of(one, by(one, "maintenance"))
    assert isinstance(known, BecameKnown), known
    assert known.label.endswith("yes") and known.others.endswith("no") and days(known) == [30, None]


def test_the_reason_where_it_cannot_be_told():
    before = made(course("a1", 30), study=STUDY)
    assert "known before the infusion" in exposure_of(before, by(before))
    not_stated = made(course("a1", 30), study=STUDY[:3])
    assert "not stated when" in exposure_of(not_stated, by(not_stated))
    assert "one group" in exposure_of(before, everybody(before))
    without = made(course("a1", 30, kind="subsequent", therapy="Elotuzumab"))
    assert exposure_of(without, by(without)).startswith("No group of Arm can be found in Therapies")
    both = made(course("a1", 30), course("b1", 30, therapy="Control drug"))
    assert exposure_of(both, by(both)).startswith("More than one group of Arm")
    three = made(course("a1", 30), groups={"Pomalidomide": ["a1"], "Control": ["b1"], "Other": ["c1"]})
    assert "3 groups" in exposure_of(three, by(three))


def test_order_of_rows_is_nothing():
    one = synthetic()
    turned = one.with_tables(one.patients, {**one.tables, "therapies": one.therapies[::-1].reset_index(drop=True)})
    first, again = exposure_start(one, "maintenance"), exposure_start(turned, "maintenance")
    assert days(first) == days(again) and any(day is not None for day in days(first))
