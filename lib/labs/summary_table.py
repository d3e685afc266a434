"""The table of laboratory values: one row a visit (or nominal day) and group, and the comparison of the groups there."""

import math
from typing import Final

from lib.cohort.analysis import Analysis
from lib.labs.profile import LabComparison, LabResult, LabSummary, VisitOptions, course
from lib.labs.series import slugs
from lib.publication.exhibit import Exhibit, Numbers, Table, TestLine
from lib.publication.number import above_limit_notes, p_value, plural, short
from lib.publication.spec import ExhibitSpec


def title(result: LabResult) -> str:
    """The test and how patients are compared."""
    return result.series.test + (f" by {result.grouping.label}" if result.grouping.compares else "")


def headline(result: LabResult) -> tuple[str, str]:
    """From which to which median each group moved, with the time of both; "" as the second part: it is no comparison."""
    if not result.n:
        return "Nobody in this selection has values of this test.", ""
    parts = []
    for name in result.grouping.names:
        if ends := _extremes(result, name):
            who = f"{name} " if result.grouping.compares else ""
            parts.append(who + " to ".join(f"{printed(each, 'median')} ({_when(result, each)})" for each in ends))
    return f"Medians of {result.series.label}, lowest to highest: {'; '.join(parts)}.", ""


def _extremes(result: LabResult, name: str) -> list[LabSummary]:
    """The lowest and the highest median of a group, where at least half as many have a value as anywhere; one if they are the same."""
    of_group = [each for each in result.summaries if each.group == name and each.n]
    most = max((each.n for each in of_group), default=0)
    well_known = [each for each in of_group if 2 * each.n >= most]
    if not well_known:
        return []
    low, high = min(well_known, key=_height), max(well_known, key=_height)
    return [low] if _height(low) == _height(high) else [low, high]


def _height(each: LabSummary) -> float:
    """For comparison only: below a limit that is not stated as lower than everything."""
    drawn = each.drawn["median"]
    return -math.inf if drawn is None else drawn


def _when(result: LabResult, each: LabSummary) -> str:
    return f"{each.place.label if result.by_visit else f'day {each.place.label}'}, n = {each.n}"


def lab_table(result: LabResult) -> Table:
    """n, median, quartiles and range of each group, with the test between groups in the first row of each place."""
    compares = result.grouping.compares
    comparison = {each.place: each for each in result.comparisons}
    time = "Visit" if result.by_visit else "Day"
    unit = f", {result.series.unit}" if result.series.unit else ""
    header = (time, *(("Group",) if compares else ()), "n", f"Median{unit}", "Quartiles", "Min–max")
    return Table(
        id=f"labs.{result.series.slug}.summary",
        title=f"{title(result)}: median, quartiles and range",
        header=(*header, *(("p",) if compares else ())),
        rows=tuple(_row(each, comparison[each.place], compares) for each in result.summaries),
        caption=_caption(result),
        notes=(*_tests_done(result), *notes(result)),
        n=result.n,
        numbers=numbers(result),
        tests=tests(result),
    )


def _row(each: LabSummary, comparison: LabComparison, compares: bool) -> tuple[str, ...]:
    first = each.slot == 0
    amounts = (printed(each, "median"), _range(each, "q1", "q3"), _range(each, "min", "max"))
    group, p = ((each.group,), (p_value(comparison.test.p) if first else "",)) if compares else ((), ())
    return (each.place.label, *group, str(each.n), *amounts, *p)


def _range(each: LabSummary, low: str, high: str) -> str:
    if not each.n:
        return "–"
    return f"{printed(each, low)} – {printed(each, high)}"


def _caption(result: LabResult) -> str:
    where = "at each visit" if result.by_visit else "near each nominal day"
    said = f"Each patient once {where}; quartiles by linear interpolation (R's type 7)."
    done = "; ".join(dict.fromkeys(each.test.name for each in result.comparisons if each.test.p is not None))
    return said + (f" p: {done or 'no test could be done'}." if result.grouping.compares else "")


def _tests_done(result: LabResult) -> tuple[str, ...]:
    """How many comparisons were looked at."""
    n = sum(each.test.p is not None for each in result.comparisons) if result.grouping.compares else 0
    return (f"{plural(n, 'comparison')} looked at, p not adjusted for their number.",) if n else ()


def notes(result: LabResult) -> tuple[str, ...]:
    """Who and what is left out, what is below a limit, and when groups became known."""
    said = []
    if result.n < result.n_selected:
        said.append(f"{result.n_selected - result.n} of {plural(result.n_selected, 'patient')} without values of this test or without a group.")  # fmt: skip
    if result.n_untimed:
        said.append(f"{plural(result.n_untimed, 'value')} without a {'visit' if result.by_visit else 'day'}: left out.")
    if result.n_repeated:
        said.append(f"{plural(result.n_repeated, 'further value')} of a patient at a visit: left out.")
    below = int(result.table["below"].sum())
    if below:
        unknown = int((result.table["below"] & result.table["limit"].isna()).sum())
        also = f"; the limit of {unknown} is not stated, these are not drawn" if unknown else ""
        said.append(f"{plural(below, 'value')} below the limit of detection: lowest rank in medians and tests{also}.")
    said += above_limit_notes(int(result.table["above"].sum()))
    if result.last:
        said.append(f"Last values of any test, months after infusion, median (range): {_last(result)}.")
    if result.grouping.known_after_infusion:
        said.append(f"{result.grouping.label} became known by day {result.grouping.known_at:g}; values before that day cannot be its effect.")  # fmt: skip
    return tuple(said)


def _last(result: LabResult) -> str:
    """Until when the patients of each group were followed by values."""
    told = []
    for each in result.last:
        name = f"{each.group} " if result.grouping.compares else ""
        lost = f"; {each.n_lost} lost to follow-up not counted" if each.n_lost else ""
        told.append(f"{name}{each.median:.2g} ({each.low:.2g}–{each.high:.2g}), n = {each.n}{lost}")
    return "; ".join(told)


def printed(each: LabSummary, name: str) -> str:
    """One number of a summary, "< 5" below the limit of detection."""
    value = each.numbers[name]
    if value is not None:
        return short(value)
    if not each.n:
        return "–"
    return f"< {short(each.limit)}" if each.drawn[name] is not None else "below limit"


def numbers(result: LabResult) -> Numbers:
    """One row a place and group."""
    level_of = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    unit = result.series.unit
    columns = (
        ("day", "days"), ("visit", ""), ("group", ""), ("n", "patients"), ("median", unit), ("q1", unit), ("q3", unit), ("min", unit),
        ("max", unit), ("unit", ""), ("n_below_limit", "patients"), ("mean", unit), ("mean_low", unit), ("mean_high", unit), ("reason", ""),
    )  # fmt: skip
    rows = tuple(
        (
            each.place.day, each.place.visit, level_of[each.group], each.n, *(each.numbers[name] for name in ("median", "q1", "q3", "min", "max")),
            unit or None, each.n_below, each.mean.value, each.mean.low, each.mean.high, each.reason or None,
        )
        for each in result.summaries
    )  # fmt: skip
    return Numbers(columns, rows)


def tests(result: LabResult) -> tuple[TestLine, ...]:
    """The comparison of the groups at every place; none where there is one group."""
    groups, day = " v ".join(result.grouping.names), "" if result.by_visit else "day "
    return tuple(
        TestLine.of(each.test, f"{day}{each.place.label}: {groups}")
        for each in result.comparisons
        if result.grouping.compares
    )


def _build(analysis: Analysis, slug: str, options: VisitOptions) -> Exhibit:
    return lab_table(course(analysis, slug, options))


SUMMARY: Final = ExhibitSpec(
    "labs.{test}.summary", "One test by group", needs="labs", variants=slugs, build=_build, options=VisitOptions
)
