"""Sensitivity analyses of one assay: every comparison by every test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from lib.assay.means import (
    LEGEND_OF_STARS,
    AllTests,
    AssayResult,
    all_tests,
    dunnett_tests,
    family_name,
    measured,
    name_of,
    prefix,
    warning,
    with_stars,
)
from lib.assay.series import slugs
from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, estimate_columns, reported, typed_table
from lib.publication.number import interval, p_value, short
from lib.publication.options import Sized, flag
from lib.publication.spec import ExhibitSpec
from lib.stats.estimate import Estimate, TestResult
from lib.stats.several_groups import GroupPair, MeanDifference

Pair = frozenset[str]
METHOD: Final = (
    "t test: Student's unpaired two-sided test of each dose against the control, not adjusted (as published), and"
    " adjusted by Holm; Dunnett: as on the figure, its 95 % limits are simultaneous; Tukey: all pairs; Dunn and"
    " Conover-Iman: rank tests of all pairs, adjusted by Holm."
)
P: Final = {
    "t test": "t_p",
    "t test, Holm": "t_holm_p",
    "Dunnett": "dunnett_p",
    "Tukey": "tukey_p",
    "Dunn": "dunn_holm_p",
    "Conover-Iman": "conover_holm_p",
}  # headings, and names in the numbers


@dataclass(frozen=True)
class StarOptions(Sized):
    """How p-values are marked."""

    stars: bool = flag(False, "Stars beside p")


@dataclass(frozen=True)
class Line:
    """A line of the table: two groups by every test (`p` in the order of P), or without names all groups of a
    family."""

    of: AllTests
    first: str = ""
    second: str = ""
    difference: Estimate | None = None
    p: tuple[float | None, ...] = ()
    reason: str | None = None

    @property
    def compared(self) -> str:
        """What stands under Comparison."""
        return f"{self.first} v {self.second}" if self.first else f"all {len(self.of.family.values)} groups"


def sensitivity_table(result: AssayResult, found: tuple[AllTests, ...], stars: bool = False) -> Table:
    """One row an overall test of a family and one a pair of its groups; the test of the figure among the others.

    `stars`: beside adjusted p-values.
    """
    lines = [line for each in found for line in (Line(each), *_pairs(each))]
    return typed_table(
        _columns(result, stars),
        lines,
        [line for line in lines if line.first],
        id=f"assay.{result.series.slug}.sensitivity",
        title=f"Sensitivity analyses, {name_of(result.series)}",
        caption=_caption(result, stars),
        method=f"{METHOD} {warning(result)}",
        notes=_reasons(found),
        n=result.n_wells,
        tests=_tests(result, found),
        of_patients=False,
    )


def _columns(result: AssayResult, stars: bool) -> tuple[TypedColumn, ...]:
    def p_column(place: int, heading: str, name: str) -> TypedColumn:
        return TypedColumn(heading, name, "", lambda line: line.p[place], lambda line: _p(line, place, stars))

    family = ("Time" if len(result.times) > 1 else "Agent") if len(result.families) > 1 else ""
    difference = "Difference of means (95 % CI)"
    return (
        TypedColumn(family, printed=lambda line: family_name(result, line.of.family)),
        TypedColumn(name="line", value=lambda line: line.of.family.line or None),
        TypedColumn(name="time", unit=result.series.time_unit, value=lambda line: line.of.family.time),
        TypedColumn("Comparison", printed=lambda line: line.compared),
        *reported("first", "second"),
        *estimate_columns("difference", lambda line: line.difference, result.series.unit, difference, _difference),
        *(p_column(place, *named) for place, named in enumerate(P.items())),
        *reported("reason"),
    )


def _p(line: Line, place: int, stars: bool) -> str:
    if not line.p:
        return ""
    return with_stars(line.p[place], stars) if place else p_value(line.p[place])


def _pairs(each: AllTests) -> list[Line]:
    """Pairs with the control first, the other group named first."""
    means, dunnett = _differences(each.tukey), _differences(each.family.dunnett)
    student, dunn, conover = _by_pair(each.student), _by_pair(each.dunn), _by_pair(each.conover)
    found = []
    for first, second in _ordered(each):
        key = frozenset((first, second))
        tukey, own, t = means[key], dunnett.get(key), student.get(key)
        low, high = (own.difference.low, own.difference.high) if own else (None, None)
        value = tukey.difference.value
        signed = None if value is None else value if tukey.first == first else -value
        against = (t.test.p if t else None, t.adjusted_p if t else None, own.test.p if own else None)
        p = (*against, tukey.test.p, dunn[key].adjusted_p, conover[key].adjusted_p)
        difference = replace(tukey.difference, value=signed, low=low, high=high)
        found.append(Line(each, first, second, difference, p, tukey.test.reason or None))
    return found


def _ordered(each: AllTests) -> list[tuple[str, str]]:
    control = each.family.control
    pairs = [(second, first) for first, second in combinations(each.family.values, 2)]
    pairs.sort(key=lambda pair: control not in pair)
    return [(first, second) if first != control else (second, first) for first, second in pairs]


def _differences(found: tuple[MeanDifference, ...]) -> dict[Pair, MeanDifference]:
    return {frozenset((each.first, each.second)): each for each in found}


def _by_pair(found: tuple[GroupPair, ...]) -> dict[Pair, GroupPair]:
    return {frozenset((pair.first, pair.second)): pair for pair in found}


def _caption(result: AssayResult, stars: bool) -> str:
    legend = f" {LEGEND_OF_STARS}" if stars else ""
    return f"p-values, n = {'donors' if result.by_donor else 'wells'}; differences: first minus second.{legend}"


def _reasons(found: tuple[AllTests, ...]) -> tuple[str, ...]:
    """Why tests were not done, each reason once."""
    tests: list[TestResult] = []
    for each in found:
        tests += [each.anova, each.kruskal_wallis]
        tests += [pair.test for pair in (*each.student, *each.dunn, *each.conover)]
        tests += [pair.test for pair in (*each.family.dunnett, *each.tukey)]
    reasons = dict.fromkeys(f"{test.name}: {test.reason}" for test in tests if test.reason)
    return (f"Not done (–): {'; '.join(reasons)}.",) if reasons else ()


def _tests(result: AssayResult, found: Sequence[AllTests]) -> tuple[TestLine, ...]:
    """The default and every other test; of pairs the adjusted p, named so."""
    lines = list(dunnett_tests(result))
    for each in found:
        before = prefix(result, each.family)
        every = " v ".join(each.family.values)
        lines += [TestLine.of(test, before + every) for test in (each.anova, each.kruskal_wallis)]
        lines += [TestLine.of(pair.test, f"{before}{pair.first} v {pair.second}") for pair in each.student]
        lines += [TestLine.of(pair.test, f"{before}{pair.first} v {pair.second}") for pair in each.tukey]
        for pair in (*each.dunn, *each.conover):
            line = TestLine.of(pair.test, f"{before}{pair.first} v {pair.second}")
            lines.append(replace(line, name=f"{line.name} ({pair.adjustment})", p=pair.adjusted_p))
    return tuple(lines)


def _difference(line: Line) -> str:
    """A difference, with its limits where it has them: −4.77 (−7.1 to −2.4); of all groups the overall tests."""
    if line.difference is None:
        return f"ANOVA p {p_value(line.of.anova.p)}; Kruskal-Wallis p {p_value(line.of.kruskal_wallis.p)}"
    low, high = line.difference.low, line.difference.high
    limits = "" if low is None else f" ({interval(low, high).replace('–', ' to ')})"
    return f"{short(line.difference.value)}{limits}".replace("-", "−")


def _build(analysis: Analysis, slug: str, options: StarOptions) -> Exhibit:
    found = measured(analysis, slug)
    return sensitivity_table(found, all_tests(found), options.stars)


SENSITIVITY: Final = ExhibitSpec(
    "assay.{series}.sensitivity",
    "Sensitivity analyses of wells",
    needs="assays",
    variants=slugs,
    build=_build,
    options=StarOptions,
)
