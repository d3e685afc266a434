"""Odd measurements: copies that come back, copies before the infusion, units that change."""

import pytest

from cohort.checked import findings_across, reported

NAN = float("nan")
COMMON = {"specimen": "blood", "assay": "qPCR", "unit": "copies", "lloq": 50.0}


def series(*values: float | None, first: int = 0, **changes: object) -> list[dict[str, object]]:
    """A value a week; None = below the limit."""
    return [
        {**COMMON, "day": first + 7 * week, "value": NAN if value is None else value, "below": value is None, **changes}
        for week, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "row"),
    [
        ((900, None, None, 400), 5),
        ((900, None, 400), None),
        ((None, None, 400), None),
        ((900, 800, 700), None),
        ((900, None, None, None), None),
        ((900, None, NAN, None, 400), 6),
        ((900, None, None), None),
        ((), None),
    ],
)
def test_copies_that_come_back_after_two_values_below_the_limit(values, row):
    found = findings_across({"kinetics": series(*values)})
    assert reported(found) == (
        [("note", row, "value", "Copies are back after two values below the limit.")] if row else []
    )


def test_another_series_or_order_of_rows_or_no_day_is_no_return():
    marrow = series(400, first=21, specimen="marrow")
    assert findings_across({"kinetics": series(900, None, None) + marrow}) == []
    assert findings_across({"kinetics": series(900, None, None) + series(400, first=21, infusion=2.0)}) == []
    (dayless,) = findings_across({"kinetics": [*series(900, None, None), *series(400, day=NAN)]})
    assert dayless.problem == "This value has no day: no course and no parameter has it."
    (found,) = findings_across({"kinetics": series(900, None, None, 400)[::-1]})
    assert found.row == 2, "the rows are put in order of their days"


def test_copies_before_the_infusion_are_a_note_unless_they_are_the_highest():
    early = series(60, first=-3)
    assert reported(findings_across({"kinetics": early + series(900, first=7)})) == [
        ("note", 2, "day", "Copies were found before the infusion.")
    ]
    assert [found.severity for found in findings_across({"kinetics": early + series(40, 55, first=7)[1:]})] == [
        "warning"
    ]
    assert findings_across({"kinetics": series(None, first=-3) + series(900, first=7)}) == []


def test_a_value_in_another_unit_than_the_rest_of_its_series():
    other = series(0.4, first=21, unit="%", lloq=NAN)
    assert reported(findings_across({"kinetics": series(100, 200, 300) + other})) == [
        ("warning", 5, "unit", 'The unit is "%" here and "copies" in most values of the same series.')
    ]


def test_two_units_on_the_same_days_are_two_measurements():
    both = series(100, 200, 300) + series(1, 2, 3, unit="%", lloq=NAN)
    assert findings_across({"kinetics": both}) == []
    assert (
        findings_across({"kinetics": series(100, 200) + series(1, first=30, unit="%", lloq=NAN, patient_id="P2")}) == []
    )
    assert findings_across({"kinetics": series(100, 200) + series(300, first=30, unit=None)}) == []


@pytest.mark.parametrize(
    ("test", "unit", "n"), [("Hb", "g/dL", 1), ("Hb", "g/L", 0), ("Hb", None, 0), ("CRP", "g/dL", 0)]
)
def test_laboratory_values_in_two_units(test, unit, n):
    labs = [{"test": "Hb", "unit": "g/L", "day": day, "value": 100.0} for day in (0, 7)]
    found = findings_across({"labs": [*labs, {"test": test, "unit": unit, "day": 14, "value": 10.0}]})
    assert [(finding.row, finding.column) for finding in found] == [(4, "unit")] * n
