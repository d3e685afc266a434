"""The table of unadjusted comparisons: hazard ratios, the test of proportional hazards, restricted means."""

from typing import Final

from lib.publication.exhibit import Table
from lib.publication.number import plural, time
from lib.stats.cox import SCALES
from lib.stats.estimate import Estimate, TestResult
from lib.stats.firth import NAME as FIRTH_TEST
from lib.stats.small_samples import FIRTH_BELOW
from lib.survival.models.result import GroupModel, Models
from lib.survival.models.words import (
    COX,
    COX_BY_LIKELIHOOD,
    FIRTH,
    MODELS,
    NOT_ESTIMATED,
    ModelRow,
    cells,
    left_out_words,
    limits_of_comparison,
    lines_of_tests,
    numbers,
)

HEADER: Final = ("Statistic", "Groups", "n", "Events", "Estimate (95 % CI)", "p", "Method")
AREA: Final = "area under the curve"
PRINTED_SCALE: Final = "km"


def models_table(result: Models) -> Table:
    """One row a statistic and group; all scales of the test of proportional hazards stand in results.json, one is printed."""
    rows = _rows(result)
    printed = [row for row in rows if row.statistic not in _unprinted()]
    outcome = result.outcome
    n_events = int(outcome.table["event"].sum())
    return Table(
        id=f"survival.{outcome.endpoint}.models",
        title=f"{outcome.label}: hazard ratios and restricted means",
        header=HEADER,
        rows=tuple((row.label, row.compared, *cells(row)) for row in printed),
        caption=" ".join([_caption(result), f"n = {result.n}, {plural(n_events, 'event')}.", *left_out_words(outcome)]),
        notes=_notes(result),
        n=result.n,
        numbers=numbers(rows),
        tests=lines_of_tests(rows),
    )


def _unprinted() -> tuple[str, ...]:
    return tuple(f"proportional_hazards_{scale}" for scale in SCALES if scale != PRINTED_SCALE)


def _rows(result: Models) -> tuple[ModelRow, ...]:
    compared = [group for group in result.groups if group.hazard is not None]
    means = [_mean(group, result) for group in result.groups]
    ratios = [row for group in compared for row in (*_hazard(group, result), *_by_period(group, result))]
    proportional = [_proportional(scale, test, result) for scale, test in result.proportional.items() if compared]
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
        levels = _level(result, group.name), _level(result, reference)
        found = one.hazard.ratio, one.hazard.test
        rows.append(
            ModelRow(
                statistic, f"Hazard ratio {when}", f"{group.name} v {reference}", one.sizes, *found, method, *levels
            )
        )
    return rows


def _proportional(scale: str, test: TestResult, result: Models) -> ModelRow:
    of = result.proportional_of or result.outcome.grouping.names
    events = sum(group.n_events for group in result.groups if group.name in of)  # n is of the same groups
    method = f"score test, {SCALES[scale]}"
    return ModelRow(
        f"proportional_hazards_{scale}", "Proportional hazards", " v ".join(of), ((test.n, events),), None, test, method
    )


def _mean(group: GroupModel, result: Models) -> ModelRow:
    return ModelRow(
        "restricted_mean", _mean_label(result), group.name, ((group.n, group.n_events),), group.restricted_mean, None, AREA,
        _level(result, group.name), "", result.outcome.unit,
    )  # fmt: skip


def _mean_compared(group: GroupModel, result: Models) -> list[ModelRow]:
    if group.difference is None or group.ratio is None:
        return []
    unit = result.outcome.unit
    return [
        _row(("restricted_mean_difference", f"Difference of means, {unit}"), group, result, group.difference, "z test", unit),
        _row(("restricted_mean_ratio", "Ratio of means"), group, result, group.ratio, "z test of the logarithm"),
    ]  # fmt: skip


def _row(
    kind: tuple[str, str], group: GroupModel, result: Models, found: tuple[Estimate | None, TestResult], method: str, unit: str = ""
) -> ModelRow:  # fmt: skip
    reference = result.outcome.grouping.reference_name
    other = next(each for each in result.groups if each.name == reference)
    sizes = (group.n, group.n_events), (other.n, other.n_events)
    levels = _level(result, group.name), _level(result, reference)
    return ModelRow(*kind, f"{group.name} v {reference}", sizes, *found, method, *levels, unit)


def _level(result: Models, name: str) -> str:
    """What the workbook calls a group."""
    grouping = result.outcome.grouping
    return grouping.levels[grouping.names.index(name)]


def _mean_label(result: Models) -> str:
    unit = result.outcome.unit
    return f"Mean to {time(result.tau)} {unit}" if result.tau is not None else f"Restricted mean, {unit}"


def _caption(result: Models) -> str:
    outcome = result.outcome
    mean = (
        f"Restricted mean: time without the event up to {time(result.tau, 'a time that nobody reached')} {outcome.unit}"
    )
    of = (
        f", the longest time of {result.tau_of} (the smallest of the groups' longest)"
        if result.tau_of and result.compares
        else ", the longest time" if result.tau_of else ", as chosen" if result.tau is not None else ""
    )  # fmt: skip
    area = "the area under the Kaplan-Meier curve with normal limits (Greenwood's variance)"
    if not result.compares:
        return f"{outcome.label}. Event: {outcome.event_word}. {mean}{of}; {area}."
    return (
        f"{outcome.label}, not adjusted. Event: {outcome.event_word}. {MODELS}. Proportional hazards: score test as in R's cox.zph. "
        f"{mean}{of}; {area}."
    )


def _notes(result: Models) -> tuple[str, ...]:
    if not result.compares:
        return limits_of_comparison(result.outcome, result.n)
    penalised = [group.name for group in result.groups if group.penalised]
    said = [f"Firth's model for {', '.join(penalised)}: a group without events, fewer than {FIRTH_BELOW} events, or an extreme ratio."] if penalised else []  # fmt: skip
    said += [
        f"Hazard ratio, {group.name}: {group.hazard.ratio.note}."
        for group in result.groups
        if group.hazard and group.hazard.ratio.note
    ]
    odd = [
        f"{name}, {group.name}: {estimate.note}."
        for group in result.groups
        for name, estimate in (("Restricted mean", group.restricted_mean), *([("Difference of means", group.difference[0])] if group.difference else []))
        if estimate.note
    ]  # fmt: skip
    return (*limits_of_comparison(result.outcome, result.n), *said, *odd)
