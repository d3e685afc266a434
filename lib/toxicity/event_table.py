"""The table of adverse events: n (%) by group for each term and threshold, differences with intervals, p-values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from lib.cohort.analysis import Analysis
from lib.derived.adverse_events import KINDS, kinds_stated
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, estimate_columns, reported, typed_table
from lib.publication.number import count, p_value, plural, ratio, sentences
from lib.publication.options import choice, flag, several, texts
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who, crossed, grouped_columns
from lib.stats.compared import benjamini_hochberg, holm
from lib.stats.estimate import Estimate
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
from lib.toxicity.first_event import UNITS, Rate, Rates, rates
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
    columns, method = _columns(result, options, rated), _method(result, shown)
    if result.grouping.compares and (adjust := ADJUSTMENTS[options.adjustment]):
        p_values = [row.test.p for row in shown]
        adjusted = dict(zip(map(id, shown), adjust(p_values), strict=True))
        columns.append(TypedColumn(f"p ({options.adjustment})", printed=lambda row: p_value(adjusted[id(row)])))
        n_tests = len(p_values) - p_values.count(None)
        method += f" Last column: adjusted by {options.adjustment} for the {n_tests} tests of this table."
    return typed_table(
        columns,
        shown,
        result.rows,
        id="toxicity.table",
        title=f"Adverse events{in_period(result, ', ')}",
        caption="Patients, n (%) of all treated; each counted once a term at the worst grade.",
        method=f"{method} {RATES}" if rated else method,
        notes=(*notes(result, shown), *_without_grade(result, options), *(_of_rates(rated, shown) if rated else ())),
        n=result.n,
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


def _columns(result: Incidence, options: TableOptions, rated: Rates | None) -> list[TypedColumn]:
    """Of a term and threshold: n and of for each group, the differences to the reference group, p, and rates."""
    grouping, compares, places = result.grouping, result.grouping.compares, range(len(result.of))
    return [
        TypedColumn("Adverse event", printed=lambda row: _name(row, result, options)),
        *reported("term", "threshold"),
        TypedColumn(f"Total (n = {result.n})" * compares, printed=lambda row: count(row.total, result.n)),
        *(column for place in places for column in _group_columns(place, result, rated)),
        TypedColumn(name="p", value=lambda row: row.test.p),
        *(
            column
            for place, name in enumerate(grouping.names)
            if name != grouping.reference_name
            for column in _difference_columns(place, result, options.differences)
        ),
        TypedColumn("p" * compares, printed=lambda row: p_value(row.test.p)),
        TypedColumn(name="reason", value=_why),
        *(column for place in places if rated for column in _rate_columns(place, grouping.levels[place], rated)),
    ]


def _name(row: IncidenceRow, result: Incidence, options: TableOptions) -> str:
    ungraded = row.threshold == ANY_GRADE and row.term not in result.graded
    threshold = printed_threshold(NOT_STATED if ungraded else row.threshold)
    return f"{dict(options.names).get(row.term, row.term)}, {threshold}"


def _group_columns(place: int, result: Incidence, rated: Rates | None) -> Iterator[TypedColumn]:
    name, level = result.grouping.names[place], result.grouping.levels[place]
    yield TypedColumn(
        f"{name} (n = {result.of[place]})",
        f"n_{level}",
        "patients",
        lambda row: row.n[place],
        lambda row: count(row.n[place], row.of[place]),
    )
    yield TypedColumn(name=f"of_{level}", unit="patients", value=lambda row: row.of[place])
    if rated:
        yield TypedColumn(
            f"{name}, {rated.unit} (95 % CI)",
            printed=lambda row: _printed_rate(rated.of[row.term, row.threshold][place].estimate),
        )


def _parts(name: str, level: str) -> tuple[str, str, str]:
    return f"{name}_{level}", f"{name}_low_{level}", f"{name}_high_{level}"


def _difference_columns(place: int, result: Incidence, shown: bool) -> tuple[TypedColumn, ...]:
    names, levels, reference = result.grouping.names, result.grouping.levels, result.frame.reference
    return estimate_columns(
        _parts("difference", levels[place]),
        lambda row: row.differences[place],
        "share",
        f"{names[place]} − {names[reference]}, % points (95 % CI)" * shown,
        lambda row: printed_difference(row.differences[place], min(row.of[place], row.of[reference])),
    )


def _rate_columns(place: int, level: str, rated: Rates) -> Iterator[TypedColumn]:
    def rate(row: IncidenceRow) -> Rate:
        return rated.of[row.term, row.threshold][place]

    def known(row: IncidenceRow) -> Rate | None:
        return None if rate(row).estimate.value is None else rate(row)

    yield TypedColumn(
        name=f"n_at_risk_with_event_{level}", unit="patients", value=lambda row: getattr(known(row), "n", None)
    )
    yield TypedColumn(name=f"at_risk_{level}", unit="days", value=lambda row: getattr(known(row), "days", None))
    yield from estimate_columns(_parts("rate", level), lambda row: rate(row).estimate, rated.unit)
    yield TypedColumn(name=f"rate_reason_{level}", unit=rated.unit, value=lambda row: rate(row).estimate.reason or None)


def _why(row: IncidenceRow) -> str | None:
    """Why a number of the row is missing."""
    reasons = (row.test.reason, *(each.reason for each in row.differences if each))
    return "; ".join(dict.fromkeys(filter(None, reasons))) or None


def _tests(result: Incidence) -> tuple[TestLine, ...]:
    """The test of every row, shown or not."""
    if not result.grouping.compares:
        return ()
    groups = " v ".join(result.grouping.names)
    return tuple(TestLine.of(row.test, f"{row.term}, {row.threshold}: {groups}") for row in result.rows)


def _is_shown(row: IncidenceRow, result: Incidence) -> bool:
    graded = row.term in result.graded
    if row.threshold == NOT_STATED and not graded:
        return False  # the row of any grade says it already
    return row.total > 0 or (row.threshold == AT_LEAST_3 and graded)


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
        timing(result.grouping),
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
