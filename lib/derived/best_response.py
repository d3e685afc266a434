"""Best overall response: the best assessment from the infusion to progression, new therapy or the end of the data (IMWG, Kumar 2016).

Confirmation by a second assessment is not asked for. Whoever progressed without any has PD; NE counts only where nothing else is known.
Whoever has only assessments without a day has the best of these: that they came before progression is then taken on trust, and counted.
"""

from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.derived.endpoint_days import patient_index
from lib.derived.progression import ends
from lib.derived.response_end import ResponseEnds, counted_assessments

RANK: Final = {response: place for place, response in enumerate(RESPONSES)}


def best_overall_responses(cohort: Cohort, ended: ResponseEnds | None = None) -> pd.Series:
    """The best response of every selected patient (indexed by patient), None for whoever was never assessed and did not progress."""
    index = patient_index(cohort)
    best = _best(counted_assessments(cohort, ended)).reindex(index)
    undated = cohort.responses[cohort.responses["patient_id"].isin(only_undated(cohort))]
    best = best.fillna(_best(undated).reindex(index))
    progressed = ends(cohort, with_death=False).table["event"] == 1
    best = best.mask(progressed & ~(best < RANK["PD"]), RANK["PD"])
    named = [RESPONSES[int(place)] if known else None for place, known in zip(best, best.notna(), strict=True)]
    return pd.Series(named, index=index, dtype="object")


def only_undated(cohort: Cohort) -> frozenset[str]:
    """The patients all of whose responses lack a day."""
    rows = cohort.responses.dropna(subset=["response"])
    return frozenset(rows.loc[rows["day"].isna(), "patient_id"]) - frozenset(
        rows.loc[rows["day"].notna(), "patient_id"]
    )


def _best(rows: pd.DataFrame) -> pd.Series:
    """The rank of the best response by patient."""
    rows = rows.dropna(subset=["response"])
    return rows["response"].map(RANK).astype("float64").groupby(rows["patient_id"]).min()
