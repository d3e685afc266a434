"""A rate with its exact interval, in each group and in all, and the test between groups; and how they are printed.

Which levels make a rate: lib/cohort/response_scale.py. Intervals: Clopper & Pearson 1934, of differences Newcombe 1998.
Test: Fisher 1935, for more than two groups Freeman & Halton 1951.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping
from lib.publication.exhibit import TestLine
from lib.publication.number import p_value, percent, plural, signed_percent
from lib.publication.who import Patients, Who, crossed, grouped_columns
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.proportions import exact_share, risk_difference
from lib.stats.ranks import FISHER, fisher

INFUSED: Final = "all infused"
EVALUABLE: Final = "evaluable"
TOTAL: Final = "Total"
OF: Final = {INFUSED: "of all infused", EVALUABLE: "of those evaluable"}
COLUMNS: Final = (
    ("outcome", ""),
    ("denominator", ""),
    ("group", ""),
    ("n", "patients"),
    ("of", "patients"),
    ("share", ""),
    ("low", ""),
    ("high", ""),
    ("difference", "share"),
    ("difference_low", "share"),
    ("difference_high", "share"),
    ("p", ""),
    ("reason", ""),
)


@dataclass(frozen=True)
class Rate:
    """`n` of `of` patients, and the share with its limits (None and the reason where nobody is in the denominator)."""

    n: int
    of: int

    @property
    def share(self) -> Estimate:
        """The share with its exact limits."""
        return exact_share(self.n, self.of)


@dataclass(frozen=True)
class RateRow:
    """One outcome in one denominator: a Rate for each group, one for all of them together, and the test between groups.

    `who` are the patients who reached it.
    """

    outcome: str
    denominator: str
    groups: tuple[Rate, ...]
    total: Rate
    test: TestResult
    who: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    @property
    def of(self) -> tuple[int, ...]:
        """How many each group has in the denominator."""
        return tuple(rate.of for rate in self.groups)

    def shown(self, grouping: Grouping) -> tuple[Rate, ...]:
        """The rates in the order in which a table has them: of all (where there are groups), then of each group."""
        return (self.total, *self.groups) if grouping.compares else self.groups

    def differences(self, reference: int) -> tuple[Estimate | None, ...]:
        """Each group less the one at the place `reference` (None for itself), with Newcombe's interval."""
        base = self.groups[reference]
        return tuple(
            None if place == reference else risk_difference(rate.n, rate.of, base.n, base.of)
            for place, rate in enumerate(self.groups)
        )


def rate_row(outcome: str, denominator: str, reached: pd.Series, group: pd.Series, names: Sequence[str]) -> RateRow:
    """`reached` (True or False) and `group` of the patients in the denominator, who are the index."""
    place, with_it = pd.Categorical(group, list(names)).codes, reached.to_numpy(bool)
    of, n = (np.bincount(each[each >= 0], minlength=len(names)).tolist() for each in (place, place[with_it]))
    groups = tuple(map(Rate, n, of))
    total = Rate(sum(rate.n for rate in groups), sum(rate.of for rate in groups))
    if len(groups) > 1:
        test = fisher([rate.n for rate in groups], [rate.of for rate in groups])
    else:
        test = not_done(FISHER, total.of, "one group only")
    return RateRow(outcome, denominator, groups, total, test, frozenset(reached.index[with_it].tolist()))


def differing(rows: Sequence[RateRow]) -> tuple[RateRow, ...]:
    """The rows without those that count the same patients as a row before."""
    kept: list[RateRow] = []
    for row in rows:
        if all(row.of != before.of or row.groups != before.groups for before in kept):
            kept.append(row)
    return tuple(kept)


def reference_place(grouping: Grouping) -> int:
    """The place of the group that the others are compared with."""
    return grouping.names.index(grouping.reference_name)


def limits(rate: Rate) -> str:
    """The exact interval in percent: "79–100"; "–" of nobody."""
    low, high = rate.share.low, rate.share.high
    if low is None or high is None:
        return "–"
    return f"{percent(low, rate.of).removesuffix(' %')}–{percent(high, rate.of).removesuffix(' %')}"


def rate_words(rate: Rate) -> str:
    """ "5/8: 63 % (24–91)"."""
    return f"{rate.n}/{rate.of}: {percent(rate.n / rate.of, rate.of)} ({limits(rate)})" if rate.of else "0/0"


def difference_headings(grouping: Grouping) -> tuple[str, ...]:
    """The heading of the column of differences: only of two groups, more have a row of differences under each rate."""
    if len(grouping.names) != 2:
        return ()
    (other,) = (name for name in grouping.names if name != grouping.reference_name)
    return (f"{other} − {grouping.reference_name}, % points (95 % CI)",)


def difference_cells(row: RateRow, grouping: Grouping) -> tuple[str, ...]:
    """The difference of each group to the reference as it is printed, "−50 (−79 to −7)"; "" of the reference itself."""
    of = row.total.of
    return tuple(_printed(each, of) if each else "" for each in row.differences(reference_place(grouping)))


def _printed(each: Estimate, of: int) -> str:
    if each.value is None or each.low is None or each.high is None:
        return "–"
    return f"{signed_percent(each.value, of)} ({signed_percent(each.low, of)} to {signed_percent(each.high, of)})"


def of_whom(denominator: str) -> str:
    """The denominator after the name of a rate: "of all infused", "of those followed to month 3"."""
    return OF.get(denominator, f"of those {denominator}")


def grouping_notes(grouping: Grouping, n_ungrouped: int) -> tuple[str, ...]:
    """Whoever has no group."""
    return (
        (f"{plural(n_ungrouped, 'patient')} without {grouping.label}: in no group and no row.",) if n_ungrouped else ()
    )


def grouping_method(grouping: Grouping) -> str:
    """From when on responses can be an effect of groups that were formed after the infusion; "" of others."""
    return grouping.late("responses before that day cannot be its effect")


def number_rows(row: RateRow, grouping: Grouping) -> list[tuple[object, ...]]:
    """Each group, then the total."""
    total = ((TOTAL, row.total),) if grouping.compares else ()
    apart = (*row.differences(reference_place(grouping)), None) if grouping.compares else (None,)
    return [
        (
            row.outcome,
            row.denominator,
            name,
            rate.n,
            rate.of,
            rate.share.value,
            rate.share.low,
            rate.share.high,
            *((each.value, each.low, each.high) if each else (None, None, None)),
            row.test.p,
            _reason(row, rate, each, grouping.compares),
        )
        for (name, rate), each in zip((*zip(grouping.levels, row.groups, strict=True), *total), apart, strict=True)
    ]


def _reason(row: RateRow, rate: Rate, apart: Estimate | None, compares: bool) -> str | None:
    said = (
        "difference: of a group to the reference" if apart is None and compares else "",
        f"difference: {apart.reason}" if apart and apart.reason else "",
        f"share: {rate.share.reason}" if rate.share.reason else "",
        f"p: {row.test.reason}" if row.test.reason else "",
    )
    return "; ".join(each for each in said if each) or None


def rate_rows(row: RateRow, grouping: Grouping) -> list[tuple[str, ...]]:
    """Rows of a table: the outcome and of whom, the rates (of all before those of groups), the difference and p.

    Of more than two groups the differences stand in a second row, each under its group, so that no column needs a long
    heading.
    """
    name = f"{row.outcome}, {of_whom(row.denominator)}"
    rates = tuple(map(rate_words, row.shown(grouping)))
    if not grouping.compares:
        return [(name, *rates)]
    apart, p = difference_cells(row, grouping), p_value(row.test.p)
    if len(apart) == 2:
        return [(name, *rates, *filter(None, apart), p)]
    return [(name, *rates, p), (f"difference to {grouping.reference_name}, % points", "", *apart, "")]


def who_of(analysis: Analysis, rows: Sequence[RateRow], levels: Sequence[RateRow] = (), before: int = 1) -> Who:
    """The patients behind a table of these levels and rates; `before`: how many columns name the row."""
    lines: list[Patients] = [row.who for row in levels]
    for row in rows:
        lines += (row.who, *(None,) * (len(rate_rows(row, analysis.grouping)) - 1))
    return crossed(lines, grouped_columns(analysis, before))


def tests_done(rows: Sequence[RateRow], grouping: Grouping) -> tuple[str, ...]:
    """A note on how many comparisons the printed rows hold."""
    n = sum(row.test.p is not None for row in rows)
    return (
        (f"{plural(n, 'comparison')} looked at, p not adjusted for their number.",) if n and grouping.compares else ()
    )


def test_lines(rows: Sequence[RateRow], grouping: Grouping, before: str = "") -> tuple[TestLine, ...]:
    """The test of every rate."""
    groups = " v ".join(grouping.names)
    return tuple(
        TestLine.of(row.test, f"{before}{row.outcome}, {of_whom(row.denominator)}: {groups}")
        for row in rows
        if grouping.compares
    )
