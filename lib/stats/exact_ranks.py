"""Exact conditional p-values of rank tests, ties among the values included: every arrangement of the values into groups counts.

Sums of ranks are counted value by value (the shift algorithm of Streitberg & Röhmel 1986) on doubled mid-ranks, which are whole numbers:
nothing is rounded, and equal statistics are equal. With ties these are R's coin::wilcox_test(distribution = "exact").
"""

from collections.abc import Sequence
from functools import lru_cache
from math import comb, lcm, prod
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats

MOST_ARRANGEMENTS: Final = 10_000_000
MOST_VALUES: Final = 2_000
Whole = npt.NDArray[np.int64]


def arrangements(sizes: Sequence[int]) -> int:
    """In how many ways values can be parted into groups of these sizes."""
    return prod(comb(sum(sizes[: place + 1]), size) for place, size in enumerate(sizes))


def can_be_exact(sizes: Sequence[int]) -> bool:
    """Whether there are few enough arrangements for all of them to be counted."""
    return sum(sizes) <= MOST_VALUES and arrangements(sizes) <= MOST_ARRANGEMENTS


def exact_rank_sum_p(first: Floats, second: Floats) -> float:
    """Two-sided p of the rank sum: the share of arrangements whose sum is at least as far from its expectation as the one seen."""
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

    Groups of one size are exchangeable: their states are sorted, so that what is the same but for their order is one state.
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
