"""Best overall response of every selected patient, and the rates of response in each group and in all, in every
denominator that differs.

Denominators: all infused; evaluable, who were assessed after the infusion or progressed; and those followed to month 3,
who were assessed in its window or later, or had progressed, died or been treated otherwise before. MRD: negative at any
assessment that counts, among whoever was assessed for it; not done is not negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import FORMED_LATE, Grouping
from lib.cohort.model import Cohort
from lib.cohort.response_scale import (
    CLINICAL_BENEFIT,
    IMWG,
    MRD_NEGATIVE,
    MRD_NOT_DONE,
    OVERALL,
    ResponseScale,
    scale_of,
)
from lib.cohort.schema import RESPONSES
from lib.derived.best_response import (
    UNCONFIRMED,
    ResponseEnds,
    best_confirmed_responses,
    best_overall_responses,
    evaluable,
    mrd_states,
    only_undated,
    response_ends,
)
from lib.publication.exhibit import Numbers
from lib.publication.number import percent, plural
from lib.publication.options import Sized, flag
from lib.response.rates import (
    COLUMNS,
    EVALUABLE,
    INFUSED,
    RateRow,
    differing,
    grouping_notes,
    limits,
    number_rows,
    rate_row,
)
from lib.response.state import MONTH_3, NOT_ASSESSED, followed_to, state_words

FOLLOWED: Final = "followed to month 3"
MRD: Final = "MRD negative"
MRD_ASSESSED: Final = "assessed for MRD"
MRD_IN_CR: Final = "with CR or better and assessed for MRD"
LEVELS: Final = (*RESPONSES, UNCONFIRMED, NOT_ASSESSED)
DEFINITION: Final = (
    "best assessment after infusion{infusion} and before progression ({source}), another therapy or another infusion;"
    " {rule} (criteria: {criteria})."
)
UNCONFIRMED_RULE: Final = "not confirmed"
UNCONFIRMED_IMWG: Final = "not confirmed (IMWG asks for two consecutive assessments: option Confirmed)"
CONFIRMED_RULE: Final = (
    "confirmed: the best level that two consecutive assessments both reach, not evaluable ones passed over; SD "
    "and PD need no second one"
)
DENOMINATORS: Final = (
    "Evaluable: assessed after infusion or progressed. Followed to month 3: assessed in its window (day 91 ± 30) or"
    " later, or progressed, died or treated otherwise before day 91. Denominators are shown where they differ."
)
CONFIRMED: Final = ", confirmed by two consecutive assessments"
NOT_TESTED: Final = "p: one level of a distribution, not tested"


@dataclass(frozen=True)
class BestOptions(Sized):
    """Which responses count."""

    confirmed: bool = flag(
        False,
        "Confirmed",
        help=(
            "IMWG asks for two consecutive assessments: the best level that both reach. Rates of best response follow"
            " it; time to response does not."
        ),
    )


@dataclass(frozen=True)
class BestResponse:
    """`table` has one row a patient with a group: patient, group, best (one of LEVELS), mrd, evaluable, followed.

    `rates` holds every outcome in every denominator, also equal ones; `levels` the best responses that occur, each as a
    row of counts. `n_undated`: assessments without a day, `n_only_undated`: patients who have no others, `n_pd_before`:
    patients with an assessment of PD before the progression that `source` gives.
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
        """How many patients have a group."""
        return len(self.table)

    @property
    def printed(self) -> tuple[RateRow, ...]:
        """The rates, each outcome once where its denominators are the same, clinical benefit only where it is not the
        response."""
        outcomes = [name for name in dict.fromkeys(row.outcome for row in self.rates) if name not in self.repeated]
        return tuple(row for name in outcomes for row in differing([row for row in self.rates if row.outcome == name]))

    @property
    def repeated(self) -> tuple[str, ...]:
        """Clinical benefit where it counts the same patients as overall response in every denominator."""
        benefit, overall = (
            [row.groups for row in self.rates if row.outcome == name] for name in (CLINICAL_BENEFIT, OVERALL)
        )
        return (CLINICAL_BENEFIT,) if benefit and benefit == overall else ()

    def rate(self, outcome: str, denominator: str = INFUSED) -> RateRow:
        """The row of one outcome in one denominator."""
        return next(row for row in self.rates if (row.outcome, row.denominator) == (outcome, denominator))

    @property
    def mrd_outside(self) -> int:
        """How many are MRD negative without CR, where the criteria do not know that (IMWG)."""
        if not self.scale.mrd_needs_complete:
            return 0
        return int(((self.table["mrd"] == MRD_NEGATIVE) & ~self.table["best"].isin(self.scale.complete)).sum())


def best_response(cohort: Cohort, grouping: Grouping, confirmed: bool = False) -> BestResponse:
    """Of the selected patients, by group; whoever has no group is in no row, and counted. `confirmed`: by two
    assessments (IMWG)."""
    ended = response_ends(cohort)
    both = (best_overall_responses(cohort), best_confirmed_responses(cohort))
    best, other = reversed(both) if confirmed else both
    every = pd.DataFrame(
        {
            "patient": cohort.patients["patient_id"].to_numpy(),
            "group": grouping.of(cohort.patients).to_numpy(),
            "best": best.fillna(NOT_ASSESSED).to_numpy(),
            "mrd": mrd_states(cohort).to_numpy(),
            "evaluable": evaluable(best).to_numpy(),
            "followed": followed_to(cohort, MONTH_3).to_numpy(bool),
        }
    )
    table = every[every["group"].notna()].reset_index(drop=True)
    groups, best_of = pd.Categorical(table["group"], list(grouping.names)), table["best"].astype("category")
    scale, by_patient = scale_of(cohort), table.assign(group=groups, best=best_of).set_index("patient")
    return BestResponse(
        grouping,
        scale,
        table,
        (*_rates(by_patient, grouping, scale), *_mrd_rates(by_patient, grouping, scale)),
        _levels(by_patient, grouping),
        ended.source,
        cohort.n,
        int(cohort.responses["day"].isna().sum()),
        len(only_undated(cohort)),
        _assessed_before(cohort, ended),
        cohort.infusion,
        confirmed,
        {each.name: int(other[every["group"].notna().to_numpy()].isin(each.levels).sum()) for each in scale.outcomes},
    )


def _rates(table: pd.DataFrame, grouping: Grouping, scale: ResponseScale) -> list[RateRow]:
    denominators = {INFUSED: table, EVALUABLE: table[table["evaluable"]], FOLLOWED: table[table["followed"]]}
    return [
        rate_row(outcome.name, name, counted["best"].isin(outcome.levels), counted["group"], grouping.names)
        for outcome in scale.outcomes
        for name, counted in denominators.items()
    ]


def _mrd_rates(table: pd.DataFrame, grouping: Grouping, scale: ResponseScale) -> list[RateRow]:
    """Among all infused, those assessed for it, and those of them with CR or better; none where nobody was assessed."""
    assessed = table["mrd"] != MRD_NOT_DONE
    if not assessed.any():
        return []
    inside = {
        INFUSED: table,
        MRD_ASSESSED: table[assessed],
        MRD_IN_CR: table[assessed & table["best"].isin(scale.complete)],
    }
    return [
        rate_row(MRD, name, rows["mrd"] == MRD_NEGATIVE, rows["group"], grouping.names) for name, rows in inside.items()
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


def _computed(analysis: Analysis, confirmed: bool) -> BestResponse:
    return best_response(analysis.selected, analysis.grouping, confirmed)


def best(analysis: Analysis, options: BestOptions) -> BestResponse:
    """The best response of each selected patient, computed once for all exhibits that show it."""
    return analysis.result(_computed, options.confirmed)


def headline(result: BestResponse) -> tuple[str, str]:
    """How many responded, with the exact interval, and how many reached CR in each group; no p-value."""
    if not result.n:
        return "Nobody in this selection has a group.", ""
    if result.n == 1:
        return f"Best response of the one patient: {state_words(str(result.table['best'].iloc[0]))}.", ""
    overall, complete = result.rate(result.scale.overall).total, result.rate(result.scale.complete_rate)
    said = CONFIRMED if result.confirmed else ""
    sentence = (
        f"{overall.n} of {overall.of} responded{said} ({percent(overall.share.value or 0.0, overall.of)}, exact 95 % CI"
        f" {limits(overall)})"
    )
    each = zip(result.grouping.names, complete.groups, strict=True)
    of_groups = ", ".join(f"{name} {rate.n} of {rate.of}" for name, rate in each if rate.of)
    reached = of_groups if result.grouping.compares else f"{complete.total.n} of {complete.total.of}"
    return (
        f"{sentence}; {result.scale.complete_rate}: {reached}.",
        FORMED_LATE if result.grouping.known_after_infusion else "",
    )


def definition(result: BestResponse) -> str:
    """What a best response is here."""
    infusion = f" {result.infusion}" if result.infusion > 1 else ""
    unconfirmed = UNCONFIRMED_IMWG if result.scale is IMWG else UNCONFIRMED_RULE
    rule = CONFIRMED_RULE if result.confirmed else unconfirmed
    return DEFINITION.format(infusion=infusion, source=result.source, rule=rule, criteria=result.scale.source)


def notes(result: BestResponse) -> tuple[str, ...]:
    """Who is left out or cannot be placed."""
    said = [*_confirmation(result), *grouping_notes(result.grouping, result.n_selected - result.n)]
    said += [f"{name}: the same patients as {OVERALL[0].lower()}{OVERALL[1:]}." for name in result.repeated if result.n]
    of_followed = result.rate(result.scale.overall, FOLLOWED).total.of
    if of_followed < result.n:
        said.append(
            f"{plural(result.n - of_followed, 'patient')} not followed to month 3: a rate without them assumes that"
            " they would have fared like those who were followed."
        )
    if result.n_only_undated:
        said.append(
            f"{plural(result.n_only_undated, 'patient')} with assessments without a day only: the best of these counts,"
            " taken to come before progression; at landmarks they are not assessed."
        )
    elif result.n_undated:
        said.append(f"{plural(result.n_undated, 'assessment')} without a day: not counted.")
    if result.n_pd_before:
        said.append(
            f"{plural(result.n_pd_before, 'patient')} assessed as PD before (or without) the progression that"
            f" {result.source} gives; that assessment does not end the best response."
        )
    if any(row.outcome == MRD for row in result.rates):
        said.append(
            "MRD: negative at any counted assessment; not done is not negative. Sensitivity and method are not in the"
            " workbook."
        )
    if result.mrd_outside:
        said.append(
            f"{plural(result.mrd_outside, 'patient')} MRD negative without CR: IMWG defines MRD negativity within CR."
        )
    return tuple(said)


def _confirmation(result: BestResponse) -> list[str]:
    """How many responses a second assessment confirms, whichever rule the rates follow."""
    counted = {name: result.other.get(name, 0) for name in (result.scale.overall, result.scale.complete_rate)}
    said = "; ".join(f"{name} {n} of {result.n}" for name, n in counted.items())
    rule = "Without confirmation" if result.confirmed else "Confirmed by two consecutive assessments"
    return [f"{rule}: {said}."] if result.n else []


def numbers(result: BestResponse) -> Numbers:
    """One row an outcome, denominator and group, also where denominators are the same; then the levels of best
    response."""
    rows = [row for each in result.rates for row in number_rows(each, result.grouping)]
    for level in result.levels:
        for found in number_rows(level, result.grouping):
            rows.append((f"Best response {found[0]}", *found[1:8], None, None, None, None, NOT_TESTED))
    return Numbers(COLUMNS, tuple(rows))
