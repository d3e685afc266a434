"""CRS and ICANS by scale, onset and duration."""

from golden.cohorts import arms, by, cohort, example, nobody, selected

from lib.derived.adverse_events import MIDDLE
from lib.toxicity.crs_icans import Spread, crs_icans_table, syndrome_terms, syndromes
from toxicity.made import two_scales


def test_the_example():
    crs, icans = syndromes(selected(example()), by(example())).found
    assert (crs.term, crs.scales, crs.mixed) == ("CRS", ("Lee 2014",), False)
    assert {grade: n for (_, grade), n in crs.total.grades.items()} == {1: 4, 2: 3, 3: 4, 4: 1}
    assert [course.n for course in crs.groups] == [8, 4] and crs.groups[1].of == 8
    assert crs.total.onset == Spread(12, 0, 2, 1, 4) and crs.treatments == ()
    assert (icans.scales, icans.total.n, icans.groups[0].onset) == (("ASTCT 2019",), 1, Spread(0, 0))


def test_two_scales_stand_apart():
    (crs,) = syndromes(selected(two_scales()), by(two_scales())).found
    assert crs.mixed and set(crs.scales) == {"Lee 2014", "ASTCT 2019"}
    assert crs.total.n == 6 and sum(crs.total.grades.values()) == 6
    assert crs.total.grades["Lee 2014", 2.0] == 2 and ("ASTCT 2019", 2.0) not in crs.total.grades


def test_terms_are_known_by_their_words():
    rows = [
        {"patient_id": "a1", "term": term, "grade": 1}
        for term in ("Fever", "Neurotoxicity", "Cytokine release syndrome", "Acrsin")
    ]
    assert syndrome_terms(cohort(arms(A=["a1"]), adverse_events=rows)) == ("Cytokine release syndrome", "Neurotoxicity")


def test_nobody_and_another_period():
    for made in (syndromes(nobody(example()), by(example())), syndromes(selected(example()), by(example()), MIDDLE)):
        assert [(one.total.n, one.grades, one.total.onset) for one in made.found] == [(0, (), Spread(0, 0))] * 2


def printed(made):
    return crs_icans_table(syndromes(selected(made), by(made)))


def test_the_examples_rows_name_the_scale():
    rows = {row[0]: row[1:] for row in printed(example()).rows}
    assert rows["CRS, grade 3 (Lee 2014)"] == ("4 (25 %)", "3 (38 %)", "1 (13 %)")
    assert rows["CRS, onset, day"] == ("2 (1–4), n = 12", "3 (1–4), n = 8", "2 (1–2), n = 4")
    assert rows["ICANS, duration, days"] == ("6 (6–6), n = 1", "–", "6 (6–6), n = 1")
    assert "CRS, tocilizumab" not in rows and "not recorded" not in str(rows)
    assert printed(example()).notes[-1] == "Tocilizumab and Steroids not recorded for CRS and ICANS."
    assert "Lee 2014" in printed(example()).method and "Onset: first day" in printed(example()).method


def test_mixed_scales_are_refused_with_the_reason():
    table = printed(two_scales())
    assert any("never added up" in note and "Lee 2014" in note for note in table.notes)
    assert {"CRS, grade 2 (Lee 2014)", "CRS, grade 1 (ASTCT 2019)"} <= {row[0] for row in table.rows}
    assert "CRS: onset not stated in 6 patients." in table.notes


def test_treatment_and_numbers():
    rows = [
        {"patient_id": "a1", "term": "CRS", "grade": 2, "treatment": "tocilizumab", "start_day": 1, "stop_day": 3},
        {"patient_id": "b1", "term": "CRS", "grade": None, "start_day": 2},
    ]
    table = printed(cohort(arms(A=["a1", "a2"], B=["b1"]), adverse_events=rows))
    reported = {row[0]: row[1:] for row in table.rows}
    assert reported["CRS, tocilizumab"] == ("1 (33 %)", "1 (50 %)", "0 (0 %)")
    assert reported["CRS, steroids"] == (
        "0 (0 %)",
        "0 (0 %)",
        "0 (0 %)",
    )  # treatment was recorded, steroids were not among it
    assert reported["CRS, grade not stated (scale not stated)"] == ("1 (33 %)", "0 (0 %)", "1 (100 %)")
    assert all(
        len(row) == len(table.numbers.columns) and (row[-1] or None not in row[:-1]) for row in table.numbers.rows
    )


def test_nobody():
    empty = crs_icans_table(syndromes(nobody(example()), by(example())))
    assert [row[0] for row in empty.rows] == [
        f"{term}, {what}" for term in ("CRS", "ICANS") for what in ("any grade", "onset, day", "duration, days")
    ]
