"""A rate with its exact interval, in each group and in all, and the test between groups.

Which levels make a rate: lib/cohort/response_scale.py. Intervals: Clopper & Pearson 1934, of differences Newcombe 1998. Test: Fisher 1935, for more than two groups
Freeman & Halton 1951.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.proportions import exact_share, risk_difference
from lib.stats.ranks import FISHER, fisher

INFUSED: Final = "all infused"
EVALUABLE: Final = "evaluable"


@dataclass(frozen=True)
class Rate:
    """`n` of `of` patients, and the share with its limits (None and the reason where nobody is in the denominator)."""

    n: int
    of: int

    @property
    def share(self) -> Estimate:
        return exact_share(self.n, self.of)


@dataclass(frozen=True)
class RateRow:
    """One outcome in one denominator: a Rate for each group, one for all of them together, and the test between groups."""

    outcome: str
    denominator: str
    groups: tuple[Rate, ...]
    total: Rate
    test: TestResult

    @property
    def of(self) -> tuple[int, ...]:
        return tuple(rate.of for rate in self.groups)

    def differences(self, reference: int) -> tuple[Estimate | None, ...]:
        """Each group less the one at the place `reference` (None for itself), with Newcombe's interval."""
        base = self.groups[reference]
        return tuple(
            None if place == reference else risk_difference(rate.n, rate.of, base.n, base.of)
            for place, rate in enumerate(self.groups)
        )


def rate_row(outcome: str, denominator: str, reached: pd.Series, group: pd.Series, names: Sequence[str]) -> RateRow:
    """`reached` (True or False) and `group` of the patients in the denominator, one element a patient."""
    groups = tuple(Rate(int(reached[group == name].sum()), int((group == name).sum())) for name in names)
    total = Rate(sum(rate.n for rate in groups), sum(rate.of for rate in groups))
    if len(groups) > 1:
        test = fisher([rate.n for rate in groups], [rate.of for rate in groups])
    else:
        test = not_done(FISHER, total.of, "one group only")
    return RateRow(outcome, denominator, groups, total, test)


def differing(rows: Sequence[RateRow]) -> tuple[RateRow, ...]:
    """The rows of one outcome, without those whose denominators are the same as in a row before."""
    kept: list[RateRow] = []
    for row in rows:
        if all(row.of != before.of or row.groups != before.groups for before in kept):
            kept.append(row)
    return tuple(kept)


def reference_place(grouping: Grouping) -> int:
    """The place of the group that the others are compared with."""
    return grouping.names.index(grouping.reference_name)
