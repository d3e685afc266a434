"""The comparison of the groups adjusted for covariates that the reader picks, in one Cox model.

Whoever lacks a covariate is left out and counted, and so are groups of one or two. Source: `lib.stats.adjusted_cox`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort, Variable
from lib.stats.adjusted_cox import AdjustedModel, AdjustedRatio, Category, Measure, adjusted_cox
from lib.stats.estimate import Estimate, not_done
from lib.stats.small_samples import DESCRIBED, described_only, sizes_of, why_described
from lib.survival.covariates import AGE, default_steps
from lib.survival.outcome import TimeToEvent

GROUP: Final = "group"
NO_COVARIATES: Final = "no covariate was chosen"


@dataclass(frozen=True)
class Counted:
    """Patients and events of a level in the model, and of the level it is compared with (None for a number)."""

    n: int
    n_events: int
    n_against: int | None = None
    events_against: int | None = None


@dataclass(frozen=True)
class AdjustedRow:
    """One line of the model: `variable` is "group" for the grouping."""

    variable: str
    line: AdjustedRatio
    counted: Counted


@dataclass(frozen=True)
class Adjusted:
    """The model of the groups and the `covariates`; `left_out` counts who was not in it, by reason."""

    outcome: TimeToEvent
    covariates: tuple[Variable, ...]
    model: AdjustedModel
    rows: tuple[AdjustedRow, ...]
    left_out: tuple[tuple[str, int], ...]
    described: str = ""


def adjusted(
    cohort: Cohort, outcome: TimeToEvent, names: Sequence[str], steps: Mapping[str, float] | None = None
) -> Adjusted:
    """The model of these covariates; `steps` says per how much of a number a ratio is given, where not the default."""
    chosen = tuple(each for each in cohort.variables if each.name in names)
    per = default_steps(chosen) | dict(steps or {})
    wanted = [*_grouped(outcome), *(_covariate(place, each, per) for place, each in enumerate(chosen))]
    sizes = (
        sizes_of(outcome.table["group"].to_numpy(object), outcome.grouping.names) if outcome.grouping.compares else {}
    )
    whole, outcome = outcome, replace(outcome, table=outcome.table[~outcome.table["group"].isin(described_only(sizes))])
    table = _table(cohort, outcome, chosen)
    time, event, entry = (outcome.table[name].to_numpy(float) for name in ("time", "event", "entry"))
    model = adjusted_cox(time, event, table, wanted, entry)
    model = model if chosen else _withheld(model)
    missing = _missing(table, wanted)
    inside = table[missing == ""].assign(event=event[missing == ""])
    name_of = {GROUP: GROUP} | {_column(place): each.name for place, each in enumerate(chosen)}
    rows = tuple(
        AdjustedRow(name_of[one.column], line, _counted(inside, one, line)) for one, line in _lines(wanted, model)
    )
    left_out = tuple(Counter(why for why in missing if why).most_common())
    rows = tuple(_described(row) if row.line.level in described_only(sizes) else row for row in rows)
    small = tuple((f"{name} is {DESCRIBED}", sizes[name]) for name in described_only(sizes))
    return Adjusted(whole, chosen, model, rows, (*left_out, *small), why_described(sizes))


def _described(row: AdjustedRow) -> AdjustedRow:
    """A group of one or two: in no model."""
    test = not_done(row.line.test.name, row.line.test.n, DESCRIBED)
    return replace(row, line=replace(row.line, ratio=Estimate(None, reason=DESCRIBED), test=test))


def _grouped(outcome: TimeToEvent) -> list[Category | Measure]:
    grouping = outcome.grouping
    if not grouping.compares:
        return []
    return [Category(GROUP, grouping.label, grouping.names, grouping.reference_name)]


def _withheld(model: AdjustedModel) -> AdjustedModel:
    """Nothing is adjusted: the comparison stands in the table of unadjusted ratios."""
    rows = tuple(
        replace(row, ratio=Estimate(None, reason=NO_COVARIATES), test=not_done(row.test.name, model.n, NO_COVARIATES))
        for row in model.rows
    )
    proportional = {term: not_done(test.name, model.n, NO_COVARIATES) for term, test in model.proportional.items()}
    overall = not_done(model.overall.name, model.n, NO_COVARIATES)
    return replace(model, rows=rows, overall=overall, proportional=proportional, reason=NO_COVARIATES)


def _covariate(place: int, variable: Variable, steps: Mapping[str, float]) -> Category | Measure:
    column = _column(place)
    if variable.kind == "number":
        unit = variable.unit or ("years" if variable.name == AGE else "")
        return Measure(column, variable.label, unit, steps[variable.name])
    reference = variable.reference if variable.reference in variable.levels else variable.levels[0]
    return Category(column, variable.label, variable.levels, reference)


def _table(cohort: Cohort, outcome: TimeToEvent, chosen: Sequence[Variable]) -> pd.DataFrame:
    """One row an analysed patient, in the order of the outcome: the group and a column for each covariate."""
    patients = cohort.patients.set_index("patient_id").reindex(outcome.table["patient"])
    columns = {_column(place): patients[each.name].to_numpy() for place, each in enumerate(chosen)}
    return pd.DataFrame({GROUP: outcome.table["group"].to_numpy(object), **columns})


def _missing(table: pd.DataFrame, wanted: Sequence[Category | Measure]) -> pd.Series:
    """For each patient the first covariate that is missing, in words; "" where none is."""
    why = pd.Series("", index=table.index, dtype="object")
    for one in wanted:
        known = table[one.column].isin(one.levels) if isinstance(one, Category) else table[one.column].notna()
        why[(why == "") & ~known] = f"{one.label} not stated"
    return why


def _column(place: int) -> str:
    """The column of a covariate, under a name that no variable has."""
    return f"covariate {place}"


def _lines(
    wanted: Sequence[Category | Measure], model: AdjustedModel
) -> list[tuple[Category | Measure, AdjustedRatio]]:
    """Each line of the model with its covariate: a category has one for each level but the reference, a number has one."""
    covariates = [one for one in wanted for _ in range(len(one.levels) - 1 if isinstance(one, Category) else 1)]
    return list(zip(covariates, model.rows, strict=True))


def _counted(inside: pd.DataFrame, one: Category | Measure, line: AdjustedRatio) -> Counted:
    if isinstance(one, Measure):
        return Counted(len(inside), int(inside["event"].sum()))
    mine, other = inside[inside[one.column] == line.level], inside[inside[one.column] == one.reference]
    return Counted(len(mine), int(mine["event"].sum()), len(other), int(other["event"].sum()))
