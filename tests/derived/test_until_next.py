"""What counts until the next therapy or infusion, and what is said of what was left out."""

import pytest
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort, example, follow_up, nobody, selected

from lib.derived.follow_up import next_days, until_next
from lib.labs.grades import grades_result
from lib.toxicity.first_event import onset
from lib.toxicity.incidence import incidence

PLATELETS = {"test": "platelets", "unit": "10^9/L", "lower_limit": 150}
EVENT = {"term": "Infection", "grading_system": "CTCAE v5"}


def made(therapies=(), infusions=(), events=(), labs=()):
    patients = arms(A=["t0", "t1", "t2"], B=["t3", "t4", "t5"])
    ids = [row["patient_id"] for row in patients]
    return cohort(
        patients,
        (("time_unit", None, "days"), ("group_by", None, "arm"), ("known_at", "arm", "before")),
        therapies=list(therapies),
        infusions=list(infusions),
        adverse_events=[{**EVENT, **row} for row in events]
        or [{"patient_id": "t1", "term": "CRS", "grade": 1, "start_day": 2}],
        labs=[
            {"patient_id": patient, "day": day, "value": value, **PLATELETS}
            for patient in ids
            for day, value in ((-6, 160), (14, 120))
        ]
        + [{**PLATELETS, **row} for row in labs],
        endpoints=follow_up("os", **dict.fromkeys(ids, (600, 0))),
    )


def after(kind="subsequent", start=200, stop=None):
    return made(
        [{"patient_id": "t0", "kind": kind, "therapy": "Belantamab", "start_day": start, "stop_day": stop}],
        events=[{"patient_id": "t0", "grade": 4, "start_day": 400, "stop_day": 410}],
        labs=[{"patient_id": "t0", "day": 410, "value": 10}],
    )


def severe(opened):
    """Infection of grade 3 or more, and thrombocytopenia of grade 4 by value, in arm A."""
    reported = incidence(opened, by(opened)).of_threshold("grade >= 3").get("Infection")
    computed = next(row for row in grades_result(opened, by(opened), "CTCAE v5").rows if row.threshold == 4)
    return (reported.n[0] if reported else 0, computed.n[0])


def test_what_came_after_treatment_of_relapse_is_left_out_counted_and_can_be_kept():
    opened = after()
    found = until_next(opened)
    assert severe(opened) == (1, 1) and severe(found.cohort) == (0, 0)
    assert found.of_events == (
        (
            "Counted until the next anti-tumour therapy or a later infusion, which 1 patient had: 1 adverse event of 1"
            " patient left out."
        ),
    )
    assert found.of_values[0].endswith("1 laboratory value of 1 patient left out.")
    assert incidence(found.cohort, by(opened)).of == (3, 3), "everybody stays in the denominator"


@pytest.mark.parametrize("kind", ["maintenance", "bridging", "lymphodepletion"])
def test_maintenance_and_bridging_end_nothing(kind):
    opened = after(kind)
    found = until_next(opened)
    assert severe(found.cohort) == (1, 1) and found.of_events == found.of_values == ()


def test_a_later_infusion_ends_it_too_and_its_own_day_still_counts():
    infusions = [{"patient_id": "t0", "infusion": number, "day": day} for number, day in ((1, 0), (2, 100))]
    events = [{"patient_id": "t0", "grade": 3, "start_day": day} for day in (99, 100, 101)]
    found = until_next(selected(made(infusions=infusions, events=events)))
    assert found.cohort.adverse_events["start_day"].tolist() == [99, 100] and next_days(found.cohort)["t0"] == 100


def test_what_has_no_day_is_kept_and_said():
    opened = made(
        [
            {"patient_id": "t0", "kind": "subsequent", "therapy": "x", "start_day": 50},
            {"patient_id": "t3", "kind": "subsequent", "therapy": "x"},
        ],
        events=[{"patient_id": "t0", "grade": 3}, {"patient_id": "t3", "grade": 3, "start_day": 300}],
    )
    found = until_next(opened)
    assert len(found.cohort.adverse_events) == 2
    said = " ".join(found.of_events)
    assert "no adverse event came later" in said and "1 adverse event of these without a day: kept" in said
    assert "1 patient had a next therapy without a start day" in said


def test_first_events_are_followed_until_then_only():
    opened = after()
    rows = onset(until_next(opened).cohort, by(opened), "Infection").table.set_index("patient")
    assert rows.loc["t0", ["time", "cause"]].tolist() == [200, 0] and rows.loc["t1", "time"] == 600
    assert onset(opened, by(opened), "Infection").table.set_index("patient").loc["t0", ["time", "cause"]].tolist() == [
        400,
        1,
    ]


def test_the_report_says_it_and_the_example_is_unchanged():
    said = {each.id: " ".join(each.notes) for each in exhibits(after(), by(after()), "days")}
    for name in ("toxicity.table", "labs.grades"):
        assert "left out" in said[name], name
    assert until_next(example()).of_events == () and len(until_next(example()).cohort.labs) == len(example().labs)
    assert until_next(nobody(after())).of_events == ()
