"""Patients as P01 ...: no id of the workbook is left, and who is who stays the same in every exhibit."""

import json

from exhibit_ids import A_ROW_A_PATIENT
from golden.cohorts import synthetic

from lib.cohort.analysis import study_codes
from lib.publication.exhibit import Figure
from lib.publication.masking import pseudonymised_table, shows_patients


def test_which_exhibits_show_patients(shown):
    assert {identifier for identifier, exhibit in shown.items() if shows_patients(exhibit)} == A_ROW_A_PATIENT


def test_no_id_is_left_anywhere(hidden):
    for exhibit in hidden.values():
        reported = [
            exhibit.title,
            exhibit.caption,
            *exhibit.notes,
            *map(str, exhibit.numbers.rows),
            *map(str, exhibit.tests),
        ]
        if isinstance(exhibit, Figure):
            reported += [
                json.dumps(exhibit.chart),
                exhibit.alt,
                exhibit.data.to_csv(),
                *(table.to_csv() for table in exhibit.tables.values()),
            ]
        else:
            reported += [*map(str, exhibit.rows), str(exhibit.header)]
        assert not any("ZQX" in text for text in reported), exhibit.id


def test_everybody_keeps_a_name_of_their_own(shown, hidden):
    names = study_codes(list(synthetic().patients["patient_id"]))
    for table in ("lane", "mark", "segment", "therapy"):
        before, after = (made["swimmer.plot"].tables[table]["patient"] for made in (shown, hidden))
        assert after.tolist() == [names[patient] for patient in before]
    before, after = shown["kinetics.parameters"], hidden["kinetics.parameters"]
    assert [row[0] for row in after.rows] == [names[row[0]] for row in before.rows]
    assert [row[1:] for row in after.rows] == [row[1:] for row in before.rows]


def test_a_table_without_patients_stays_as_it_is(shown):
    table = shown["toxicity.table"]
    assert pseudonymised_table(table, {"CRS, any grade": "P01"}) is table
