"""What the incidence of adverse events says in words, and its numbers for results.json."""

from typing import Final

from lib.cohort.grouping import Grouping
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import count, plural
from lib.toxicity.counting import ANY_GRADE, AT_LEAST_3, IncidenceRow
from lib.toxicity.incidence import ANY_EVENT, Incidence

MOST_NAMED: Final = 8  # rows of which interval and p disagree


def headline(result: Incidence) -> tuple[str, str]:
    """The commonest event of grade 3 or more by group, in one sentence; "" as the second part: nothing is biased by timing."""
    of_terms = [row for row in result.rows if row.term in result.terms and row.total]
    severe = [row for row in of_terms if row.threshold == AT_LEAST_3]
    any_grade = [row for row in of_terms if row.threshold == ANY_GRADE]
    when = in_period(result, " that began ")
    if not any_grade:
        return f"No adverse event{when} is recorded in these {plural(result.n, 'patient')}.", ""
    row = max(severe or any_grade, key=lambda row: row.total)
    grade = " of grade 3 or more" if severe else ""
    groups = ", ".join(
        f"{name} {count(n, of)}" for name, n, of in zip(result.grouping.names, row.n, row.of, strict=True)
    )
    what = f"Most frequent adverse event{grade}{when}: {row.term}"
    return f"{what}, {groups if result.grouping.compares else count(row.total, result.n)}.", ""


def in_period(result: Incidence, before: str) -> str:
    """The period with the words before it; "" for the whole time."""
    label = result.asked.period.label
    return f"{before}{label}" if label else ""


def timing(grouping: Grouping) -> str:
    """What the day on which the groups became known means for a comparison of adverse events; "" if nothing."""
    if grouping.known_after_infusion:
        return (
            f"{grouping.label} became known by day {grouping.known_at:g}; events before that day cannot be its effect."
        )
    return ""


def caption(result: Incidence) -> str:
    """Who is counted and how."""
    sizes = ", ".join(f"{name} {of}" for name, of in zip(result.grouping.names, result.of, strict=True))
    missing = (
        f" {plural(result.n_ungrouped, 'patient')} without {result.grouping.label} not shown."
        if result.n_ungrouped
        else ""
    )
    when = in_period(result, ", among the events that began ")
    return f"Each patient counted once a term at the worst grade{when}; denominators: all treated patients (n = {result.n}: {sizes}).{missing}"


def period_notes(result: Incidence) -> list[str]:
    """Who is in no period, and who cannot have had an event in it."""
    label, said = result.asked.period.label, []
    if result.n_undated:
        had = plural(result.n_undated, "patient")
        said.append(f"{had} had an event without a day, which is in no period: it is counted over the whole time only.")
    if result.n_died_before:
        said.append(f"{plural(result.n_died_before, 'patient')} in the denominators had died before ({label}).")
    if label:
        said.append(
            f"An event counts in the period in which it began ({label} after infusion), not in those in which it went on."
        )
    return said


def figure_notes(result: Incidence, shown: tuple[str, ...]) -> tuple[str, ...]:
    """Terms without room, the period, and grades that are not comparable."""
    return (*left_out(result, shown), *period_notes(result), *scale_notes(result))


def left_out(result: Incidence, shown: tuple[str, ...]) -> list[str]:
    """How many terms are not drawn, and how common they are at most."""
    rest = [row for term, row in result.of_threshold(ANY_GRADE).items() if term in result.terms and term not in shown]
    if not rest:
        return []
    most = max(row.total for row in rest)
    return [
        f"{plural(len(rest), 'further term')} not drawn, each in at most {most} of {result.n} patients; the table has all."
    ]


def scale_notes(result: Incidence) -> list[str]:
    """The terms whose groups are not compared because they were graded by more than one scale."""
    return [
        f"{term} was {reason}. Groups are not compared for it; select the patients of one scale to compare them."
        for term, reason in result.frame.refused.items()
        if term in result.terms
    ]


def notes(result: Incidence, shown: tuple[IncidenceRow, ...]) -> tuple[str, ...]:
    """Tests, number of tests, grading systems, timing, and where interval and p point different ways."""
    said = []
    if result.grouping.compares:
        tested = sum(row.test.p is not None for row in shown)
        name = next((row.test.name for row in shown if row.test.p is not None), "")
        why = next((row.test.reason for row in result.rows if row.test.reason), "no events")
        said.append(
            f"p: {name}, two-sided, not adjusted for {plural(tested, 'comparison')}. Difference in percentage points: "
            f"{result.asked.interval} 95 % interval."
            if tested
            else f"Groups not compared: {why}."
        )
    graded = "; ".join(f"{system}: {', '.join(terms)}" for system, terms in _terms_by_system(result).items())
    if graded:
        said.append(f"Graded by {graded}.")
    if result.computed:
        said.append(
            f'Terms with "(computed)" are computed from laboratory values, not reported, and no part of "{ANY_EVENT}".'
        )
    said += [*scale_notes(result), *period_notes(result), *disagreeing(shown), *filter(None, [timing(result.grouping)])]
    return tuple(said)


def disagreeing(shown: tuple[IncidenceRow, ...]) -> list[str]:
    """Where an interval leaves no difference out and the test does not, or the other way round, and why that happens."""
    names = [f"{row.term}, {row.threshold}" for row in shown if row.disagrees]
    if not names:
        return []
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [
        f"Interval and p disagree about no difference for {'; '.join(names[:MOST_NAMED])}{more}. The interval is a score interval, "
        "Fisher's test is exact and the more cautious of the two in small groups."
    ]


def numbers(result: Incidence) -> Numbers:
    """One row a term and threshold: n and of for each group, p, and the differences to the reference group."""
    names = result.grouping.levels
    columns = [("term", ""), ("threshold", "")]
    columns += [column for name in names for column in ((f"n_{name}", "patients"), (f"of_{name}", "patients"))]
    columns.append(("p", ""))
    others = [(place, name) for place, name in enumerate(names) if place != result.frame.reference]
    for _, name in others:
        columns += [(f"difference{part}_{name}", "share") for part in ("", "_low", "_high")]
    columns.append(("reason", ""))
    rows = []
    for row in result.rows:
        counts = [number for pair in zip(row.n, row.of, strict=True) for number in pair]
        differences = [row.differences[place] for place, _ in others]
        limits = [value for each in differences if each for value in (each.value, each.low, each.high)]
        reasons = [row.test.reason, *(each.reason for each in differences if each)]
        said = "; ".join(dict.fromkeys(reason for reason in reasons if reason))
        rows.append((row.term, row.threshold, *counts, row.test.p, *limits, said or None))
    return Numbers(tuple(columns), tuple(rows))


def tests(result: Incidence) -> tuple[TestLine, ...]:
    """The test of every row."""
    if not result.grouping.compares:
        return ()
    groups = " v ".join(result.grouping.names)
    return tuple(
        TestLine(
            row.test.name,
            f"{row.term}, {row.threshold}: {groups}",
            row.test.statistic,
            row.test.df,
            row.test.p,
            row.test.n,
            row.test.reason,
        )
        for row in result.rows
    )


def _terms_by_system(result: Incidence) -> dict[str, list[str]]:
    """The grading systems with their terms; the commonest system lists none by name when it covers many."""
    by_system: dict[str, list[str]] = {}
    for term, systems in result.systems.items():
        for system in systems:
            by_system.setdefault(system, []).append(term)
    return {system: terms if len(terms) <= 3 else [plural(len(terms), "term")] for system, terms in by_system.items()}
