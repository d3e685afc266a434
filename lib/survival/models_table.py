"""What the tables of hazard ratios and the subgroups share: the covariates that are offered, and rows of an estimate
with its test; and the table of hazard ratios and restricted means without adjustment, a row a statistic and group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, can_compare
from lib.cohort.model import Cohort, Variable
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, estimate_columns, typed_table
from lib.publication.number import p_value, plural, time
from lib.publication.spec import ExhibitSpec
from lib.stats.cox import SCALES
from lib.stats.estimate import FIRTH_BELOW, Estimate, TestResult
from lib.stats.firth import NAME as FIRTH_TEST
from lib.survival.caveats import bias_method, left_out_words, limits_of_comparison, listed, reasons
from lib.survival.models import AREA, GroupModel, ModelOptions, Models, models
from lib.survival.outcome import endpoints, outcome
from lib.survival.summary import ratio_words

ADJUSTED_FOR: Final = ("emd", "high_risk_cytogenetics")  # unless the reader chooses others
LOOKED_AT: Final = ("emd", "high_risk_cytogenetics", "age_years", "sex", "prior_lines")  # first in a forest plot
MOST_LOOKED_AT: Final = 5
AGE: Final = "age_years"
AGE_STEP: Final = 10.0  # years
AGE_CUT: Final = 65.0  # years
COX: Final = "Cox, Wald limits and test"
NOT_DONE: Final = "not done"
NOT_ESTIMATED: Final = "not estimated"
COX_BY_LIKELIHOOD: Final = "Cox, likelihood ratio test"
FIRTH: Final = "Firth, profile limits, likelihood ratio test"
METHODS: Final = "Cox: Cox's model with Efron's ties. Firth: Cox's model with Breslow's ties and Firth's penalty"
PRINTED_SCALE: Final = "km"


def offered(cohort: Cohort, grouping: Grouping) -> tuple[Variable, ...]:
    """Every variable but the grouping itself: first those known before infusion, then all others."""
    possible = [each for each in cohort.variables if each.name != grouping.variable and _varies(each)]
    return tuple(sorted(possible, key=lambda each: not each.known_before_infusion))


def default_covariates(cohort: Cohort, grouping: Grouping) -> tuple[str, ...]:
    """What the comparison is adjusted for where the reader says nothing: what CAR-T cohorts of myeloma are adjusted
    for."""
    there = {each.name for each in offered(cohort, grouping) if each.known_before_infusion}
    return tuple(name for name in ADJUSTED_FOR if name in there)


def default_subgroups(cohort: Cohort, grouping: Grouping) -> tuple[str, ...]:
    """The usual baseline variables; where a cohort has none of them, the first categories of Patients known before
    infusion."""
    there = [each for each in offered(cohort, grouping) if each.known_before_infusion]
    usual = [name for name in LOOKED_AT if name in {each.name for each in there}]
    return tuple(usual or [each.name for each in there if each.kind == "category" and not each.sheet][:MOST_LOOKED_AT])


def default_steps(variables: Iterable[Variable]) -> dict[str, float]:
    """Per how much of a number a hazard ratio is given: 10 years of age, 1 of everything else."""
    return {each.name: AGE_STEP if each.name == AGE else 1.0 for each in variables if each.kind == "number"}


def timing_notes(variables: Iterable[Variable], late: str, undated: str) -> list[str]:
    """What is biased if variables were known after the infusion: `late` of those that were, `undated` of those that do
    not say."""
    later = [each.label for each in variables if each.known_at is not None and not each.known_before_infusion]
    unknown = [each.label for each in variables if each.known_at is None]
    said = [f"{listed(later)}: known after infusion: {late}."] if later else []
    return said + (
        [f"{listed(unknown)}: not stated when it was known; if after infusion, {undated}."] if unknown else []
    )


def _varies(variable: Variable) -> bool:
    return variable.kind == "number" or (can_compare(variable) and len(variable.levels) > 1)


def _timing(variable: Variable) -> str:
    """Behind the label of a variable: when it was known, where that is not before infusion."""
    if variable.known_before_infusion:
        return ""
    return " (time not stated)" if variable.known_at is None else " (known after infusion)"


def labels(analysis: Analysis) -> dict[str, str]:
    """Every variable that a model may hold, with its timing where that is not before infusion."""
    return {each.name: each.label + _timing(each) for each in offered(analysis.opened, analysis.grouping)}


@dataclass(frozen=True)
class ModelRow:
    """One row: an estimate with its test, or either alone. `sizes` has (n, events) of the group and of what it is
    compared with.

    `level` and `against` are what results.json calls the two; `compared` is what is printed.
    """

    statistic: str
    label: str
    compared: str
    sizes: tuple[tuple[int, int], ...]
    estimate: Estimate | None
    test: TestResult | None
    method: str
    level: str = ""
    against: str = ""
    unit: str = ""

    @property
    def reason(self) -> str | None:
        """Why a number of the row is null; None where none is."""
        estimate, test = self.estimate, self.test
        said = {
            "value": estimate.reason if estimate else "a test only",
            "limits": (
                (estimate.note or "not estimable")
                if estimate and not estimate.reason and None in (estimate.low, estimate.high)
                else ""
            ),
            "p": test.reason if test else "no comparison",
            "n_reference": "" if len(self.sizes) > 1 else "no reference",
        }
        return reasons(said)


def model_table(headings: Sequence[tuple[str, str]], rows: Sequence[ModelRow], estimate: str, **table: Any) -> Table:
    """The table of these rows: the first columns are (heading, field), `estimate` is the heading of the estimates."""
    columns = [TypedColumn(heading, printed=attrgetter(field)) for heading, field in headings]
    tests = tuple(TestLine.of(row.test, row.compared) for row in rows if row.test)
    return typed_table([*columns, *_columns(estimate)], rows, tests=tests, **table)


def _columns(estimate: str) -> tuple[TypedColumn, ...]:
    return (
        TypedColumn(name="statistic"),
        TypedColumn(name="group", value=lambda row: row.level),
        TypedColumn(name="reference", value=lambda row: row.against),
        TypedColumn("n", "n", "patients", lambda row: row.sizes[0][0], lambda row: _counted(row, 0)),
        TypedColumn("Events", "events", "patients", lambda row: row.sizes[0][1], lambda row: _counted(row, 1)),
        TypedColumn(name="n_reference", unit="patients", value=lambda row: _of_reference(row, 0)),
        TypedColumn(name="events_reference", unit="patients", value=lambda row: _of_reference(row, 1)),
        *estimate_columns(("value", "low", "high"), lambda row: row.estimate, "", estimate, _estimate),
        TypedColumn(name="unit"),
        TypedColumn("p", "p", "", lambda row: row.test.p if row.test else None, _p),
        TypedColumn("Method", "method"),
        TypedColumn(name="reason"),
    )


def _counted(row: ModelRow, place: int) -> str:
    return " v ".join(str(size[place]) for size in row.sizes)


def _of_reference(row: ModelRow, place: int) -> int | None:
    return row.sizes[1][place] if len(row.sizes) > 1 else None


def _estimate(row: ModelRow) -> str:
    estimate = row.estimate
    if estimate is None:
        return ""
    if not row.unit or estimate.value is None:  # a ratio has no unit
        return ratio_words(estimate)
    limits = (
        "" if estimate.low is None or estimate.high is None else f" ({time(estimate.low)} to {time(estimate.high)})"
    )
    return f"{time(estimate.value)}{limits}".replace("-", "−")


def _p(row: ModelRow) -> str:
    if row.test is None:
        return ""
    return f"{NOT_DONE}: {row.test.reason}" if row.test.p is None and row.estimate is None else p_value(row.test.p)


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
