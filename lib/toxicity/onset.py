"""The cumulative incidence of the first adverse event of a kind, death before it competing, by group.

Step curves with log-log limits, drawn to the horizon; numbers at risk under the axis.
"""

from dataclasses import dataclass, replace
from typing import Final

from lib.cohort.analysis import Analysis
from lib.cohort.printed import LONGEST, slug_of
from lib.derived.follow_up import followed
from lib.publication.exhibit import (
    Exhibit,
    Figure,
    TestLine,
    TypedColumn,
    estimate_columns,
    group_column,
    typed_numbers,
)
from lib.publication.key import keyed
from lib.publication.number import count, p_equals, percent, plural, sentences
from lib.publication.options import choice
from lib.publication.palette import group_colours
from lib.publication.spec import ExhibitSpec
from lib.publication.step_chart import IncidenceWords, incidence_chart
from lib.publication.step_curve import bands_are_clear, incidence_tables, incidence_until
from lib.publication.text_width import NORMAL, SCREEN, broken
from lib.publication.who import Who, steps_who
from lib.stats.competing_risks import coarse
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START
from lib.toxicity.captions import timing
from lib.toxicity.contrasts import GRADE_CHOICES
from lib.toxicity.events import CountedOptions, counting, noted_until, timed_terms
from lib.toxicity.first_event import EVENT, MILESTONES, GroupOnset, Onset, onset
from lib.toxicity.incidence import ANY_GRADE, AT_LEAST_3

MOST_ONSETS: Final = 2  # terms whose cumulative incidence is in the report: CRS and ICANS, or the commonest
SEVERE: Final = 3
WORDS: Final = IncidenceWords("infusion", "Cumulative incidence", "Incidence", "At risk")
BIAS: Final = "Groups formed after infusion: to live until then was a condition for some of them."


@dataclass(frozen=True)
class OnsetOptions(CountedOptions):
    """From which grade on an event counts."""

    least: str = choice(ANY_GRADE, GRADE_CHOICES, "First event of")


def onset_figure(result: Onset, width: int = SCREEN) -> Figure:
    """The curves are drawn to the horizon; estimates and the test use the whole follow-up."""
    grouping = result.grouping
    curve = incidence_until(result.horizon, result.groups, result.table)
    n = len(result.table)
    limits = bands_are_clear([group.curve.n for group in result.groups])
    return Figure(
        id=f"toxicity.onset.{slug(result.label)}",
        title=f"First {result.label}: cumulative incidence{grouping.by}",
        chart=keyed(incidence_chart(WORDS, group_colours(grouping.groups), width), grouping.groups),
        tables=incidence_tables(
            result, curve, [str(group.curve.n) for group in result.groups], limits, _heading(result, width)
        ),
        data=curve.drop(columns="slot"),
        caption=(
            f"Cumulative incidence of the first {result.label}, death before it"
            f" competing{'; 95 % CI' if limits else ''}."
        ),
        method=_method(result),
        alt=_alt(result),
        notes=_notes(result),
        n=n,
        numbers=typed_numbers(_columns(result), result.groups),
        tests=(TestLine.of(result.gray, f"{result.label}: {' v '.join(grouping.names)}"),) if grouping.compares else (),
    )


def slug(words: str) -> str:
    """The name of the event in an exhibit's id: Latin letters and digits, parted by _."""
    return slug_of(words, "event_" + "_".join(f"{ord(sign):x}" for sign in words))[:LONGEST]


def _heading(result: Onset, width: int) -> list[str]:
    """The numbers; Gray's test only where the groups were formed before the infusion."""
    events, deaths = (sum(getattr(group, which).n_events for group in result.groups) for which in ("curve", "death"))
    first = f"{result.label}: {events} of {plural(len(result.table), 'patient')}; {plural(deaths, 'death')} before it."
    tested = result.grouping.compares and result.gray.p is not None and not result.grouping.known_after_infusion
    lines = [first, f"Gray's test {p_equals(result.gray.p)}"] if tested else [first]
    return [part for line in lines for part in broken(line, width - 30, NORMAL)]


def _method(result: Onset) -> str:
    return sentences(
        "Cumulative incidence from infusion: Aalen-Johansen estimate with pointwise 95 % limits (log-log;"
        f" {EXACT_START}), death before the event competing; patients with neither censored at the last day known"
        f" alive{_until(result)}. Drawn to day {result.horizon:g}.",
        BIAS if result.grouping.known_after_infusion else "",
        timing(result.grouping),
    )


def _notes(result: Onset) -> tuple[str, ...]:
    said = [f"{n} of {result.n} not evaluable: {reason}." for reason, n in result.left_out]
    beyond = int(((result.table["cause"] == 1) & (result.table["time"] > result.horizon)).sum())
    if beyond:
        said.append(f"{plural(beyond, 'first event')} after day {result.horizon:g} not drawn.")
    said += _undated_notes(result)
    if result.grouping.compares and result.gray.reason:
        said.append(f"Gray's test not done: {result.gray.reason}.")
    return tuple(said)


def _undated_notes(result: Onset) -> list[str]:
    """Who is missing from the curves because the day is not stated, and the comparison that includes them."""
    row = result.ever
    if row is None:
        return []
    groups = result.grouping.compares
    missing = ", ".join(
        f"{name} {n}" if groups else str(n) for name, n in zip(result.grouping.names, result.undated, strict=True)
    )
    ever = ", ".join(
        f"{f'{name} ' if groups else ''}{count(n, of)}"
        for name, n, of in zip(result.grouping.names, row.n, row.of, strict=True)
    )
    p = f"; {row.test.name}, {p_equals(row.test.p)}" if groups and row.test.p is not None else ""
    return [
        f"In no curve, because the day is not stated: {missing}. Whoever ever had it, with or without a day: "
        f"{ever} of all treated{p}."
    ]


def _columns(result: Onset) -> tuple[TypedColumn, ...]:
    """Of a group: the incidence at each milestone."""

    def at(place: int, day: float) -> tuple[TypedColumn, ...]:
        return estimate_columns(f"incidence_day_{day:g}", lambda group: group.milestones[place])

    return (
        group_column(result.grouping.level_of),
        TypedColumn(name="n", unit="patients", value=lambda group: group.curve.n),
        TypedColumn(name="events", unit="patients", value=lambda group: group.curve.n_events),
        TypedColumn(name="deaths_before", unit="patients", value=lambda group: group.death.n_events),
        *(column for place, day in enumerate(MILESTONES) for column in at(place, day)),
        TypedColumn(name="reason", value=_why),
    )


def _why(group: GroupOnset) -> str | None:
    """Why a number is null."""
    said = [
        f"day {day:g}: {_missing(one)}" for day, one in zip(MILESTONES, group.milestones, strict=True) if _missing(one)
    ]
    return "; ".join(said) or None


def _missing(one: Estimate) -> str:
    return one.reason or ("no limits: nobody had it by then, or everybody" if one.low is None else "")


def _alt(result: Onset) -> str:
    listed = "; ".join(
        (
            f"{group.name}: {group.curve.n_events} of {group.curve.n}, "
            f"{percent(float(group.curve.incidence[-1]))} at the end of follow-up"
            if group.curve.n
            else f"{group.name}: no patients"
        )
        for group in result.groups
    )
    return f"Cumulative-incidence curves of the first {result.label} over days since infusion. {listed}."


def _until(result: Onset) -> str:
    return " or at the next anti-tumour therapy or infusion" if result.until_next else ""


def _terms(analysis: Analysis) -> tuple[str, ...]:
    """The terms whose cumulative incidence a report has."""
    return timed_terms(followed(analysis, True).cohort, followed=True)[:MOST_ONSETS]


def _found(analysis: Analysis, term: str, options: OnsetOptions) -> Onset:
    least = SEVERE if options.least == AT_LEAST_3 else 1
    return onset(counting(analysis, options).cohort, analysis.grouping, term, least)


def _onset(analysis: Analysis, term: str, options: OnsetOptions) -> Exhibit:
    found, least = _found(analysis, term, options), analysis.mask_below
    groups = (replace(each, curve=coarse(each.curve, least)) for each in found.groups)
    return noted_until(analysis, options, onset_figure(replace(found, groups=tuple(groups)), options.width))


def _who(analysis: Analysis, term: str, options: OnsetOptions) -> Who:
    found = _found(analysis, term, options)
    table = found.table.assign(entry=0.0, ended=found.table["cause"].map({EVENT: "event"}))
    return steps_who(onset_figure(found, options.width).data, table, {"events": "event"})


ONSET: Final = ExhibitSpec(
    "toxicity.onset.{term}",
    "Cumulative incidence of an event",
    needs="adverse_events",
    build=_onset,
    options=OnsetOptions,
    variants=_terms,
    more=lambda analysis: timed_terms(analysis.opened, followed=True),
    names=lambda term: f"toxicity.onset.{slug(term)}",
    who=_who,
)
