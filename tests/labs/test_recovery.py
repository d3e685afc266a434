"""Recovery of counts: every course, curves, table and words."""

import json
import re

import pytest
from golden.cohorts import arms, by, cohort, nobody, selected
from workbooks import example

from lib.labs.recovery import headline, recovery_figure, recovery_table
from lib.labs.recovery_times import recovery
from lib.publication.exhibit import standalone

ANC = {"test": "ANC", "unit": "/µL"}
COURSES = {  # patient: (day, neutrophils per µL)
    "back": ((0, 3000), (5, 400), (9, 300), (12, 600), (20, 2000)),
    "dips": ((0, 3000), (5, 400), (12, 600), (14, 450), (20, 800)),
    "dies": ((0, 3000), (6, 200), (10, 100)),
    "left": ((0, 3000), (6, 200), (10, 100)),
    "late": ((0, 3000), (6, 2000), (120, 100)),
    "fine": ((0, 3000), (8, 500), (10, 1800)),
}
DEATHS = {"dies": 20, "left": 80}


def made(ids=tuple(COURSES)):
    rows = [
        {**ANC, "patient_id": patient, "day": day, "value": value} for patient in ids for day, value in COURSES[patient]
    ]
    endpoints = [
        {
            "patient_id": patient,
            "endpoint": "os",
            "time": DEATHS.get(patient, 300),
            "unit": "days",
            "event": int(patient in DEATHS),
        }
        for patient in ids
    ]
    return cohort(arms(A=list(ids)), labs=rows, endpoints=endpoints)


def test_every_course():
    opened = made()
    found = recovery(opened, by(opened, "-"), "neutrophils", 0.5).patients.set_index("patient")
    assert found["fell"].dropna().to_dict() == {
        "back": 5,
        "dips": 5,
        "dies": 6,
        "left": 6,
    }, "500 is not below 500, day 120 is too late"
    assert found.loc["back", ["nadir", "nadir_day", "recovered", "time", "cause"]].tolist() == [0.3, 9, 12, 7, 1]
    assert found.loc["dips", ["recovered", "time", "cause"]].tolist() == [
        20,
        15,
        1,
    ], "a value that the next falls below again is no recovery"
    assert found.loc["dies", ["time", "cause"]].tolist() == [14, 2]
    assert found.loc["left", ["time", "cause"]].tolist() == [4, 0], "died long after the last value"


def test_curves_medians_and_who_is_counted():
    opened = made()
    result = recovery(opened, by(opened, "-"), "neutrophils", 0.5)
    (group,) = result.groups
    assert (result.n_measured, result.n, group.curve.n_events, group.death.n_events) == (6, 4, 2, 1)
    assert (
        group.curve.incidence[-1] == pytest.approx(2 / 3) and group.median == 15
    )  # 1/3 at 7 after one left at 4; death at 14; 2/3 at 15
    assert group.median_limits == (
        0,
        None,
    ), "of four, the upper limit of the curve is beyond one half from the start, the lower one never"
    assert group.nadir == (pytest.approx(0.35), 0.1, 2.0) and result.counts["at_risk"].iloc[0] == 4
    assert recovery(opened, by(opened, "-"), "neutrophils", 1.0).n == 5


def test_nobody_one_patient_and_the_order_of_rows():
    opened = made()
    empty = recovery(nobody(opened), by(opened, "-"), "neutrophils", 0.5)
    assert empty.n == empty.n_measured == 0 and empty.groups[0].median is None and empty.groups[0].nadir is None
    alone = made(("fine",))
    assert recovery(alone, by(alone, "-"), "neutrophils", 0.5).n == 0
    turned = opened.with_tables(opened.patients, {**opened.tables, "labs": opened.labs[::-1].reset_index(drop=True)})
    first, again = (recovery(each, by(opened, "-"), "neutrophils", 0.5).patients for each in (opened, turned))
    assert (
        first.sort_values("patient").reset_index(drop=True).equals(again.sort_values("patient").reset_index(drop=True))
    )
    assert recovery(opened, by(opened, "-"), "platelets", 50.0).n_measured == 0


def test_the_example_recovers_within_a_month():
    from golden.cohorts import selected
    from workbooks import example

    for analyte, threshold, below in (("neutrophils", 1.0, (8, 6)), ("platelets", 50.0, (3, 4))):
        found = recovery(selected(example()), by(example()), analyte, threshold)
        assert tuple(group.n_below for group in found.groups) == below
        assert found.patients["recovered"].dropna().le(30).all() and (found.patients["cause"].dropna() == 1).all()


def of_example(threshold=1.0, *filters):
    return recovery(selected(example(), *filters), by(example()), "neutrophils", threshold)


def test_the_chart_stays_and_names_its_tables():
    views = [
        of_example(),
        of_example(1.0, "arm=Control"),
        recovery(nobody(example()), by(example()), "neutrophils", 1.0),
        of_example(0.5),
    ]
    figures = [recovery_figure(view, "anc") for view in views]
    assert len({json.dumps(figure.chart) for figure in figures}) == 1
    named = set(re.findall(r'"data": \{"name": "([^"]+)"', json.dumps(figures[0].chart))) | set(
        re.findall(r"data\('([^']+)'\)", json.dumps(figures[0].chart))
    )
    for figure in figures:
        assert set(figure.tables) == named and "patient" not in figure.tables["curve"]
        json.dumps(standalone(figure), allow_nan=False)


def test_groups_known_after_infusion_are_not_tested():
    figure = recovery_figure(of_example(), "anc")
    assert figure.id == "labs.anc.recovery" and figure.tests == () and "p =" not in figure.tables["heading"]["text"][0]
    assert "2 patients of 16 never fell below: not in the curves." in figure.notes and figure.tables["group"][
        "label"
    ].tolist() == ["Control (8 of 8)", "Pomalidomide (6 of 8)"]
    opened = made()
    assert recovery_figure(recovery(opened, by(opened), "neutrophils", 0.5), "anc").tests == (), (
        "one group has nothing to be compared with"
    )


def test_words_and_table():
    assert (
        headline(of_example(0.5))
        == "Below 0.5 × 10⁹/L and back (neutrophils): Control 0 of 8 fell below; Pomalidomide 0 of 8 fell below."
    )
    assert (
        headline(recovery(nobody(example()), by(example()), "neutrophils", 1.0))
        == "Nobody in this selection has neutrophils from day 0 to 90."
    )
    opened = made()
    table = recovery_table(recovery(opened, by(opened, "-"), "neutrophils", 0.5), "anc")
    assert table.header[:3] == ("Measured", "Below 0.5", "Nadir, × 10⁹/L") and table.rows[0][:2] == ("6", "4 (67 %)")
    assert table.rows[0][2:7] == ("0.35 (0.1–2)", "8.5 (5–10)", "2", "1", "15 (0–NE)")
    row = dict(zip([name for name, _ in table.numbers.columns], table.numbers.rows[0], strict=True))
    assert (
        row["median"] == 15
        and row["n_below"] == 4
        and row["median_low"] == 0
        and "does not reach one half" in row["reason"]
    )
