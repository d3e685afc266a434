"""Which assessments tell of this infusion, until when, and the best response among them (IMWG, Kumar 2016).

Until when a patient is known to be free of progression is taken from PFS or TTP as the workbook gives them, and only
where it gives neither from the assessments: first PD, else censored at the last assessment. No patient's source is
mixed. An assessment on the day of progression or later does not count, nor does one after another therapy or infusion
(one on its day does). At a landmark counts the assessment nearest to its day within a window; nothing is carried
forward.

The best response is unconfirmed unless asked for: IMWG wants two consecutive assessments, so that a level counts as
confirmed which two assessments one after the other both reach (the worse of the two; not evaluable ones are passed
over). SD and PD need none. Whoever progressed without any has PD; NE counts only where nothing else is known. Whoever
has only assessments without a day has the best of these: that they came before progression is then taken on trust, and
counted.

First response of at least a level, and first day of the best one: after the infusion, before progression, another
therapy or another infusion; a second assessment is not asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort, kept_of_each
from lib.cohort.response_scale import MRD_NEGATIVE, MRD_NOT_DONE, MRD_POSITIVE, mrd_word, scale_of
from lib.cohort.schema import RESPONSES
from lib.derived.follow_up import (
    causes_of_end,
    death_days,
    died_on,
    endpoint_days,
    first_days,
    other_treatment,
    patient_index,
)

NOT_ASSESSED = "no response assessment after infusion"
COLUMNS: Final = ("day", "event", "problem", "censored_at_death")
MONTH_1_DAY: Final = 28.0
MONTH_1_WINDOW: Final = 14.0
UNCONFIRMED: Final = "Not confirmed"  # responded in one assessment only, which no other follows or precedes
RANK: Final = {response: place for place, response in enumerate(RESPONSES)}


@dataclass(frozen=True)
class Ends:
    """`table` is indexed by patient: day, event (1 or 0), problem ("" if usable), censored_at_death; `source` in
    words."""

    table: pd.DataFrame
    source: str


@kept_of_each
def ends(cohort: Cohort, with_death: bool) -> Ends:
    """Progression, or progression and death of any cause, of every selected patient."""
    given = cohort.endpoint_names
    if with_death:
        if "pfs" in given:
            return Ends(_plain(endpoint_days(cohort, "pfs")), "PFS")
        first = endpoint_days(cohort, "ttp") if "ttp" in given else assessed(cohort)
        return Ends(_or_death(first, cohort), "TTP and OS" if "ttp" in given else "Responses and OS")
    if "ttp" in given:
        return Ends(_died(_plain(endpoint_days(cohort, "ttp")), cohort), "TTP")
    if "pfs" in given:
        causes = causes_of_end(cohort, "pfs")
        event = (causes["cause"] == 1).astype(float)
        at_death = causes["cause"] == 2
        return Ends(causes.assign(event=event, censored_at_death=at_death)[list(COLUMNS)], "PFS and its causes")
    return Ends(_died(_plain(assessed(cohort)), cohort), "Responses")


def assessed(cohort: Cohort) -> pd.DataFrame:
    """By the assessments alone: event on the day of the first PD after the infusion, else censored at the last
    assessment."""
    rows = _evaluable(cohort)
    progressed = first_days(rows[rows["response"] == "PD"], "day", cohort)
    day = progressed.fillna(last_assessments(cohort))
    problem = pd.Series(np.where(day.isna(), NOT_ASSESSED, ""), index=day.index, dtype="object")
    return pd.DataFrame({"day": day, "event": progressed.notna().astype(float), "problem": problem})


@kept_of_each
def last_assessments(cohort: Cohort) -> pd.Series:
    """The day of the last assessment after the infusion by patient, NaN without one."""
    return _evaluable(cohort).groupby("patient_id")["day"].max().reindex(patient_index(cohort)).astype("float64")


def _evaluable(cohort: Cohort) -> pd.DataFrame:
    rows = cohort.responses
    return rows[(rows["day"] > 0) & rows["response"].notna() & (rows["response"] != "NE")]


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(censored_at_death=False)[list(COLUMNS)]


def _died(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """With the patients marked who were censored on the day they died."""
    return table.assign(censored_at_death=(table["event"] == 0) & died_on(cohort, table["day"]))


def _or_death(table: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """Death of any cause added: it ends what had not ended before, also where nobody had looked for progression any
    more."""
    survival = endpoint_days(cohort, "os")
    open_end = (table["event"] == 0) & ((table["problem"] == "") | (table["problem"] == NOT_ASSESSED))
    dies = open_end & (survival["event"] == 1)
    unknown = open_end & (table["problem"] == "") & (survival["problem"] != "")
    return _plain(
        table.assign(
            day=table["day"].mask(dies, survival["day"]),
            event=table["event"].mask(dies, 1.0),
            problem=table["problem"].mask(dies, "").mask(unknown, survival["problem"]),
        )
    )


def response_at(cohort: Cohort, day: float = MONTH_1_DAY, window: float = MONTH_1_WINDOW) -> pd.Series:
    """For each selected patient the response nearest to `day` (of two equally near, the earlier), None without one."""
    rows = cohort.responses.dropna(subset=["response", "day"])
    near = rows.assign(distance=(rows["day"] - day).abs())
    near = (
        near[near["distance"] <= window].sort_values(["distance", "day"], kind="stable").drop_duplicates("patient_id")
    )
    seen = dict(zip(near["patient_id"], near["response"], strict=True))
    patients = cohort.patients["patient_id"]
    return pd.Series([seen.get(patient) for patient in patients], index=patients.index, dtype="object")


def response_levels(responses: pd.Series) -> tuple[str, ...]:
    """The responses that occur, best first."""
    given = set(responses.dropna())
    return tuple(response for response in RESPONSES if response in given)


@dataclass(frozen=True)
class ResponseEnds:
    """`table` is indexed by patient: progressed, treated, died, in days, NaN where it did not happen; `source` of the
    first in words.

    `progressed` holds progression, and death too where the workbook follows survival.
    """

    table: pd.DataFrame
    source: str

    @property
    def first(self) -> pd.Series:
        """The day on which a patient failed by whichever came first, NaN for whoever did not."""
        return self.table.min(axis=1)


@kept_of_each
def response_ends(cohort: Cohort) -> ResponseEnds:
    """Of every selected patient."""
    ended = ends(cohort, with_death="os" in cohort.endpoint_names or "pfs" in cohort.endpoint_names)
    progressed = ended.table["day"].where(ended.table["event"] == 1)
    table = pd.DataFrame({"progressed": progressed, "treated": other_treatment(cohort), "died": death_days(cohort)})
    return ResponseEnds(table.astype("float64"), ended.source)


def counted_assessments(cohort: Cohort, ended: ResponseEnds | None = None) -> pd.DataFrame:
    """The rows of Responses that tell of this infusion: dated, after day 0, before its end; not evaluable ones (NE)
    among them."""
    until = (ended or response_ends(cohort)).table
    rows = cohort.responses[cohort.responses["day"] > 0]
    progressed, treated = rows["patient_id"].map(until["progressed"]), rows["patient_id"].map(until["treated"])
    return rows[~(rows["day"] >= progressed) & ~(rows["day"] > treated)]


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
