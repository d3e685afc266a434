"""Who is followed how long, and since when the group was known: what the landmark and the time-dependent analysis start from.

Days are turned into the unit of the endpoint on the one exact scale of times (lib/cohort/time_unit.py), so that who leaves on the
day of the landmark is dropped in every unit.
"""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.endpoint_choice import AS_USUAL, Definition
from lib.cohort.grouping import Group, Grouping, everybody
from lib.cohort.model import Cohort
from lib.cohort.schema import BEFORE_INFUSION, endpoint_label
from lib.cohort.time_unit import from_days
from lib.derived.became_known import BecameKnown
from lib.survival.options import DEFAULT, CurveOptions
from lib.survival.outcome import TimeToEvent, time_to_event

NOT_FROM_INFUSION: Final = ("dor",)


@dataclass(frozen=True)
class Asked:
    """The endpoint with its definition, the unit in which its time is counted, and the choices about curves.

    Time counts from the infusion here, whatever the definition says: the days on which groups became known do.
    """

    endpoint: str
    unit: str
    definition: Definition = AS_USUAL
    options: CurveOptions = DEFAULT

    def outcome(self, cohort: Cohort, grouping: Grouping) -> TimeToEvent:
        from_infusion = replace(self.definition, origin="infusion")
        return time_to_event(cohort, self.endpoint, grouping, self.unit, from_infusion)


def followed(cohort: Cohort, asked: Asked, known: BecameKnown) -> TimeToEvent:
    """The endpoint of all selected patients as one group, with `known` (since when, in the unit) and `unsure` beside it."""
    outcome = asked.outcome(cohort, everybody(cohort))
    table = outcome.table
    patients = cohort.patients["patient_id"]
    day = table["patient"].map(pd.Series(known.day.to_numpy(), index=patients))
    start = from_days(day, asked.unit).to_numpy(float)
    return replace(outcome, table=table.assign(known=start, unsure=table["patient"].isin(known.not_stated)))


def regrouped(outcome: TimeToEvent, table: pd.DataFrame, known: BecameKnown, grouping: Grouping) -> TimeToEvent:
    """The outcome over another table whose column "group" holds the names of what became known and of the others."""
    return replace(outcome, table=table.reset_index(drop=True), grouping=two_groups(known, grouping))


def two_groups(known: BecameKnown, grouping: Grouping) -> Grouping:
    """The others, and those of whom it became known: in the order and the colours of the grouping where it has them.

    Others are the reference. Nobody is counted in their sizes: they change with the landmark.
    """
    names = others(known), known.label
    own = [replace(group, size=0) for group in grouping.groups if group.name in names]
    groups = tuple(own) if len(own) == len(names) else tuple(Group(name, (name,)) for name in names)
    label = grouping.label if len(own) == len(names) else known.label
    return Grouping("", label, groups, names[0], known_at=BEFORE_INFUSION)


def others(known: BecameKnown) -> str:
    """The name of the group of whom it is not so."""
    return known.others or f"no {known.label}"


def why_not(endpoint: str) -> str:
    """Why an endpoint has no time zero at the infusion; "" where it has."""
    if endpoint not in NOT_FROM_INFUSION:
        return ""
    return f"{endpoint_label(endpoint)} does not count from the infusion. Choose an endpoint that does."
