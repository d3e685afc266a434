"""What every statistic gives: an estimate with limits or a reason, a test; and the types of arrays.

An estimate with its interval, and the result of a test: never a bare NaN, always the reason with it.

What the methods take and give: numbers and names of groups, one a patient, a time or a row.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Estimate:
    """A value with its confidence limits; `value` is None exactly when there is a `reason`.

    A limit is None where it cannot be estimated although the value can. `note` says what a reader must know of a value.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    reason: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) != bool(self.reason):
            raise ValueError("an estimate has a value or the reason why not")


@dataclass(frozen=True)
class TestResult:
    """The result of one test. `p` is None exactly when there is a `reason`; `n` is the number of patients in it."""

    __test__ = False  # not a test class for pytest

    name: str
    statistic: float | None
    df: int | None
    p: float | None
    n: int
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.p is None) != bool(self.reason):
            raise ValueError("a test has a p-value or the reason why not")


def not_done(name: str, n: int, reason: str) -> TestResult:
    """The result of a test that could not be done."""
    return TestResult(name, None, None, None, n, reason)


Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.object_]
