"""The table of hazard ratios and restricted means of an endpoint: a row a statistic and group."""

from dataclasses import replace
from typing import Final

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Table
from lib.publication.number import plural, time
from lib.publication.spec import ExhibitSpec
from lib.stats.cox import SCALES
from lib.stats.estimate import FIRTH_BELOW, Estimate, TestResult
from lib.stats.firth import NAME as FIRTH_TEST
from lib.survival.caveats import bias_method, left_out_words, limits_of_comparison
from lib.survival.models import AREA, GroupModel, ModelOptions, Models, models
from lib.survival.outcome import endpoints, outcome
from lib.survival.regression import COX, COX_BY_LIKELIHOOD, FIRTH, METHODS, NOT_ESTIMATED, ModelRow, model_table

PRINTED_SCALE: Final = "km"


def models_table(result: Models) -> Table:
    """One row a statistic and group; all scales of the test of proportional hazards stand in results.json, one is
    printed."""
    rows, outcome = _rows(result), result.outcome
    n_events = int(outcome.table["event"].sum())
    table = model_table(
        (("Statistic", "label"), ("Groups", "compared")),
        rows,
        "Estimate (95 % CI)",
        id=f"survival.{outcome.endpoint}.models",
        title=f"{outcome.label}: hazard ratios and restricted means",
        caption=f"{outcome.label}, not adjusted. n = {result.n}, {plural(n_events, 'event')}.",
        method=" ".join([_method(result), *bias_method(outcome), *_remarks(result)]),
        notes=(*limits_of_comparison(outcome, result.n), *left_out_words(outcome)),
        n=result.n,
    )
    unprinted = [f"proportional_hazards_{scale}" for scale in SCALES if scale != PRINTED_SCALE]
    cells = zip(rows, table.rows, strict=True)
    return replace(table, rows=tuple(printed for row, printed in cells if row.statistic not in unprinted))


def _rows(result: Models) -> tuple[ModelRow, ...]:
    compared = [group for group in result.groups if group.hazard is not None]
    unit, tau = result.outcome.unit, result.tau
    label = (
        f"Restricted mean survival time ({time(tau)} {unit})"
        if tau is not None
        else f"Restricted mean survival time, {unit}"
    )
    means = [
        ModelRow(
            "restricted_mean",
            label,
            group.name,
            ((group.n, group.n_events),),
            group.restricted_mean,
            None,
            AREA,
            result.outcome.level(group.name),
            "",
            unit,
        )
        for group in result.groups
    ]
    ratios = [row for group in compared for row in (*_hazard(group, result), *_by_period(group, result))]
    proportional = [_proportional_row(scale, test, result) for scale, test in result.proportional.items() if compared]
    return (*ratios, *proportional, *means, *(row for group in compared for row in _mean_compared(group, result)))


def _hazard(group: GroupModel, result: Models) -> list[ModelRow]:
    """The ratio with its test, and for Cox's model the likelihood ratio test of the same (Firth's is one already)."""
    if group.hazard is None:
        return []
    method = NOT_ESTIMATED if group.hazard.ratio.value is None else FIRTH if group.penalised else COX
    first = _row(("hazard_ratio", "Hazard ratio"), group, result, (group.hazard.ratio, group.hazard.test), method)
    if group.penalised or group.hazard.ratio.value is None:
        return [first]
    again = (None, group.hazard.likelihood_ratio)
    return [first, _row(("hazard_ratio_likelihood", "Hazard ratio"), group, result, again, COX_BY_LIKELIHOOD)]


def _by_period(group: GroupModel, result: Models) -> list[ModelRow]:
    """The ratios before and after the middle event time, where one ratio does not stand for the whole follow-up."""
    reference, unit, rows = result.outcome.grouping.reference_name, result.outcome.unit, []
    for one in group.periods:
        when = f"until {time(one.until)} {unit}" if one.until is not None else f"after {time(one.since)} {unit}"
        statistic = "hazard_ratio_early" if one.until is not None else "hazard_ratio_late"
        estimated = one.hazard.ratio.value is not None
        method = NOT_ESTIMATED if not estimated else FIRTH if one.hazard.test.name == FIRTH_TEST else COX
        levels = result.outcome.level(group.name), result.outcome.level(reference)
        found = one.hazard.ratio, one.hazard.test
        rows.append(
            ModelRow(
                statistic, f"Hazard ratio {when}", f"{group.name} v {reference}", one.sizes, *found, method, *levels
            )
        )
    return rows


def _proportional_row(scale: str, test: TestResult, result: Models) -> ModelRow:
    of = result.proportional_of or result.outcome.grouping.names
    events = sum(group.n_events for group in result.groups if group.name in of)  # n is of the same groups
    method = f"score test, {SCALES[scale]}"
    return ModelRow(
        f"proportional_hazards_{scale}", "Proportional hazards", " v ".join(of), ((test.n, events),), None, test, method
    )


def _mean_compared(group: GroupModel, result: Models) -> list[ModelRow]:
    if group.difference is None or group.ratio is None:
        return []
    unit = result.outcome.unit
    return [
        _row(
            ("restricted_mean_difference", f"Difference of means, {unit}"),
            group,
            result,
            group.difference,
            "z test",
            unit,
        ),
        _row(("restricted_mean_ratio", "Ratio of means"), group, result, group.ratio, "z test of the logarithm"),
    ]


def _row(
    kind: tuple[str, str],
    group: GroupModel,
    result: Models,
    found: tuple[Estimate | None, TestResult],
    method: str,
    unit: str = "",
) -> ModelRow:
    reference = result.outcome.grouping.reference_name
    other = next(each for each in result.groups if each.name == reference)
    sizes = (group.n, group.n_events), (other.n, other.n_events)
    levels = result.outcome.level(group.name), result.outcome.level(reference)
    return ModelRow(*kind, f"{group.name} v {reference}", sizes, *found, method, *levels, unit)


def _method(result: Models) -> str:
    outcome = result.outcome
    mean = (
        f"Restricted mean: time without the event up to {time(result.tau, 'a time that nobody reached')} {outcome.unit}"
    )
    of = (
        f", the longest time of {result.tau_of} (the smallest of the groups' longest)"
        if result.tau_of and result.compares
        else ", the longest time"
        if result.tau_of
        else ", as chosen"
        if result.tau is not None
        else ""
    )
    area = "the area under the Kaplan-Meier curve with normal limits (Greenwood's variance)"
    if not result.compares:
        return f"Event: {outcome.event_word}. {mean}{of}; {area}."
    return (
        f"Event: {outcome.event_word}. {METHODS}. Proportional hazards: score test as in R's cox.zph. "
        f"{mean}{of}; {area}."
    )


def _remarks(result: Models) -> tuple[str, ...]:
    """What must be known of each estimate."""
    penalised = [group.name for group in result.groups if group.penalised]
    said = (
        [
            f"Firth's model for {', '.join(penalised)}: a group without events, fewer than {FIRTH_BELOW} events, or an"
            " extreme ratio."
        ]
        if penalised
        else []
    )
    ratios = [("Hazard ratio", group.name, group.hazard.ratio) for group in result.groups if group.hazard]
    means = []
    for group in result.groups:
        means.append(("Restricted mean", group.name, group.restricted_mean))
        means += [("Difference of means", group.name, group.difference[0])] if group.difference else []
    said += [f"{what}, {name}: {estimate.note}." for what, name, estimate in (*ratios, *means) if estimate.note]
    return tuple(said)


def _models(analysis: Analysis, endpoint: str, options: ModelOptions) -> Exhibit:
    return models_table(models(outcome(analysis, endpoint, options), options.restricted_mean_to))


UNADJUSTED: Final = ExhibitSpec(
    "survival.{endpoint}.models", "Hazard ratios and restricted means", "endpoints", _models, ModelOptions, endpoints
)
