"""Adjusted hazard ratios against R's coxph with several covariates, and the models that are refused."""

import numpy as np
import pandas as pd
import pytest
from golden.reference import golden, same, survival_data, survival_numbers

from lib.stats import firth
from lib.stats.adjusted_cox import PENALISED, Category, Measure, adjusted_cox
from lib.stats.cox import OVERALL
from lib.stats.cox_model import LIKELIHOOD_RATIO, WALD
from stats.observed import CELLTYPES, lung_entry

R = golden("cox")["models"]
SEX = Category("g", "Sex", ("male", "female"), "male")
AGE = Measure("age", "Age", "years", 10)
ARM = Category("g", "Arm", ("standard", "test"), "standard")


def adjusted(rows, *wanted, entry=None):
    return adjusted_cox(rows["time"].to_numpy(float), rows["ev"].to_numpy(float), rows, wanted, entry)


def numbers(model):
    return [(row.ratio.value, row.ratio.low, row.ratio.high, row.test.statistic, row.test.p) for row in model.rows]


def expected(name):
    return [tuple(same(term[key]) for key in ("hr", "low", "high", "z", "p")) for term in R[name]["terms"].values()]


def test_veterans_are_rs():
    model = adjusted(
        survival_data("veteran"),
        ARM,
        Measure("karno", "Karnofsky", "points", 10),
        AGE,
        Category("celltype", "Cell type", CELLTYPES, "squamous"),
    )
    assert numbers(model) == expected("veteran_all")
    assert (model.n, model.n_events, model.left_out, model.parameters, model.reason) == (137, 128, 0, 6, "")
    lines = [(row.covariate, row.level, row.against) for row in model.rows]
    assert lines == [
        ("Arm", "test", "standard"),
        ("Karnofsky", "per 10 points", ""),
        ("Age", "per 10 years", ""),
        *(("Cell type", kind, "squamous") for kind in CELLTYPES[1:]),
    ]
    overall = R["veteran_all"]["lrt"]
    assert (model.overall.name, model.overall.statistic, model.overall.df, model.overall.p) == (
        LIKELIHOOD_RATIO,
        same(overall["chisq"]),
        6,
        same(overall["p"]),
    )
    assert list(model.proportional) == ["Arm", "Karnofsky", "Age", "Cell type", OVERALL]
    for test, one in zip(model.proportional.values(), R["veteran_all"]["zph"]["km"].values(), strict=True):
        assert (test.statistic, test.df, test.p) == tuple(same(one[key]) for key in ("chisq", "df", "p"))
    assert {row.test.name for row in model.rows} == {WALD}


def test_patients_without_a_covariate_are_left_out_and_counted_as_by_r():
    lung = survival_data("lung")
    lung = lung.assign(ecog=lung["ph_ecog"].astype("Int64").astype("string"))
    model = adjusted(lung, SEX, AGE, Category("ecog", "ECOG", ("0", "1", "2"), "0"))  # one is missing, one is "3"
    assert numbers(model) == expected("lung_sex_age_ecog")
    assert (model.n, model.n_events, model.left_out) == (226, 163, 2)
    assert {row.test.n for row in model.rows} == {model.overall.n} == {226}


def test_sex_and_age_are_the_reference_numbers():
    reported = survival_numbers("lung")["cox_multivariable_sex_age"]
    model = adjusted(survival_data("lung"), SEX, Measure("age", "Age"))
    for row, name in zip(model.rows, ("gfemale", "age"), strict=True):
        assert (row.ratio.value, row.ratio.low, row.ratio.high, row.test.p) == tuple(
            same(reported[key][name]) for key in ("hr", "lower", "upper", "p")
        )


def test_late_entry_is_rs():
    lung = survival_data("lung")
    assert numbers(adjusted(lung, SEX, Measure("age", "Age", "years"), entry=lung_entry(lung))) == expected("lung_late")


def test_order_of_covariates_and_rows_is_nothing():
    lung = survival_data("lung")
    one, other = adjusted(lung, SEX, AGE), adjusted(lung.sample(frac=1, random_state=1), AGE, SEX)
    assert other.rows[1].ratio.value == pytest.approx(one.rows[0].ratio.value, rel=1e-9)
    assert other.overall.p == pytest.approx(one.overall.p, rel=1e-9)


def test_a_level_without_patients_keeps_its_line_and_costs_no_parameter():
    sex = Category("g", "Sex", ("male", "female", "unknown"), "male")
    model = adjusted(survival_data("lung"), sex, AGE)
    assert model.rows[1].ratio.reason == model.rows[1].test.reason == "no patients with Sex unknown"
    assert [row.ratio.value for row in model.rows if not row.ratio.reason] == [
        row.ratio.value for row in adjusted(survival_data("lung"), SEX, AGE).rows
    ]
    assert model.parameters == 2


OVARIAN = survival_data("ovarian")
RX = Category("g", "Arm", ("rx1", "rx2"), "rx1")
NOTHING = OVARIAN.assign(age=np.nan)


@pytest.mark.parametrize(
    ("rows", "wanted", "reason"),
    [
        (OVARIAN.assign(ev=[1] * 3 + [0] * 23), (RX, AGE), "2 parameters need 4 events at least; there are 3"),
        (OVARIAN.assign(ev=[1] + [0] * 25), (AGE,), "1 parameter needs 2 events at least; there is 1"),
        (OVARIAN.head(1), (AGE,), "Age has the same value for everybody"),
        (OVARIAN, (), "no covariates"),
        (OVARIAN.assign(ev=0), (RX,), "no events"),
        (OVARIAN.head(0), (RX,), "no patients"),
        (NOTHING, (AGE,), "no patients"),
        (OVARIAN.assign(age=50), (AGE,), "Age has the same value for everybody"),
        (OVARIAN.assign(g="rx1"), (RX,), "Arm has the same value for everybody"),
        (OVARIAN.assign(g="rx2"), (RX,), "no patients with Arm rx1, the reference"),
    ],
)
def test_a_refused_model_has_its_reason_everywhere(rows, wanted, reason):
    model = adjusted(rows, *wanted)
    assert (model.reason, model.overall.reason) == (reason, reason)
    assert all(test.reason == reason and test.p is None for test in model.proportional.values())
    assert all(row.ratio.reason and row.test.p is None for row in model.rows)
    assert model.n + model.left_out == len(rows)


def test_below_five_events_a_parameter_the_model_is_firths_as_in_r():
    rows, expected = OVARIAN.assign(resid=(OVARIAN["resid_ds"] == 2) * 1.0), golden("small_groups")["adjusted"]
    model = adjusted(rows, RX, Measure("resid", "Residual"), Measure("age", "Age", "years", 10))
    assert model.penalised and (model.n_events, model.parameters) == (12, 3)
    for row, value, low, high, p in zip(
        model.rows, *(expected[key] for key in ("coefficient", "low", "high", "p")), strict=True
    ):
        assert (np.log(row.ratio.value), np.log(row.ratio.low), np.log(row.ratio.high)) == pytest.approx(
            (value, low, high), rel=1e-5
        )
        assert row.test.p == pytest.approx(p, rel=1e-5)
    assert model.overall.p == pytest.approx(expected["overall_p"], rel=1e-5)
    assert not adjusted(rows, RX, Measure("resid", "Residual")).penalised  # 6 events a parameter


def test_one_parameter_for_ten_events_is_allowed():
    model = adjusted(OVARIAN, RX)
    assert model.rows[0].ratio.value == same(survival_numbers("ovarian")["cox_efron"]["hr"])


def test_the_same_covariate_twice_has_no_model():
    model = adjusted(survival_data("lung"), AGE, Measure("age", "Age again", "years"))
    assert model.reason.startswith("the covariates do not differ")
    assert all(row.ratio.reason == model.reason for row in model.rows)


def test_a_level_without_events_makes_the_model_firths():
    rows = survival_data("veteran")
    rows = rows.assign(ev=rows["ev"].where(rows["celltype"] != "adeno", 0))
    model = adjusted(rows, ARM, Category("celltype", "Cell type", CELLTYPES, "squamous"))
    assert {row.test.name for row in model.rows} == {model.overall.name} == {firth.NAME}
    assert {row.ratio.note for row in model.rows} == {firth.NOTE}
    adeno = next(row for row in model.rows if row.level == "adeno")
    assert 0 < adeno.ratio.low < adeno.ratio.value < adeno.ratio.high < 1
    assert {test.reason for test in model.proportional.values()} == {PENALISED}


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_every_kind_of_text_column_is_read(kind):
    lung = survival_data("lung")
    lung = lung.assign(g=lung["g"].astype(kind), age=lung["age"].astype("Int64").mask(lung["id"] < 5, pd.NA))
    model = adjusted(lung, SEX, AGE)
    assert (model.n, model.left_out, model.reason) == (224, 4, "")


@pytest.mark.parametrize("seed", range(30))
def test_never_an_exception_and_a_number_or_a_reason(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(0, 40))
    rows = pd.DataFrame(
        {
            "time": draw.integers(0, 9, n),
            "ev": draw.random(n) < 0.9,
            "g": draw.choice(["male", "female", "?"], n),
            "age": np.where(draw.random(n) < 0.1, np.nan, draw.normal(60, 10, n)),
        }
    )
    model = adjusted(rows, SEX, AGE)
    for row in model.rows:
        assert (row.ratio.value is None) == (row.test.p is None)
    assert model.n + model.left_out == n and len(model.rows) == 2
