"""The state of every patient at each landmark, how many of each group are in it, and the rates of response there.

Denominators: all infused; and evaluable, who were assessed in the window or had progressed, died or been treated
otherwise before. A rate of those evaluable is shown where it differs, with exact intervals and tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import FORMED_LATE, Grouping
from lib.cohort.model import Cohort
from lib.cohort.response_scale import ResponseScale, scale_of
from lib.derived.best_response import response_ends
from lib.publication.exhibit import Exhibit, Numbers, Table, TestLine
from lib.publication.number import sentences
from lib.publication.options import ANY, Sized, flag, number, several
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who
from lib.response.rates import (
    COLUMNS,
    EVALUABLE,
    INFUSED,
    TOTAL,
    RateRow,
    difference_headings,
    differing,
    grouping_method,
    grouping_notes,
    number_rows,
    rate_row,
    rate_rows,
    test_lines,
    tests_done,
    who_of,
)
from lib.response.state import (
    ASSESSED,
    ENOUGH,
    FAILED,
    MONTHS,
    NE,
    NOT_ASSESSED,
    NOT_EVALUABLE,
    STATES,
    Landmark,
    states_at,
    usual_landmarks,
)

FAILED_SHORT: Final = "Failed"
SHORT: Final = {FAILED: FAILED_SHORT, NE: "NE", NOT_ASSESSED: "n.a."}  # in a figure where there is little room
NAMED: Final = {landmark.label: landmark for landmark in MONTHS}
LAST_DAY, WIDEST = 3650, 180  # of an own landmark
OF_EVALUABLE: Final = (
    "Evaluable: assessed in the window, or progressed, died or treated otherwise before its day; shown where it differs"
    " from all infused."
)
STATE_UNITS: Final = {  # the columns of the states in the numbers, with their units
    "landmark": "",
    "day": "days",
    "window": "days",
    "group": "",
    "state": "",
    "n": "patients",
    "carried": "patients",
    "of": "patients",
}


@dataclass(frozen=True)
class LandmarkOptions(Sized):
    """At which landmarks responses are looked at."""

    landmarks: tuple[str, ...] = several(
        None,
        tuple(NAMED),
        "Landmarks",
        usual=lambda analysis, _: tuple(each.label for each in analysis.result(_usual)),
        help="At first those at which at least half of the patients who had not failed before were assessed.",
    )
    own_landmark: float | None = number(None, "Own landmark, day", 1, LAST_DAY, none="none")
    own_window: float = number(14, "± days", 0, WIDEST, only_with=("own_landmark", ANY))
    carried: bool = flag(
        False,
        "Carry the last response forward",
        help="To landmarks without an assessment, of whoever is free of progression. The number is said.",
    )


@dataclass(frozen=True)
class LandmarkRate:
    """One outcome at one landmark."""

    landmark: Landmark
    row: RateRow


@dataclass(frozen=True)
class LandmarkResult:
    """`table`: one row a patient with a group and landmark: patient, group, landmark (its number), state, carried,
    short.

    `counts`: one row a landmark, group and state that occurs: landmark, group, state, n, carried, of. `rates` holds
    every outcome in both denominators.
    """

    grouping: Grouping
    landmarks: tuple[Landmark, ...]
    table: pd.DataFrame
    counts: pd.DataFrame
    rates: tuple[LandmarkRate, ...]
    carried: bool
    source: str
    n_selected: int
    infusion: int
    scale: ResponseScale

    @property
    def n(self) -> int:
        """How many patients have a group."""
        return int(self.table["patient"].nunique())

    def size(self, group: str) -> int:
        """How many patients a group has."""
        return int(self.table.loc[self.table["group"] == group, "patient"].nunique())

    def rate(self, landmark: Landmark, outcome: str, denominator: str) -> RateRow:
        """One row of the rates."""
        wanted = (landmark, outcome, denominator)
        return next(
            each.row for each in self.rates if (each.landmark, each.row.outcome, each.row.denominator) == wanted
        )


def landmark_responses(
    cohort: Cohort, grouping: Grouping, landmarks: Sequence[Landmark] = MONTHS, carried: bool = False
) -> LandmarkResult:
    """The selected patients at these landmarks, in order of their days; `carried`: the last response holds until the
    next assessment."""
    ended = response_ends(cohort)
    inside = pd.DataFrame(
        {"patient": cohort.patients["patient_id"].to_numpy(), "group": grouping.of(cohort.patients).to_numpy()}
    )
    ordered = tuple(sorted(landmarks, key=lambda landmark: landmark.day))
    parts = []
    for place, landmark in enumerate(ordered):
        states = states_at(cohort, landmark, carried).reset_index(drop=True)
        parts.append(pd.concat([inside, states], axis=1).assign(landmark=place))
    every = pd.concat(parts, ignore_index=True)
    table = every[every["group"].notna()].reset_index(drop=True)
    scale = scale_of(cohort)
    rates = tuple(
        each for place, landmark in enumerate(ordered) for each in _rates(table, grouping, (place, landmark), scale)
    )
    return LandmarkResult(
        grouping,
        ordered,
        table,
        _counts(table, grouping),
        rates,
        carried,
        ended.source,
        cohort.n,
        cohort.infusion,
        scale,
    )


def _rates(
    table: pd.DataFrame, grouping: Grouping, place: tuple[int, Landmark], scale: ResponseScale
) -> list[LandmarkRate]:
    position, landmark = place
    rows = table[table["landmark"] == position].set_index("patient")
    inside = {INFUSED: rows, EVALUABLE: rows[~rows["state"].isin(NOT_EVALUABLE)]}
    return [
        LandmarkRate(
            landmark,
            rate_row(outcome.name, name, counted["state"].isin(outcome.levels), counted["group"], grouping.names),
        )
        for outcome in scale.outcomes
        if outcome.name in scale.at_landmark
        for name, counted in inside.items()
    ]


def _counts(table: pd.DataFrame, grouping: Grouping) -> pd.DataFrame:
    """In order of landmark, group and state."""
    found = table.groupby(["landmark", "group", "state"])["carried"].agg(["size", "sum"])
    of = table.groupby(["landmark", "group"]).size()
    rows = [
        (at, name, state, int(found.loc[place, "size"]), int(found.loc[place, "sum"]), int(of[at, name]))
        for at in sorted(set(table["landmark"]))
        for name in grouping.names
        for state in STATES
        if (place := (at, name, state)) in found.index
    ]
    return pd.DataFrame(rows, columns=["landmark", "group", "state", "n", "carried", "of"])


def _usual(analysis: Analysis) -> tuple[Landmark, ...]:
    return usual_landmarks(analysis.opened)


def _chosen(analysis: Analysis, options: LandmarkOptions) -> tuple[Landmark, ...]:
    own = options.own_landmark
    added = (Landmark(f"Day {own:g}", own, options.own_window),) if own is not None else ()
    return (*(NAMED[name] for name in options.landmarks), *added) or analysis.result(_usual)


def _computed(analysis: Analysis, chosen: tuple[Landmark, ...], carried: bool) -> LandmarkResult:
    return landmark_responses(analysis.selected, analysis.grouping, chosen, carried)


def at_landmarks(analysis: Analysis, options: LandmarkOptions) -> LandmarkResult:
    """The responses of the selected patients at these landmarks."""
    return analysis.result(_computed, _chosen(analysis, options), options.carried)


def headline(result: LandmarkResult) -> tuple[str, str]:
    """The depth of response that the criteria look at (IMWG: VGPR or better) at the last landmark by day 100 (else the
    first), in both denominators where they differ; no p-value."""
    if not result.n:
        return "Nobody in this selection has a group.", ""
    early = [landmark for landmark in result.landmarks if landmark.day <= 100]
    landmark = early[-1] if early else result.landmarks[0]
    infused, evaluable = (result.rate(landmark, result.scale.headline, name) for name in (INFUSED, EVALUABLE))
    parts = []
    for name, every, seen in zip(result.grouping.names, infused.groups, evaluable.groups, strict=True):
        if every.of:
            who = f"{name} " if result.grouping.compares else ""
            differs = f" ({seen.n} of {seen.of} evaluable)" if seen.of != every.of else ""
            parts.append(f"{who}{every.n} of {every.of} infused{differs}")
    sentence = f"{landmark.label}, {result.scale.headline}: {', '.join(parts)}."
    return sentence, FORMED_LATE if result.grouping.known_after_infusion else ""


def method(result: LandmarkResult) -> str:
    """How a state is found, with the days and windows."""
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    windows = "; ".join(landmark.words for landmark in result.landmarks)
    carried = (
        " Carried forward (the last response of whoever was free of progression, for want of an assessment):"
        f" {int(result.table['carried'].sum())}."
        if result.carried
        else " Nothing is carried forward."
    )
    return (
        f"Nearest evaluable assessment{infusion} within the window ({windows}); an assessment may serve two landmarks"
        " whose windows overlap. Failed before: progression, another treatment or death before the day"
        f" ({result.source}), which counts as no response.{carried} {grouping_method(result.grouping)}"
    ).rstrip()


def notes(result: LandmarkResult) -> tuple[str, ...]:
    """Who was not followed so long."""
    said = list(grouping_notes(result.grouping, result.n_selected - result.n))
    short = [
        f"{landmark.label}: {n}"
        for place, landmark in enumerate(result.landmarks)
        if (n := int((result.table["short"] & (result.table["landmark"] == place)).sum()))
    ]
    if short:
        said.append(f"Of those not assessed, not followed until the window: {', '.join(short)}.")
    thin = []
    for place, landmark in enumerate(result.landmarks):
        rows = result.table[(result.table["landmark"] == place) & (result.table["state"] != FAILED)]
        seen = int((rows["state"].isin(ASSESSED) & ~rows["carried"]).sum())
        if seen < ENOUGH * len(rows):
            thin.append(f"{landmark.label}: {seen} of {len(rows)}")
    if thin:
        said.append(
            f"Few of those who had not failed before were assessed ({', '.join(thin)}): rates there tell more of who"
            " was looked at."
        )
    return tuple(said)


def landmark_table(result: LandmarkResult) -> Table:
    """One row a landmark, outcome and denominator."""
    compares = result.grouping.compares
    groups = (*((TOTAL,) if compares else ()), *result.grouping.names, *difference_headings(result.grouping))
    header = ("Landmark", "Response", *groups, *(("p",) if compares else ()))
    shown = printed(result)
    done = ", ".join(dict.fromkeys(each.row.test.name for each in shown if each.row.test.p is not None))
    tested = f"Differences: Newcombe's 95 % CI. p: {done or 'no test could be done'}." if compares else ""
    many = tests_done([each.row for each in shown], result.grouping)
    return Table(
        id="response.landmark.table",
        title=f"Response at landmarks{result.grouping.by}",
        header=header,
        rows=tuple((each.landmark.label, *cells) for each in shown for cells in rate_rows(each.row, result.grouping)),
        caption="n/N, % (exact 95 % CI).",
        method=sentences("95 % CI: exact (Clopper-Pearson).", OF_EVALUABLE, method(result), tested, *many),
        notes=notes(result),
        n=result.n,
        numbers=rate_numbers(result),
        tests=tests(result),
    )


def printed(result: LandmarkResult) -> tuple[LandmarkRate, ...]:
    """The rates, each outcome once a landmark where its denominators are the same."""
    kept = []
    for (landmark, _), rates in groupby(result.rates, key=lambda each: (each.landmark, each.row.outcome)):
        kept += [LandmarkRate(landmark, row) for row in differing([each.row for each in rates])]
    return tuple(kept)


def rate_numbers(result: LandmarkResult) -> Numbers:
    """One row a landmark, outcome, denominator and group."""
    rows = [
        (each.landmark.label, each.landmark.day, each.landmark.window, *found)
        for each in result.rates
        for found in number_rows(each.row, result.grouping)
    ]
    return Numbers((*tuple(STATE_UNITS.items())[:3], *COLUMNS), tuple(rows))


def tests(result: LandmarkResult) -> tuple[TestLine, ...]:
    """The test of every rate."""
    return tuple(
        line for each in result.rates for line in test_lines((each.row,), result.grouping, f"{each.landmark.label}, ")
    )


def _build(analysis: Analysis, options: LandmarkOptions) -> Exhibit:
    return landmark_table(at_landmarks(analysis, options))


def _who(analysis: Analysis, options: LandmarkOptions) -> Who:
    return who_of(analysis, [each.row for each in printed(at_landmarks(analysis, options))], before=2)


LANDMARK_TABLE: Final = ExhibitSpec(
    "response.landmark.table",
    needs="responses",
    title="Response at landmarks, table",
    build=_build,
    options=LandmarkOptions,
    who=_who,
)
