"""Recovery of counts: step curves with log-log limits, and the table of nadir and time to recovery, one row a group."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.labs.recovery_times import (
    DEATH_WITHIN,
    DIED,
    MILESTONES,
    RECOVERED,
    WINDOW,
    GroupRecovery,
    Recovery,
    RecoveryOptions,
    recovered,
    recovers,
)
from lib.labs.series import analyte_slugs, noted_follow_up
from lib.publication.exhibit import (
    Exhibit,
    Figure,
    Table,
    TestLine,
    TypedColumn,
    estimate_columns,
    group_column,
    typed_numbers,
    typed_table,
)
from lib.publication.key import keyed
from lib.publication.number import count, day, p_equals, percent, plural, short
from lib.publication.palette import group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import IncidenceWords, incidence_chart
from lib.publication.step_curve import bands_are_clear, incidence_tables, incidence_until
from lib.publication.text_width import NORMAL, SCREEN, broken
from lib.publication.who import Who, patients
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START

CELLS = "× 10⁹/L"
WORDS: Final = IncidenceWords(
    "the first value below the threshold", "Recovered (cumulative incidence)", "Recovered", "Not yet recovered"
)


def recovery_figure(result: Recovery, slug: str, width: int = SCREEN) -> Figure:
    """The curves are drawn to the horizon; estimates and the test use the whole follow-up."""
    curve, grouping = incidence_until(result.horizon, result.groups, result.patients), result.grouping
    sizes = [f"{group.n_below} of {group.n_measured}" for group in result.groups]
    return Figure(
        id=f"labs.{slug}.recovery",
        title=_title(result),
        chart=keyed(incidence_chart(WORDS, group_colours(grouping.groups), width), grouping.groups),
        tables=incidence_tables(result, curve, sizes, _has_bands(result), broken(_heading(result), width - 30, NORMAL)),
        data=result.patients,
        caption=_caption(result),
        method=_method(result),
        alt=_alt_text(result),
        notes=_notes(result),
        n=result.n,
        numbers=typed_numbers(_columns(result), result.groups),
        tests=_tests(result),
    )


def recovery_table(result: Recovery, slug: str) -> Table:
    """One row a group."""
    return typed_table(
        _columns(result),
        result.groups,
        id=f"labs.{slug}.recovery.summary",
        title=f"{_title(result)}: nadir and time",
        caption="Nadir and its day: median (range) of the lowest values from day 0 to 90.",
        method=_method(result),
        notes=_notes(result),
        n=result.n,
        tests=_tests(result),
    )


def _columns(result: Recovery) -> tuple[TypedColumn, ...]:
    """Of a group: nadirs of all who were measured, times of whoever fell below. The group stands where there are
    several."""
    grouping = result.grouping
    below = f"Below {short(result.threshold)}"
    return (
        group_column(grouping.level_of, "Group" if grouping.compares else ""),
        TypedColumn(name="threshold", unit="10^9/L", value=lambda _: result.threshold),
        TypedColumn("Measured", "n_measured", "patients", lambda one: one.n_measured),
        TypedColumn(
            below, "n_below", "patients", lambda one: one.n_below, lambda one: count(one.n_below, one.n_measured)
        ),
        TypedColumn(f"Nadir, {CELLS}", printed=lambda one: _spread(one.nadir)),
        TypedColumn("Day of nadir", printed=lambda one: _spread(one.nadir_day)),
        TypedColumn("Recovered", "recovered", "patients", lambda one: one.curve.n_events),
        TypedColumn("Died before", "died", "patients", lambda one: one.death.n_events),
        TypedColumn("Median days (95 % CI)", "median", "days", lambda one: one.median, _printed_median),
        *_parts(("median_low", "median_high"), "days", lambda one: one.median_limits),
        *_parts(("nadir", "nadir_min", "nadir_max"), "10^9/L", lambda one: one.nadir),
        *_parts(("nadir_day", "nadir_day_min", "nadir_day_max"), "days", lambda one: one.nadir_day),
        *(column for place, at in enumerate(MILESTONES) for column in _milestone_columns(place, at)),
        TypedColumn(name="reason", value=_reason),
    )


def _parts(names: tuple[str, ...], unit: str, of: Callable[[GroupRecovery], Any]) -> Iterator[TypedColumn]:
    """A column for each part of what `of` gives."""

    def part(place: int) -> Callable[[GroupRecovery], object]:
        return lambda one: (of(one) or (None,) * len(names))[place]

    return (TypedColumn(name=name, unit=unit, value=part(place)) for place, name in enumerate(names))


def _milestone_columns(place: int, at: float) -> tuple[TypedColumn, ...]:
    def printed(one: GroupRecovery) -> str:
        return _share(one.milestones[place], one.n_below) if one.n_below else "–"

    return estimate_columns(
        f"recovered_by_{at:g}", lambda one: one.milestones[place], "share", f"By day {at:g}", printed
    )


def _printed_median(group: GroupRecovery) -> str:
    return _median_words(group) if group.n_below else "–"


def _spread(numbers: tuple[float, float, float] | None) -> str:
    if numbers is None:
        return "–"
    middle, low, high = map(short, numbers)
    return f"{middle} ({low}–{high})"


def _threshold_words(result: Recovery) -> str:
    """The threshold as it is said: neutrophils ≥ 1 × 10⁹/L."""
    return f"{result.analyte} ≥ {short(result.threshold)} {CELLS}"


def _title(result: Recovery) -> str:
    return f"Recovery of {_threshold_words(result)}{result.grouping.by}"


def headline(result: Recovery) -> str:
    """How many fell below, and how soon they recovered, group by group."""
    if not result.n_measured:
        return f"Nobody in this selection has {result.analyte} from day 0 to {WINDOW:g}."
    reported = [_group_words(group, result.grouping.compares) for group in result.groups if group.n_measured]
    return f"Below {short(result.threshold)} {CELLS} and back ({result.analyte}): {'; '.join(reported)}."


def _group_words(group: GroupRecovery, compares: bool) -> str:
    name = f"{group.name} " if compares else ""
    if not group.n_below:
        return f"{name}0 of {group.n_measured} fell below"
    median = "median not reached" if group.median is None else f"median {_median_words(group)} days"
    return f"{name}{group.n_below} of {group.n_measured}, {group.curve.n_events} recovered, {median}"


def _median_words(group: GroupRecovery) -> str:
    """ "9 (5–NE)"; "not reached (5–NE)" where fewer than half recovered."""
    low, high = group.median_limits
    return f"{day(group.median)} ({day(low, 'NE')}–{day(high, 'NE')})"


def _heading(result: Recovery) -> str:
    """What stands in the figure itself; Gray's test only where the groups were formed before the infusion."""
    deaths = int((result.patients["cause"] == DIED).sum())
    recovered = sum(group.curve.n_events for group in result.groups)
    died = f", {deaths} died before" if deaths else ""
    said = f"{plural(result.n, 'patient')} below {short(result.threshold)} {CELLS}: {recovered} recovered{died}"
    if result.gray.p is None or result.grouping.known_after_infusion or not result.grouping.compares:
        return said
    return f"{said}. Gray's test: {p_equals(result.gray.p)}"


def _has_bands(result: Recovery) -> bool:
    return bands_are_clear([group.curve.n for group in result.groups])


def _caption(result: Recovery) -> str:
    limits = "; 95 % CI" if _has_bands(result) else ""
    return f"Cumulative incidence of recovery to {_threshold_words(result)} of patients with a value below it{limits}."


def _method(result: Recovery) -> str:
    """Method and definitions."""
    late = result.grouping.known_after_infusion
    groups = f" {result.grouping.label} arises after infusion: groups are shown, not tested." if late else ""
    return (
        f"Aalen-Johansen, 95 % log-log limits, from which those of the median; {EXACT_START}. Of"
        f" {plural(result.n, 'patient')} with a value below the threshold from day 0 to {WINDOW:g}: time from the first"
        " value below to the first at or above that the next value does not fall below again. Death within"
        f" {DEATH_WITHIN:g} days of the last value competes; others are censored at the last value. Values are days"
        f" apart: a time to recovery is the day it was seen, not the day it happened. NE: not estimable.{groups}"
    )


def _notes(result: Recovery) -> tuple[str, ...]:
    """Who never fell below, who has no values, and what is not known."""
    said = []
    if never := result.n_measured - result.n:
        said.append(f"{plural(never, 'patient')} of {result.n_measured} never fell below: not in the curves.")
    if without := result.n_selected - result.n_measured:
        said.append(f"{plural(without, 'patient')} without a value from day 0 to {WINDOW:g} or without a group.")
    if not result.has_survival:
        said.append("The workbook has no overall survival: deaths cannot compete.")
    return tuple(said)


def _alt_text(result: Recovery) -> str:
    return (
        "Cumulative-incidence curves of recovery over days since the first value below the threshold."
        f" {headline(result)}"
    )


def _tests(result: Recovery) -> tuple[TestLine, ...]:
    """Gray's test; none where groups were formed after the infusion."""
    if not result.grouping.compares or result.grouping.known_after_infusion:
        return ()
    return (TestLine.of(result.gray, f"recovery: {' v '.join(result.grouping.names)}"),)


def _reason(group: GroupRecovery) -> str | None:
    said = (
        []
        if group.median is not None
        else ["median: fewer than half recovered" if group.n_below else "median: nobody fell below"]
    )
    if not group.n_measured:
        said = ["no values"]
    elif group.n_below and None in group.median_limits:
        said.append("median: a limit of the curve does not reach one half")
    said += [
        f"day {day:g}: {_missing(one)}" for day, one in zip(MILESTONES, group.milestones, strict=True) if _missing(one)
    ]
    return "; ".join(said) or None


def _missing(one: Estimate) -> str:
    return one.reason or ("no limits: nobody had recovered by then, or everybody" if one.low is None else "")


def _share(one: Estimate, of: int) -> str:
    """A share with its limits as a cell."""
    if one.value is None:
        return "–"
    return percent(one.value, of) + (
        f" ({percent(one.low, of)}–{percent(one.high, of)})" if one.low is not None and one.high is not None else ""
    )


def _build_figure(analysis: Analysis, slug: str, options: RecoveryOptions) -> Exhibit:
    return noted_follow_up(analysis, options, recovery_figure(recovered(analysis, slug, options), slug, options.width))


def _build_table(analysis: Analysis, slug: str, options: RecoveryOptions) -> Exhibit:
    return noted_follow_up(analysis, options, recovery_table(recovered(analysis, slug, options), slug))


def _table_who(analysis: Analysis, slug: str, options: RecoveryOptions) -> Who:
    found = recovered(analysis, slug, options)
    first, cells = int(found.grouping.compares), dict[tuple[int, int], frozenset[str]]()
    for y, name in enumerate(found.grouping.names):
        mine = found.patients[found.patients["group"] == name]
        ended = {first + 4: RECOVERED, first + 5: DIED}
        cells |= {(y, first): patients(mine), (y, first + 1): patients(mine[mine["fell"].notna()])}
        cells |= {(y, x): patients(mine[mine["cause"] == cause]) for x, cause in ended.items()}
    return cells


RECOVERY: Final = ExhibitSpec(
    "labs.{test}.recovery",
    "Recovery of counts",
    needs="labs",
    variants=analyte_slugs,
    build=_build_figure,
    options=RecoveryOptions,
    when=recovers,
)
RECOVERY_SUMMARY: Final = ExhibitSpec(
    "labs.{test}.recovery.summary",
    "Recovery of counts by group",
    needs="labs",
    variants=analyte_slugs,
    build=_build_table,
    options=RecoveryOptions,
    when=recovers,
    who=_table_who,
)
