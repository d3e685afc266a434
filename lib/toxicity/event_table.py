"""The table of adverse events: n (%) by group for each term and threshold, differences with intervals, p-values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from lib.cohort.analysis import Analysis
from lib.derived.adverse_events import KINDS, kinds_stated
from lib.publication.exhibit import Exhibit, Numbers, Table, TestLine
from lib.publication.number import count, p_value, plural, ratio, sentences
from lib.publication.options import choice, flag, several, texts
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who, crossed, grouped_columns
from lib.stats.estimate import Estimate
from lib.stats.multiplicity import benjamini_hochberg, holm
from lib.toxicity.captions import (
    NOTHING,
    TWO_METHODS,
    disagreeing,
    in_period,
    period_method,
    period_notes,
    printed_difference,
    printed_threshold,
    scale_notes,
    test_line,
    timing,
)
from lib.toxicity.events import (
    ComparedOptions,
    counting_with_computed,
    events,
    noted_until,
    patients_with,
    terms,
    timed_terms,
)
from lib.toxicity.first_event import METHOD as RATES
from lib.toxicity.first_event import UNITS, Rates, rates
from lib.toxicity.incidence import ANY_EVENT, ANY_GRADE, AT_LEAST_3, NOT_STATED, THRESHOLDS, Incidence, IncidenceRow

NO_RATE: Final = "none"
UNADJUSTED: Final = "none"
ADJUSTMENTS: Final = {UNADJUSTED: None, "Holm": holm, "Benjamini-Hochberg": benjamini_hochberg}
MOST_TERMS_NAMED: Final = 3  # of a grading system; of more their number


def _terms(analysis: Analysis, _variant: object) -> tuple[str, ...]:
    terms = analysis.opened.vocabulary.get("term", ())
    return (*((ANY_EVENT,) if len(terms) > 1 and ANY_EVENT not in terms else ()), *terms)


def _thresholds(analysis: Analysis) -> tuple[str, ...]:
    return (*THRESHOLDS, *kinds_stated(analysis.opened))


@dataclass(frozen=True)
class TableOptions(ComparedOptions):
    """The table of adverse events."""

    rows: tuple[str, ...] = several(
        tuple(THRESHOLDS), lambda analysis, _: {each: printed_threshold(each) for each in _thresholds(analysis)}, "Rows"
    )
    rate: str = choice(
        NO_RATE,
        (NO_RATE, *UNITS),
        "Rate beside n (%)",
        help="Patients with the event by the time at risk of their first one, with exact limits.",
        when=lambda analysis, _: bool(timed_terms(analysis.opened, followed=True)),
    )
    adjustment: str = choice(next(iter(ADJUSTMENTS)), tuple(ADJUSTMENTS), "Adjust p for the number of tests")
    differences: bool = flag(True, "Differences with intervals", when=lambda analysis, _: analysis.grouping.compares)
    lines: tuple[tuple[str, str], ...] = texts(
        _terms,
        "Only these terms",
        words=lambda analysis, _: dict.fromkeys(_terms(analysis, None), _thresholds(analysis)),
        example="CRS: any grade; grade >= 3",
        help=(
            "One term a line, in the order of the table: a colon, then its rows, parted by ;, of"
            f" {', '.join(THRESHOLDS)}."
        ),
    )
    names: tuple[tuple[str, str], ...] = texts(
        _terms,
        "Names of terms",
        example="CRS: Cytokine release syndrome",
        help="One a line: the term, a colon, its name in the table.",
    )


def toxicity_table(
    result: Incidence,
    options: TableOptions | None = None,
    terms: tuple[str, ...] | None = None,
    of_time: Callable[[Sequence[IncidenceRow]], Rates] | None = None,
) -> Table:
    """The printed table of these terms (all by default), or of the lines that were chosen, in their order. A row in
    which nobody is counted is left out unless it was chosen, except grade 3 or more of a graded term. An adjustment
    adds a column of p-values adjusted for the tests of the rows that are shown."""
    options = options or TableOptions()
    shown = shown_rows(result, options, terms)
    rated = of_time(result.rows) if of_time else None
    header, method = _header(result, options, rated), _method(result, shown)
    rows = [_printed(row, result, options, rated) for row in shown]
    if result.grouping.compares and (adjust := ADJUSTMENTS[options.adjustment]):
        p_values = [row.test.p for row in shown]
        header.append(f"p ({options.adjustment})")
        rows = [(*row, p_value(p)) for row, p in zip(rows, adjust(p_values), strict=True)]
        n_tests = len(p_values) - p_values.count(None)
        method += f" Last column: adjusted by {options.adjustment} for the {n_tests} tests of this table."
    return Table(
        id="toxicity.table",
        title=f"Adverse events{in_period(result, ', ')}",
        header=tuple(header),
        rows=tuple(rows),
        caption="Patients, n (%) of all treated; each counted once a term at the worst grade.",
        method=f"{method} {RATES}" if rated else method,
        notes=(*notes(result, shown), *_without_grade(result, options), *(_of_rates(rated, shown) if rated else ())),
        n=result.n,
        numbers=_numbers(result, rated),
        tests=_tests(result),
    )


def shown_rows(result: Incidence, options: TableOptions, terms: tuple[str, ...] | None = None) -> list[IncidenceRow]:
    """The rows of the table, in its order."""
    return _chosen(result, options) or _common(result, options, terms)


def _common(result: Incidence, options: TableOptions, terms: tuple[str, ...] | None) -> list[IncidenceRow]:
    kept = {ANY_EVENT, *(result.terms if terms is None else terms)}
    return [row for row in result.rows if row.threshold in options.rows and row.term in kept and _is_shown(row, result)]


def _chosen(result: Incidence, options: TableOptions) -> list[IncidenceRow]:
    """The rows of the terms that the reader chose, in her order; none of a grade where a term has no grades."""
    rows = {(row.term, row.threshold): row for row in result.rows}
    return [rows[place] for place in _wanted(options) if not _says_no_grade(*place, result)]


def _wanted(options: TableOptions) -> list[tuple[str, str]]:
    return [(term, part.strip().casefold()) for term, written in options.lines for part in written.split(";")]


def _says_no_grade(term: str, threshold: str, result: Incidence) -> bool:
    """Whether patients had the event and no grade of it is stated: then nobody can be counted by grade."""
    had = result.of_threshold(ANY_GRADE)[term].total > 0
    return had and term not in result.graded and threshold not in (ANY_GRADE, NOT_STATED, *KINDS)


def _without_grade(result: Incidence, options: TableOptions) -> list[str]:
    terms = dict.fromkeys(term for term, threshold in _wanted(options) if _says_no_grade(term, threshold, result))
    return [f"No grade is stated of {', '.join(terms)}: no row by grade."] if terms else []


def _header(result: Incidence, options: TableOptions, rated: Rates | None) -> list[str]:
    names, reference = result.grouping.names, result.grouping.reference_name
    groups = []
    for name, of in zip(names, result.of, strict=True):
        groups += [f"{name} (n = {of})", *([f"{name}, {rated.unit} (95 % CI)"] if rated else [])]
    if not result.grouping.compares:
        return ["Adverse event", *groups]
    differences = [f"{name} − {reference}, % points (95 % CI)" for name in names if name != reference]
    return ["Adverse event", f"Total (n = {result.n})", *groups, *differences * options.differences, "p"]


def _tests(result: Incidence) -> tuple[TestLine, ...]:
    """The test of every row, shown or not."""
    if not result.grouping.compares:
        return ()
    groups = " v ".join(result.grouping.names)
    return tuple(test_line(row.test, f"{row.term}, {row.threshold}: {groups}") for row in result.rows)


def _is_shown(row: IncidenceRow, result: Incidence) -> bool:
    graded = row.term in result.graded
    if row.threshold == NOT_STATED and not graded:
        return False  # the row of any grade says it already
    return row.total > 0 or (row.threshold == AT_LEAST_3 and graded)


def _printed(row: IncidenceRow, result: Incidence, options: TableOptions, rated: Rates | None) -> tuple[str, ...]:
    term = dict(options.names).get(row.term, row.term)
    ungraded = row.threshold == ANY_GRADE and row.term not in result.graded
    name = f"{term}, {printed_threshold(NOT_STATED if ungraded else row.threshold)}"
    counts = []
    for place, (with_event, of) in enumerate(zip(row.n, row.of, strict=True)):
        counts += [count(with_event, of)]
        counts += [_printed_rate(rated.of[row.term, row.threshold][place].estimate)] if rated else []
    if not result.grouping.compares:
        return (name, *counts)
    reference = result.frame.reference
    differences = [
        printed_difference(each, min(row.of[place], row.of[reference]))
        for place, each in enumerate(row.differences)
        if place != reference
    ]
    return (name, count(row.total, result.n), *counts, *differences * options.differences, p_value(row.test.p))


def _printed_rate(rate: Estimate) -> str:
    return NOTHING if rate.value is None else f"{ratio(rate.value)} ({ratio(rate.low)}–{ratio(rate.high)})"


def _of_rates(rated: Rates, shown: Sequence[IncidenceRow]) -> Iterator[str]:
    """Who is in no rate, and which rows have none, and why."""
    if rated.n_unknown:
        yield f"{plural(rated.n_unknown, 'patient')} without a known follow-up in no rate."
    for row in shown:
        reasons = dict.fromkeys(each.estimate.reason for each in rated.of[row.term, row.threshold])
        if why := "; ".join(filter(None, reasons)):
            yield f"{row.term}, {printed_threshold(row.threshold)}: no rate, {why}."


def _method(result: Incidence, shown: Sequence[IncidenceRow]) -> str:
    """Tests, number of tests, grading systems, timing."""
    by_system: dict[str, list[str]] = {}
    for term, systems in result.systems.items():
        for system in systems:
            by_system.setdefault(system, []).append(term)
    graded = [
        f"{system}: {', '.join(terms) if len(terms) <= MOST_TERMS_NAMED else plural(len(terms), 'term')}"
        for system, terms in by_system.items()
    ]
    return sentences(
        _tests_done(result, shown),
        f"Graded by {'; '.join(graded)}." if graded else "",
        *period_method(result),
        *timing(result.grouping),
    )


def notes(result: Incidence, shown: Sequence[IncidenceRow]) -> tuple[str, ...]:
    """What is computed, not compared or in no period, and where interval and p point different ways."""
    computed = (
        f'Terms with "(computed)" are computed from laboratory values, not reported, and no part of "{ANY_EVENT}".',
    )
    said = computed if result.computed else ()
    return (*_not_compared(result, shown), *said, *scale_notes(result), *period_notes(result), *disagreeing(shown))


def _tests_done(result: Incidence, shown: Sequence[IncidenceRow]) -> str:
    tested = [row.test.name for row in shown if row.test.p is not None]
    if not tested:
        return ""
    return (
        f"p: {tested[0]}, two-sided, not adjusted for {plural(len(tested), 'comparison')}. Difference in percentage"
        f" points: {result.frame.interval} 95 % interval. {TWO_METHODS}"
    )


def _not_compared(result: Incidence, shown: Sequence[IncidenceRow]) -> list[str]:
    if not result.grouping.compares or any(row.test.p is not None for row in shown):
        return []
    why = next((row.test.reason for row in result.rows if row.test.reason), "no events")
    return [f"Groups not compared: {why}."]


def _numbers(result: Incidence, rated: Rates | None) -> Numbers:
    """One row a term and threshold, shown or not: n and of for each group, p, and the differences to the reference
    group."""
    levels, reference = result.grouping.levels, result.frame.reference
    columns = [("term", ""), ("threshold", "")]
    columns += [column for name in levels for column in ((f"n_{name}", "patients"), (f"of_{name}", "patients"))]
    columns.append(("p", ""))
    for place, name in enumerate(levels):
        if place != reference:
            columns += [(f"difference{part}_{name}", "share") for part in ("", "_low", "_high")]
    columns.append(("reason", ""))
    if rated is None:
        return Numbers(tuple(columns), tuple(_number_row(row) for row in result.rows))
    for name in levels:
        columns += [(f"n_at_risk_with_event_{name}", "patients"), (f"at_risk_{name}", "days")]
        columns += [(f"rate{part}_{name}", rated.unit) for part in ("", "_low", "_high", "_reason")]
    return Numbers(tuple(columns), tuple((*_number_row(row), *_rate_row(row, rated)) for row in result.rows))


def _rate_row(row: IncidenceRow, rated: Rates) -> Iterator[object]:
    for each in rated.of[row.term, row.threshold]:
        estimate = each.estimate
        yield from (None, None) if estimate.value is None else (each.n, each.days)
        yield from (estimate.value, estimate.low, estimate.high, estimate.reason or None)


def _number_row(row: IncidenceRow) -> tuple[object, ...]:
    counts = [number for pair in zip(row.n, row.of, strict=True) for number in pair]
    differences = [each for each in row.differences if each is not None]
    limits = [value for each in differences for value in (each.value, each.low, each.high)]
    reasons = dict.fromkeys(filter(None, [row.test.reason, *(each.reason for each in differences)]))
    return (row.term, row.threshold, *counts, row.test.p, *limits, "; ".join(reasons) or None)


def _table(analysis: Analysis, options: TableOptions) -> Exhibit:
    found, of_time = events(analysis, options), None
    if options.rate in UNITS:
        of_time = partial(rates, counting_with_computed(analysis, options), found, unit=options.rate)
    made = toxicity_table(found, options, terms(analysis, options), of_time)
    return noted_until(analysis, options, made)


def _who(analysis: Analysis, options: TableOptions) -> Who:
    shown = shown_rows(events(analysis, options), options, terms(analysis, options))
    name, *groups = grouped_columns(analysis)
    if options.rate in UNITS:  # each beside the number of its group
        total = groups[: len(groups) - len(analysis.grouping.names)]
        groups = [*total, *chain.from_iterable((group, None) for group in groups[len(total) :])]
    return crossed(patients_with(analysis, options, shown), (name, *groups))


TABLE: Final = ExhibitSpec(
    "toxicity.table", "Table of adverse events", needs="adverse_events", build=_table, options=TableOptions, who=_who
)
