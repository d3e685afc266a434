"""What the tables of hazard ratios and the subgroups share: the covariates that are offered, and rows of an estimate
with its test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, can_compare
from lib.cohort.model import Cohort, Variable
from lib.publication.exhibit import Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_value, time
from lib.stats.estimate import Estimate, TestResult
from lib.survival.caveats import listed, reasons
from lib.survival.curves import values
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
        TypedColumn(estimate, "value", "", lambda row: values(row.estimate)[0], _estimate),
        TypedColumn(name="low", value=lambda row: values(row.estimate)[1]),
        TypedColumn(name="high", value=lambda row: values(row.estimate)[2]),
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
