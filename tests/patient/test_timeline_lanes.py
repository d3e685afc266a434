"""Entries of the timeline: lanes, rows in which no labels meet, ends of responses."""

from itertools import pairwise

import pytest
from golden.cohorts import synthetic

from lib.patient.course import course
from lib.patient.timeline_lanes import GAP, LEAST_BAR, LETTERS, plot_pixels, timeline
from lib.publication.text_width import text_width
from patient.cases import NAMES, case_course, one


def extents(result):
    """Row, first and last pixel of every entry with its label, where the plot is as narrow as it may be."""
    scale = result.pixels / (result.high - result.low)
    for item in result.items:
        left = (item.start - result.low) * scale
        right = max((item.end - result.low) * scale, left + LEAST_BAR)
        width = text_width(item.label, LETTERS) + GAP
        yield item.row, left - (width if item.side == "left" else 0), right + (width if item.side == "right" else 0)


@pytest.mark.parametrize("patient", [*NAMES, *(f"ZQX-{n:04d}" for n in range(1, 9))])
@pytest.mark.parametrize("width", [380, 760, 930])
def test_no_two_entries_of_a_row_meet(patient, width):
    seen = case_course(patient) if patient in NAMES else course(synthetic(60), patient)
    result = timeline(seen, plot_pixels(width))
    rows = sorted(extents(result))
    assert all(after[1] >= before[2] + GAP - 1e-9 for before, after in pairwise(rows) if before[0] == after[0])
    assert {row for row, _, _ in rows} == set(range(result.n_rows))
    assert min(left for _, left, _ in rows) >= -GAP and max(right for *_, right in rows) <= result.pixels + 2 * GAP


def test_the_lanes_of_the_case():
    result = timeline(case_course())
    assert [lane for lane, _ in result.lanes] == [
        "Earlier lines",
        "Transplant",
        "Lymphodepletion",
        "CAR T cells",
        "Later lines",
        "Other therapy",
        "Response",
    ]
    reported = {item.label: item for item in result.items}
    assert reported["Induction: VAD ×6, BD ×4 → VGPR"].end == -1013 and reported["Autologous transplant"].start == -1013
    assert (reported["VGPR, MRD negative"].start, reported["VGPR, MRD negative"].end) == (14, 244) and not reported[
        "MR"
    ].is_bar
    assert "3: human BCMA CAR T (second) + lenalidomide, 10 × 10⁶/kg" in reported
    assert reported["Red cells and platelets"].open_ended and not reported["Lenalidomide 25 mg/day"].open_ended
    assert [item.start for item in result.items if item.lane == "CAR T cells"] == [-458, -179, 0]


def test_a_response_lasts_to_the_next_assessment_of_the_same_infusion():
    rows = [(28, "PR", 1), (60, "PR", 1), (90, "CR", 1), (200, "PD", 1), (10, "SD", 2)]
    opened = one(
        responses=[{"day": day, "response": response, "infusion": number} for day, response, number in rows],
        infusions=[{"infusion": 1, "day": 0}, {"infusion": 2, "day": 300}],
    )
    found = [
        (item.label, item.start, item.end)
        for item in timeline(course(opened, "a1", 1)).items
        if item.lane == "Response"
    ]
    assert found == [("PR", 28, 90), ("CR", 90, 200), ("PD", 200, 200), ("SD", 310, 310)]


def test_a_patient_without_any_rows_has_an_infusion():
    result = timeline(course(one(), "a1"))
    assert [item.lane for item in result.items] == ["CAR T cells"] and result.low < 0 < result.high


def test_what_has_no_day_is_counted_and_ongoing_therapy_reaches_the_end_of_follow_up():
    opened = one(
        therapies=[{"kind": "maintenance", "therapy": "X", "start_day": 30, "ongoing": "yes"}, {"kind": "bridging"}],
        endpoints=[{"endpoint": "os", "time": 400, "unit": "days", "event": 0}],
    )
    result = timeline(course(opened, "a1"))
    assert result.n_unplaced == 1 and [
        (item.start, item.end) for item in result.items if item.lane == "Maintenance"
    ] == [(30, 400)]
