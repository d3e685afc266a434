"""What exhibits of adverse events say alike: who is counted, in which period, what is not shown, what is not
compared and why."""

from collections.abc import Sequence
from typing import Final

from lib.cohort.grouping import Grouping
from lib.publication.exhibit import TestLine
from lib.publication.number import count, plural, signed_percent
from lib.stats.estimate import Estimate, TestResult
from lib.toxicity.incidence import ANY_GRADE, AT_LEAST_3, Incidence, IncidenceRow

MOST_NAMED: Final = 8  # rows of which interval and p disagree
NOTHING: Final = "–"


def headline(result: Incidence) -> tuple[str, str]:
    """The commonest event of grade 3 or more by group, in one sentence; "" as the second part: nothing is biased by
    timing."""
    of_terms = [row for row in result.rows if row.term in result.terms and row.total]
    severe = [row for row in of_terms if row.threshold == AT_LEAST_3]
    any_grade = [row for row in of_terms if row.threshold == ANY_GRADE]
    when = in_period(result, " that began ")
    if not any_grade:
        return f"No adverse event{when} is recorded in these {plural(result.n, 'patient')}.", ""
    row = max(severe or any_grade, key=lambda row: row.total)
    grade = " of grade 3 or more" if severe else ""
    had = _by_group(row, result.grouping) if result.grouping.compares else count(row.total, result.n)
    return f"Most frequent adverse event{grade}{when}: {row.term}, {had}.", ""


def _by_group(row: IncidenceRow, grouping: Grouping) -> str:
    return ", ".join(f"{name} {count(n, of)}" for name, n, of in zip(grouping.names, row.n, row.of, strict=True))


def in_period(result: Incidence, before: str) -> str:
    """The period with the words before it; "" for the whole time."""
    label = result.period.label
    return f"{before}{label}" if label else ""


def timing(grouping: Grouping) -> list[str]:
    """What the day on which the groups became known means for a comparison of adverse events, if anything."""
    if not grouping.known_after_infusion:
        return []
    return [f"{grouping.label} became known by day {grouping.known_at:g}; events before that day cannot be its effect."]


def caption(result: Incidence) -> str:
    """Who is counted and how."""
    sizes = ", ".join(f"{name} {of}" for name, of in zip(result.grouping.names, result.of, strict=True))
    missing = (
        f" {plural(result.n_ungrouped, 'patient')} without {result.grouping.label} not shown."
        if result.n_ungrouped
        else ""
    )
    when = in_period(result, ", among the events that began ")
    return (
        f"Each patient counted once a term at the worst grade{when}; denominators: all treated patients "
        f"(n = {result.n}: {sizes}).{missing}"
    )


def period_notes(result: Incidence) -> list[str]:
    """Who is in no period, and who cannot have had an event in it."""
    label, said = result.period.label, []
    if result.n_undated:
        had = plural(result.n_undated, "patient")
        said.append(f"{had} had an event without a day, which is in no period: it is counted over the whole time only.")
    if result.n_died_before:
        said.append(f"{plural(result.n_died_before, 'patient')} in the denominators had died before ({label}).")
    if label:
        said.append(
            f"An event counts in the period in which it began ({label} after infusion), not in those "
            "in which it went on."
        )
    return said


def figure_notes(result: Incidence, shown: tuple[str, ...]) -> tuple[str, ...]:
    """Terms without room, the period, and grades that are not comparable."""
    rest = [row for term, row in result.of_threshold(ANY_GRADE).items() if term in result.terms and term not in shown]
    left_out = (
        [
            f"{plural(len(rest), 'further term')} not drawn, each in at most "
            f"{max(row.total for row in rest)} of {result.n} patients; the table has all."
        ]
        if rest
        else []
    )
    return (*left_out, *period_notes(result), *scale_notes(result))


def scale_notes(result: Incidence) -> list[str]:
    """The terms whose groups are not compared because they were graded by more than one scale."""
    return [
        f"{term} was {reason}. Groups are not compared for it; select the patients of one scale to compare them."
        for term, reason in result.frame.refused.items()
        if term in result.terms
    ]


def disagreeing(shown: Sequence[IncidenceRow]) -> list[str]:
    """Where an interval leaves no difference out and the test does not, or the other way round, and why that
    happens."""
    names = [f"{row.term}, {row.threshold}" for row in shown if row.disagrees]
    if not names:
        return []
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [
        f"Interval and p disagree about no difference for {'; '.join(names[:MOST_NAMED])}{more}. The "
        "interval is a score interval, "
        "Fisher's test is exact and the more cautious of the two in small groups."
    ]


def printed_difference(difference: Estimate | None) -> str:
    """ "−50 (−78.5 to −6.8)"; "–" where there is none."""
    if difference is None or difference.value is None or difference.low is None or difference.high is None:
        return NOTHING
    return f"{signed_percent(difference.value)} ({signed_percent(difference.low)} to {signed_percent(difference.high)})"


def test_line(test: TestResult, comparison: str) -> TestLine:
    """The test as it is reported."""
    return TestLine(test.name, comparison, test.statistic, test.df, test.p, test.n, test.reason)
