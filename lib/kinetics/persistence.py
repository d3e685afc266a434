"""Persistence: how long the transgene stayed quantifiable in each group, as step curves and as a table.

Kaplan-Meier estimates with log-log limits, medians by the midpoint rule with Brookmeyer-Crowley limits, log-rank test.
When whose transgene became undetectable: lib/kinetics/undetectable.py.
"""

from dataclasses import dataclass
from typing import Final

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics.series import KineticsOptions, bias_method, kinetics_of, measured, replicate_notes, series_of
from lib.kinetics.series import limits as limits_of
from lib.kinetics.undetectable import MILESTONES, UNDETECTABLE, GroupPersistence, PersistenceResult, persistence
from lib.publication.exhibit import Figure, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import day, p_equals, percent, plural
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import named_step_chart
from lib.publication.step_curve import StepPanel, bands_option, draws_bands
from lib.publication.step_layout import layout_of
from lib.publication.text_width import SCREEN
from lib.publication.who import Who, events_who
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START, FEWEST_AT_RISK, NOBODY, thin_from

AXIS: Final = "Transgene still quantifiable"
METHOD: Final = f"Kaplan-Meier estimates with pointwise 95 % limits (log-log; {EXACT_START})."
ASSAY: Final = "Persistence depends on the assay's limit: it is not comparable between assays with another LLOQ."


@dataclass(frozen=True)
class PersistenceOptions(KineticsOptions):
    """How persistence is drawn."""

    show_ci: str = bands_option()


def persistence_figure(result: PersistenceResult, limits: bool = True, width: int = SCREEN) -> Figure:
    """The figure of one series; `limits` draws the confidence band. Its data are the patients with the interval of
    their event.
    """
    groups = result.series.grouping.groups
    layout = layout_of(groups, width)
    return Figure(
        id=result.series.key.id("persistence"),
        title=_title(result),
        chart=named_step_chart("days", AXIS, groups, "infusion", layout),
        tables=_panel(result).tables(layout, limits, f"{measured(result.series)}, {limits_of(result.series)}"),
        data=result.outcome.table.drop(columns="entry").assign(unit="days"),
        caption=_caption(result, limits),
        alt=_alt(result),
        method=_method(result),
        notes=_notes(result),
        n=result.n,
        numbers=persistence_table(result).numbers,
        tests=_tests(result),
    )


def _panel(result: PersistenceResult) -> StepPanel:
    return StepPanel(
        result.groups,
        result.series.grouping.groups,
        result.counts,
        (("at_risk", "censored"),),
        result.ticks,
        max(result.ticks),
        [group.median.value for group in result.groups],
        said=_tested(result),
    )


def persistence_table(result: PersistenceResult) -> Table:
    """One row a group: events, median and shares still quantifiable; null with its reason where not estimable."""
    test, grouping = result.logrank, result.series.grouping
    said = f"Log-rank test not done: {test.reason}."
    if test.p is not None:
        said = f"Log-rank (Mantel-Cox): {p_equals(test.p)}, n = {test.n}."
    columns = (
        TypedColumn("Group", "group", "", lambda group: group.level, lambda group: group.name),
        TypedColumn("n", "n", "patients", lambda group: group.curve.n, lambda group: str(group.curve.n)),
        TypedColumn(
            "Undetectable",
            "events",
            "patients",
            lambda group: group.curve.n_events,
            lambda group: str(group.curve.n_events),
        ),
        TypedColumn(
            "Median days to undetectable (95 % CI)", "median", "days", lambda group: group.median.value, _printed_median
        ),
        TypedColumn(name="median_low", unit="days", value=lambda group: group.median.low),
        TypedColumn(name="median_high", unit="days", value=lambda group: group.median.high),
        *(column for place, at in enumerate(MILESTONES) for column in _milestone_columns(place, at)),
        TypedColumn(name="reason", value=_reasons),
    )
    return typed_table(
        columns,
        result.groups,
        id=f"{result.series.key.id('persistence')}.summary",
        title=_title(result),
        caption=said if grouping.compares else "Kaplan-Meier estimates.",
        method=(
            f"{METHOD} Medians by the midpoint rule with Brookmeyer-Crowley limits (log-log). NE: not estimable."
            f" {ASSAY}"
        ),
        n=result.n,
        tests=_tests(result),
    )


def _milestone_columns(place: int, at: float) -> tuple[TypedColumn, ...]:
    name, heading = f"quantifiable_day_{at:g}", f"Quantifiable on day {at:g} (95 % CI)"
    return (
        TypedColumn(
            heading,
            name,
            "",
            lambda group: group.milestones[place].value,
            lambda group: _share(group.milestones[place], group.curve.n),
        ),
        TypedColumn(name=f"{name}_low", value=lambda group: group.milestones[place].low),
        TypedColumn(name=f"{name}_high", value=lambda group: group.milestones[place].high),
    )


def _printed_median(group: GroupPersistence) -> str:
    median = group.median
    limits = "" if median.reason == NOBODY else f" ({day(median.low, 'NE')}–{day(median.high, 'NE')})"
    return day(median.value, median.reason) + limits


def _share(one: Estimate, of: int) -> str:
    if one.value is None:
        return f"NE: {one.reason}"
    if one.low is None or one.high is None:
        return f"{percent(one.value, of)} (NE)"
    return f"{percent(one.value, of)} ({percent(one.low, of).removesuffix(' %')}–{percent(one.high, of)})"


def _reasons(group: GroupPersistence) -> str | None:
    median = group.median
    said = {
        "median": median.reason,
        "limits of the median": "not estimable" if None in (median.low, median.high) else "",
    }
    for at, one in zip(MILESTONES, group.milestones, strict=True):
        said[f"day {at:g}"] = one.reason or ("no interval" if one.low is None else "")
    return "; ".join(f"{name}: {reason}" for name, reason in said.items() if reason) or None


def _tests(result: PersistenceResult) -> tuple[TestLine, ...]:
    """The log-rank test between groups."""
    grouping = result.series.grouping
    return (TestLine.of(result.logrank, " v ".join(grouping.names)),) if grouping.compares else ()


def headline(result: PersistenceResult) -> str:
    """The median of each group."""
    if not result.n:
        return "Nobody in this selection had a quantifiable transgene that was followed."
    named = result.series.grouping.compares
    parts = [f"{f'{group.name} ' if named else ''}{_median(group)}" for group in result.groups if group.curve.n]
    return f"Median time to undetectable ({limits_of(result.series)}): {', '.join(parts)}."


def _median(group: GroupPersistence) -> str:
    return f"{day(group.median.value)} days" if group.median.value is not None else group.median.reason


def _title(result: PersistenceResult) -> str:
    """What was measured with which limit."""
    key, grouping = result.series.key, result.series.grouping
    return f"Persistence of the CAR transgene in {key.specimen} ({key.assay}, {limits_of(result.series)}){grouping.by}"


def _caption(result: PersistenceResult, limits: bool) -> str:
    """What is drawn."""
    thin = [(group.name, thin_from(group.curve)) for group in result.groups]
    faded = ", ".join(f"{name} from day {day(start)}" for name, start in thin if start)
    faint = f"; faded, <{FEWEST_AT_RISK} at risk ({faded})" if faded else ""
    return f"Kaplan–Meier{', 95 % CI (log-log)' if limits else ''}; ticks, censored; dotted, median{faint}."


def _method(result: PersistenceResult) -> str:
    """Definition of the event, who is censored why, and what limits the curves."""
    table = result.outcome.table
    said = [
        METHOD,
        (
            "Event: the first sample below the LLOQ after the peak that no quantifiable one follows, dated to that"
            " sample (it lies between the last quantifiable one and this). Censored: at the last quantifiable sample"
            " where none below the LLOQ follows; what follows a subsequent therapy, another infusion or death does not"
            " count."
        ),
        ASSAY,
        *bias_method(result.series.grouping),
        *replicate_notes(result.series),
    ]
    ended = table.loc[table["ended"] != UNDETECTABLE, "ended"].value_counts()
    if len(ended):
        said.append("Censored: " + "; ".join(f"{reason} {n}" for reason, n in ended.items()) + ".")
    gaps = (table["first_below"] - table["last_quantifiable"]).dropna()
    if len(gaps):
        said.append(
            f"The interval in which the event lies is {day(gaps.min())} to {day(gaps.max())} days wide (median "
            f"{day(float(gaps.median()))}): sampling, not biology, sets the steps."
        )
    said += [f"{group.name}: {group.median.note}." for group in result.groups if group.median.note]
    return " ".join(said)


def _notes(result: PersistenceResult) -> tuple[str, ...]:
    """Who is left out, and what of these data limits the figure."""
    outcome = result.outcome
    said = [f"{n} of {outcome.n} left out: {reason}." for reason, n in outcome.left_out]
    if len(result.series.lloqs) > 1:
        said.append(f"The curve mixes {len(result.series.lloqs)} limits ({limits_of(result.series)}).")
    if outcome.undated:
        of = plural(outcome.undated, "patient")
        said.append(f"{of} had a subsequent therapy whose start is not stated: not censored at it.")
    return tuple(said)


def _tested(result: PersistenceResult) -> list[str]:
    """The test in the panel; no p-value of groups that were formed after the infusion."""
    grouping, test = result.series.grouping, result.logrank
    shown = grouping.compares and test.p is not None and not grouping.known_after_infusion
    return [f"Log-rank {p_equals(test.p)}"] if shown else []


def _alt(result: PersistenceResult) -> str:
    """The figure for whoever cannot see it."""
    curves = "; ".join(
        (
            f"{group.name}: {plural(group.curve.n, 'patient')}, {group.curve.n_events} undetectable, median "
            f"{_median(group)}"
            if group.curve.n
            else f"{group.name}: no patients"
        )
        for group in result.groups
    )
    return f"Step curves of the share with a quantifiable transgene over days since infusion. {curves}."


def persisting(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> PersistenceResult:
    """How long the transgene stayed quantifiable, computed once for all exhibits that show it."""
    return analysis.result(_persisting, key, float(options.base_day), options.replicates)


def _persisting(analysis: Analysis, key: SeriesKey, base_day: float, rule: str) -> PersistenceResult:
    return persistence(analysis.selected, kinetics_of(analysis, key, KineticsOptions(base_day, rule)))


def _figure(analysis: Analysis, key: SeriesKey, options: PersistenceOptions) -> Figure:
    result = persisting(analysis, key, options)
    limits = draws_bands(options.show_ci, [group.curve.n for group in result.groups])
    return persistence_figure(result, limits, options.width)


def _table(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> Table:
    return persistence_table(persisting(analysis, key, options))


def _who(analysis: Analysis, key: SeriesKey, options: KineticsOptions) -> Who:
    result = persisting(analysis, key, options)
    return events_who(result.outcome.table, [group.name for group in result.groups])


PERSISTENCE: Final = ExhibitSpec(
    "kinetics.persistence",
    "Persistence",
    "kinetics",
    _figure,
    PersistenceOptions,
    series_of,
    lambda key: key.id("persistence"),
)
PERSISTENCE_BY_GROUP: Final = ExhibitSpec(
    "kinetics.persistence.summary",
    "Persistence by group",
    "kinetics",
    _table,
    KineticsOptions,
    series_of,
    lambda key: f"{key.id('persistence')}.summary",
    who=_who,
)
