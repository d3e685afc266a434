"""Which terms a figure has room for: the commonest of the opened cohort, above a minimum incidence that the reader may set.

Chosen by the opened cohort, never by the selection: no filter makes a term come or go.
"""

from typing import Final

from lib.cohort.model import Cohort
from lib.derived.worst_grade import worst_grades

MOST_TERMS: Final = 25
MOST_ROWS: Final = 45  # bars that fit on a printed page
FEWEST_TERMS: Final = 6
MOST_PERCENT: Final = 50  # the highest minimum incidence


def room_for(terms: tuple[str, ...], n_groups: int) -> tuple[str, ...]:
    """The first of these terms, as many as a figure with a row for each group can show."""
    most = max(FEWEST_TERMS, min(MOST_TERMS, MOST_ROWS // max(1, n_groups)))
    return terms[:most]


def common_terms(opened: Cohort, at_least: float) -> tuple[str, ...]:
    """The terms that at least this share of the patients of the opened cohort had, in their order."""
    terms = opened.vocabulary.get("term", ())
    if at_least <= 0 or not opened.n:
        return terms
    had = worst_grades(opened)["term"].value_counts()
    return tuple(term for term in terms if had.get(term, 0) >= at_least * opened.n)


def timed_terms(cohort: Cohort, followed: bool = False) -> tuple[str, ...]:
    """The terms of the opened cohort with a day among these patients; `followed`: if it is known how long the others were."""
    events = cohort.adverse_events
    dated = set(events.loc[events["start_day"].notna() & ~(events["grade"] == 0), "term"])
    known = not followed or "os" in cohort.endpoint_names
    return tuple(term for term in cohort.vocabulary.get("term", ()) if term in dated and known)
