"""The table of recovery: nadir, its day, and the time to recovery, one row a group."""

from lib.labs.recovery.result import MILESTONES, GroupRecovery, Recovery
from lib.labs.recovery.words import CELLS, caption, median_words, notes, numbers, share, tests, title
from lib.publication.exhibit import Table
from lib.publication.number import count, short


def recovery_table(result: Recovery, slug: str) -> Table:
    """Nadirs are of all who were measured, times of whoever fell below."""
    compares = result.grouping.compares
    header = ("Group", "Measured", f"Below {short(result.threshold)}", f"Nadir, {CELLS}", "Day of nadir", "Recovered", "Died before",
              "Median days (95 % CI)", *(f"By day {day:g}" for day in MILESTONES))  # fmt: skip
    return Table(
        id=f"labs.{slug}.recovery.summary", title=f"{title(result)}: nadir and time", header=header if compares else header[1:],
        rows=tuple(_row(group)[0 if compares else 1 :] for group in result.groups),
        caption=f"Nadir and its day: median (range) of the lowest values from day 0 to 90. {caption(result)}",
        notes=notes(result), n=result.n, numbers=numbers(result), tests=tests(result),
    )  # fmt: skip


def _row(group: GroupRecovery) -> tuple[str, ...]:
    median = "–" if not group.n_below else median_words(group)
    return (
        group.name, str(group.n_measured), count(group.n_below, group.n_measured), _spread(group.nadir), _spread(group.nadir_day),
        str(group.curve.n_events), str(group.death.n_events), median, *(share(one) if group.n_below else "–" for one in group.milestones),
    )  # fmt: skip


def _spread(numbers: tuple[float, float, float] | None) -> str:
    if numbers is None:
        return "–"
    middle, low, high = map(short, numbers)
    return f"{middle} ({low}–{high})"
