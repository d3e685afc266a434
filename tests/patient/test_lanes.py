"""Adverse events and therapies as bars."""

from lib.patient.course import course, event_lanes, therapy_lanes
from patient.cases import NAMES, case, case_course, one

PERIOD = (-14.0, 60.0)


def events(*rows, period=PERIOD):
    opened = one(adverse_events=list(rows))
    return event_lanes(opened, course(opened, "a1"), period)


def test_bars_of_the_case():
    lanes = event_lanes(case(), case_course(), PERIOD)
    assert [(bar.name, bar.grade) for bar in lanes.bars][-1] == ("CRS", 2) and (
        lanes.bars[-1].start,
        lanes.bars[-1].end,
    ) == (0, 8)
    assert "ICANS" not in lanes.names and "Fever" not in lanes.names, "looked for and absent; after another infusion"
    assert event_lanes(case(), case_course(origin=2), (-14.0, 60.0)).names == ("Fever",)


def test_events_without_days_are_named():
    without = event_lanes(case(NAMES[0]), case_course(NAMES[0]), PERIOD).without_day
    assert without == (
        "Neutropenia (grade 3)",
        "Leukopenia (grade 3)",
        "Lymphopenia (grade 3)",
        "Thrombocytopenia (grade 3)",
        "Anemia (grade 3)",
        "Fever (grade not stated)",
    )


def test_a_bar_is_cut_to_the_period_and_lasts_its_last_day():
    lanes = events(
        {"term": "A", "grade": 2, "start_day": -20, "stop_day": 3},
        {"term": "B", "grade": 4, "start_day": 9},
        {"term": "C", "start_day": 70},
    )
    assert [(bar.name, bar.start, bar.end, bar.lane) for bar in lanes.bars] == [("B", 9, 10, 0), ("A", -14, 4, 1)]
    assert lanes.n == 3 and lanes.bars[0].reported == "B (grade 4), from day 9, end not stated"


def test_more_terms_than_lanes_are_named():
    lanes = events(*({"term": f"T{number}", "grade": 1, "start_day": 1} for number in range(15)))
    assert (lanes.n, len(lanes.names), lanes.without_lane) == (12, 12, ("T12", "T13", "T14"))


def test_two_events_of_a_term_share_a_lane():
    lanes = events(
        {"term": "A", "grade": 2, "start_day": 1, "stop_day": 2},
        {"term": "A", "grade": 3, "start_day": 9, "stop_day": 9},
    )
    assert {bar.lane for bar in lanes.bars} == {0} and sorted(bar.grade for bar in lanes.bars) == [2, 3]


def test_therapies_without_earlier_lines():
    lanes = therapy_lanes(case(), case_course(), PERIOD)
    assert lanes.names == ("Fludarabine 40 mg, cyclophosphamide 400 mg", "Lenalidomide", "Red cells and platelets")
    assert (
        lanes.bars[1].reported == "Lenalidomide 25 mg/day, day -1 to 9"
        and therapy_lanes(one(), course(one(), "a1"), PERIOD).n == 0
    )
