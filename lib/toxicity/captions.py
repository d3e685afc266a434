"""What exhibits of adverse events say alike: who is counted, in which period, what is not shown, what is not compared
and why."""

from collections.abc import Sequence
from typing import Final

from lib.cohort.grouping import Grouping
from lib.publication.number import count, plural, sentences, signed_percent
from lib.stats.estimate import Estimate
from lib.toxicity.incidence import ALPHA, ANY_GRADE, AT_LEAST_3, Incidence, IncidenceRow

MOST_NAMED: Final = 8  # rows of which interval and p disagree
NOTHING: Final = "–"
TWO_METHODS: Final = (
    "The interval is a score interval; Fisher's test is exact and the more cautious of the two in small groups."
)
FIGURE_CAPTION: Final = (
    "Patients with each adverse event by worst grade, % of all treated. Right: number with any grade, and with grade"
    " ≥ 3."
)


def headline(result: Incidence, kinds: str = "") -> tuple[str, str]:
    """The commonest event of grade 3 or more by group, in one sentence; "" as the second part: nothing is biased by
    timing. `kinds`: those of which alone events count, in words."""
    when, kind = in_period(result, " that began "), f"{kinds} " if kinds else ""
    severe, any_grade = (_of_terms(result, threshold) for threshold in (AT_LEAST_3, ANY_GRADE))
    if not any_grade:
        return f"No {kind}adverse events{when}.", ""
    row = max(severe or any_grade, key=lambda row: row.total)
    grade = " of grade 3 or more" if severe else ""
    had = _by_group(row, result.grouping) if result.grouping.compares else count(row.total, result.n)
    return f"Most frequent {kind}adverse event{grade}{when}: {row.term}, {had}.", ""


def _of_terms(result: Incidence, threshold: str) -> list[IncidenceRow]:
    """The rows of this threshold in which anybody is counted, that of any event aside."""
    return [row for row in result.rows if row.threshold == threshold and row.term in result.terms and row.total]


def _by_group(row: IncidenceRow, grouping: Grouping) -> str:
    return ", ".join(f"{name} {count(n, of)}" for name, n, of in zip(grouping.names, row.n, row.of, strict=True))


def in_period(result: Incidence, before: str) -> str:
    """The period with the words before it; "" for the whole time."""
    label = result.period.label
    return f"{before}{label}" if label else ""


def timing(grouping: Grouping) -> str:
    """What the day on which the groups became known means for a comparison of adverse events, if anything."""
    return grouping.late("events before that day cannot be its effect")


def method(result: Incidence) -> str:
    """Who is counted and how, and what the period and the day on which the groups became known mean."""
    sizes = ", ".join(f"{name} {of}" for name, of in zip(result.grouping.names, result.of, strict=True))
    when = in_period(result, ", of the events with onset ")
    counted = (
        f"Each patient counted once a term at the worst grade{when}; denominators: all treated patients (n ="
        f" {result.n}: {sizes})."
    )
    return sentences(counted, *period_method(result), timing(result.grouping))


def period_heading(result: Incidence) -> str:
    """What stands in a figure of one period; "" for the whole time."""
    return in_period(result, "Onset ")


def period_method(result: Incidence) -> list[str]:
    """When an event counts."""
    label = result.period.label
    if not label:
        return []
    return [
        f"An event counts in the period in which it began ({label} after infusion), not in those in which it went on."
    ]


def period_notes(result: Incidence) -> list[str]:
    """Who is in no group or no period, and who cannot have had an event in it."""
    label, said = result.period.label, []
    if result.n_ungrouped:
        said.append(f"{plural(result.n_ungrouped, 'patient')} without {result.grouping.label} not shown.")
    if result.n_undated:
        had = plural(result.n_undated, "patient")
        said.append(f"{had} had an event without a day, which is in no period: it is counted over the whole time only.")
    if result.n_died_before:
        said.append(f"{plural(result.n_died_before, 'patient')} in the denominators had died before ({label}).")
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
    """Where an interval leaves no difference out and the test does not, or the other way round."""
    said = []
    for excludes, words in (
        (True, "95 % CI excludes 0 although p ≥ 0.05"),
        (False, "95 % CI includes 0 although p < 0.05"),
    ):
        rows = [row for row in shown if row.disagrees and row.test.p is not None and (row.test.p >= ALPHA) == excludes]
        names = [f"{row.term}, {printed_threshold(row.threshold)}" for row in rows]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        said += [f"{words}: {'; '.join(names[:MOST_NAMED])}{more}."] if names else []
    return said


def printed_threshold(threshold: str) -> str:
    """The threshold as it is printed: grade ≥ 3, grade 1–2."""
    return threshold.replace(">=", "≥").replace("1-2", "1–2")


def printed_difference(difference: Estimate | None, of: int = 0) -> str:
    """ "−50 (−78 to −7)" between groups of which the smaller has so many patients; "–" where there is none."""
    if difference is None or difference.value is None or difference.low is None or difference.high is None:
        return NOTHING
    value, low, high = (signed_percent(each, of) for each in (difference.value, difference.low, difference.high))
    return f"{value} ({low} to {high})"
