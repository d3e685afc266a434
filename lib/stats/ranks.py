"""Two or more groups of numbers or of counts: rank tests, exact tests, Student's t.

Two-sided tests for small groups; each result carries the test's name as it is to be printed.

scipy's tests where they equal R's; the exact r x c test enumerates all tables, because scipy draws them at random (and
slowly).

Exact conditional p-values of rank tests, ties among the values included: every arrangement of the values into groups
counts.

Sums of ranks are counted value by value (the shift algorithm of Streitberg & Röhmel 1986) on doubled mid-ranks, which
are whole numbers: nothing is rounded, and equal statistics are equal. With ties these are R's
coin::wilcox_test(distribution = "exact").
"""

from collections.abc import Sequence
from functools import lru_cache
from math import comb, lcm, lgamma, prod
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Floats, TestResult, not_done

FISHER: Final = "Fisher's exact test"
FREEMAN_HALTON: Final = "Fisher-Freeman-Halton exact test"
MANN_WHITNEY: Final = "Mann-Whitney test"
KRUSKAL_WALLIS: Final = "Kruskal-Wallis test"
STUDENT_T: Final = "Student's t test"
MOST_TABLES: Final = 200_000  # beyond this many possible tables the r x c test draws MONTE_CARLO of them
MONTE_CARLO: Final = 100_000
SEED: Final = 1
Z_99: Final = 2.5758  # of the 99 % interval of a Monte Carlo p
TIE: Final = 1 + 1e-7  # probabilities this close count as equal, as in R's fisher.test
EXACT_BELOW: Final = 50  # R's wilcox.test is exact for groups smaller than this without ties
Counts = Sequence[Sequence[int]]
Whole = npt.NDArray[np.int64]


def fisher(with_event: Sequence[int], of: Sequence[int]) -> TestResult:
    """Whether a share differs between groups: Fisher's exact test for two, Fisher-Freeman-Halton for more.

    `with_event` and `of` hold one number a group. If nobody or everybody has the event, p is 1. Source: Fisher 1935;
    Freeman & Halton 1951.
    """
    return fisher_table([list(with_event), [total - n for n, total in zip(with_event, of, strict=True)]])


def fisher_table(counts: Counts) -> TestResult:
    """Whether rows and columns of a table of counts are independent: one column a group, one row a level.

    Exact while there are at most MOST_TABLES possible tables, else by seeded Monte Carlo, and the name says so, with
    its error.
    """
    table = np.array(counts, dtype=np.int64).reshape(len(counts), -1)
    groups = table.shape[1]
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    n = int(table.sum())
    name = FISHER if len(counts) == 2 and groups == 2 else FREEMAN_HALTON
    if table.size == 0 or table.shape[1] < 2:
        return not_done(name, n, "fewer than two groups have patients")
    if table.shape[0] < 2:
        return TestResult(name, None, None, 1.0, n)
    if table.shape == (2, 2):
        from scipy.stats import fisher_exact

        return TestResult(FISHER, None, None, float(fisher_exact(table).pvalue), n)
    if _possible_tables(table) <= MOST_TABLES:
        return TestResult(FREEMAN_HALTON, None, None, _enumerated(table), n)
    p = _drawn(table)
    error = f"{monte_carlo_error(p):.4f}"
    return TestResult(
        f"{FREEMAN_HALTON} (Monte Carlo, {MONTE_CARLO:,} tables, 99 % limits ± {error})", None, None, p, n
    )


def mann_whitney(first: Floats, second: Floats) -> TestResult:
    """Whether values tend to be larger in one group: exact in small groups, ties or not, else normal with continuity.

    Exact (all arrangements of the values, given their ties) up to 10,000,000 arrangements, and without ties below 50 in
    both groups as R's wilcox.test. The statistic is R's W (of the first group). Source: Mann & Whitney 1947; Streitberg
    & Röhmel 1986.
    """
    n = len(first) + len(second)
    if len(first) == 0 or len(second) == 0:
        return not_done(MANN_WHITNEY, n, "fewer than two groups have values")
    together = np.concatenate([first, second])
    if np.all(together == together[0]):
        return not_done(MANN_WHITNEY, n, "all values are equal")
    from scipy.stats import mannwhitneyu

    untied = len(np.unique(together)) == n
    counted = can_be_exact((len(first), len(second)))
    exact = counted or (untied and max(len(first), len(second)) < EXACT_BELOW)
    result = mannwhitneyu(first, second, method="exact" if exact and untied and not counted else "asymptotic")
    p = exact_rank_sum_p(first, second) if counted else float(result.pvalue)
    return TestResult(f"{MANN_WHITNEY} ({_how(exact, untied, 'normal')})", float(result.statistic), None, p, n)


def kruskal_wallis(groups: Sequence[Floats]) -> TestResult:
    """Whether values differ between three or more groups: exact in small groups, ties or not, else by chi-squared.

    Exact up to 10,000,000 arrangements of the values; then there are no degrees of freedom. Source: Kruskal & Wallis
    1952.
    """
    groups = [values for values in groups if len(values)]
    n = sum(map(len, groups))
    if len(groups) < 2:
        return not_done(KRUSKAL_WALLIS, n, "fewer than two groups have values")
    distinct = len(np.unique(np.concatenate(groups)))
    if distinct == 1:
        return not_done(KRUSKAL_WALLIS, n, "all values are equal")
    from scipy.stats import kruskal

    result = kruskal(*groups)
    exact = can_be_exact([len(values) for values in groups])
    p = exact_kruskal_wallis_p(groups) if exact else float(result.pvalue)
    name = f"{KRUSKAL_WALLIS} ({_how(exact, distinct == n, 'chi-squared')})"
    return TestResult(name, float(result.statistic), None if exact else len(groups) - 1, p, n)


def _how(exact: bool, untied: bool, distribution: str) -> str:
    if exact:
        return "exact" if untied else "exact, given the ties"
    return f"{distribution} approximation" if untied else f"{distribution} approximation, corrected for ties"


def location_test(groups: Sequence[Floats]) -> TestResult:
    """The default test of a number between groups: Mann-Whitney for two, Kruskal-Wallis for more."""
    return mann_whitney(*groups) if len(groups) == 2 else kruskal_wallis(groups)


def student_t(first: Floats, second: Floats) -> TestResult:
    """Whether means differ, equal variances assumed ("as published"). Source: Student 1908."""
    n = len(first) + len(second)
    if min(len(first), len(second)) < 2:
        return not_done(STUDENT_T, n, "a group has fewer than two values")
    if np.ptp(first) == 0 and np.ptp(second) == 0:
        return not_done(STUDENT_T, n, "the values of each group are all equal")
    from scipy.stats import ttest_ind

    result = ttest_ind(first, second)
    return TestResult(STUDENT_T, float(result.statistic), n - 2, float(result.pvalue), n)


def _possible_tables(table: Whole) -> int:
    """An upper bound of the number of tables with the margins of this one."""
    rows, columns = table.shape
    by_column = prod(comb(int(total) + rows - 1, rows - 1) for total in table.sum(axis=0)[:-1])
    by_row = prod(comb(int(total) + columns - 1, columns - 1) for total in table.sum(axis=1)[:-1])
    return min(by_column, by_row)


def _enumerated(table: Whole) -> float:
    """The probability of all tables with these margins that are no more probable than this one."""
    if table.shape[0] > table.shape[1]:  # few rows make few fillings
        table = table.T
    rows, columns, factorial = table.sum(axis=1), table.sum(axis=0), _log_factorials(int(table.sum()))
    constant = sum(factorial[[*rows, *columns]].tolist()) - factorial[table.sum()]
    observed = constant - sum(factorial[table.ravel()].tolist())
    logarithm = constant - _weights(rows, columns, factorial)
    return min(1.0, float(np.exp(logarithm[logarithm <= observed + np.log(TIE)]).sum()))


def _weights(rows: Whole, columns: Whole, factorial: Floats) -> Floats:
    """The sum of log(cell!) of every table with these margins; tables grow column by column, all at once."""
    left, parts = rows[None, :], list[Floats]()
    for total in columns[:-1]:
        left, part, grown_from = _filled(left, int(total), factorial)
        parts = [*(each[grown_from] for each in parts), part]
    weight: Floats = np.add.accumulate(factorial[left], axis=1)[:, -1]
    for part in reversed(parts):
        weight = part + weight
    return weight


def _filled(left: Whole, total: int, factorial: Floats) -> tuple[Whole, Floats, npt.NDArray[np.intp]]:
    """Every way of putting `total` into a column of each table, of whose rows so much is `left`.

    Gives what is left then, the weight of the column, and the place of the table from which each one grew.
    """
    still, weight, grown_from = np.full(len(left), total), np.zeros(len(left)), np.arange(len(left))
    for row in range(left.shape[1] - 1):
        least = np.maximum(0, still - left[:, row + 1 :].sum(axis=1))
        ways = np.minimum(left[:, row], still) - least + 1
        again = np.repeat(np.arange(len(left)), ways)
        cell = least[again] + np.arange(len(again)) - np.repeat(np.cumsum(ways) - ways, ways)
        left, still, weight = left[again], still[again] - cell, weight[again] + factorial[cell]
        left[:, row] -= cell
        grown_from = grown_from[again]
    left = left.copy()
    left[:, -1] -= still
    return left, weight + factorial[still], grown_from


def monte_carlo_error(p: float) -> float:
    """Half the width of the 99 % interval of a p-value that was found from MONTE_CARLO random tables."""
    return float(Z_99 * np.sqrt(p * (1 - p) / MONTE_CARLO))


def _drawn(table: Whole) -> float:
    """The share of MONTE_CARLO random tables with these margins that are no more probable; the observed one is among
    them."""
    random = np.random.default_rng(SEED)
    factorial = _log_factorials(int(table.sum()))
    rows = np.repeat(
        table.sum(axis=1)[:, None], MONTE_CARLO, axis=1
    )  # what is left of each row, one column a random table
    weight = np.zeros(MONTE_CARLO)
    for column in table.sum(axis=0)[:-1]:
        left = np.full(MONTE_CARLO, column)
        for row in range(len(rows) - 1):
            cell = random.hypergeometric(rows[row], rows[row + 1 :].sum(axis=0), left)
            weight += factorial[cell]
            rows[row] -= cell
            left = left - cell
        weight += factorial[left]
        rows[-1] -= left
    weight += factorial[rows].sum(axis=0)
    observed = factorial[table].sum() - np.log(TIE)
    return float((1 + np.sum(weight >= observed)) / (1 + MONTE_CARLO))


def _log_factorials(most: int) -> Floats:
    """log(n!) of every whole number up to this one."""
    return np.array([lgamma(number + 1) for number in range(most + 1)])


MOST_ARRANGEMENTS: Final = 10_000_000
MOST_VALUES: Final = 2_000


def arrangements(sizes: Sequence[int]) -> int:
    """In how many ways values can be parted into groups of these sizes."""
    return prod(comb(sum(sizes[: place + 1]), size) for place, size in enumerate(sizes))


def can_be_exact(sizes: Sequence[int]) -> bool:
    """Whether there are few enough arrangements for all of them to be counted."""
    return sum(sizes) <= MOST_VALUES and arrangements(sizes) <= MOST_ARRANGEMENTS


def exact_rank_sum_p(first: Floats, second: Floats) -> float:
    """Two-sided p of the rank sum: the share of arrangements whose sum is at least as far from its expectation as the
    one seen."""
    ranks = doubled_ranks(np.concatenate([first, second]))
    smaller = min(len(first), len(second))
    seen = ranks[: len(first)] if len(first) == smaller else ranks[len(first) :]
    return _rank_sum_p(tuple(sorted(ranks.tolist())), smaller, int(seen.sum()))


def exact_kruskal_wallis_p(groups: Sequence[Floats]) -> float:
    """The share of arrangements whose H is at least as large as the one seen; no group is empty."""
    ranks = doubled_ranks(np.concatenate(list(groups)))
    sizes = [len(group) for group in groups]
    sums = [int(part.sum()) for part in np.split(ranks, np.cumsum(sizes)[:-1])]
    order = np.argsort(sizes, kind="stable")
    return _kruskal_wallis_p(
        tuple(sorted(ranks.tolist())), tuple(sizes[place] for place in order), tuple(sums[place] for place in order)
    )


def doubled_ranks(values: Floats) -> Whole:
    """Twice the mid-rank of each value: whole numbers, also of ties."""
    from scipy.stats import rankdata

    return np.asarray(np.rint(2 * rankdata(values)), dtype=np.int64)


@lru_cache(maxsize=4096)
def _rank_sum_p(ranks: tuple[int, ...], size: int, seen: int) -> float:
    most = sum(ranks[-size:]) if size else 0
    ways = np.zeros((size + 1, most + 1))  # how many choices of so many values have this sum
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : most + 1 - rank]
    expected = size * (len(ranks) + 1)  # of doubled ranks: whole
    far = np.abs(np.arange(most + 1) - expected) >= abs(seen - expected)
    return float(ways[size][far].sum() / ways[size].sum())


@lru_cache(maxsize=1024)
def _kruskal_wallis_p(ranks: tuple[int, ...], sizes: tuple[int, ...], sums: tuple[int, ...]) -> float:
    """`sizes` in ascending order: the last and largest group has what the others leave."""
    free = sizes[:-1]
    states, ways = np.zeros((len(free), 2, 1), dtype=np.int64), np.ones(1)
    for done, rank in enumerate(ranks, start=1):
        states, ways = _with_one_more(states, ways, rank, free)
        kept = states[:, 0].sum(axis=0) >= done - sizes[-1]
        states, ways = states[:, :, kept], ways[kept]
    common = lcm(*sizes)
    weights = [common // size for size in sizes]
    found = _weighted(weights, [*states[:, 1], sum(ranks) - states[:, 1].sum(axis=0)])
    seen = _weighted(weights, [np.array(total) for total in sums])
    return float(ways[found >= seen].sum() / ways.sum())


def _weighted(weights: list[int], totals: Sequence[Whole]) -> Whole:
    """H but for constants: whole, so that equal arrangements are equal."""
    return np.asarray(np.sum([weight * total**2 for weight, total in zip(weights, totals, strict=True)], axis=0))


def _with_one_more(states: Whole, ways: Floats, rank: int, free: tuple[int, ...]) -> tuple[Whole, Floats]:
    """The states (group, how many and which sum, state) after one more value, which goes to any group that has room.

    Groups of one size are exchangeable: their states are sorted, so that what is the same but for their order is one
    state.
    """
    parts, counts = [states], [ways]
    for group, size in enumerate(free):
        room = states[group, 0] < size
        more = states[:, :, room].copy()
        more[group] += np.array([[1], [rank]])
        parts.append(more)
        counts.append(ways[room])
    together = np.concatenate(parts, axis=2)
    radix = max(free) + 1
    codes = together[:, 0] + radix * together[:, 1]
    for size in set(free):
        same = [group for group, other in enumerate(free) if other == size]
        codes[same] = np.sort(codes[same], axis=0)
    base = np.int64(codes.max()) + 1
    keys = (codes * (base ** np.arange(len(free), dtype=np.int64))[:, None]).sum(axis=0)
    _, first, where = np.unique(keys, return_index=True, return_inverse=True)
    merged = np.stack([codes[:, first] % radix, codes[:, first] // radix], axis=1)
    return merged.astype(np.int64), np.bincount(where.ravel(), weights=np.concatenate(counts)).astype(np.float64)
