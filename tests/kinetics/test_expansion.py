"""Expansion beside one factor: correlation, levels, who is left out; and the figure over it."""

from functools import cache

import numpy as np
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic
from golden.reference import golden, same

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import series_keys
from lib.kinetics.correlates import Factor, expansion, factors, with_data
from lib.kinetics.expansion import HALF_BOX, expansion_figure, headline
from lib.kinetics.parameters import AUC_0_28, CMAX
from lib.kinetics.series import kinetics


@cache
def found(slug, measure="cmax"):
    chosen = selected(synthetic())
    series = kinetics(chosen, series_keys(synthetic())[0], by(synthetic()))
    factor = next(one for one in factors(synthetic()) if one.slug == slug)
    return expansion(chosen, series, factor, CMAX if measure == "cmax" else AUC_0_28)


def of(cmax, crs):
    """One patient a value: 0 = never above the limit; the worst grade of CRS of each."""
    names = [f"a{place}" for place in range(len(cmax))]
    rows = [
        {"patient_id": name, "day": day, "value": value, "lloq": 50}
        for name, peak in zip(names, cmax, strict=True)
        for day, value in ((1, 0), (7, peak), (28, 0))
    ]
    events = [{"patient_id": name, "term": "CRS", "grade": grade} for name, grade in zip(names, crs, strict=True)]
    made = cohort(arms(A=names), kinetics=rows, adverse_events=events)
    factor = next(one for one in factors(made) if one.slug == "crs_grade")
    return expansion(made, kinetics(made, series_keys(made)[0], by(made, "-")), factor)


@pytest.mark.parametrize("name", ["ties", "silent"])
def test_the_correlation_is_rs_and_non_expanders_rank_lowest(name):
    expected = golden("kinetics")["spearman"][name]
    result = of(expected["x"], expected["y"])
    assert result.correlation.rho.value == same(expected["rho"]) and result.correlation.test.p == same(expected["p"])
    assert int(result.table["silent"].sum()) == expected["x"].count(0)


def test_patients_add_up_and_levels_hold_them():
    for slug in ("best_response", "crs_grade", "ldh"):
        for measure in ("cmax", "auc_0_28"):
            result = found(slug, measure)
            assert result.n + sum(n for _, n in result.left_out) == 60
            assert not result.levels or sum(level.n for level in result.levels) == result.n
            assert result.correlation.test.n == result.n
    assert dict(found("ldh").left_out) == {"ldh not known": 4}
    assert any(
        "AUC0-28 not calculated: sampling ended earlier" in reason for reason, _ in found("ldh", "auc_0_28").left_out
    )


def test_boxes_need_five_and_medians_two():
    sizes = {level.level: level for level in found("best_response").levels}
    assert sizes["SD"].n == 2 and sizes["SD"].median == 0 and sizes["SD"].q1 is None
    assert sizes["PR"].q1 < sizes["PR"].median < sizes["PR"].q3


def test_what_arises_after_the_infusion_is_said_and_has_no_p_in_the_figure():
    figure = expansion_figure(found("best_response"))
    assert figure.id == "kinetics.expansion.best_response" and expansion_figure(found("ldh", "auc_0_28")).id.endswith(
        ".ldh.auc_0_28"
    )
    assert "arises after the infusion" in figure.method and headline(found("best_response")).endswith(
        "association only."
    )
    assert "p =" not in figure.tables["heading"]["text"][0] and "p = " in figure.method
    assert figure.caption.endswith("Association only.") and len(figure.caption) <= 200
    assert "p = " in expansion_figure(found("ldh")).tables["heading"]["text"][0]
    assert "association" not in headline(found("ldh"))


def test_every_patient_is_a_point_beside_its_level():
    tables = expansion_figure(found("best_response")).tables
    assert len(tables["point"]) + len(tables["silent"]) == found("best_response").n
    for name in ("point", "silent"):
        assert (np.abs(tables[name]["x"] - tables[name]["x"].round()) < HALF_BOX).all()
        assert (tables[name]["amount"] > 0).all()
    assert set(tables["silent"]["amount"]) == {25}, "half the limit"
    assert tables["tick"]["label"].tolist()[0] == "PD\nn = 10"
    assert (tables["box"]["q1"] <= tables["box"]["median"]).all() and len(tables["middle"]) == 6
    area = expansion_figure(found("best_response", "auc_0_28")).tables
    assert len(area["limit"]) == 0 and area["edge"]["amount"].min() <= area["silent"]["amount"].min()


def test_levels_without_patients_and_a_limit_far_below_are_not_drawn():
    chosen = selected(example())
    series = kinetics(chosen, series_keys(example())[0], by(example()))
    factor = next(one for one in factors(example()) if one.slug == "best_response")
    made = expansion_figure(expansion(chosen, series, factor))
    assert [level for level in factor.levels if level == "PD"] and len(factor.levels) == 4
    assert made.tables["tick"]["label"].tolist() == ["PR\nn = 4", "VGPR\nn = 8", "CR\nn = 4"]
    assert made.tables["point"]["x"].between(-0.5, 2.5).all() and made.tables["span"]["x"].tolist() == [-0.5, 2.5]
    assert len(made.tables["limit"]) == 0 and made.tables["edge"]["amount"].min() > 30_000
    assert len(made.numbers.rows) == 5, "the numbers keep every level"


@pytest.mark.parametrize(("ages", "offered", "few"), [(5, ["age_years"], ()), (2, [], ("Age, years",))])
def test_only_factors_with_enough_data_are_offered_and_the_others_named(ages, offered, few):
    names = [f"a{n}" for n in range(5)]
    patients = [{"patient_id": name, "age_years": 50 + n if n < ages else None} for n, name in enumerate(names)]
    samples = [{"patient_id": name, "day": 7, "value": 900, "lloq": 50} for name in names]
    made = cohort(patients, study=(), kinetics=samples)
    found, others = with_data(Analysis(made, made, by(made, "-"), "months"))
    assert (list(found), others) == (offered, few)


def test_nobody_one_patient_and_a_chart_that_stays():
    series = kinetics(nobody(example()), series_keys(example())[0], by(example()))
    empty = [expansion(nobody(example()), series, factor) for factor in factors(example())]
    for result in empty:
        figure = expansion_figure(result)
        assert figure.n == 0 and figure.tests[0].reason and headline(result).startswith("Nobody")
        assert all(row[-1] for row in figure.numbers.rows)
    chosen = selected(example())
    whole = expansion(chosen, kinetics(chosen, series_keys(example())[0], by(example())), empty[0].factor)
    assert expansion_figure(whole).chart == expansion_figure(empty[0]).chart
    assert of([900], [1]).correlation.rho.reason.startswith("fewer than")
    assert Factor("x", "Ferritin", "number").burden and not Factor("x", "Age", "number").burden
