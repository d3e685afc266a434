"""Everything of one patient on one axis, whichever infusion its day counts from."""

import math

import pytest

from lib.patient.course import course
from patient.cases import NAMES, PATIENT, case, case_course, one


@pytest.mark.parametrize(
    ("origin", "begun"), [(None, [-458, -179, 0]), (1, [0, 279, 458]), (2, [-279, 0, 179]), (9, [-458, -179, 0])]
)
def test_day_0_is_the_chosen_infusion_and_the_last_one_at_first(origin, begun):
    seen = course(case(), PATIENT, origin)
    assert list(seen.infusions["at"]) == begun and seen.numbers == (1, 2, 3)
    assert seen.begins(seen.origin) == 0 and seen.begins(7) == 0


def test_rows_of_every_infusion_have_their_place():
    seen = case_course()
    copies = seen.tables["kinetics"].query("assay == 'qPCR' and specimen == 'blood' and `origin (extra)` != 'invented'")
    assert sorted(zip(copies["infusion"], copies["at"], strict=True)) == [(2, -178), (2, -173), (3, 1), (3, 5)]
    assert list(seen.tables["responses"]["at"]) == [-151, 14] and seen.tables["responses"]["until"].iloc[1] == 244
    depletion = seen.tables["therapies"].query("kind == 'lymphodepletion'")
    assert list(depletion["at"]) == [-183, -3] and depletion["until"].iloc[0] == -181


def test_what_has_no_day_is_counted():
    assert dict(case_course(NAMES[0]).unplaced) == {"adverse_events": 7, "kinetics": 1, "labs": 2}
    lab = {"test": "CRP", "value": 3, "infusion": 2, "day": 4}
    assert dict(course(one(infusions=[{"infusion": 2, "product": "x"}], labs=[lab]), "a1").unplaced) == {"labs": 1}


def test_a_patient_without_any_rows_has_one_infusion_on_day_0():
    seen = course(one(), "a1")
    assert (
        list(seen.infusions["at"]) == [0]
        and seen.numbers == (1,)
        and all(table.empty for table in seen.tables.values())
    )


def test_follow_up_counts_from_the_origin():
    assert list(case_course(origin=1).ends["at"]) == [732, 732, 732]
    unused = one(endpoints=[{"endpoint": "os", "time": 9, "unit": "days", "event": 1}])
    unused.tables["endpoints"]["problem"] = "not used"
    assert course(unused, "a1").ends.empty
    assert math.isclose(
        course(one(endpoints=[{"endpoint": "os", "time": 2, "unit": "months", "event": 1}]), "a1").ends["at"].iloc[0],
        60.875,
    )
