"""Which series there are, the largest first."""

from golden.cohorts import cohort, example

from lib.cohort.kinetic_series import SeriesKey, series_keys


def test_values_of_another_specimen_assay_or_unit_are_another_series():
    rows = [
        {"patient_id": "a", "day": day, "value": 5, "specimen": specimen, "unit": unit}
        for day, specimen, unit in ((1, "marrow", "%"), (1, None, "copies"), (2, None, "copies"), (2, None, None))
    ]
    made = cohort([{"patient_id": "a"}], kinetics=rows)
    assert series_keys(made)[0].label == "blood, assay not stated, copies"
    assert {(key.specimen, key.unit) for key in series_keys(made)} == {
        ("marrow", "%"),
        ("blood", "copies"),
        ("blood", ""),
    }
    assert series_keys(example()) == (SeriesKey("blood", "qPCR", "copies/µg DNA"),)
    assert series_keys(cohort([{"patient_id": "a"}])) == ()
