"""Peaks, folds over day 1 and ratios of peaks: the published numbers, and when there are none."""

from dataclasses import replace

import pytest

from lib.patient.course import course
from lib.patient.expansion_by_infusion import (
    FIRST,
    NO_DAY_ONE,
    NO_LIMIT,
    NOT_CELLS,
    comparison_table,
    expansions,
    printed_fold,
)
from lib.patient.panels import cell_panels, panels, values
from patient.cases import NAMES, PATIENT, case, case_course, one

BLOOD, FLOW = "CAR transgene (qPCR), blood", "CAR T cells (flow), blood"
MARROW, MARROW_FLOW = "CAR transgene (qPCR), marrow", "CAR T cells (flow), marrow"


def found(opened, seen):
    shown = panels(opened)
    return {(each.series, each.infusion): each for each in expansions(values(seen, shown), shown)}


@pytest.mark.parametrize("name", NAMES)
def test_the_published_numbers(name):
    each = found(case(name), case_course(name))
    first, second = each[BLOOD, 2], each[BLOOD, 3]
    assert (first.peak, first.peak_day) == (1.16e4, 6) and (second.peak, second.peak_day) == (1.47e5, 5)
    assert first.fold == pytest.approx(35, abs=5e-4) and second.fold == pytest.approx(4494.3, abs=0.05)
    assert first.day_one == pytest.approx(331.4, abs=0.05) and second.day_one == pytest.approx(32.71, abs=0.005)
    assert first.day_one_origin == second.day_one_origin == "derived"
    assert (
        second.ratio == pytest.approx(12.67, abs=0.005) and first.ratio is None and f"ratio: {FIRST}" in first.reasons
    )
    assert each[FLOW, 2].peak == 6.91 and each[FLOW, 2].peak_day == 6 and each[FLOW, 3].peak == 52.5
    assert (each[MARROW, 3].peak, each[MARROW, 3].peak_day) == (4.81e4, 14) and each[MARROW_FLOW, 3].peak == 27.4
    assert [each["Temperature", number].peak for number in (2, 3)] == [38.5, 39.5]
    assert (each["Cytokines, IL-6", 3].peak, each["Cytokines, IL-6", 3].peak_day) == (119.8, 4)
    assert not any(infusion == 1 for _, infusion in each)


def test_a_peak_whose_day_is_not_printed_stays_without_a_day():
    each = found(case(NAMES[0]), case_course(NAMES[0]))[FLOW, 3]
    assert (
        each.peak_day is None
        and "day of the peak: not stated" in each.reasons
        and f"fold: {NO_DAY_ONE}" in each.reasons
    )


def kinetics(*rows):
    opened = one(
        kinetics=[{"specimen": "blood", "assay": "qPCR", "unit": "copies", **row} for row in rows],
        infusions=[{"infusion": 1, "day": 0}, {"infusion": 2, "day": 90}],
    )
    return found(opened, course(opened, "a1"))


@pytest.mark.parametrize(
    ("day_one", "fold", "at_least", "reason"),
    [
        ({"value": 20}, 50, False, ""),
        ({"value": "<50"}, 20, True, ""),
        ({"value": "BLQ"}, None, False, NO_LIMIT),
        ({"value": 20, "day": 2}, None, False, NO_DAY_ONE),
        ({"value": 20, "lloq": 40}, 25, True, ""),
    ],
)
def test_fold_over_day_1(day_one, fold, at_least, reason):
    each = kinetics({"day": 1, **day_one}, {"day": 7, "value": 1000})[BLOOD, 1]
    assert (each.fold, each.at_least) == (fold, at_least) and (f"fold: {reason}" in each.reasons) == bool(reason)


def test_who_never_expanded_has_no_peak_and_is_skipped_by_the_ratio():
    each = kinetics({"day": 7, "value": 100}, {"day": 7, "value": "<50", "infusion": 2})
    assert each[BLOOD, 2].peak is None and each[BLOOD, 2].ratio is None and each[BLOOD, 2].reasons
    each = kinetics(
        {"day": -3, "value": 900},
        {"day": 7, "value": 100},
        {"day": 9, "value": 100},
        {"day": 5, "value": 250, "infusion": 2},
    )
    assert (each[BLOOD, 1].peak, each[BLOOD, 1].peak_day) == (
        100,
        7,
    ), "what was before the infusion is no peak of it; the first of two"
    assert each[BLOOD, 2].ratio == 2.5


def test_of_laboratory_values_only_peaks():
    each = found(case(), case_course())
    assert each["Cytokines, IL-6", 3].fold is each["Cytokines, IL-6", 3].ratio is None
    assert NOT_CELLS in each["Cytokines, IL-6", 3].reasons[0] and not any("ANC" in series for series, _ in each)


def test_without_values_there_is_nothing():
    opened = one()
    assert found(opened, course(opened, "a1")) == {}


def table(name):
    shown = cell_panels(case(name))
    return comparison_table(expansions(values(case_course(name), shown), shown), PATIENT)


def test_it_prints_the_published_numbers_and_marks_what_is_derived():
    made = table(NAMES[0])
    assert made.rows[0] == ("CAR transgene (qPCR), blood", "2", "11,600 copies/µg DNA", "6", "331.4 †", "35", "–")
    assert made.rows[1] == (
        "CAR transgene (qPCR), blood",
        "3",
        "147,000 copies/µg DNA",
        "5",
        "32.71 †",
        "4,494.3",
        "12.67",
    )
    assert made.rows[4][2:] == ("52.5 % of T cells", "–", "–", "–", "7.60")
    assert made.notes == (
        "Day 1 of infusion 2, 3: derived, not measured (marked †).",
        "Day of peak not stated in the workbook: –.",
    )


def test_every_missing_number_has_its_reason():
    columns = [name for name, _ in table(NAMES[0]).numbers.columns]
    for row in table(NAMES[0]).numbers.rows:
        said = dict(zip(columns, row, strict=True))
        assert said["patient"] == "LEN-01" and (
            said["reason"] or None not in (said["fold"], said["ratio"], said["peak_day"])
        )


def test_a_fold_that_is_a_lower_limit_says_so():
    shown = cell_panels(case())
    each = expansions(values(case_course(), shown), shown)[0]
    assert (
        printed_fold(replace(each, fold=120.0, at_least=True)) == "≥ 120"
        and printed_fold(replace(each, fold=2.345)) == "2.35"
    )
