"""CRS and ICANS by scale, onset and duration."""

from golden.cohorts import arms, by, cohort, example, nobody, selected

from lib.derived.period import MIDDLE
from lib.toxicity.crs_icans.result import Spread, syndrome_terms, syndromes
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
