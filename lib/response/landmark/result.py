"""The state of every patient at each landmark, how many of each group are in it, and the rates of response there.

Denominators: all infused; and evaluable, who were assessed in the window or had progressed, died or been treated otherwise before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.response_scale import ResponseScale, scale_of
from lib.derived.response_end import response_ends
from lib.response.rate import EVALUABLE, INFUSED, RateRow, rate_row
from lib.response.state import MONTHS, NOT_EVALUABLE, STATES, Landmark, states_at


@dataclass(frozen=True)
class LandmarkRate:
    """One outcome at one landmark."""

    landmark: Landmark
    row: RateRow


@dataclass(frozen=True)
class LandmarkResult:
    """`table`: one row a patient with a group and landmark: patient, group, landmark (its number), state, carried, short.

    `counts`: one row a landmark, group and state that occurs: landmark, group, state, n, carried, of. `rates` holds every outcome in both
    denominators.
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
    """The selected patients at these landmarks, in order of their days; `carried`: the last response holds until the next assessment."""
    ended = response_ends(cohort)
    inside = pd.DataFrame(
        {"patient": cohort.patients["patient_id"].to_numpy(), "group": grouping.of(cohort.patients).to_numpy()}
    )
    ordered = tuple(sorted(landmarks, key=lambda landmark: landmark.day))
    parts = []
    for number, landmark in enumerate(ordered):
        states = states_at(cohort, landmark, ended, carried).reset_index(drop=True)
        parts.append(pd.concat([inside, states], axis=1).assign(landmark=number))
    every = pd.concat(parts, ignore_index=True)
    table = every[every["group"].notna()].reset_index(drop=True)
    scale = scale_of(cohort)
    rates = tuple(
        each for number, landmark in enumerate(ordered) for each in _rates(table, grouping, (number, landmark), scale)
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
    number, landmark = place
    rows = table[table["landmark"] == number]
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
        (number, name, state, int(found.loc[place, "size"]), int(found.loc[place, "sum"]), int(of[number, name]))
        for number in sorted(set(table["landmark"]))
        for name in grouping.names
        for state in STATES
        if (place := (number, name, state)) in found.index
    ]
    return pd.DataFrame(rows, columns=["landmark", "group", "state", "n", "carried", "of"])
