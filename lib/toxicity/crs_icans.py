"""CRS and ICANS: worst grade by grading scale, onset, duration, tocilizumab and steroids, by group.

Grades of ASTCT 2019 (Lee 2019) and Lee 2014 are not interchangeable: each scale has its own rows, they are never added
up.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.model import Cohort
from lib.derived.adverse_events import (
    NO_SCALE,
    STEROIDS_AND_TOCILIZUMAB,
    WHOLE,
    Period,
    event_courses,
    treated_with,
    worst_by_scale,
)
from lib.publication.exhibit import Across, Columns, Exhibit, Table, TypedColumn, reported, typed_table
from lib.publication.number import count, day, plural, sentences
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Who, crossed, grouped_columns
from lib.toxicity.captions import NOTHING, timing
from lib.toxicity.events import CountedOptions, EventOptions, counting, noted_until
from lib.toxicity.incidence import sizes, with_group

SYNDROMES: Final = {
    "CRS": re.compile(r"\bcrs\b|cytokine.release|zytokin|细胞因子释放", re.IGNORECASE),
    "ICANS": re.compile(r"\bicans\b|\bcres\b|effector.cell.*neuro|neurotox|神经毒", re.IGNORECASE),
}


@dataclass(frozen=True)
class Spread:
    """Median and range of days over `n` patients; None over nobody. `missing` had the event, but the day is not
    stated."""

    n: int
    missing: int
    median: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Course:
    """One column of one event: the patients with it, of all treated; their grades by scale; onset, duration,
    treatment."""

    n: int
    of: int
    grades: dict[tuple[str, float], int]  # (scale, grade; NaN is not a key: 0 = not stated)
    onset: Spread
    duration: Spread
    treated: dict[str, int]


@dataclass(frozen=True)
class Syndrome:
    """One event of the workbook: its own term, the scales used, all patients first and then each group; `who` gives
    those behind each line of the table."""

    term: str
    scales: tuple[str, ...]
    grades: tuple[tuple[str, float], ...]
    treatments: tuple[str, ...]
    total: Course
    groups: tuple[Course, ...]
    who: Callable[[], tuple[frozenset[str], ...]] = field(compare=False, repr=False)

    @property
    def mixed(self) -> bool:
        """Whether its grades come from more than one scale."""
        return len([scale for scale in self.scales if scale != NO_SCALE]) > 1


@dataclass(frozen=True)
class Syndromes:
    """CRS and ICANS as far as the workbook has them."""

    grouping: Grouping
    found: tuple[Syndrome, ...]
    of: tuple[int, ...]
    n: int
    period: Period


def syndrome_terms(cohort: Cohort) -> tuple[str, ...]:
    """The terms of the opened cohort that mean CRS or ICANS, CRS first."""
    terms = cohort.vocabulary.get("term", ())
    return tuple(term for pattern in SYNDROMES.values() for term in terms if pattern.search(term))


def syndromes(cohort: Cohort, grouping: Grouping, period: Period = WHOLE) -> Syndromes:
    """The course of each of them among the selected patients who belong to a group."""
    of = sizes(cohort, grouping)
    found = tuple(_syndrome(cohort, grouping, term, period) for term in syndrome_terms(cohort))
    return Syndromes(grouping, found, of, sum(of), period)


def _syndrome(cohort: Cohort, grouping: Grouping, term: str, period: Period) -> Syndrome:
    worst = with_group(worst_by_scale(cohort, term, period), cohort, grouping)
    courses = with_group(event_courses(cohort, term, period), cohort, grouping)
    group, treated = group_of(cohort, grouping), treated_with(cohort, term, period)
    scales = tuple(worst["scale"].unique())
    given = worst[["scale", "grade"]].drop_duplicates().itertuples(index=False, name=None)
    grades = sorted(given, key=lambda each: (scales.index(each[0]), each[1] or 9))

    def course(names: tuple[str, ...]) -> Course:
        mine, graded = courses[courses["group"].isin(names)], worst[worst["group"].isin(names)]
        counts = Counter(graded.groupby(["scale", "grade"], dropna=False).size().to_dict())
        return Course(
            len(mine),
            int(group.isin(names).sum()),
            {place: counts[place] for place in grades},
            _spread(mine["onset"]),
            _spread(mine["days"]),
            {name: int(mine["patient_id"].isin(who).sum()) for name, who in treated.items()},
        )

    each = tuple(course((name,)) for name in grouping.names)

    def behind() -> tuple[frozenset[str], ...]:
        who = (
            courses["patient_id"],
            *(
                worst.loc[(worst["scale"] == scale) & (worst["grade"] == grade), "patient_id"]
                for scale, grade in grades
            ),
            *(courses.loc[courses[days].notna(), "patient_id"] for days in ("onset", "days")),
            *treated.values(),
        )
        return tuple(frozenset(map(str, of)) for of in who)

    return Syndrome(term, scales, tuple(grades), tuple(treated), course(grouping.names), each, behind)


def _spread(days: pd.Series) -> Spread:
    known = days.dropna()
    missing = int(days.isna().sum())
    if not len(known):
        return Spread(0, missing)
    return Spread(len(known), missing, float(known.median()), float(known.min()), float(known.max()))


@dataclass(frozen=True)
class Fact:
    """One event in one column of the table: how many, or over how many patients which days."""

    of_event: Syndrome
    place: int  # 0 is the total
    characteristic: str
    n: int
    of: int
    scale: str = ""
    days: Spread | None = None

    @property
    def label(self) -> str:
        """What stands before the line."""
        unit = "" if self.days is None else ", day" if self.characteristic == "onset" else ", days"
        return f"{self.of_event.term}, {self.characteristic}{f' ({self.scale})' if self.scale else unit}"

    @property
    def line(self) -> tuple[object, ...]:
        """What the facts of one line share."""
        return id(self.of_event), self.characteristic, self.scale, self.days is None

    @property
    def printed(self) -> str:
        """ "5 (63)"; "3 (1–7), n = 12"."""
        return _days(self.days) if self.days else count(self.n, self.of)

    @property
    def reason(self) -> str | None:
        """Why it has no days."""
        if self.days is None:
            return "a count has no days"
        return "no day is known" if self.days.median is None else None


def crs_icans_table(result: Syndromes) -> Table:
    """One block an event; differences and tests stand in the table of all adverse events."""
    label = result.period.label
    return typed_table(
        _columns(result),
        [
            fact
            for one in result.found
            for place, each in enumerate((one.total, *one.groups))
            for fact in _facts(one, place, each)
        ],
        id="toxicity.crs_icans",
        title=f"CRS and ICANS{f', {label}' if label else ''}",
        caption=(
            "Patients, n (%) of all treated, at the worst grade by the scale named; onset and duration: median (range)."
        ),
        method=_method(result),
        notes=_notes(result),
        n=result.n,
    )


def _columns(result: Syndromes) -> Columns:
    grouping, total = result.grouping, int(result.grouping.compares)
    levels, names = ("Total", *grouping.levels), ("Total", *grouping.names)
    sizes = (result.n, *result.of)
    headings = tuple(f"{name} (n = {of})" for name, of in zip(names, sizes, strict=True))[1 - total :]
    return (
        TypedColumn("CRS and ICANS", "term", "", lambda fact: fact.of_event.term, lambda fact: fact.label),
        TypedColumn(name="group", value=lambda fact: levels[fact.place]),
        *reported("characteristic", "scale"),
        *reported("n", "of", unit="patients"),
        TypedColumn(name="median", unit="days", value=lambda fact: getattr(fact.days, "median", None)),
        TypedColumn(name="minimum", unit="days", value=lambda fact: getattr(fact.days, "low", None)),
        TypedColumn(name="maximum", unit="days", value=lambda fact: getattr(fact.days, "high", None)),
        Across(headings, lambda fact: fact.line, lambda fact: fact.place - 1 + total, lambda fact: fact.printed),
        TypedColumn(name="reason"),
    )


def _facts(one: Syndrome, place: int, each: Course) -> Iterator[Fact]:
    yield Fact(one, place, "any grade", each.n, each.of)
    for (scale, grade), n in each.grades.items():
        yield Fact(one, place, _grade(grade), n, each.of, scale)
    for name, spread in (("onset", each.onset), ("duration", each.duration)):
        yield Fact(one, place, name, spread.n, each.n, days=spread)
    for name, n in each.treated.items():
        yield Fact(one, place, name.lower(), n, each.of)


def _grade(grade: float) -> str:
    return f"grade {grade:g}" if grade else "grade not stated"


def _days(spread: Spread) -> str:
    """ "3 (1–7), n = 12"; "–" where no day is known."""
    if spread.median is None:
        return NOTHING
    return f"{day(spread.median)} ({day(spread.low)}–{day(spread.high)}), n = {spread.n}"


def _method(result: Syndromes) -> str:
    scales = [f"{one.term}: {'; '.join(one.scales)}." for one in result.found if one.scales and not one.mixed]
    return sentences(
        *scales,
        "Onset: first day after infusion. Duration: days with the event, first and last day counted, overlapping rows"
        " once. Treatment: named with the event, or a course in Therapies that began while it lasted.",
        timing(result.grouping),
    )


def _notes(result: Syndromes) -> tuple[str, ...]:
    said = []
    for one in result.found:
        if one.mixed:
            named = " and ".join(scale for scale in one.scales if scale != NO_SCALE)
            said.append(
                f"{one.term} was graded by {named}: these grades are not interchangeable. They stand apart, "
                "are never added up, and groups "
                "are not compared; select the patients of one scale to compare them."
            )
        said += _unknown(one)
    return (*said, *_not_recorded(result))


def _not_recorded(result: Syndromes) -> Iterator[str]:
    """Which treatments the workbook names for none of those with the event."""
    of = {
        name: [one.term for one in result.found if one.total.n and name not in one.treatments]
        for name in STEROIDS_AND_TOCILIZUMAB
    }
    for terms in dict.fromkeys(tuple(each) for each in of.values() if each):
        names = " and ".join(name for name, each in of.items() if tuple(each) == terms)
        yield f"{names} not recorded for {' and '.join(terms)}."


def _unknown(one: Syndrome) -> Iterator[str]:
    if one.total.onset.missing:
        yield f"{one.term}: onset not stated in {plural(one.total.onset.missing, 'patient')}."
    if one.total.duration.missing:
        yield (
            f"{one.term}: duration not known in {plural(one.total.duration.missing, 'patient')} (first or "
            "last day not stated)."
        )


def found(analysis: Analysis, options: EventOptions) -> Syndromes:
    """CRS and ICANS of the selected patients, computed once."""
    return analysis.result(_syndromes, CountedOptions(options.until_next, options.kinds), options.days)


def _syndromes(analysis: Analysis, options: CountedOptions, period: Period) -> Syndromes:
    return syndromes(counting(analysis, options).cohort, analysis.grouping, period)


def _crs_icans(analysis: Analysis, options: EventOptions) -> Exhibit:
    return noted_until(analysis, options, crs_icans_table(found(analysis, options)))


def _who(analysis: Analysis, options: EventOptions) -> Who:
    lines = [who for one in found(analysis, options).found for who in one.who()]
    return crossed(lines, grouped_columns(analysis))


CRS_ICANS: Final = ExhibitSpec(
    "toxicity.crs_icans",
    "CRS and ICANS",
    needs="adverse_events",
    build=_crs_icans,
    options=EventOptions,
    when=lambda analysis, options: bool(found(analysis, options).found),
    who=_who,
)
