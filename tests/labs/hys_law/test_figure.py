"""The plot of Hy's law: chart, headline, and many patients drawn together."""

import json
import re

import numpy as np
import pandas as pd
from golden.cohorts import by, nobody

from labs.hys_law.test_result import made
from lib.derived.period import Period
from lib.labs.hys_law.figure import MOST_POINTS, HysLaw, hys_law_figure
from lib.labs.hys_law.result import hys_law
from lib.publication.exhibit import standalone


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
