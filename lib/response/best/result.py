"""Best overall response of every selected patient, and the rates of response in each group and in all.

Denominators: all infused; evaluable, who were assessed after the infusion or progressed; and those followed to month 3, who were assessed
in its window or later, or had progressed, died or been treated otherwise before. Rates by Clopper & Pearson, groups by Fisher.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.response_scale import ResponseScale, scale_of
from lib.cohort.schema import RESPONSES
from lib.derived.best_response import UNCONFIRMED, best_confirmed_responses, best_overall_responses, only_undated
from lib.derived.response_end import ResponseEnds, response_ends
from lib.response.mrd import NEGATIVE, NOT_DONE, mrd_states
from lib.response.rate import EVALUABLE, INFUSED, RateRow, differing, rate_row
from lib.response.state import MONTH_3, NE, NOT_ASSESSED, followed_to

FOLLOWED: Final = "followed to month 3"
MRD: Final = "MRD negative"
MRD_ASSESSED: Final = "assessed for MRD"
MRD_IN_CR: Final = "with CR or better and assessed for MRD"
LEVELS: Final = (*RESPONSES, UNCONFIRMED, NOT_ASSESSED)


@dataclass(frozen=True)
class BestResponse:
    """`table` has one row a patient with a group: patient, group, best (one of LEVELS), mrd, evaluable, followed.

    `rates` holds every outcome in every denominator, also equal ones; `levels` the best responses that occur, each as a row of
    counts. `n_undated`: assessments without a day, `n_only_undated`: patients who have no others, `n_pd_before`: patients with an assessment of PD before the progression that
    `source` gives.
    """

    grouping: Grouping
    scale: ResponseScale
    table: pd.DataFrame
    rates: tuple[RateRow, ...]
    levels: tuple[RateRow, ...]
    source: str
    n_selected: int
    n_undated: int
    n_only_undated: int
    n_pd_before: int
    infusion: int
    confirmed: bool = False
    other: Mapping[str, int] = field(default_factory=dict)  # by outcome how many reach it by the other rule

    @property
    def n(self) -> int:
        return len(self.table)

    @property
    def printed(self) -> tuple[RateRow, ...]:
        """The rates, each outcome once where its denominators are the same."""
        outcomes = dict.fromkeys(row.outcome for row in self.rates)
        return tuple(row for name in outcomes for row in differing([row for row in self.rates if row.outcome == name]))

    def rate(self, outcome: str, denominator: str = INFUSED) -> RateRow:
        """The row of one outcome in one denominator."""
        return next(row for row in self.rates if (row.outcome, row.denominator) == (outcome, denominator))

    @property
    def mrd_outside(self) -> int:
        """How many are MRD negative without CR, where the criteria do not know that (IMWG)."""
        if not self.scale.mrd_needs_complete:
            return 0
        return int(((self.table["mrd"] == NEGATIVE) & ~self.table["best"].isin(self.scale.complete)).sum())


def best_response(cohort: Cohort, grouping: Grouping, confirmed: bool = False) -> BestResponse:
    """Of the selected patients, by group; whoever has no group is in no row, and counted. `confirmed`: by two assessments (IMWG)."""
    ended = response_ends(cohort)
    rules = (
        (best_confirmed_responses, best_overall_responses)
        if confirmed
        else (best_overall_responses, best_confirmed_responses)
    )
    best, other = (rule(cohort, ended) for rule in rules)
    every = pd.DataFrame({
        "patient": cohort.patients["patient_id"].to_numpy(), "group": grouping.of(cohort.patients).to_numpy(),
        "best": best.fillna(NOT_ASSESSED).to_numpy(), "mrd": mrd_states(cohort, ended).to_numpy(),
        "evaluable": (best.notna() & (best != NE)).to_numpy(), "followed": followed_to(cohort, MONTH_3, ended).to_numpy(bool),
    })  # fmt: skip
    table = every[every["group"].notna()].reset_index(drop=True)
    scale = scale_of(cohort)
    return BestResponse(
        grouping, scale, table, (*_rates(table, grouping, scale), *_mrd_rates(table, grouping, scale)), _levels(table, grouping), ended.source, cohort.n,
        int(cohort.responses["day"].isna().sum()), len(only_undated(cohort)), _assessed_before(cohort, ended), cohort.infusion,
        confirmed, {name: int(other[every["group"].notna().to_numpy()].isin(levels).sum()) for name, levels in ((each.name, each.levels) for each in scale.outcomes)},
    )  # fmt: skip


def _rates(table: pd.DataFrame, grouping: Grouping, scale: ResponseScale) -> list[RateRow]:
    everybody = pd.Series(True, index=table.index)
    denominators = {INFUSED: everybody, EVALUABLE: table["evaluable"], FOLLOWED: table["followed"]}
    return [
        rate_row(outcome.name, name, counted["best"].isin(outcome.levels), counted["group"], grouping.names)
        for outcome in scale.outcomes
        for name, counted in ((name, table[inside]) for name, inside in denominators.items())
    ]


def _mrd_rates(table: pd.DataFrame, grouping: Grouping, scale: ResponseScale) -> list[RateRow]:
    """Among all infused, those assessed for it, and those of them with CR or better; none where nobody was assessed."""
    assessed = table["mrd"] != NOT_DONE
    if not assessed.any():
        return []
    inside = {
        INFUSED: table, MRD_ASSESSED: table[assessed], MRD_IN_CR: table[assessed & table["best"].isin(scale.complete)],
    }  # fmt: skip
    return [
        rate_row(MRD, name, rows["mrd"] == NEGATIVE, rows["group"], grouping.names) for name, rows in inside.items()
    ]


def _levels(table: pd.DataFrame, grouping: Grouping) -> tuple[RateRow, ...]:
    given = set(table["best"])
    return tuple(
        rate_row(level, INFUSED, table["best"] == level, table["group"], grouping.names)
        for level in LEVELS
        if level in given
    )


def _assessed_before(cohort: Cohort, ended: ResponseEnds) -> int:
    rows = cohort.responses[(cohort.responses["response"] == "PD") & (cohort.responses["day"] > 0)]
    first = rows.groupby("patient_id")["day"].min()
    progressed = ended.table["progressed"].reindex(first.index)
    return int((first.round() < progressed.fillna(float("inf")).round()).sum())
