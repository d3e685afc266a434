"""Table 1: which characteristics it shows, in which order, under which names, and how each is printed.

As usual: median (IQR), below it the range; n (%); missing counts; SMD where the groups were known at infusion; p only
where wanted.

The numbers hold every level and group unrounded, and every test, shown or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from lib.baseline.characteristics import (
    MONTH_1,
    Baseline,
    BaselineOptions,
    CategorySummary,
    Levels,
    LevelSummary,
    NumberSummary,
    Summary,
    _levels,
    baseline,
    chosen_levels,
)
from lib.baseline.statistic import CAPTIONS, lines_of, mean_and_sd
from lib.cohort.analysis import Analysis
from lib.cohort.printed import signs
from lib.derived.best_response import response_at
from lib.publication.exhibit import Later, Numbers, Table, TestLine
from lib.publication.number import count, p_value, plural
from lib.publication.spec import ExhibitSpec
from lib.publication.who import Patients, Who, crossed, groups_of, ids
from lib.stats.estimate import Floats, TestResult
from lib.stats.ranks import FISHER, FREEMAN_HALTON, KRUSKAL_WALLIS, MANN_WHITNEY, STUDENT_T

COUNTS: Final = ("n", "of", "missing")
FIVE: Final = ("median", "q1", "q3", "minimum", "maximum")
NAMES: Final = ("characteristic", "level", "group", *COUNTS, *FIVE, "reason", "mean", "sd", "smd")
COLUMNS: Final = tuple((name, "patients" if name in COUNTS else "") for name in NAMES)
Place = tuple[str, str | None] | None  # the row and its level, None: no value; of a line that counts nobody None
INDENT: Final = "\u2003"
OUTCOME: Final = ", outcome after infusion"
SHORT: Final = {
    MANN_WHITNEY: "MW",
    KRUSKAL_WALLIS: "KW",
    STUDENT_T: "t",
    FISHER: "F",
    FREEMAN_HALTON: "FH",
}  # in the column Test
NO_P: Final = ("", "–")
NOT_ALIKE: Final = (
    "p-values of baseline differences are not adjusted for their number, and do not show that groups are alike."
)


def numbers(result: Baseline) -> Numbers:
    """One row a number or level and column of the table: n, of, missing, and for numbers the five-number summary, mean
    and SD.

    The standardised difference between the groups stands in every row of its characteristic."""
    names = ("Total", *result.grouping.levels) if result.grouping.compares else ("Total",)
    rows: list[tuple[object, ...]] = []
    for row in result.rows:
        smd = row.difference.value
        if isinstance(row, NumberSummary):
            for name, values, missing in zip(names, (row.total, *row.groups), row.missing, strict=False):
                why = "; ".join(filter(None, (_too_few(values), row.difference.reason))) or None
                of = (len(values), len(values) + missing, missing)
                rows.append((row.label, None, name, *of, *_five(values), why, *mean_and_sd(values), smd))
        else:
            for level in row.levels:
                for name, n, of_level, missing in zip(names, level.n, row.of, row.missing, strict=False):
                    why = "; ".join(filter(None, ("a category has no median", row.difference.reason)))
                    rows.append((row.label, level.level, name, n, of_level, missing, *[None] * 5, why, None, None, smd))
    return Numbers(COLUMNS, tuple(rows))


def _too_few(values: Floats) -> str:
    return ("nobody has a value", "one value has no deviation", "")[min(len(values), 2)]


def _five(values: Floats) -> tuple[float | None, ...]:
    if not len(values):
        return (None,) * 5
    low, middle, high = (float(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return middle, low, high, float(values.min()), float(values.max())


def tests(result: Baseline) -> tuple[TestLine, ...]:
    """Every test: the default one of each row, each level against the rest, and the t test of each number."""
    if not result.grouping.compares:
        return ()
    groups = " v ".join(result.grouping.names)
    lines = []
    for row in result.rows:
        if isinstance(row, NumberSummary):
            lines += [
                TestLine.of(row.test, f"{row.label}: {groups}"),
                TestLine.of(row.as_published, f"{row.label}: {groups}"),
            ]
        else:
            lines.append(TestLine.of(row.test, f"{row.label}: {groups}"))
            lines += [
                TestLine.of(level.test, f"{row.label} {level.level} against the rest: {groups}") for level in row.levels
            ]
    return tuple(lines)


def patients_at(analysis: Analysis, places: Sequence[Place], levels: Levels) -> list[Patients]:
    """The selected patients of each line, in a group or not; `levels` are those that the reader chose, with their
    names."""
    return [_at(analysis, *place, levels) if place else None for place in places]


def _at(analysis: Analysis, name: str, level: str | None, levels: Levels) -> frozenset[str]:
    cohort, named = analysis.selected, dict(levels.get(name, ()))
    values: pd.Series = response_at(cohort) if name == MONTH_1 else cohort.patients[name]
    there = (
        values.isna() if level is None else values.map(lambda each: named.get(each, each), na_action="ignore") == level
    )
    return frozenset(each for each, is_there in zip(ids(analysis), there, strict=True) if is_there)


@dataclass(frozen=True)
class _Line:
    """A printed line before it is known which columns there are; `cells` are of everybody, then of each group."""

    label: str
    cells: tuple[str, ...]
    difference: str = ""
    p: str = ""
    test: str = ""  # the name of the test behind p
    depth: int = 0
    place: Place = None


def baseline_table(result: Baseline, options: BaselineOptions) -> Table:
    """The printed table; its tests hold every test, shown or not."""
    compares = result.grouping.compares
    shows_p, shows_smd = compares and options.p_values, compares and bool(options.smd)
    lines = _headed(result, options)
    sizes = [f"{signs(name)} (n = {size:,})" for name, size in zip(result.grouping.names, result.sizes, strict=True)]
    columns = _in_order((f"Total (n = {result.n:,})", *(sizes if compares else ())), options.total)
    more = ("SMD",) * shows_smd + ("p", "Test") * shows_p
    return Table(
        id="baseline.table_one",
        title="Patient characteristics",
        header=("Characteristic", *columns, *more),
        rows=tuple(
            (
                INDENT * line.depth + line.label,
                *_in_order(line.cells[: 1 + len(sizes) * compares], options.total),
                *(line.difference,) * shows_smd,
                *(line.p, _short(line)) * shows_p,
            )
            for line in lines
        ),
        caption=" ".join((_of_cells(result, options), *_of_difference(result) * shows_smd)),
        method=" ".join(("Quartiles: R's type 7.", *_of_infusion(result), *(NOT_ALIKE,) * shows_p)),
        notes=(*_notes(result, options), *(_of_tests(lines, options) if shows_p else ())),
        n=result.n,
        numbers=numbers(result),
        tests=Later(partial(tests, result)),
        whole=True,
    )


def _in_order(cells: tuple[Any, ...], total: str) -> tuple[Any, ...]:
    """The cells with that of all patients first, last or not at all; a column that stands alone stays."""
    if len(cells) == 1 or total == "first":
        return cells
    return (*cells[1:], cells[0]) if total == "last" else cells[1:]


def _headed(result: Baseline, options: BaselineOptions) -> list[_Line]:
    """The lines of all rows, each heading above the first of the rows that stand under it together."""
    headings, blank = dict(options.headings), ("",) * (1 + len(result.grouping.names))
    lines: list[_Line] = []
    before = ""
    for row in result.rows:
        heading = headings.get(row.name, "")
        lines += [_Line(heading, blank)] if heading and heading != before else []
        made = _number_lines(row, options) if isinstance(row, NumberSummary) else _category_lines(row, options)
        lines += [replace(line, depth=line.depth + bool(heading)) for line in made]
        before = heading
    return lines


def _label(row: Summary, options: BaselineOptions) -> str:
    return dict(options.labels).get(row.name, row.label)


def _difference(row: Summary) -> str:
    value = row.difference.value
    return "–" if value is None else f"{value:.2f}"


def _number_lines(row: NumberSummary, options: BaselineOptions) -> list[_Line]:
    unit = f", {row.unit}" if row.unit else ""
    own = dict(options.statistics).get(row.name, options.statistic)
    p, test = _p_of(row, options)
    (word, cells), *below = lines_of(own, row.total, (row.total, *row.groups))
    label = f"{_label(row, options)}{unit}{f', {word}' if own != options.statistic else ''}"
    first = _Line(label, cells, _difference(row), p, test)
    rest = [_Line(name, more, depth=1) for name, more in below] if len(row.total) else []
    return [first, *rest, *_missing_line(row, options)]


def _p_of(row: NumberSummary, options: BaselineOptions) -> tuple[str, str]:
    """The p of a number and the name of its test, where they are wanted: no test is done for nobody."""
    if not options.p_values:
        return "", ""
    test = row.as_published if options.as_published else row.test
    return p_value(test.p), test.name


def _category_lines(row: CategorySummary, options: BaselineOptions) -> list[_Line]:
    label, missing = f"{_label(row, options)}{OUTCOME if row.outcome else ''}", _missing_line(row, options)
    difference = "" if row.outcome else _difference(row)
    if (alone := _alone(row)) is not None:
        says_it = not row.chosen or row.name in dict(options.labels)
        named = label if says_it else f"{label}, {signs(alone.level)}"
        return [_level_line(named, alone, row, difference, options.p_values), *missing]
    overall = "" if options.each_level or not options.p_values else _p(row.test, row.levels, row.of)
    lines = [_Line(label, ("",) * len(row.of), difference, overall, row.test.name if overall else "")]
    for level in _shown(row):
        shown = options.p_values and options.each_level
        lines.append(replace(_level_line(signs(level.level), level, row, "", shown), depth=1))
    return lines + missing


def _shown(row: CategorySummary) -> list[LevelSummary]:
    return [level for level in row.levels if not row.chosen or level.level in row.chosen]


def _alone(row: CategorySummary) -> LevelSummary | None:
    """The level that stands in the line of its row: yes beside no, or the only one that was chosen."""
    if row.chosen:
        return _shown(row)[0] if len(row.chosen) == 1 else None
    return row.levels[-1] if [level.level for level in row.levels] in (["no", "yes"], ["yes"]) else None


def _level_line(label: str, level: LevelSummary, row: CategorySummary, difference: str, tested: bool) -> _Line:
    shares = tuple(count(n, total) for n, total in zip(level.n, row.of, strict=True))
    line = _Line(label, shares, difference, place=(row.name, level.level))
    return replace(line, p=_p(level.test, (level,), row.of), test=level.test.name) if tested else line


def _p(test: TestResult, levels: tuple[LevelSummary, ...], of: tuple[int, ...]) -> str:
    """The p of a row; none where all or none of the patients have a level, and nobody differs from anybody."""
    counted, everybody = [sum(level.n[1:]) for level in levels], sum(of[1:])
    return p_value(None if everybody in counted or not any(counted) else test.p)


def _missing_line(row: Summary, options: BaselineOptions) -> list[_Line]:
    if not row.missing[0] or options.missing != "row":
        return []
    return [_Line("missing", tuple(map(str, row.missing)), depth=1, place=(row.name, None))]


def _short(line: _Line) -> str:
    """The abbreviation of the test behind the p of this line."""
    return SHORT[_test(line)] if line.p not in NO_P else ""


def _test(line: _Line) -> str:
    return line.test.partition(" (")[0]


def _of_tests(lines: list[_Line], options: BaselineOptions) -> list[str]:
    """The full names behind the column Test, each with how it was done."""
    named: dict[str, dict[str, None]] = {}
    for line in (line for line in lines if line.p not in NO_P):
        named.setdefault(_test(line), {})[line.test.removeprefix(_test(line)).strip(" ()")] = None
    said = [f"{SHORT[name]}, {name}{_how(ways)}" for name, ways in named.items()]
    against = " Categories: each level against all others." if options.each_level else ""
    return [f"Test: {'; '.join(said)}.{against}"] if said else []


def _how(ways: Iterable[str]) -> str:
    known = " or ".join(filter(None, ways))
    return f" ({known})" if known else ""


def _of_cells(result: Baseline, options: BaselineOptions) -> str:
    """What stands in the cells of rows that do not say it themselves."""
    own = dict(options.statistics)
    usual = any(
        isinstance(row, NumberSummary) and own.get(row.name, options.statistic) == options.statistic
        for row in result.rows
    )
    counted = "n (%) of patients with a value."
    return f"{CAPTIONS[options.statistic]}; {counted}" if usual else counted


def _of_difference(result: Baseline) -> tuple[str]:
    largest = ", the largest of all pairs of groups" if len(result.sizes) > 2 else ""
    return (f"SMD: standardised mean difference{largest}.",)


def _of_infusion(result: Baseline) -> list[str]:
    """Of which infusion the rows of Infusions and Therapies are."""
    labels = [row.label for row in result.rows if row.sheet]
    said = f"{', '.join(labels)}: of infusion {result.infusion}, from Infusions and Therapies."
    bridging = any(row.name == "bridging" and row.sheet for row in result.rows)
    return [said + (" Not bridged: no course of kind bridging begun by then." if bridging else "")] if labels else []


def _notes(result: Baseline, options: BaselineOptions) -> tuple[str, ...]:
    said = []
    outcomes = [_label(row, options) for row in result.rows if isinstance(row, CategorySummary) and row.outcome]
    if outcomes:
        said.append(f"{', '.join(outcomes)}: an outcome after infusion, no characteristic at baseline.")
    if result.n_ungrouped:
        said.append(f"{plural(result.n_ungrouped, 'patient')} without {result.grouping.label} in the total only.")
    return (*said, *(_of_missing(result, options) if options.missing != "none" else ()))


def _of_missing(result: Baseline, options: BaselineOptions) -> list[str]:
    """How many values are missing, where no row says it; and why, of what Infusions and Therapies give."""
    missing = [f"{_label(row, options)} {row.missing[0]:,}" for row in result.rows if row.missing[0]]
    said = [f"Missing: {', '.join(missing)}."] if missing and options.missing == "note" else []
    whys = ((row, ", ".join(f"{reason} ({n:,})" for reason, n in row.why)) for row in result.rows)
    return said + [f"{_label(row, options)} missing: {why}." for row, why in whys if why]


def _result(analysis: Analysis, options: BaselineOptions) -> Baseline:
    month_1 = options.month_1 and not analysis.selected.responses.empty
    levels = chosen_levels(options.levels, _levels(analysis, None))
    return baseline(analysis.selected, analysis.grouping, bool(month_1), options.rows, levels)


def _build(analysis: Analysis, options: BaselineOptions) -> Table:
    return baseline_table(_result(analysis, options), options)


def _who(analysis: Analysis, options: BaselineOptions) -> Who:
    places = [line.place for line in _headed(_result(analysis, options), options)]
    levels = chosen_levels(options.levels, _levels(analysis, None))
    groups = groups_of(analysis).values() if analysis.grouping.compares else ()
    columns = _in_order((frozenset(ids(analysis)), *groups), options.total)
    return crossed(patients_at(analysis, places, levels), (None, *columns))


TABLE_ONE: Final = ExhibitSpec("baseline.table_one", "Table 1", "patients", _build, BaselineOptions, who=_who)
