"""Several samples of a day as one: geometric mean, half the limit, no matter which row is first."""

import itertools

import numpy as np
import pandas as pd
import pytest
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort

from lib.cohort.kinetic_series import series_keys
from lib.derived.sampling import GEOMETRIC_MEAN, HIGHEST, LOWEST, merged
from lib.kinetics.series import kinetics

NAN = float("nan")


def samples(*values, lloq=50.0, day=7.0):
    """A number, or None below the limit."""
    return pd.DataFrame(
        {
            "day": day,
            "value": [NAN if value is None else float(value) for value in values],
            "below": [value is None for value in values],
            "lloq": lloq,
        }
    )


@pytest.mark.parametrize(
    ("values", "rule", "expected"),
    [
        ((1000, 5000), GEOMETRIC_MEAN, 5e6**0.5),
        ((1000, 5000), HIGHEST, 5000),
        ((1000, 5000), LOWEST, 1000),
        ((900, None), GEOMETRIC_MEAN, (900 * 25) ** 0.5),
        ((900, None), HIGHEST, 900),
        ((900, None), LOWEST, None),
        ((60, None), GEOMETRIC_MEAN, None),  # 38.7 lies below the limit of 50
        ((None, None), GEOMETRIC_MEAN, None),
        ((100, 200, 400), GEOMETRIC_MEAN, 200),
        ((7000,), GEOMETRIC_MEAN, 7000),
    ],
)
def test_one_value_whatever_the_order(values, rule, expected):
    for order in itertools.permutations(values):
        (row,) = merged(samples(*order), ["day"], rule).to_dict("records")
        assert row["below"] == (expected is None) and row["replicates"] == len(values)
        assert np.isnan(row["value"]) if expected is None else row["value"] == pytest.approx(expected)


def test_a_limit_that_is_not_stated_and_samples_without_a_day():
    (row,) = merged(samples(900, None, lloq=NAN), ["day"]).to_dict("records")
    assert row["value"] == pytest.approx(900) and not row["below"] and np.isnan(row["lloq"])
    (row,) = merged(samples(None, None, lloq=NAN), ["day"]).to_dict("records")
    assert row["below"]
    assert len(merged(samples(900, 1000, day=NAN), ["day"])) == 2
    assert merged(samples(), ["day"]).empty


def test_days_keep_their_order():
    table = pd.concat(
        [samples(1, day=1.0, lloq=NAN), samples(4, 16, day=3.0, lloq=NAN), samples(9, day=5.0, lloq=NAN)],
        ignore_index=True,
    )
    assert merged(table, ["day"])[["day", "value", "replicates"]].to_numpy().tolist() == [
        [1, 1, 1],
        [3, pytest.approx(8), 2],
        [5, 9, 1],
    ]


COURSE = ((1, 60), (3, 200), (7, 1000), (7, 5000), (14, 900), (21, 400), (28, 150), (60, "<50"))


def made(reverse=False):
    rows = [
        {"patient_id": patient, "day": day, "value": value, "unit": "copies", "lloq": 50}
        for patient in ("a1", "b1")
        for day, value in COURSE
    ]
    rows = rows[::-1] if reverse else rows
    return cohort(arms(A=["a1"], B=["b1"]), kinetics=rows)


def test_parameters_do_not_depend_on_the_order_of_rows_and_the_rule_can_be_chosen():
    both = [kinetics(each, series_keys(each)[0], by(each)) for each in (made(), made(reverse=True))]
    for result in both:
        assert [each.cmax.value for each in result.parameters] == [pytest.approx(5e6**0.5)] * 2
        assert result.n_replicated == (2, 2)
    assert both[0].parameters[0].auc_0_28 == both[1].parameters[0].auc_0_28
    highest = kinetics(made(), series_keys(made())[0], by(made()), rule=HIGHEST)
    assert highest.parameters[0].cmax.value == 5000


def test_it_is_told_when_opened_and_under_every_exhibit_of_the_series():
    reported = [finding for finding in made().findings if "another sample on day 7" in finding.problem]
    assert (
        len(reported) == 2
        and not any(finding.sets_aside for finding in reported)
        and {one.severity for one in reported} == {"warning"}
    )
    said = {
        each.id: (*each.notes, each.method)
        for each in exhibits(made(), by(made()), "months")
        if each.id.startswith("kinetics.")
    }
    for name in ("profile", "summary", "parameters", "comparison", "persistence"):
        assert any("they count as one, by the geometric mean" in note for note in said[f"kinetics.{name}"]), name
