"""Hy's law: limits, order in time, cholestasis, and the plot."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from golden.cohorts import by, nobody

from labs.made import sixteen, with_labs
from lib.derived.adverse_events import Period
from lib.labs.hys_law import CASE, CHOLESTATIC, MOST_POINTS, NOT_IN_ORDER, HysLaw, can_show, hys_law, hys_law_figure
from lib.publication.exhibit import standalone

ALT = {"test": "ALT", "unit": "U/L", "upper_limit": 40}
AST = {"test": "AST", "unit": "U/L", "upper_limit": 40}
BILIRUBIN = {"test": "bilirubin", "unit": "mg/dL", "upper_limit": 1.0}
ALP = {"test": "ALP", "unit": "U/L", "upper_limit": 100}
PEAKS = {"a1": (200, 3.0), "a2": (119, 2.0), "a3": (120, 0.5), "b1": (30, 2.1), "b2": (500, None)}


def made():
    rows = [
        {**ALT, "patient_id": patient, "day": day, "value": alt / day}
        for patient, (alt, _) in PEAKS.items()
        for day in (1, 2)
    ]
    rows += [
        {**BILIRUBIN, "patient_id": patient, "day": 5, "value": value} for patient, (_, value) in PEAKS.items() if value
    ]
    rows.append({**ALT, "patient_id": "a2", "day": 100, "value": 4000})
    rows.append({**ALT, "patient_id": "a1", "day": 3, "value": 4000, "upper_limit": None})
    return with_labs(rows)


def verdict(*rows):
    """Of one patient with these values: (test, day, value)."""
    opened = with_labs([{**kind, "patient_id": "a1", "day": day, "value": value} for kind, day, value in rows])
    found = hys_law(opened, by(opened)).peaks
    return found["verdict"].tolist()


def test_3_times_is_reached_2_times_is_exceeded_and_the_peak_lies_in_the_window():
    opened = made()
    found = hys_law(opened, by(opened))
    assert found.peaks.set_index("patient")["quadrant"].to_dict() == {
        "a1": "both",
        "a2": "neither",
        "a3": "ALT or AST only",
        "b1": "bilirubin only",
    }
    columns = ["enzyme", "enzyme_times", "enzyme_day", "bilirubin", "bilirubin_day", "verdict"]
    assert found.peaks.set_index("patient").loc["a1", columns].tolist() == ["ALT", 5, 1, 3, 5, CASE]
    assert (found.n, found.n_cases, found.n_without, found.n_no_uln, found.n_with("A", "quadrant", "both")) == (
        4,
        1,
        2,
        1,
        1,
    )
    later = hys_law(opened, by(opened), Period(0, 120)).peaks.set_index("patient")
    assert later.loc["a2", "quadrant"] == "ALT or AST only"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(ALT, 7, 100), (AST, 7, 300), (BILIRUBIN, 9, 3)], CASE),  # AST alone is raised enough
        ([(AST, 7, 300), (BILIRUBIN, 9, 3)], CASE),  # no ALT at all
        ([(ALT, 7, 120), (BILIRUBIN, 9, 3)], CASE),  # exactly 3 times
        ([(ALT, 7, 119), (BILIRUBIN, 9, 3)], ""),
        ([(ALT, 7, 200), (BILIRUBIN, 9, 2.0)], ""),  # exactly 2 times
        ([(ALT, 7, 200), (BILIRUBIN, 7, 2.1)], CASE),  # the same day
        ([(ALT, 7, 200), (BILIRUBIN, 37, 2.1)], CASE),
        ([(ALT, 7, 200), (BILIRUBIN, 38, 2.1)], NOT_IN_ORDER),
        ([(ALT, 7, 200), (BILIRUBIN, 6, 2.1)], NOT_IN_ORDER),  # bilirubin first
        ([(ALT, 7, 200), (BILIRUBIN, 6, 9.0), (BILIRUBIN, 20, 2.1)], CASE),  # the higher one before, another after
        ([(ALT, 7, 900), (BILIRUBIN, 60, 5.0), (AST, 50, 130)], CASE),  # the peak too early, a lower one in time
        ([(ALT, 7, 200), (BILIRUBIN, 9, 3), (ALP, 8, 199)], CASE),
        ([(ALT, 7, 200), (BILIRUBIN, 9, 3), (ALP, 8, 200)], CHOLESTATIC),
        ([(ALT, 7, 200), (BILIRUBIN, 9, 3), (ALP, -5, 250)], CHOLESTATIC),  # the last one before
        ([(ALT, 7, 200), (BILIRUBIN, 9, 3), (ALP, -5, 250), (ALP, 5, 90)], CASE),
        ([(ALT, 7, 200), (BILIRUBIN, 9, 3), (ALP, 40, 900)], CASE),  # known only later
        (
            [(ALT, 7, 200), (BILIRUBIN, 9, 3), (ALP, 8, 300), (ALT, 30, 150), (BILIRUBIN, 31, 2.5), (ALP, 30, 90)],
            CASE,
        ),  # a second time
    ],
)
def test_a_case_is_in_time_order_without_cholestasis(rows, expected):
    assert verdict(*rows) == [expected]
    assert verdict(*rows[::-1]) == [expected], "whatever the order of rows"


@pytest.mark.parametrize(("value", "limit"), [(2.4, 1.2), (2.2, 1.1), (1.8, 0.9), (2.6, 1.3)])
def test_exactly_2_times_any_limit_in_any_unit_is_not_above_it(value, limit):
    assert verdict((ALT, 7, 200), ({**BILIRUBIN, "upper_limit": limit}, 9, value)) == [""]
    assert verdict((ALT, 7, 200), ({**BILIRUBIN, "upper_limit": limit}, 9, value + 0.1)) == [CASE]


def test_unknown_phosphatase_is_counted():
    opened = made()
    assert hys_law(opened, by(opened)).n_unknown_phosphatase == 1


def test_nobody_and_without_bilirubin():
    assert hys_law(nobody(made()), by(made())).n == 0
    assert can_show(made()) and not can_show(sixteen())
    assert can_show(
        with_labs(
            [
                {**AST, "patient_id": "a1", "day": 1, "value": 20},
                {**BILIRUBIN, "patient_id": "a1", "day": 1, "value": 1},
            ]
        )
    )


def test_the_chart_stays_and_names_its_tables():
    opened = made()
    figures = [hys_law_figure(hys_law(each, by(opened))) for each in (opened, nobody(opened))]
    assert json.dumps(figures[0].chart) == json.dumps(figures[1].chart)
    text = json.dumps(figures[0].chart)
    named = set(re.findall(r'"data": \{"name": "([^"]+)"', text)) | set(re.findall(r"data\('([^']+)'\)", text))
    for figure in figures:
        assert set(figure.tables) == named and figure.id == "labs.hys_law"
        json.dumps(standalone(figure), allow_nan=False)
    assert (
        figures[0].tables["heading"]["text"][0]
        == "1 of 4 patients: ALT or AST ≥ 3 × ULN and bilirubin > 2 × ULN within 30 days after"
    )
    assert figures[0].tables["limit"].to_numpy().tolist() == [[3, 2]] and figures[0].numbers.rows[0] == (
        "A",
        3,
        1,
        1,
        0,
        1,
        1,
        0,
        0,
    )
    assert figures[0].tables["case"]["patient"].tolist() == ["a1"]
    assert any("without a known alkaline phosphatase" in note for note in figures[0].notes)


def test_very_many_patients_are_drawn_together_but_not_who_is_beyond_a_limit():
    opened = made()
    few = hys_law(opened, by(opened))
    n = 20 * MOST_POINTS
    draw = np.random.default_rng(1)
    crowd = few.peaks.iloc[[1] * n].assign(
        patient=[f"x{i}" for i in range(n)],
        enzyme_times=draw.uniform(0.3, 2, n),
        bilirubin=draw.uniform(0.3, 1.5, n),
        quadrant="neither",
        verdict="",
    )
    many = HysLaw(few.grouping, Period(0, 90), pd.concat([few.peaks, crowd], ignore_index=True), 0, 0)
    points = hys_law_figure(many).tables["point"]
    assert len(points) < n / 10 and points["n"].sum() == n + 4 and set(points["patient"]) == {"", "a1", "a3", "b1"}
