"""Which terms are shown: as many as there is room for, chosen by the opened cohort."""

from golden.cohorts import example, nobody

from lib.toxicity.events import FEWEST_TERMS, MOST_TERMS, common_terms, room_for, timed_terms
from toxicity.made import many_terms

TERMS = tuple(f"t{number}" for number in range(80))


def test_room():
    assert len(room_for(TERMS, 1)) == MOST_TERMS
    assert len(room_for(TERMS, 2)) == 22 and len(room_for(TERMS, 8)) == FEWEST_TERMS
    assert room_for(TERMS[:3], 2) == TERMS[:3] and room_for((), 2) == ()


def test_the_minimum_incidence_is_of_all_patients_of_the_workbook():
    opened = many_terms()
    assert common_terms(opened, 0) == opened.vocabulary["term"]
    half = common_terms(opened, 0.5)
    had = opened.adverse_events.groupby("term")["patient_id"].nunique()
    assert half == tuple(term for term in opened.vocabulary["term"] if had[term] >= 6) and 0 < len(half) < 70
    assert common_terms(nobody(opened), 0.5) == opened.vocabulary["term"]


def test_terms_with_days():
    assert timed_terms(example())[:2] == ("CRS", "ICANS") and not any(
        "Unnamed" in term for term in timed_terms(example())
    )
    assert timed_terms(many_terms()) == timed_terms(many_terms(), followed=True) == ()
