"""The comparison of the groups adjusted for covariates that the reader picks, in one Cox model.

Whoever lacks a covariate is left out and counted, and so are groups of one or two. Source: `lib.stats.adjusted_cox`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort, Variable
from lib.publication.exhibit import Exhibit, Table
from lib.publication.number import plural
from lib.publication.options import amounts, several
from lib.publication.spec import ExhibitSpec
from lib.stats.adjusted_cox import AdjustedModel, AdjustedRatio, Category, Measure, adjusted_cox
from lib.stats.cox import INSTEAD, LEVEL, OVERALL, SAID, SCALES
from lib.stats.estimate import (
    DESCRIBED,
    EVENTS_PER_PARAMETER,
    Estimate,
    described_only,
    not_done,
    sizes_of,
    why_described,
)
from lib.stats.firth import NAME as FIRTH_TEST
from lib.survival.caveats import bias_method, left_out_words, limits_of_comparison, listed
from lib.survival.models_table import (
    AGE,
    COX,
    FIRTH,
    METHODS,
    NOT_DONE,
    ModelRow,
    default_covariates,
    default_steps,
    labels,
    model_table,
    offered,
    timing_notes,
)
from lib.survival.outcome import EndpointOptions, TimeToEvent, arrays, endpoints, outcome

GROUP: Final = "group"
PROPORTIONAL: Final = "Proportional hazards"
NO_COVARIATES: Final = "no covariate was chosen"
NOTHING_CHOSEN: Final = (
    "No covariate was chosen. Unless you choose others, it is extramedullary disease and high-risk cytogenetics, where"
    " the workbook has them."
)


def _numeric(analysis: Analysis) -> list[Variable]:
    """The covariates that are numbers."""
    return [each for each in offered(analysis.opened, analysis.grouping) if each.kind == "number"]


@dataclass(frozen=True)
class AdjustedOptions(EndpointOptions):
    """For what the comparison is adjusted."""

    covariates: tuple[str, ...] = several(
        None,
        lambda analysis, _: labels(analysis),
        "Adjusted for",
        none="Choose covariates",
        usual=lambda analysis, _: default_covariates(analysis.opened, analysis.grouping),
    )
    steps: tuple[tuple[str, float], ...] = amounts(
        lambda analysis, _: {
            each.name: f"{each.label} ({each.unit})" if each.unit else each.label for each in _numeric(analysis)
        },
        "per how many",
        within="covariates",
        usual=lambda analysis, _: tuple(default_steps(_numeric(analysis)).items()),
    )


@dataclass(frozen=True)
class AdjustedRow:
    """One line of the model: `variable` is "group" for the grouping.

    `sizes` are (patients, events) of the level in the model, and, unless it is a number, of the level it is compared
    with.
    """

    variable: str
    line: AdjustedRatio
    sizes: tuple[tuple[int, int], ...]


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
    wanted = _wanted(outcome.grouping, chosen, default_steps(chosen) | dict(steps or {}))
    groups = outcome.table["group"]
    sizes = sizes_of(groups.to_numpy(object), outcome.grouping.names) if outcome.grouping.compares else {}
    small = described_only(sizes)
    compared = replace(outcome, table=outcome.table[~groups.isin(small)])
    table = _table(cohort, compared, chosen)
    time, event, entry = arrays(compared.table)
    model = adjusted_cox(time, event, table, wanted, entry)
    model = model if chosen else _withheld(model)
    missing = _missing(table, wanted)
    inside = table[missing == ""].assign(event=event[missing == ""])
    name_of = {GROUP: GROUP} | {_column(place): each.name for place, each in enumerate(chosen)}
    rows = tuple(
        AdjustedRow(
            name_of[one.column],
            _described(line) if one.column == GROUP and line.level in small else line,
            _sizes(inside, one, line),
        )
        for one, line in _lines(wanted, model)
    )
    left_out = Counter(missing[missing != ""]).most_common()
    return Adjusted(
        outcome,
        chosen,
        model,
        rows,
        (*left_out, *((f"{name} is {DESCRIBED}", sizes[name]) for name in small)),
        why_described(sizes),
    )


def _wanted(grouping: Grouping, chosen: Sequence[Variable], per: Mapping[str, float]) -> list[Category | Measure]:
    covariates = [_covariate(place, each, per) for place, each in enumerate(chosen)]
    if not grouping.compares:
        return covariates
    return [Category(GROUP, grouping.label, grouping.names, grouping.reference_name), *covariates]


def _described(line: AdjustedRatio) -> AdjustedRatio:
    """A group of one or two: in no model."""
    return replace(line, ratio=Estimate(None, reason=DESCRIBED), test=not_done(line.test.name, line.test.n, DESCRIBED))


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
    """Each line of the model with its covariate: a category has one for each level but the reference, a number has
    one."""
    covariates = [one for one in wanted for _ in range(len(one.levels) - 1 if isinstance(one, Category) else 1)]
    return list(zip(covariates, model.rows, strict=True))


def _sizes(inside: pd.DataFrame, one: Category | Measure, line: AdjustedRatio) -> tuple[tuple[int, int], ...]:
    if isinstance(one, Measure):
        return ((len(inside), int(inside["event"].sum())),)
    levels = (inside[inside[one.column] == level] for level in (line.level, one.reference))
    return tuple((len(rows), int(rows["event"].sum())) for rows in levels)


def adjusted_table(result: Adjusted) -> Table:
    """One row a level or number; then the test of the whole model and of proportional hazards."""
    outcome, reason = result.outcome, result.model.reason
    table = model_table(
        (("Covariate", "label"),),
        _rows(result),
        "Hazard ratio (95 % CI)",
        id=f"survival.{outcome.endpoint}.adjusted",
        title=f"{outcome.label}: adjusted hazard ratios",
        caption=_caption(result),
        method=_method(result),
        notes=_notes(result),
        n=result.model.n,
    )
    if not reason or len(table.rows) < 2:
        return replace(table, rows=_refused_once(table.rows))
    return replace(table, rows=(("All covariates", "", "", f"not estimable: {reason}", "", ""),))


def _refused_once(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """As printed; where proportional hazards were tested of no covariate for one reason, it stands in one row."""
    tested = [row for row in rows if row[0].startswith(PROPORTIONAL)]
    if len({row[1:] for row in tested}) != 1 or not any(cell.startswith(NOT_DONE) for cell in tested[0]):
        return tuple(rows)
    others = [row for row in rows if row not in tested]
    return (*others, (PROPORTIONAL, *tested[0][1:]))


def _rows(result: Adjusted) -> tuple[ModelRow, ...]:
    model = result.model
    whole = ((model.n, model.n_events),)
    likelihood = "penalised likelihood ratio test" if model.overall.name == FIRTH_TEST else "likelihood ratio test"
    tests = [
        ModelRow("all_covariates", "All covariates together", "all covariates", whole, None, model.overall, likelihood)
    ]
    for term, test in model.proportional.items():
        if term != OVERALL or len(model.proportional) > 2:
            name = f"{PROPORTIONAL}: {term}"
            method = f"score test, {SCALES['km']}"
            tests.append(ModelRow("proportional_hazards", name, name, whole, None, test, method, level=term))
    lines = tuple(_line(row, result) for row in result.rows)
    return (*lines, *(tests if not model.reason else ()))


def _line(row: AdjustedRow, result: Adjusted) -> ModelRow:
    line, outcome = row.line, result.outcome
    label = f"{line.covariate}: {line.level} v {line.against}" if line.against else f"{line.covariate}, {line.level}"
    method = "" if line.ratio.value is None else FIRTH if line.test.name == FIRTH_TEST else COX
    grouped = outcome.grouping.names if row.variable == GROUP else ()  # levels of covariates are as written already
    level, against = (outcome.level(name) if name in grouped else name for name in (line.level, line.against))
    return ModelRow(row.variable, label, label, row.sizes, line.ratio, line.test, method, level, against)


def _caption(result: Adjusted) -> str:
    outcome, model = result.outcome, result.model
    if not result.covariates:
        return f"{outcome.label}: no adjusted model."
    labels = listed([each.label for each in result.covariates])
    of = f"n = {model.n} of {len(outcome.table)}, {plural(model.n_events, 'event')}"
    return f"{outcome.label}, adjusted for {labels}. {of}."


def _method(result: Adjusted) -> str:
    if not result.covariates:
        return ""
    said = f"One model; every ratio is adjusted for all other rows. Event: {result.outcome.event_word}. {METHODS}."
    return " ".join([said, *bias_method(result.outcome)])


def _notes(result: Adjusted) -> tuple[str, ...]:
    model = result.model
    if not result.covariates:
        return (NOTHING_CHOSEN,)
    said = [*limits_of_comparison(result.outcome, model.n)]
    said += [*(f"{n} left out: {reason}." for reason, n in result.left_out), *left_out_words(result.outcome)]
    said += timing_notes(result.covariates, "adjusting for it is biased", "adjusting for it is biased")
    said += _events_a_parameter(model)
    said += _not_proportional(model)
    said += [result.described] if result.described else []
    if model.reason:
        said.insert(0, f"No adjusted model: {model.reason}.")
    return tuple(said)


def _events_a_parameter(model: AdjustedModel) -> list[str]:
    """How many events there are for each parameter, where these are few, and what was done about it."""
    if not model.parameters or model.reason or model.n_events >= EVENTS_PER_PARAMETER * model.parameters:
        return []
    each = model.n_events / model.parameters
    said = (
        f"Few events: {plural(model.n_events, 'event')} for {plural(model.parameters, 'parameter')}, {each:.1f} each"
        f" ({EVENTS_PER_PARAMETER} are wanted)"
    )
    return [
        f"{said}: Firth's penalised model, profile limits." if model.penalised else f"{said}: limits are approximate."
    ]


def _not_proportional(model: AdjustedModel) -> list[str]:
    """Which ratios are averages over the follow-up, by the test of proportional hazards."""
    late = [
        term for term, test in model.proportional.items() if term != OVERALL and test.p is not None and test.p < LEVEL
    ]
    return [f"{', '.join(late)}: {SAID} (score test p < {LEVEL:g}): {INSTEAD}."] if late else []


def _adjusted(analysis: Analysis, endpoint: str, options: AdjustedOptions) -> Exhibit:
    followed = outcome(analysis, endpoint, options)
    return adjusted_table(adjusted(analysis.selected, followed, options.covariates, dict(options.steps)))


ADJUSTED: Final = ExhibitSpec(
    "survival.{endpoint}.adjusted", "Adjusted hazard ratios", "endpoints", _adjusted, AdjustedOptions, endpoints
)
