"""The report for readers: docs/simulation.md."""

from collections.abc import Mapping, Sequence

from simulation.scenario import CENSORED, EARLY, MEDIAN, SEED, SIZES, longest_follow_up
from simulation.tally import Tally, standard_error

FEW = 200  # data sets with an interval; below this no coverage is printed

OPENING = """# How often the tests err and the intervals hold, in small cohorts

{n:,} simulated data sets for each column (seed {seed}); made by `make simulate`, no real patient is in it.
Two groups of the same size that do **not** differ. Times to the event are exponential with a median of {median:g} months; every
second event is of cause 1, the others compete with it. Patients are recruited evenly and followed until one day: {follow_up}.

**Cells.** A test should reject in 5.0 of 100 data sets, an interval should hold the true value in 95.0 of 100. Each number is followed
by its Monte Carlo standard error in brackets: with {n:,} data sets a number within about {reach:.1f} of 5.0 (or of 95.0) says nothing.
More than 5.0 means that differences are found too often where there are none; less than 95.0 that an interval is too narrow.

**Where a statistic could not be had.** A test that could not be done (no events, no two groups at risk, fewer than 5 events for a
hazard ratio, a likelihood without maximum) counts as *not rejecting*: the first number is of all data sets, and the share not done stands
beside it. An interval that could not be had (nobody had an event yet, the time lies beyond the last observation, too few events)
is *left out*: coverage is of the data sets that have one, and the share without stands beside it. A limit that is not reached
(the upper limit of a median) is open and counts as holding. Below {few} data sets with an interval no coverage is printed. Where many
are left out, those that remain are chosen ones (at 70 % censoring: groups with a patient followed for so long), and the coverage
speaks of them alone.
"""

READING = """## What to take from it

- The log-rank test errs a little too often in the smallest groups ({logrank} at {small}); the permutation test does not ({permutation}).
- The Wald test of Cox's model is too cautious where events are few ({wald} at {thin}); Firth's test keeps closer to 5 ({firth}).
- The test and interval of the RMST difference are too hopeful in small groups with much censoring ({rmst} rejections and {rmst_interval} held at
  {thin}).
- Limits of S(t) on the log-log scale hold best: at the quartile time and {small} {log_log} against {log} (log) and {plain} (plain).
  The comparison flatters it: while nobody has had an event it has no limits and is left out, where the others are 1 to 1 and miss.
- Gray's test and Fisher's test err less often than 5 in 100 where events are few ({gray} at {thin}; {fisher} in 8+8): no
  finding there is no proof of no difference.
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
        _reading(tallies),
        "## Tests of time to event: rejections in 100 data sets (should be 5.0)\n",
        _table(heads, [_row(name, [tallies[column]["tests"][name] for column in columns], _rejections) for name in tallies[columns[0]]["tests"]]),
        "## 95 % intervals of time to event: true value held, in 100 intervals (should be 95.0)\n",
        f"The quartile time is {EARLY:.2f} months (S = 0.75, incidence 0.125), the median time {MEDIAN:g} months (S = 0.5, incidence 0.25). "
        "Curves, medians and incidences are of one group.\n",
        _table(heads, [_row(name, [tallies[column]["intervals"][name] for column in columns], _coverage) for name in tallies[columns[0]]["intervals"]]),
        "## Tests that know no time: rejections in 100 data sets (should be 5.0)\n",
        _table(sizes, [_row(name, [tallies[column]["other tests"][name] for column in by_size], _rejections) for name in tallies[columns[0]]["other tests"]]),
        "## 95 % intervals that know no time: true value held, in 100 intervals (should be 95.0)\n",
        _table(sizes, [_row(name, [tallies[column]["other intervals"][name] for column in by_size], _coverage) for name in tallies[columns[0]]["other intervals"]]),
    ]  # fmt: skip
    return "\n".join(parts)


def _head(size: int, censored: float) -> str:
    return f"{size}+{size}, {100 * censored:.0f} % censored"


def _reading(tallies: Mapping[tuple[int, float], Mapping[str, Mapping[str, Tally]]]) -> str:
    """What the tables say, with their own numbers."""
    small, thin = (tallies[SIZES[0], censored] for censored in CENSORED)

    def rejected(where: Mapping[str, Mapping[str, Tally]], name: str, part: str = "tests") -> str:
        return f"{100 * where[part][name].yes / where[part][name].n:.1f}"

    def held(where: Mapping[str, Mapping[str, Tally]], name: str) -> str:
        tally = where["intervals"][name]
        return f"{100 * tally.yes / tally.answered:.1f}" if tally.answered else "none"

    return READING.format(
        small=_head(SIZES[0], CENSORED[0]),
        thin=_head(SIZES[0], CENSORED[1]),
        logrank=rejected(small, "log-rank"),
        permutation=rejected(small, "permutation log-rank"),
        wald=rejected(thin, "Cox, Wald"),
        firth=rejected(thin, "Firth, penalised likelihood ratio"),
        rmst=rejected(thin, "RMST difference, z"),
        rmst_interval=held(thin, "RMST difference"),
        log_log=held(small, "S(t) at the quartile time, log-log"),
        log=held(small, "S(t) at the quartile time, log"),
        plain=held(small, "S(t) at the quartile time, plain"),
        gray=rejected(thin, "Gray, cause 1"),
        fisher=rejected(small, "Fisher's exact test of a response of 60 %", "other tests"),
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
