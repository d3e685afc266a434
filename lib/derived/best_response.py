"""Best overall response: the best assessment from the infusion to progression, new therapy or the end of the data (IMWG, Kumar 2016).

Confirmation by a second assessment is not asked for. Whoever progressed without any has PD; NE counts only where nothing else is known.
"""

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.derived.endpoint_days import patient_index
from lib.derived.progression import ends
from lib.derived.response_end import ResponseEnds, counted_assessments


def best_responses(cohort: Cohort, ended: ResponseEnds | None = None) -> pd.Series:
    """The best response of every selected patient (indexed by patient), None for whoever was never assessed and did not progress."""
    rank = {response: place for place, response in enumerate(RESPONSES)}
    rows = counted_assessments(cohort, ended).dropna(subset=["response"])
    best = rows["response"].map(rank).groupby(rows["patient_id"]).min().reindex(patient_index(cohort))
    progressed = ends(cohort, with_death=False).table["event"] == 1
    best = best.mask(progressed & ~(best < rank["PD"]), rank["PD"])
    named = [RESPONSES[int(place)] if place == place else None for place in best]  # NaN is not equal to itself
    return pd.Series(named, index=best.index, dtype="object")
