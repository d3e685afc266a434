"""The report for readers: docs/simulation.md."""

from collections.abc import Callable, Mapping, Sequence

from simulation.measure import FEW as FEW_RATIO
from simulation.measure import HEADLINE, MOVER, PLAIN
from simulation.scenario import CENSORED, EARLY, MEDIAN, SEED, SIZES, longest_follow_up
from simulation.tally import Tally, standard_error

FEW = 50  # data sets with an interval; below this no coverage is printed

OPENING = """# How often the tests err and the intervals hold, in small cohorts

{n:,} simulated data sets for each column (seed {seed}); made by `make simulate`, no real patient is in it.
Two groups of the same size that do **not** differ. Times to the event are exponential with a median of {median:g} months; every
second event is of cause 1, the others compete with it. Patients are recruited evenly and followed until one day: {follow_up}.

**Cells.** A test should reject in 5.0 of 100 data sets, an interval should hold the true value in 95.0 of 100. Each number is followed
by its Monte Carlo standard error in brackets: with {n:,} data sets a number within about {reach:.1f} of 5.0 (or of 95.0) says nothing.
More than 5.0 means that differences are found too often where there are none; less than 95.0 that an interval is too narrow.

**Where a statistic could not be had.** A test that could not be done (no events, no two groups at risk, fewer than 5 events for a
restricted mean or a subdistribution ratio, a likelihood without maximum) counts as *not rejecting*: the first number is of all data sets, and the share not done stands
beside it. An interval that could not be had (the time lies beyond the last observation, everybody had the event, too few events)
is *left out*: coverage is of the data sets that have one, and the share without stands beside it. A limit that is not reached
(the upper limit of a median) is open and counts as holding. Below {few} data sets with an interval no coverage is printed. Where many
are left out, those that remain are chosen ones (at 70 % censoring: groups with a patient followed for so long), and the coverage
speaks of them alone.
"""

CHOSEN = """## What we chose and why

The policy stands in `lib/stats/estimate.py` and `lib/stats/compared.py` and is used everywhere. Numbers of the tables below: {least} is
the smallest sample with the fewest events, {small} the same with many.

| Question | Chosen | Why |
| --- | --- | --- |
| Hazard ratio with few events | Firth's model with profile limits below 10 events of the two groups, where a group has none, or where Cox's has no maximum; below 5 the words "few events" beside it, no refusal | With fewer than 5 events its limits still hold {few_held} of 100 at {least}; Wald's hold {wald_held} and cannot exclude 1: the Wald test rejects {wald} of 100 there, Firth's likelihood ratio {firth} |
| p of the headline | Log-rank from 30 patients and 10 events on; below, the permutation test where it can be done and the groups are censored alike, else the (penalised) likelihood ratio test | Log-rank {logrank_small} of 100 at {small} and {logrank} at {least}; permutation {permutation_small} and {permutation}; the headline's {headline_small} and {headline} (with 2,000 data sets of 8+8, 30 % censored, before this page had twelve columns: log-rank 6.3, permutation 4.7, each ± 0.5) |
| Hazard ratio's p where a table has one for each group | Likelihood ratio, not Wald | Likelihood ratio {likelihood_small} at {small}, Wald {wald_small} |
| Difference of two curves | MOVER of the log-log limits, exact before the first event | Held {mover_small} at the quartile time and {small}, {mover} at {least}; Greenwood's on the plain scale {plain_small} and {plain_least} |
| Limits before the first event | Exact, of the patients then at risk | "100 % (100 to 100)" misses whenever the truth is not 1; now no data set with somebody at risk is left without limits |
| Restricted means | No comparison below 5 events, nor where a group has no spread of events before tau; below 10 a note that limits are narrow | As given: {rmst_small} rejections at {small}, {rmst} at {least} |
| Subdistribution hazard ratio | Withheld below 5 events of the cause; Wald limits from there on | It errs on the side of caution: {fine_gray_small} rejections at {small} |
| Groups of one or two | Described, never compared | No test or interval can hold there |
| Adjusted model | Below 10 events a parameter it says how many; below 5 Firth's; below 2 none | Peduzzi et al. 1995, Vittinghoff & McCulloch 2007; Firth's limits hold with so few (first row) |
"""


def report(tallies: Mapping[tuple[int, float], Mapping[str, Mapping[str, Tally]]], n: int) -> str:
    """The whole page; the keys are the size of a group and the share censored."""
    columns = list(tallies)
    heads = [_head(*column) for column in columns]
    by_size = [(size, CENSORED[0]) for size in SIZES if (size, CENSORED[0]) in tallies]
    sizes = [f"{size}+{size}" for size, _ in by_size]
    follow_up = " and ".join(
        f"at most {longest_follow_up(one):.1f} months where {100 * one:.0f} % are censored" for one in CENSORED
    )
    reach = 196 * standard_error(0.05, n)
    parts = [
        OPENING.format(n=n, seed=SEED, median=MEDIAN, follow_up=follow_up, reach=reach, few=FEW),
        _chosen(tallies),
        "## Tests of time to event: rejections in 100 data sets (should be 5.0)\n",
        _rows_of(tallies, "tests", columns, heads, _rejections),
        "## 95 % intervals of time to event: true value held, in 100 intervals (should be 95.0)\n",
        (
            f"The quartile time is {EARLY:.2f} months (S = 0.75, incidence 0.125), the median time {MEDIAN:g} months (S"
            " = 0.5, incidence 0.25). Curves, medians and incidences are of one group.\n"
        ),
        _rows_of(tallies, "intervals", columns, heads, _coverage),
        "## Tests that know no time: rejections in 100 data sets (should be 5.0)\n",
        _rows_of(tallies, "other tests", by_size, sizes, _rejections),
        "## 95 % intervals that know no time: true value held, in 100 intervals (should be 95.0)\n",
        _rows_of(tallies, "other intervals", by_size, sizes, _coverage),
    ]
    return "\n".join(parts)


def _rows_of(
    tallies: Mapping[tuple[int, float], Mapping[str, Mapping[str, Tally]]],
    kind: str,
    columns: Sequence[tuple[int, float]],
    heads: Sequence[str],
    shown: Callable[[Tally], str],
) -> str:
    """One row for each test or interval of this kind."""
    found = [tallies[column][kind] for column in columns]
    return _table(
        heads, [_row(name, [each[name] for each in found], shown) for name in next(iter(tallies.values()))[kind]]
    )


def _head(size: int, censored: float) -> str:
    return f"{size}+{size}, {100 * censored:.0f} % censored"


def _chosen(tallies: Mapping[tuple[int, float], Mapping[str, Mapping[str, Tally]]]) -> str:
    """The choices, with the numbers of the tables."""
    small, least = (tallies[SIZES[0], censored] for censored in (CENSORED[0], CENSORED[-1]))

    def rejected(where: Mapping[str, Mapping[str, Tally]], name: str) -> str:
        return f"{100 * where['tests'][name].yes / where['tests'][name].n:.1f}"

    def held(where: Mapping[str, Mapping[str, Tally]], name: str) -> str:
        tally = where["intervals"][name]
        return f"{100 * tally.yes / tally.answered:.1f}" if tally.answered else "none"

    words = {
        "wald": "Cox, Wald",
        "firth": "Firth, penalised likelihood ratio",
        "logrank": "log-rank (score test of Cox's model)",
        "permutation": "permutation log-rank",
        "headline": HEADLINE,
        "likelihood": "Cox, likelihood ratio",
        "rmst": "RMST difference, z, as the program gives it",
        "fine_gray": "Fine-Gray, Wald, cause 1",
    }
    tests = {name: rejected(least, word) for name, word in words.items()}
    tests |= {f"{name}_small": rejected(small, word) for name, word in words.items()}
    mover, plain = (f"difference of curves at the quartile time, {word}" for word in (MOVER, PLAIN))
    return CHOSEN.format(
        small=_head(SIZES[0], CENSORED[0]),
        least=_head(SIZES[0], CENSORED[-1]),
        few_held=held(least, FEW_RATIO),
        wald_held=held(least, "hazard ratio, Wald (Cox)"),
        mover=held(least, mover),
        mover_small=held(small, mover),
        plain_least=held(least, plain),
        plain_small=held(small, plain),
        **tests,
    )


def _row(name: str, tallies: Sequence[Tally], cell) -> list[str]:
    return [name, *map(cell, tallies)]


def _rejections(tally: Tally) -> str:
    share = tally.yes / tally.n
    return f"{100 * share:.1f} ({100 * standard_error(share, tally.n):.1f})" + _without(tally, "not done")


def _coverage(tally: Tally) -> str:
    if tally.answered < FEW:
        return f"too few{_without(tally, 'without')}"
    share = tally.yes / tally.answered
    return f"{100 * share:.1f} ({100 * standard_error(share, tally.answered):.1f})" + _without(tally, "without")


def _without(tally: Tally, word: str) -> str:
    """The share without an answer: "; 12 % not done"; nothing where all have one."""
    if not tally.none:
        return ""
    percent = 100 * tally.none / tally.n
    return f"; {percent:.0f} % {word}" if percent >= 1 else f"; < 1 % {word}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [["", *heads], ["---"] * (len(heads) + 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
