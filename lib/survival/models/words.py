"""The rows of the tables of models, as printed, as numbers and as tests; and what limits a comparison, in sentences."""

from dataclasses import dataclass
from typing import Final

from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import interval, p_value, short
from lib.stats.estimate import Estimate, TestResult
from lib.survival.bias import bias_notes
from lib.survival.outcome import TimeToEvent
from lib.survival.result import DESCRIPTIVE_BELOW

COX: Final = "Cox, Wald limits and test"
NOT_ESTIMATED: Final = "not estimated"
COX_BY_LIKELIHOOD: Final = "Cox, likelihood ratio test"
FIRTH: Final = "Firth, profile limits, likelihood ratio test"
MODELS: Final = "Cox: Cox's model with Efron's ties. Firth: Cox's model with Breslow's ties and Firth's penalty"
COLUMNS: Final = (
    ("statistic", ""), ("group", ""), ("reference", ""), ("n", "patients"), ("events", "patients"), ("n_reference", "patients"),
    ("events_reference", "patients"), ("value", ""), ("low", ""), ("high", ""), ("unit", ""), ("p", ""), ("method", ""), ("reason", ""),
)  # fmt: skip


@dataclass(frozen=True)
class ModelRow:
    """One row: an estimate with its test, or either alone. `sizes` has (n, events) of the group and of what it is compared with.

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
            "limits": (estimate.note or "not estimable") if estimate and not estimate.reason and None in (estimate.low, estimate.high) else "",
            "p": test.reason if test else "no comparison",
            "n_reference": "" if len(self.sizes) > 1 else "no reference",
        }  # fmt: skip
        return "; ".join(f"{name}: {reason}" for name, reason in said.items() if reason) or None


def cells(row: ModelRow) -> tuple[str, ...]:
    """n, events, the estimate with its limits, p and method, as printed."""
    n, events = (" v ".join(str(size[place]) for size in row.sizes) for place in (0, 1))
    return n, events, _estimate(row), _p(row), row.method


def _estimate(row: ModelRow) -> str:
    estimate = row.estimate
    if estimate is None:
        return ""
    if estimate.value is None:
        return f"not estimable: {estimate.reason}"
    if estimate.low is None or estimate.high is None:
        return _signed(estimate.value)
    if estimate.low < 0:
        return f"{_signed(estimate.value)} ({_signed(estimate.low)} to {_signed(estimate.high)})"
    return f"{short(estimate.value)} ({interval(estimate.low, estimate.high)})"


def _signed(value: float) -> str:
    return short(value).replace("-", "−")


def _p(row: ModelRow) -> str:
    if row.test is None:
        return ""
    if row.test.p is None and row.estimate is None:
        return f"not done: {row.test.reason}"
    return p_value(row.test.p)


def numbers(rows: tuple[ModelRow, ...]) -> Numbers:
    """Every row unrounded, in COLUMNS."""
    found = []
    for row in rows:
        sizes = (*row.sizes, *((None, None) for _ in range(2 - len(row.sizes))))
        estimate = row.estimate or Estimate(None, reason="a test only")
        found.append((row.statistic, row.level, row.against, *sizes[0], *sizes[1], estimate.value, estimate.low, estimate.high, row.unit,
                      row.test.p if row.test else None, row.method, row.reason))  # fmt: skip
    return Numbers(COLUMNS, tuple(found))


def lines_of_tests(rows: tuple[ModelRow, ...]) -> tuple[TestLine, ...]:
    """Every test among the rows."""
    return tuple(
        TestLine(test.name, row.compared, test.statistic, test.df, test.p, test.n, test.reason)
        for row in rows
        if (test := row.test) is not None
    )


def limits_of_comparison(outcome: TimeToEvent, n: int) -> tuple[str, ...]:
    """That groups were formed or patients selected too late, that it is not stated when, and that few are compared."""
    said = list(bias_notes(outcome))
    if outcome.grouping.compares and n < DESCRIPTIVE_BELOW:
        said.append(f"Fewer than {DESCRIPTIVE_BELOW} patients: descriptive.")
    return tuple(said)


def left_out_words(outcome: TimeToEvent) -> tuple[str, ...]:
    """Who of the selected patients is in no analysis of this endpoint."""
    return tuple(f"{n} of {outcome.n} not evaluable: {reason}." for reason, n in outcome.left_out)


def listed(labels: tuple[str, ...]) -> str:
    """ "EMD", "EMD and Age", "EMD, Age and Sex"."""
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
