"""Series of laboratory values: which there are, their names, visits and scales."""

import pytest
from golden.cohorts import selected

from labs.made import sixteen, with_labs
from lib.cohort.printed import LONGEST
from lib.labs.series import capitalised, lab_series, values_of


def slugs(*tests):
    rows = [{"patient_id": "a1", "day": day, "value": 5, **test} for day, test in enumerate(tests)]
    return [series.slug for series in lab_series(with_labs(rows))]


def test_the_test_with_most_values_comes_first():
    found = lab_series(sixteen())
    assert [series.label for series in found] == ["CRP, mg/L", "ANC, 10⁹/L", "ferritin, µg/L"]
    assert [series.slug for series in found] == ["crp", "anc", "ferritin"]
    assert [series.log for series in found] == [True, False, False]


def test_units_are_never_mixed():
    rows = [
        {"patient_id": "a1", "day": day, "value": 5, "unit": unit}
        for day, unit in enumerate(("mg/L", "mmol/L", "mg/L", None))
    ]
    found = lab_series(with_labs(rows))
    assert [(series.unit, series.slug) for series in found] == [
        ("mg/L", "crp"),
        ("mmol/L", "crp_mmol_l"),
        ("", "crp_no_unit"),
    ]
    assert [len(values_of(with_labs(rows), series)) for series in found] == [2, 1, 1]


@pytest.mark.parametrize(
    ("test", "slug"),
    [
        ("IL-6", "il_6"),
        ("Lactate dehydrogenase (LDH)", "lactate_dehydrogenase_ldh"),
        ("β2-Mikroglobulin", "beta2_mikroglobulin"),
        ("Hämoglobin", "hamoglobin"),
        ("血红蛋白", "test"),
        ("x" * 90, "x" * LONGEST),
    ],
)
def test_names_of_exhibits_are_plain_and_short(test, slug):
    assert slugs({"test": test}) == [slug]


def test_names_of_exhibits_are_different():
    assert slugs({"test": "CD4-"}, {"test": "CD4"}, {"test": "CD4+"}) == ["cd4", "cd4_2", "cd4_plus"]
    long = slugs({"test": "x" * 90}, {"test": "x" * 91})
    assert len(set(long)) == 2 and max(map(len, long)) <= LONGEST


def test_names_and_order_stay_whatever_is_selected():
    assert [series.slug for series in lab_series(selected(sixteen(), "arm=Control"))] == ["crp", "anc", "ferritin"]


def test_visits_stand_in_the_order_of_their_days_or_as_they_are_met():
    named = [("week 4", 28), ("baseline", -3), ("week 1", 8), ("week 1", 7)]
    rows = [
        {"patient_id": f"a{n % 3 + 1}", "visit": visit, "day": day, "value": 5} for n, (visit, day) in enumerate(named)
    ]
    (series,) = lab_series(with_labs(rows))
    assert series.visits == ("baseline", "week 1", "week 4") and series.by_visit and series.has_days
    (series,) = lab_series(with_labs([{**row, "day": None} for row in rows]))
    assert series.visits == ("week 4", "baseline", "week 1") and series.by_visit and not series.has_days


def test_days_tell_the_time_where_a_visit_is_no_time():
    wards = [{"patient_id": "a1", "visit": "ward" if day % 2 else "clinic", "day": day, "value": 5} for day in range(6)]
    assert not lab_series(with_labs(wards))[0].by_visit
    some = [{"patient_id": "a1", "visit": "week 1", "day": 7, "value": 5}, {"patient_id": "a1", "day": 9, "value": 5}]
    assert not lab_series(with_labs(some))[0].by_visit


def test_a_log_axis_is_offered_only_where_every_value_is_above_0():
    wide = [{"patient_id": "a1", "day": day, "value": 10.0**day} for day in range(5)]
    assert lab_series(with_labs(wide))[0].log
    assert not lab_series(with_labs([*wide, {"patient_id": "a1", "day": 9, "value": 0}]))[0].log


def test_values_below_a_limit_have_none():
    rows = [{"patient_id": "a1", "day": 1, "value": "<4"}, {"patient_id": "a1", "day": 0, "value": 5}]
    table = values_of(with_labs(rows), lab_series(with_labs(rows))[0])
    assert table["day"].tolist() == [0, 1] and table["below"].tolist() == [False, True]
    assert table["value"].isna().tolist() == [False, True] and table["limit"].tolist()[1] == 4


def test_no_labs_no_series():
    assert lab_series(with_labs([])) == ()


def test_a_word_in_small_letters_begins_with_a_capital_and_an_abbreviation_stays():
    words = {
        "haemoglobin, g/L": "Haemoglobin, g/L",
        "alkaline phosphatase": "Alkaline phosphatase",
        "pH": "pH",
        "hsCRP, mg/L": "hsCRP, mg/L",
        "ALT": "ALT",
    }
    assert {word: capitalised(word) for word in words} == words
