"""Curves of persistence: the worked example, groups in their places, nobody."""

from functools import cache

import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import golden, same

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import series_keys
from lib.kinetics.persistence import PERSISTENCE, headline, persistence_figure, persistence_table
from lib.kinetics.series import kinetics
from lib.kinetics.undetectable import persistence

R = golden("kinetics")["persistence"]


@cache
def found(name="example", grouping="arm"):
    made = {"example": example, "synthetic": synthetic}[name]()
    chosen = selected(made)
    return persistence(chosen, kinetics(chosen, series_keys(made)[0], by(made, grouping)))


def worked():
    """EX5 of the worked kinetics: undetectable on days 60, 90, 100 and 180, still quantifiable on days 120 and 365."""
    rows = []
    for place, (time, event) in enumerate(zip(R["time"], R["event"], strict=True)):
        days = ((7, 9000), (time - 1, 100), (time, 0)) if event else ((7, 9000), (time, 100))
        rows += [{"patient_id": f"a{place}", "day": day, "value": value, "lloq": 50} for day, value in days]
    made = cohort(arms(A=[f"a{place}" for place in range(6)]), kinetics=rows)
    return persistence(made, kinetics(made, series_keys(made)[0], by(made, "-")))


def test_the_worked_median_is_rs():
    (group,) = worked().groups
    assert group.median.value == same(R["median"]) == 140
    assert (group.median.low, group.median.high) == (same(R["low"]), same(R["high"]))
    assert worked().n_events == 4


def test_groups_of_the_example():
    result = found()
    assert [(group.name, group.curve.n, group.curve.n_events, group.median.value) for group in result.groups] == [
        ("Control", 8, 7, 100),
        ("Pomalidomide", 8, 6, 120),
    ]
    assert result.logrank.p == pytest.approx(0.0008, abs=5e-5) and result.logrank.n == 16
    for count in result.counts.to_dict("records"):
        assert count["at_risk"] + count["censored"] + count["events"] == 8


def test_the_limit_stands_in_the_title_and_no_p_beside_a_bias():
    figure, table = persistence_figure(found()), persistence_table(found())
    assert figure.id == "kinetics.persistence" and table.id == "kinetics.persistence.summary"
    assert "LLOQ 1,000 copies/µg DNA" in figure.title and "LLOQ 1,000" in figure.tables["heading"]["text"][0]
    assert " p " not in figure.tables["heading"]["text"][0] and "may have led to it" in figure.method
    assert (
        headline(found())
        == "Median time to undetectable (LLOQ 1,000 copies/µg DNA): Control 100 days, Pomalidomide 120 days."
    )
    assert "not comparable between assays" in figure.method and len(figure.caption) <= 200
    assert table.rows[0][:5] == ("Control", "8", "7", "100 (90–NE)", "57 % (17–84 %)") and figure.tests == table.tests
    assert (
        set(figure.data.columns) >= {"patient", "last_quantifiable", "first_below", "ended"} and len(figure.data) == 16
    )
    by_emd = persistence_figure(found("example", "emd"))
    assert by_emd.tables["box"]["text"][0].startswith("Log-rank p") and not len(figure.tables["box"])
    assert figure.tables["counts"]["text"].tolist()[:2] == ["8 (0)", "7 (1)"]
    assert persistence_figure(found(), width=380).chart["width"] == 380


def test_bands_are_drawn_of_two_groups_that_are_not_small_unless_asked_for():
    for made, grouping, usual in ((example(), "arm", False), (example(), "-", True), (synthetic(), "arm", False)):
        analysis = Analysis(made, made, by(made, grouping), "months")
        key = series_keys(made)[0]
        drawn = {
            show: "95 % CI"
            in PERSISTENCE.build(analysis, key, PERSISTENCE.settled(analysis, key, {"show_ci": show})).caption
            for show in ("usual", "yes", "no", True, False)
        }
        assert drawn == {"usual": usual, "yes": True, "no": False, True: True, False: False}


def test_what_the_chart_is_drawn_over():
    tables = persistence_figure(found("synthetic")).tables
    assert set(tables["curve"]["slot"]) == {0, 1, 2} and len(tables["group"]) == 3
    assert tables["median"]["time"].tolist() == [180, 90, 120]
    assert not tables["group"]["label"].str.contains("ZQX").any() and "patient" not in tables["curve"]


def test_nobody_and_numbers_have_reasons():
    made = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    empty = persistence(nobody(example()), made)
    figure, table = persistence_figure(empty), persistence_table(empty)
    assert figure.n == 0 and len(figure.tables["curve"]) == 0 and headline(empty).startswith("Nobody")
    assert all(test.p is None and test.reason for test in table.tests)
    for shown in (figure, persistence_figure(found("synthetic")), persistence_figure(worked())):
        for row in shown.numbers.rows:
            assert len(row) == len(shown.numbers.columns) and (None not in row[:-1] or row[-1])
