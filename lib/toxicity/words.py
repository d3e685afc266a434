"""What the incidence of adverse events says in words, and its numbers for results.json."""

from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import count, plural
from lib.toxicity.incidence import Incidence, IncidenceRow

AT_LEAST_3 = "grade >= 3"


def headline(result: Incidence) -> tuple[str, str]:
    """The commonest event of grade 3 or more by group, in one sentence; "" as the second part: nothing is biased by timing."""
    of_terms = [row for row in result.rows if row.term in result.terms and row.total]
    severe = [row for row in of_terms if row.threshold == AT_LEAST_3]
    any_grade = [row for row in of_terms if row.threshold == "any grade"]
    if not any_grade:
        return f"No adverse event is recorded in these {plural(result.n, 'patient')}.", ""
    row = max(severe or any_grade, key=lambda row: row.total)
    grade = "grade 3 or more" if severe else "any grade"
    groups = ", ".join(
        f"{name} {count(n, of)}" for name, n, of in zip(result.grouping.names, row.n, row.of, strict=True)
    )
    what = (
        f"Most frequent adverse event of {grade}: {row.term}" if severe else f"Most frequent adverse event: {row.term}"
    )
    return f"{what}, {groups if result.grouping.compares else count(row.total, result.n)}.", ""


def caption(result: Incidence) -> str:
    """Who is counted and how."""
    sizes = ", ".join(f"{name} {of}" for name, of in zip(result.grouping.names, result.of, strict=True))
    missing = (
        f" {plural(result.n_ungrouped, 'patient')} without {result.grouping.label} not shown."
        if result.n_ungrouped
        else ""
    )
    return f"Each patient counted once a term at the worst grade; denominators: all treated patients (n = {result.n}: {sizes}).{missing}"


def notes(result: Incidence, shown: tuple[IncidenceRow, ...]) -> tuple[str, ...]:
    """Tests, number of tests, grading systems, timing, and where interval and p point different ways."""
    said = []
    if result.grouping.compares:
        tested = sum(row.test.p is not None for row in shown)
        name = next((row.test.name for row in shown if row.test.p is not None), "")
        why = next((row.test.reason for row in result.rows if row.test.reason), "no events")
        said.append(
            f"p: {name}, two-sided, not adjusted for {plural(tested, 'comparison')}. Difference in percentage points: Newcombe 95 % interval."
            if tested
            else f"Groups not compared: {why}."
        )
    graded = "; ".join(f"{system}: {', '.join(terms)}" for system, terms in _terms_by_system(result).items())
    if graded:
        said.append(f"Graded by {graded}.")
    said += [
        f"{term} was graded by {' and '.join(systems)}: these grades are not interchangeable."
        for term, systems in result.systems.items() if len(systems) > 1
    ]  # fmt: skip
    disagreeing = [f"{row.term}, {row.threshold}" for row in shown if row.disagrees]
    if disagreeing:
        said.append(
            f"Interval and p disagree about no difference for {'; '.join(disagreeing)}. The interval is a score interval, "
            "Fisher's test is exact and the more cautious of the two in small groups."
        )
    if result.grouping.known_after_infusion:
        said.append(
            f"{result.grouping.label} became known by day {result.grouping.known_at:g}; events before that day cannot be its effect."
        )
    return tuple(said)


def numbers(result: Incidence) -> Numbers:
    """One row a term and threshold: n and of for each group, p, and the differences to the reference group."""
    names = result.grouping.levels
    columns = [("term", ""), ("threshold", "")]
    columns += [column for name in names for column in ((f"n_{name}", "patients"), (f"of_{name}", "patients"))]
    columns.append(("p", ""))
    others = [
        (place, name)
        for place, name in enumerate(names)
        if result.grouping.names[place] != result.grouping.reference_name
    ]
    for _, name in others:
        columns += [
            (f"difference_{name}", "share"),
            (f"difference_low_{name}", "share"),
            (f"difference_high_{name}", "share"),
        ]
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
