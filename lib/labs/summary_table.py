"""The table of laboratory values: one row a visit (or nominal day) and group, and the comparison of the groups
there."""

import math
from collections.abc import Callable
from typing import Final

from lib.cohort.analysis import Analysis
from lib.cohort.printed import raised
from lib.labs.profile import LabResult, LabSummary, VisitOptions, course
from lib.labs.series import EARLIER, capitalised, slugs
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import above_limit_notes, p_value, plural, sentences, short, time
from lib.publication.spec import ExhibitSpec


def title(result: LabResult) -> str:
    """The test and how patients are compared."""
    return capitalised(result.series.test) + result.grouping.by


def headline(result: LabResult) -> tuple[str, str]:
    """From which to which median each group moved, with the time of both; "" as the second part: it is no
    comparison."""
    if not result.n:
        return "Nobody in this selection has values of this test.", ""
    parts = []
    for name in result.grouping.names:
        if ends := _extremes(result, name):
            who = f"{name} " if result.grouping.compares else ""
            parts.append(who + " to ".join(f"{printed(each, 'median')} ({_when(result, each)})" for each in ends))
    return f"Medians of {result.series.label}, lowest to highest: {'; '.join(parts)}.", ""


def _extremes(result: LabResult, name: str) -> list[LabSummary]:
    """The lowest and the highest median of a group, where at least half as many have a value as anywhere; one if they
    are the same."""
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
    return typed_table(
        _columns(result),
        result.summaries,
        id=f"labs.{result.series.slug}.summary",
        title=f"{title(result)}: median, quartiles and range",
        caption=f"Each patient once {'at each visit' if result.by_visit else 'near each nominal day'}.",
        method=_method(result),
        notes=notes(result),
        n=result.n,
        tests=tests(result),
    )


def _columns(result: LabResult) -> tuple[TypedColumn, ...]:
    """What is printed of a group at a place, and the numbers."""
    unit, compares = result.series.unit, result.grouping.compares
    level_of = result.grouping.level_of
    p_of = {each.place: p_value(each.test.p) for each in result.comparisons}
    day, p = ("" if result.by_visit else "Day"), ("p" if compares else "")

    def amount(name: str, heading: str = "", printed: Callable[[LabSummary], str] = str) -> TypedColumn:
        return TypedColumn(heading, name, unit, lambda each: each.numbers[name], printed)

    return (
        TypedColumn(day, "day", "days", lambda each: each.place.day, lambda each: each.place.label),
        TypedColumn(
            "Visit" if result.by_visit else "",
            "visit",
            "",
            lambda each: each.place.visit,
            lambda each: each.place.label,
        ),
        TypedColumn(
            "Group" if compares else "", "group", "", lambda each: level_of[each.group], lambda each: each.group
        ),
        TypedColumn("n", "n", "patients", lambda each: each.n, lambda each: f"{each.n:,}"),
        amount("median", f"Median{f', {raised(unit)}' if unit else ''}", lambda each: printed(each, "median")),
        amount("q1", "Quartiles", lambda each: _range(each, "q1", "q3")),
        amount("q3"),
        amount("min", "Min–max", lambda each: _range(each, "min", "max")),
        amount("max"),
        TypedColumn(name="unit", value=lambda _: unit or None),
        TypedColumn(name="n_below_limit", unit="patients", value=lambda each: each.n_below),
        TypedColumn(name="mean", unit=unit, value=lambda each: each.mean.value),
        TypedColumn(name="mean_low", unit=unit, value=lambda each: each.mean.low),
        TypedColumn(name="mean_high", unit=unit, value=lambda each: each.mean.high),
        TypedColumn(name="reason", value=lambda each: each.reason or None),
        TypedColumn(p, printed=lambda each: "" if each.slot else p_of[each.place]),
    )


def _range(each: LabSummary, low: str, high: str) -> str:
    if not each.n:
        return "–"
    return f"{printed(each, low)} – {printed(each, high)}"


def _method(result: LabResult) -> str:
    """Which quantiles and tests, how many comparisons were looked at, and from when on groups can count."""
    tested = [each.test.name for each in result.comparisons if each.test.p is not None]
    n, done = len(tested), "; ".join(dict.fromkeys(tested)) or "no test could be done"
    compared = (
        [f"p: {done}, not adjusted for {plural(n, 'comparison')}." if n else f"p: {done}."]
        if result.grouping.compares
        else []
    )
    return sentences("Quartiles by linear interpolation (R's type 7).", *compared, result.grouping.late(EARLIER))


def notes(result: LabResult) -> tuple[str, ...]:
    """Who and what is left out, what is below a limit, and when groups became known."""
    said = []
    if result.n < result.n_selected:
        said.append(
            f"{result.n_selected - result.n} of {plural(result.n_selected, 'patient')} without values of this test or"
            " without a group."
        )
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
    return tuple(said)


def _last(result: LabResult) -> str:
    """Until when the patients of each group were followed by values."""
    reported = []
    for each in result.last:
        name = f"{each.group} " if result.grouping.compares else ""
        lost = f"; {each.n_lost} lost to follow-up not counted" if each.n_lost else ""
        reported.append(f"{name}{time(each.median)} ({time(each.low)}–{time(each.high)}), n = {each.n}{lost}")
    return "; ".join(reported)


def printed(each: LabSummary, name: str) -> str:
    """One number of a summary, "< 5" below the limit of detection."""
    value = each.numbers[name]
    if value is not None:
        return short(value)
    if not each.n:
        return "–"
    return f"< {short(each.limit)}" if each.drawn[name] is not None else "below limit"


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
