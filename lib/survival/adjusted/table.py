"""The table of the adjusted comparison: a hazard ratio for each level and number, the model's tests, who is left out."""

from typing import Final

from lib.publication.exhibit import Table
from lib.publication.number import plural
from lib.stats.adjusted_cox import AdjustedModel
from lib.stats.cox import INSTEAD, LEVEL, OVERALL, SAID, SCALES
from lib.stats.firth import NAME as FIRTH_TEST
from lib.stats.small_samples import EVENTS_PER_PARAMETER
from lib.survival.adjusted.result import GROUP, Adjusted, AdjustedRow
from lib.survival.covariates import known_late, not_dated
from lib.survival.models.words import (
    COX,
    FIRTH,
    MODELS,
    ModelRow,
    cells,
    left_out_words,
    limits_of_comparison,
    lines_of_tests,
    listed,
    numbers,
)

NOTHING_CHOSEN: Final = "No covariate was chosen. Unless you choose others, it is extramedullary disease and high-risk cytogenetics, where the workbook has them."
HEADER: Final = ("Covariate", "n", "Events", "Hazard ratio (95 % CI)", "p", "Method")


def adjusted_table(result: Adjusted) -> Table:
    """One row a level or number; then the test of the whole model and of proportional hazards."""
    outcome, rows = result.outcome, _rows(result)
    return Table(
        id=f"survival.{outcome.endpoint}.adjusted",
        title=f"{outcome.label}: adjusted hazard ratios",
        header=HEADER,
        rows=tuple((row.label, *cells(row)) for row in rows),
        caption=_caption(result),
        notes=_notes(result),
        n=result.model.n,
        numbers=numbers(rows),
        tests=lines_of_tests(rows),
    )


def _rows(result: Adjusted) -> tuple[ModelRow, ...]:
    model = result.model
    whole = ((model.n, model.n_events),)
    likelihood = "penalised likelihood ratio test" if model.overall.name == FIRTH_TEST else "likelihood ratio test"
    tests = [
        ModelRow("all_covariates", "All covariates together", "all covariates", whole, None, model.overall, likelihood)
    ]
    for term, test in model.proportional.items():
        if term != OVERALL or len(model.proportional) > 2:
            name = f"Proportional hazards: {term}"
            method = f"score test, {SCALES['km']}"
            tests.append(ModelRow("proportional_hazards", name, name, whole, None, test, method, level=term))
    lines = tuple(_line(row, result) for row in result.rows)
    return (*lines, *(tests if not model.reason else ()))


def _line(row: AdjustedRow, result: Adjusted) -> ModelRow:
    line, counted = row.line, row.counted
    step = f"{line.covariate}, {line.level}"
    compared = f"{line.covariate}: {line.level} v {line.against}" if line.against else step
    sizes: tuple[tuple[int, int], ...] = ((counted.n, counted.n_events),)
    if counted.n_against is not None and counted.events_against is not None:
        sizes = (*sizes, (counted.n_against, counted.events_against))
    method = "" if line.ratio.value is None else FIRTH if line.test.name == FIRTH_TEST else COX
    level, against = (_as_written(name, row, result) for name in (line.level, line.against))
    return ModelRow(row.variable, compared, compared, sizes, line.ratio, line.test, method, level, against)


def _as_written(name: str, row: AdjustedRow, result: Adjusted) -> str:
    """What the workbook calls a group; levels of covariates are named so already."""
    grouping = result.outcome.grouping
    grouped = row.variable == GROUP and name in grouping.names
    return grouping.levels[grouping.names.index(name)] if grouped else name


def _caption(result: Adjusted) -> str:
    outcome, model = result.outcome, result.model
    if not result.covariates:
        return f"{outcome.label}: no adjusted model."
    labels = tuple(each.label for each in result.covariates)
    parts = [
        f"{outcome.label}, adjusted for {listed(labels)}: one model; every ratio is adjusted for all other rows. Event: {outcome.event_word}. {MODELS}. "
        f"n = {model.n} of {len(outcome.table)}, {plural(model.n_events, 'event')}.",
        *(f"{n} left out: {reason}." for reason, n in result.left_out),
        *left_out_words(outcome),
    ]  # fmt: skip
    return " ".join(parts)


def _notes(result: Adjusted) -> tuple[str, ...]:
    model = result.model
    if not result.covariates:
        return (NOTHING_CHOSEN,)
    said = [*limits_of_comparison(result.outcome, model.n)]
    if late := known_late(result.covariates):
        said.append(f"{listed(late)}: known after infusion: adjusting for it is biased.")
    if undated := not_dated(result.covariates):
        said.append(f"{listed(undated)}: not stated when it was known; if after infusion, adjusting for it is biased.")
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
    said = f"Few events: {plural(model.n_events, 'event')} for {plural(model.parameters, 'parameter')}, {each:.1f} each ({EVENTS_PER_PARAMETER} are wanted)"
    return [
        f"{said}: Firth's penalised model, profile limits." if model.penalised else f"{said}: limits are approximate."
    ]


def _not_proportional(model: AdjustedModel) -> list[str]:
    """Which ratios are averages over the follow-up, by the test of proportional hazards."""
    late = [
        term for term, test in model.proportional.items() if term != OVERALL and test.p is not None and test.p < LEVEL
    ]
    return [f"{', '.join(late)}: {SAID} (score test p < {LEVEL:g}): {INSTEAD}."] if late else []
