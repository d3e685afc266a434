"""Best overall response: the best assessment from the infusion to progression, new therapy or the end of the data
(IMWG, Kumar 2016).

Unconfirmed unless asked for: IMWG wants two consecutive assessments, so that a level counts as confirmed which two
assessments one after the other both reach (the worse of the two; not evaluable ones are passed over). SD and PD need
none. Whoever progressed without any has PD; NE counts only where nothing else is known. Whoever has only assessments
without a day has the best of these: that they came before progression is then taken on trust, and counted.

First response of at least a level, and first day of the best one: after the infusion, before progression, another
therapy or another infusion; a second assessment is not asked for.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.cohort.response_scale import MRD_NEGATIVE, MRD_NOT_DONE, MRD_POSITIVE, mrd_word, scale_of
from lib.cohort.schema import RESPONSES
from lib.derived.endpoint_days import first_days, patient_index
from lib.derived.progression import ends
from lib.derived.response_end import counted_assessments

UNCONFIRMED: Final = "Not confirmed"  # responded in one assessment only, which no other follows or precedes
RANK: Final = {response: place for place, response in enumerate(RESPONSES)}


@kept_of_each
def first_responses(cohort: Cohort, levels: tuple[str, ...] = ()) -> pd.Series:
    """The day of the first response (of these levels; by default of whatever counts as one) by patient, NaN for whoever
    has none."""
    return first_days(_counted(cohort, levels or scale_of(cohort).responding), "day", cohort)


@kept_of_each
def best_responses(cohort: Cohort) -> pd.Series:
    """The day on which a responder was first seen in the best response so far, by patient; NaN for whoever has none."""
    rows = _counted(cohort, scale_of(cohort).responding)
    rank = rows["response"].map(RESPONSES.index)
    return first_days(rows[rank == rank.groupby(rows["patient_id"]).transform("min")], "day", cohort)


def _counted(cohort: Cohort, levels: Sequence[str]) -> pd.DataFrame:
    """The assessments of these levels after the infusion, before progression and not after another treatment."""
    rows = counted_assessments(cohort)
    return rows[rows["response"].isin(levels)]


@kept_of_each
def best_overall_responses(cohort: Cohort) -> pd.Series:
    """The best response of every selected patient (indexed by patient), None for whoever was never assessed and did not
    progress."""
    index = patient_index(cohort)
    best = _best(counted_assessments(cohort)).reindex(index)
    undated = cohort.responses[cohort.responses["patient_id"].isin(only_undated(cohort))]
    best = best.fillna(_best(undated).reindex(index))
    progressed = ends(cohort, with_death=False).table["event"] == 1
    best = best.mask(progressed & ~(best < RANK["PD"]), RANK["PD"])
    named = [RESPONSES[int(place)] if known else None for place, known in zip(best, best.notna(), strict=True)]
    return pd.Series(named, index=index, dtype="object")


def evaluable(best: pd.Series) -> pd.Series:
    """Whose best response is known: assessed after the infusion, other than as not evaluable, or progressed."""
    return best.notna() & (best != "NE")


@kept_of_each
def best_confirmed_responses(cohort: Cohort) -> pd.Series:
    """The best response that two consecutive assessments confirm, of every selected patient; None as for the
    unconfirmed one.

    UNCONFIRMED for whoever has MR or better in a single assessment and nothing that is confirmed.
    """
    best = best_overall_responses(cohort)
    pairs = _best_pair(counted_assessments(cohort)).reindex(best.index)
    needs = best.map(RANK).astype("float64") < RANK["SD"]
    named = pd.Series(
        [RESPONSES[int(place)] if known else UNCONFIRMED for place, known in zip(pairs, pairs.notna(), strict=True)],
        index=best.index,
        dtype="object",
    )
    return best.where(~needs, named)


def _best_pair(rows: pd.DataFrame) -> pd.Series:
    """The rank of the best level that two consecutive evaluable assessments of a patient both reach."""
    known = rows[rows["response"].notna() & (rows["response"] != "NE")]
    ordered = known.assign(rank=known["response"].map(RANK).astype("float64"))
    ordered = ordered.sort_values(["patient_id", "day"], kind="stable")
    later = ordered.groupby("patient_id", sort=False)["rank"].shift(-1)
    worse = pd.concat([ordered["rank"], later], axis=1).max(axis=1).where(later.notna())
    return worse.groupby(ordered["patient_id"]).min().dropna().astype("float64")


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


@kept_of_each
def mrd_states(cohort: Cohort) -> pd.Series:
    """By patient the best that was found: negative before positive before not done, which every other word stands
    for."""
    rows = counted_assessments(cohort)
    found = rows["mrd"].map(lambda word: mrd_word(str(word)), na_action="ignore")
    index = patient_index(cohort)
    state = pd.Series(MRD_NOT_DONE, index=index, dtype="object")
    for word in (MRD_POSITIVE, MRD_NEGATIVE):
        state = state.mask(index.isin(rows.loc[found == word, "patient_id"]), word)
    return state
