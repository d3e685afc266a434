"""The variable that splits a cohort into groups: which levels, in what order, under what names and colours.

A numeric column is split at its median in the opened cohort or at cut-points the reader gives, never at a searched
"optimal" one. Groups belong to the opened cohort, so that a group keeps its place whatever is selected.

What biases an analysis of a grouping and selection by design is said here, once for every exhibit: both ask of
patients to live until something was known. Source: Anderson, Cain & Gelber 1983; Suissa 2008.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.cohort.model import Cohort, SelectedBy, Variable, kept, known_late, listed
from lib.cohort.printed import signs
from lib.cohort.schema import BEFORE_INFUSION
from lib.cohort.selection import exact, find_variable

EVERYBODY: Final = "All patients"
MOST_GROUPS: Final = 8  # as many as colours, line types and symbols can be told apart


@dataclass(frozen=True)
class Group:
    """One group: its name, the levels (or intervals) that it unites, its colour ("" = the colour of its place).

    `size` is how many patients of the opened cohort's analysis set are in it.
    """

    name: str
    members: tuple[str, ...]
    colour: str = ""
    size: int = 0

    @property
    def level(self) -> str:
        """The one level it stands for, as the workbook writes it; its name where it unites several."""
        return self.members[0] if len(self.members) == 1 else self.name


@dataclass(frozen=True)
class Grouping:
    """How patients are compared. `variable` is "" when all are one group; `cuts` parts a numeric variable."""

    variable: str
    label: str
    groups: tuple[Group, ...]
    reference: str = ""  # name of the group the others are compared with; "" = the first
    cuts: tuple[float, ...] = ()
    at_median: bool = False
    known_at: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the groups, in order."""
        return tuple(group.name for group in self.groups)

    @property
    def compares(self) -> bool:
        """Whether there are several groups."""
        return len(self.groups) > 1

    @property
    def by(self) -> str:
        """What follows a title: " by Arm"; nothing for one group."""
        return f" by {self.label}" if self.compares else ""

    def late(self, means: str) -> str:
        """By which day groups that were formed after the infusion became known, and what it means; "" of others."""
        return f"{self.label} became known by day {self.known_at:g}: {means}." if self.known_after_infusion else ""

    @property
    def reference_name(self) -> str:
        """The group with which the others are compared: the first where none is chosen."""
        return self.reference if self.reference in self.names else self.names[0]

    @property
    def known_after_infusion(self) -> bool:
        """Whether the groups were formed after the infusion, which biases what is counted from it."""
        return self.compares and self.known_at is not None and self.known_at > 0

    @property
    def time_not_stated(self) -> bool:
        """Whether nobody said when the groups became known."""
        return self.compares and self.known_at is None

    def of(self, patients: pd.DataFrame) -> pd.Series:
        """The name of each patient's group, None where the variable is missing; same index as `patients`."""
        if not self.variable:
            return pd.Series(EVERYBODY, index=patients.index, dtype="object")
        name_of = {member: group.name for group in self.groups for member in group.members}
        values = patients[self.variable]
        places, levels = self._intervals(values) if self.cuts else pd.factorize(values)
        names = np.array([*(name_of.get(level) for level in levels), None], dtype=object)  # the last: no value
        return pd.Series(names[places], index=patients.index, dtype="object")

    def _intervals(self, values: pd.Series) -> tuple[npt.NDArray[np.intp], tuple[str, ...]]:
        """Of each value the place of its interval, -1 where it is missing; and the names of the intervals."""
        beyond = [values > cut if self.at_median else values >= cut for cut in self.cuts]
        places = np.where(values.notna(), np.sum(beyond, axis=0), -1)
        return places, _interval_names(self.cuts, self.at_median)

    @property
    def levels(self) -> tuple[str, ...]:
        """What each group stands for, as the workbook writes it."""
        return tuple(group.level for group in self.groups)

    @property
    def level_of(self) -> dict[str, str]:
        """The level of each group by its name."""
        return dict(zip(self.names, self.levels, strict=True))

    def n_missing(self, patients: pd.DataFrame) -> int:
        """How many of these patients belong to no group."""
        return int(self.of(patients).isna().sum())


@kept
def group_of(cohort: Cohort, grouping: Grouping) -> pd.Series:
    """The name of the group by patient, None where a patient is in none."""
    return pd.Series(grouping.of(cohort.patients).to_numpy(), index=cohort.patients["patient_id"], dtype="object")


@dataclass(frozen=True)
class ProposedDay:
    """The study day by which a grouping seems to have been known, and the sentence that says why."""

    day: int
    why: str


def everybody(cohort: Cohort | None = None) -> Grouping:
    """All patients as one group."""
    return Grouping("", "", (Group(EVERYBODY, (), size=cohort.n_opened if cohort else 0),), known_at=BEFORE_INFUSION)


def grouping_by(variable: Variable, cohort: Cohort, cuts: tuple[float, ...] = ()) -> Grouping:
    """The grouping by this variable of the opened cohort; a number is split at `cuts` (none given = at its median)."""
    return _grouping_by(cohort, variable, cuts)


@kept
def _grouping_by(cohort: Cohort, variable: Variable, cuts: tuple[float, ...]) -> Grouping:
    at_median = variable.kind == "number" and not cuts
    if at_median:
        values = cohort.patients[variable.name]
        included = values[analysis_set(cohort)]
        cuts = (float((included if included.notna().any() else values).median()),)
    levels = _interval_names(cuts, at_median) if variable.kind == "number" else variable.levels
    shown = {level: _shown(level, variable) for level in levels}
    names = shown if len(set(shown.values())) == len(levels) else {level: level for level in levels}
    groups = tuple(Group(names[level], (level,)) for level in levels)
    reference = names.get(variable.reference, "")
    grouping = Grouping(variable.name, variable.label, groups, reference, cuts, at_median, variable.known_at)
    return sized(grouping, cohort)


def _shown(level: str, variable: Variable) -> str:
    """A level that says nothing by itself (yes, no, 3, ≤ 57) with the name of its variable: "EMD yes"."""
    speaks = level.casefold() not in ("yes", "no") and level[:1].isalpha()
    return signs(level if speaks else f"{variable.short} {level}")


def sized(grouping: Grouping, cohort: Cohort) -> Grouping:
    """The grouping with the number of patients in each group of the opened cohort's analysis set."""
    return _sized(cohort, grouping)


@kept
def _sized(cohort: Cohort, grouping: Grouping) -> Grouping:
    sizes = grouping.of(cohort.patients[analysis_set(cohort)]).value_counts()
    groups = tuple(replace(group, size=int(sizes.get(group.name, 0))) for group in grouping.groups)
    return replace(grouping, groups=groups)


def analysis_set(cohort: Cohort) -> pd.Series:
    """True for the patients whom the workbook does not exclude."""
    return cohort.patients["analysis_set"] != "excluded"


def can_compare(variable: Variable) -> bool:
    """Whether a cohort can be split by this variable: a number, or a category with few enough levels."""
    return variable.kind == "number" or 1 <= len(variable.levels) <= MOST_GROUPS


def parse_grouping(text: str, cohort: Cohort) -> Grouping | str:
    """The grouping written as `arm`, `age_years`, `age_years@median`, `age_years@60,70` or `-` (nobody is compared).

    Gives one sentence instead when this cohort cannot follow it.
    """
    if text == "-":
        return everybody(cohort)
    name, _, written = text.partition("@")
    variable = find_variable(cohort, name)
    if variable is None:
        return f'This workbook has no column "{name}" to compare by.'
    if not can_compare(variable):
        return f"{variable.label} has {len(variable.levels)} levels; at most {MOST_GROUPS} groups can be compared."
    cuts = parse_cuts(written) if variable.kind == "number" else ()
    return cuts if isinstance(cuts, str) else grouping_by(variable, cohort, cuts)


def parse_cuts(written: str) -> tuple[float, ...] | str:
    """Cut-points from "60, 70"; an empty text or "median" gives none, which means the median."""
    if written.strip().casefold() in ("", "median"):
        return ()
    try:
        cuts = sorted({float(part) for part in written.replace(";", ",").split(",") if part.strip()})
    except ValueError:
        cuts = []
    if not cuts or not all(map(math.isfinite, cuts)):
        return f'"{written}" is not a list of cut-points. Write numbers parted by commas, for example 60, 70.'
    if len(cuts) >= MOST_GROUPS:
        return f"{len(cuts)} cut-points make {len(cuts) + 1} groups; at most {MOST_GROUPS} can be compared."
    return tuple(cuts)


def written(grouping: Grouping) -> str:
    """The grouping as `parse_grouping` reads it."""
    if not grouping.variable:
        return "-"
    if grouping.at_median:
        return f"{grouping.variable}@median"
    return grouping.variable + ("@" + ",".join(map(exact, grouping.cuts)) if grouping.cuts else "")


def _interval_names(cuts: tuple[float, ...], at_median: bool) -> tuple[str, ...]:
    if at_median:
        return f"≤ {cuts[0]:.10g}", f"> {cuts[0]:.10g}"
    between = [f"{low:.10g} to < {high:.10g}" for low, high in pairwise(cuts)]
    return (f"< {cuts[0]:.10g}", *between, f"≥ {cuts[-1]:.10g}")


IMMORTAL: Final = "immortal-time bias"
NOT_COMPARABLE: Final = "groups not comparable at infusion"
GROUPED_LATE: Final = f"The groups were formed after infusion: {IMMORTAL}."
FORMED_LATE: Final = f"Formed after infusion: {NOT_COMPARABLE}."  # of what is no time to an event
RESPONDERS_ONLY: Final = (
    "Responders only, and who responds is known only after infusion: groups are not compared as they were formed."
)


def selection_bias(selected_by: Sequence[SelectedBy], since: str = "the infusion", timed: bool = True) -> str:
    """That patients were selected by what was known only after time zero; "" where they were not. `since` is that time
    zero.

    `timed`: whether a time to an event is measured.
    """
    late = known_late(selected_by)
    bias = IMMORTAL if timed else "selection bias"
    return f"Selected by {listed(late)}, known only after {since}: {bias}." if late else ""


def grouping_bias(grouping: Grouping, timed: bool = True) -> str:
    """That groups were formed after the infusion, or that nobody says when; "" where neither. `timed` as above."""
    if grouping.known_after_infusion:
        return GROUPED_LATE if timed else FORMED_LATE
    if grouping.time_not_stated:
        bias = IMMORTAL if timed else NOT_COMPARABLE
        return f"Time of grouping not stated: if {grouping.label} became known after infusion, {bias}."
    return ""
