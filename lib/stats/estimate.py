"""What every statistic gives: an estimate with limits or a reason, a test, never a bare NaN; the types of arrays; from
how many patients and events on something is compared, estimated or said.

One policy for small samples, used wherever groups are compared by a time to event; how it was chosen:
docs/simulation.md. Groups of one or two are described, never compared. Below FEW_EVENTS events of the two groups the
hazard ratio is Firth's with profile limits, and the words "few events" stand beside it; differences of restricted means
and subdistribution ratios, whose limits do not hold then, are withheld. Firth's model takes over from Cox's below
FIRTH_BELOW events, where a group has none, and where the likelihood has no maximum. An adjusted model says how many
events it has a parameter below EVENTS_PER_PARAMETER, is Firth's below PENALISED_PER_PARAMETER, and is refused below
LEAST_PER_PARAMETER.
Source: Firth 1993; Heinze & Schemper 2001; Peduzzi et al. 1995; Vittinghoff & McCulloch 2007 (5 to 9 events a
parameter).

Numbers are compared with boundaries to nine significant digits: 3.6 / 1.2 is 3 on paper and 3.0000000000000004 in a
computer, so whoever compares must round first, both sides the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

COMPARED_FROM: Final = 3  # patients of a group
FEW_EVENTS: Final = 5  # of two groups together
FIRTH_BELOW: Final = 10  # events of two groups together
EVENTS_PER_PARAMETER: Final = 10
PENALISED_PER_PARAMETER: Final = 5
LEAST_PER_PARAMETER: Final = 2
LOGRANK_FROM: Final = 30  # patients: below, the asymptotic log-rank test errs too often
DESCRIBED: Final = f"described, not compared: fewer than {COMPARED_FROM} patients"
TOO_FEW: Final = f"fewer than {FEW_EVENTS} events in the two groups: the limits would not hold"


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


def few_events(events: int) -> str:
    """The words beside what was estimated of few events; "" where they are not few."""
    return f"few events ({events})" if events < FEW_EVENTS else ""


def sizes_of(group: Names, names: tuple[str, ...]) -> dict[str, int]:
    """How many patients each group has."""
    return {name: int(np.sum(group == name)) for name in names}


def described_only(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The groups with patients, but too few to be compared."""
    return tuple(name for name, n in sizes.items() if 0 < n < COMPARED_FROM)


def compared_groups(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The groups that are large enough to be compared."""
    return tuple(name for name, n in sizes.items() if n >= COMPARED_FROM)


def why_described(sizes: Mapping[str, int]) -> str:
    """The sentence on groups of one or two; "" where there are none."""
    small = described_only(sizes)
    return f"{', '.join(small)}: {DESCRIBED}." if small else ""


def penalised_from_the_start(events: tuple[int, int]) -> bool:
    """Whether the ratio of two groups with so many events each is Firth's whatever Cox's model gives."""
    return min(events) == 0 or sum(events) < FIRTH_BELOW


DIGITS: Final = 9


TINY: Final = 1e-290  # beyond it digits are lost anyway


def significant(values: npt.ArrayLike, digits: int = DIGITS) -> Floats:
    """The values to so many significant digits; 0, infinite and missing (NaN) ones stay what they are.

    Two numbers that agree in the digits that are kept become the same float.
    """
    given = np.asarray(values, dtype=np.float64)
    usable = np.isfinite(given) & (np.abs(given) > TINY)
    whole = np.where(usable, given, 1.0)
    places = digits - 1 - np.floor(np.log10(np.abs(whole))).astype(np.int64)
    up, down = 10.0 ** np.clip(places, 0, 300), 10.0 ** np.clip(-places, 0, 300)
    rounded = np.round(whole * up / down) / up * down
    return np.asarray(np.where(usable, rounded, given), dtype=np.float64)


def ratio(amount: npt.ArrayLike, unit: npt.ArrayLike) -> Floats:
    """`amount` in multiples of `unit`, to nine significant digits; NaN where the unit is missing or not above 0."""
    over, under = np.asarray(amount, dtype=np.float64), np.asarray(unit, dtype=np.float64)
    usable = under > 0
    return significant(np.where(usable, over / np.where(usable, under, 1.0), np.nan))
