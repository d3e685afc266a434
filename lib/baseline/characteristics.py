"""The characteristics of the selected patients: each variable summarised in total and by group, with its tests and its
standardised difference.

A number gets Mann-Whitney (Kruskal-Wallis for more than two groups), a category Fisher's exact test
(Fisher-Freeman-Halton for more than two levels or groups). Missing values are counted, and are in no percentage, no
test and no difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.baseline.statistic import STATISTICS
from lib.cohort.analysis import Analysis
from lib.cohort.at_infusion import why_missing
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort, Variable
from lib.cohort.selection import Flags
from lib.derived.best_response import MONTH_1_DAY, MONTH_1_WINDOW, response_at, response_levels
from lib.publication.options import Sized, choice, flag, several, texts
from lib.stats.estimate import Estimate, Floats, TestResult, not_done
from lib.stats.means import category_difference, number_difference
from lib.stats.ranks import FISHER, fisher, fisher_table, location_test, student_t

MONTH_1: Final = "month_1"
MONTH_1_LABEL: Final = f"Response at month 1 (day {MONTH_1_DAY:g} ± {MONTH_1_WINDOW:g})"
ALONE: Final = "one group only"
NO_LEVELS: Final = "no values"
Levels = Mapping[
    str, Sequence[tuple[str, str]]
]  # by variable: which levels are shown, in order, each with its name; one name unites


def chosen_levels(lines: Sequence[tuple[str, str]], known: Mapping[str, tuple[str, ...]]) -> Levels:
    """Of each row the levels that the reader chose, as the workbook writes them, with their names."""
    found = {}
    for name, written in lines:
        spelled = {level.casefold(): level for level in known.get(name, ())}
        pairs = [part.partition(" = ") for part in written.split(";") if part.strip()]
        levels = [
            (spelled[old.strip().casefold()], new.strip() or spelled[old.strip().casefold()]) for old, _, new in pairs
        ]
        found[name] = levels
    return found


Places = npt.NDArray[np.intp]  # of each patient that of her group, -1 without one


@dataclass(frozen=True)
class NumberSummary:
    """A number: the values of everybody and of each group, how many are missing (and why), and the tests between
    groups."""

    name: str
    label: str
    unit: str
    total: Floats
    groups: tuple[Floats, ...]
    missing: tuple[int, ...]  # total first, then one a group
    compares: bool
    difference: Estimate
    sheet: str = ""  # the table that it comes from where that is not Patients
    why: tuple[tuple[str, int], ...] = ()  # there is no value, as far as that is known

    @cached_property
    def test(self) -> TestResult:
        """The default test between the groups, done when it is first asked for."""
        return location_test(self.groups) if self.compares else not_done("", len(self.total), ALONE)

    @cached_property
    def as_published(self) -> TestResult:
        """Student's t test of two groups."""
        if not self.compares:
            return self.test
        if len(self.groups) == 2:
            return student_t(*self.groups)
        return not_done("Student's t test", len(self.total), "not for more than two groups")


@dataclass(frozen=True)
class LevelSummary:
    """One level of a category: how many in total and in each group, and how many of these have a value."""

    level: str
    n: tuple[int, ...]  # total first, then one a group
    of: tuple[int, ...]
    compares: bool

    @cached_property
    def test(self) -> TestResult:
        """The level against all others, done when it is first asked for."""
        return fisher(self.n[1:], self.of[1:]) if self.compares else not_done(FISHER, sum(self.of[1:]), ALONE)


@dataclass(frozen=True)
class CategorySummary:
    """A category: its levels, how many have a value (total, then groups), and how many have none.

    `chosen` are the levels that the reader chose, () = all of them.
    """

    name: str
    label: str
    levels: tuple[LevelSummary, ...]
    of: tuple[int, ...]
    missing: tuple[int, ...]
    compares: bool
    difference: Estimate
    chosen: tuple[str, ...] = ()
    outcome: bool = False  # known only after the infusion: no characteristic at baseline
    sheet: str = ""
    why: tuple[tuple[str, int], ...] = ()

    @cached_property
    def test(self) -> TestResult:
        """The test over all levels, done when it is first asked for."""
        if self.compares and self.levels:
            return fisher_table([level.n[1:] for level in self.levels])
        return not_done(FISHER, self.of[0], NO_LEVELS if self.compares else ALONE)


Summary = NumberSummary | CategorySummary


@dataclass(frozen=True)
class Baseline:
    """All rows of Table 1, and the size of the whole and of each group."""

    grouping: Grouping
    n: int
    sizes: tuple[int, ...]
    n_ungrouped: int
    rows: tuple[Summary, ...]
    infusion: int = 1


def offered_rows(cohort: Cohort, grouping: Grouping) -> tuple[Variable, ...]:
    """Every variable but the grouping itself; a number that was cut is still a row."""
    return tuple(each for each in cohort.variables if each.name != grouping.variable or grouping.cuts)


def default_rows(cohort: Cohort, grouping: Grouping) -> tuple[str, ...]:
    """The columns of Patients, then what Infusions and Therapies give where patients differ in it."""
    offered = offered_rows(cohort, grouping)
    return tuple(
        each.name for each in offered if not each.sheet or cohort.patients[each.name].nunique(dropna=False) > 1
    )


def baseline(
    cohort: Cohort,
    grouping: Grouping,
    month_1_response: bool = False,
    names: Sequence[str] | None = None,
    levels: Levels | None = None,
) -> Baseline:
    """The characteristics of the selected patients, in the order of `names` (None: the usual ones); those without a
    group are in the total only."""
    levels, names_of = levels or {}, pd.Index(grouping.names)
    group = names_of.get_indexer(pd.Index(grouping.of(cohort.patients)))
    sizes = tuple(np.bincount(group[group >= 0], minlength=len(names_of)).tolist())
    variables = {each.name: each for each in offered_rows(cohort, grouping)}
    rows: list[Summary] = []
    for name in default_rows(cohort, grouping) if names is None else names:
        values = cohort.patients[name]
        if variables[name].kind == "number":
            row: Summary = _number(variables[name], values, group, grouping)
        else:
            row = _category(
                (name, variables[name].label), variables[name].levels, values, (group, grouping), levels.get(name, ())
            )
        sheet = variables[name].sheet
        rows.append(replace(row, sheet=sheet, why=_why(cohort, name) if row.missing[0] else ()) if sheet else row)
    if month_1_response:
        responses = response_at(cohort)
        of = (MONTH_1, MONTH_1_LABEL)
        made = _category(of, response_levels(responses), responses, (group, grouping), levels.get(MONTH_1, ()))
        rows.append(replace(made, outcome=True))
    return Baseline(grouping, cohort.n, sizes, int((group < 0).sum()), tuple(rows), cohort.infusion)


def _why(cohort: Cohort, name: str) -> tuple[tuple[str, int], ...]:
    reasons = why_missing(cohort, name)
    return tuple((str(reason), int(n)) for reason, n in reasons[reasons != ""].value_counts().items())


def _counts(group: Places, chosen: Flags, grouping: Grouping) -> tuple[int, ...]:
    """How many are chosen, of all patients and of each group."""
    each = np.bincount(group[chosen & (group >= 0)], minlength=len(grouping.names)).tolist()
    return (int(chosen.sum()), *each)


def _number(variable: Variable, values: pd.Series, group: Places, grouping: Grouping) -> NumberSummary:
    numbers = values.to_numpy(float)
    known = ~np.isnan(numbers)
    parts = tuple(numbers[known & (group == place)] for place in range(len(grouping.names)))
    total, missing = numbers[known], _counts(group, ~known, grouping)
    of = (variable.name, variable.label, variable.unit, total, parts, missing)
    difference = number_difference(parts) if grouping.compares else Estimate(None, reason=ALONE)
    return NumberSummary(*of, grouping.compares, difference)


def _category(
    of: tuple[str, str],  # name and label
    known: Sequence[str],
    values: pd.Series,
    groups: tuple[Places, Grouping],
    chosen: Sequence[tuple[str, str]],
) -> CategorySummary:
    group, grouping = groups
    named = dict(chosen)
    values = values.map(lambda level: named.get(level, level), na_action="ignore") if named else values
    shown = tuple(dict.fromkeys(named.values()))
    every = tuple(dict.fromkeys([*shown, *(named.get(level, level) for level in known)]))
    place, stated = pd.Index(every, dtype="object").get_indexer(pd.Index(values)), values.notna().to_numpy()
    counts = [_counts(group, place == each, grouping) for each in range(len(every))]
    with_value, missing = (_counts(group, each, grouping) for each in (stated, ~stated))
    compares = grouping.compares
    levels = tuple(LevelSummary(level, row, with_value, compares) for level, row in zip(every, counts, strict=True))
    difference = Estimate(None, reason=NO_LEVELS if compares else ALONE)
    if compares and counts:
        difference = category_difference([list(row[1:]) for row in counts])
    return CategorySummary(*of, levels, with_value, missing, compares, difference, shown)


def _compares(analysis: Analysis, _variant: Any) -> bool:
    return analysis.grouping.compares


def _rows(analysis: Analysis, _variant: Any = None) -> dict[str, str]:
    return {each.name: each.label for each in offered_rows(analysis.opened, analysis.grouping)}


def _named(analysis: Analysis, _variant: Any) -> dict[str, str]:
    outcome = {} if analysis.opened.responses.empty else {MONTH_1: MONTH_1_LABEL}
    return _rows(analysis) | outcome


def _numeric(analysis: Analysis, _variant: Any) -> dict[str, str]:
    return {each.name: each.label for each in offered_rows(analysis.opened, analysis.grouping) if each.kind == "number"}


def _levels(analysis: Analysis, _variant: Any) -> dict[str, tuple[str, ...]]:
    """The levels of every category; of the response at month 1 those of the workbook."""
    found = {each.name: each.levels for each in offered_rows(analysis.opened, analysis.grouping) if each.levels}
    responses = analysis.opened.vocabulary.get("response", ())
    return found | ({MONTH_1: responses} if responses else {})


def _categories(analysis: Analysis, _variant: Any) -> dict[str, str]:
    return {name: label for name, label in _named(analysis, None).items() if name in _levels(analysis, None)}


@dataclass(frozen=True)
class BaselineOptions(Sized):
    """What Table 1 shows, and how: rows and their names, statistics, differences and p-values, an outcome."""

    smd: bool = flag(
        None,
        "Standardised differences",
        help=(
            "SMD: the difference of the groups in units of the spread within them, whatever their size. On by default "
            "where the groups were known at infusion."
        ),
        usual=lambda analysis, _: analysis.grouping.known_at is not None and analysis.grouping.known_at <= 0,
        when=_compares,
    )
    p_values: bool = flag(
        False,
        "p-values",
        help="Off by default: patients were not randomised, so they say little about who is alike.",
        when=_compares,
    )
    each_level: bool = flag(False, "Each level against the rest", when=_compares, only_with=("p_values", True))
    as_published: bool = flag(
        False, "As published (Student's t for numbers)", when=_compares, only_with=("p_values", True)
    )
    month_1: bool = flag(
        None,
        "Response at month 1",
        help="An outcome after infusion, marked as such: it is no characteristic at baseline.",
        usual=lambda analysis, _: analysis.opened.study.month_1_response and not analysis.opened.responses.empty,
        when=lambda analysis, _: not analysis.opened.responses.empty,
    )
    rows: tuple[str, ...] = several(
        None,
        _rows,
        "Rows",
        none="no row",
        help="They stand in the order in which they are chosen.",
        usual=lambda analysis, _: default_rows(analysis.opened, analysis.grouping),
    )
    statistic: str = choice(next(iter(STATISTICS)), STATISTICS, "Numbers")
    total: str = choice(
        "first", {"first": "First", "last": "Last", "none": "Not shown"}, "Column of all patients", when=_compares
    )
    missing: str = choice("row", {"row": "A row", "note": "A note", "none": "Not shown"}, "Missing values")
    labels: tuple[tuple[str, str], ...] = texts(
        _named, "Names of rows", example="Sex: Male", help="One a line: the row, a colon, its name in the table."
    )
    levels: tuple[tuple[str, str], ...] = texts(
        _categories,
        "Levels shown",
        words=_levels,
        example="Prior lines of therapy: 3 = 3 to 4; 4 = 3 to 4; >=5",
        help=(
            "One row a line: its levels in order, parted by ;. Levels that are not named are not shown. A new name"
            " follows =, and levels of one name are counted together. One level alone stands in the line of its row."
        ),
    )
    headings: tuple[tuple[str, str], ...] = texts(
        _named,
        "Headings",
        example="Extramedullary disease: Disease",
        help=(
            "One a line: the row, a colon, the heading above it. Rows that follow each other with the same heading "
            "stand under it together."
        ),
    )
    statistics: tuple[tuple[str, str], ...] = texts(
        _numeric,
        "Numbers of single rows",
        words=lambda analysis, _: dict.fromkeys(_numeric(analysis, None), tuple(STATISTICS)),
        example="Age: mean_sd",
        help=f"One a line: the row, a colon, and {', '.join(STATISTICS)}.",
    )
