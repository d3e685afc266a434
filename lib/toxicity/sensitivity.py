"""Sensitivity analyses of the adverse events: adjusted p-values, other intervals, odds ratios, tests of all grades at
once.

The default test (Fisher's, with Newcombe's interval) stands in its own row; all else is together here, and nothing
replaces it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_value, plural, ratio, sentences
from lib.publication.spec import ExhibitSpec
from lib.stats.compared import benjamini_hochberg, holm
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.proportions import COCHRAN_ARMITAGE, MIETTINEN_NURMINEN, cochran_armitage, odds_ratio, risk_difference
from lib.stats.ranks import FREEMAN_HALTON, MONTE_CARLO, fisher_table, monte_carlo_error
from lib.toxicity.captions import (
    NOTHING,
    in_period,
    period_method,
    period_notes,
    printed_difference,
    printed_threshold,
    scale_notes,
    timing,
)
from lib.toxicity.contrasts import Contrast, against, contrasts
from lib.toxicity.events import ComparedOptions, are_compared, events, noted_until, terms_with_room
from lib.toxicity.incidence import ANY_EVENT, ANY_GRADE, AT_LEAST_3, Incidence

CAPTION: Final = (
    "Default: Fisher's exact test with Newcombe's interval. Everything else is here for comparison, none replaces it."
)
ALL_GRADES: Final = "all grades"
SHARE, GRADES, TREND = "share", "grades", "trend"  # the families within which p-values are adjusted
TWO: Final = 2
NO_TREND: Final = "defined for two groups"


@dataclass(frozen=True)
class SensitivityLine:
    """One test with its adjusted p-values; of a contrast also both intervals and the odds ratio (None for tests of
    grades)."""

    term: str
    threshold: str
    family: str
    test: TestResult
    contrast: Contrast | None = None
    newcombe: Estimate | None = None
    miettinen_nurminen: Estimate | None = None
    odds_ratio: Estimate | None = None
    holm_p: float | None = None
    bh_p: float | None = None


@dataclass(frozen=True)
class Sensitivity:
    """The lines of each term, and how many tests each family has."""

    incidence: Incidence
    lines: tuple[SensitivityLine, ...]

    def n_tests(self, family: str) -> int:
        """How many tests of this family were done."""
        return sum(line.family == family and line.test.p is not None for line in self.lines)


def sensitivity(result: Incidence, terms: tuple[str, ...]) -> Sensitivity:
    """The further analyses of these terms, and of any event where there are several."""
    rows = [row for row in result.rows if row.term in (ANY_EVENT, *terms) and row.threshold in (ANY_GRADE, AT_LEAST_3)]
    shown = [row for row in rows if row.threshold == ANY_GRADE or row.term in result.graded]
    lines: list[SensitivityLine] = []
    for row in shown:
        lines += [_of_contrast(contrast, result) for contrast in contrasts(row, result)]
        if row.threshold == AT_LEAST_3 and row.term != ANY_EVENT:
            lines += _of_grades(row.term, result)
    for adjust, column in ((holm, "holm_p"), (benjamini_hochberg, "bh_p")):
        lines = _adjusted(lines, adjust, column)
    return Sensitivity(result, tuple(lines))


def _of_contrast(contrast: Contrast, result: Incidence) -> SensitivityLine:
    counts = (contrast.n, contrast.of, contrast.n_reference, contrast.of_reference)
    refused = result.frame.refused.get(contrast.term, "")
    if refused:
        estimates = (Estimate(None, reason=refused),) * 3
    else:
        estimates = (risk_difference(*counts), risk_difference(*counts, MIETTINEN_NURMINEN), odds_ratio(*counts))
    return SensitivityLine(contrast.term, contrast.threshold, SHARE, contrast.test, contrast, *estimates)


def _of_grades(term: str, result: Incidence) -> list[SensitivityLine]:
    counts = grade_counts(term, result)
    refused = result.frame.refused.get(term, "")
    if refused:
        tests = [not_done(FREEMAN_HALTON, result.n, refused), not_done(COCHRAN_ARMITAGE, result.n, refused)]
    else:
        whole = fisher_table([list(column) for column in zip(*counts, strict=True)])
        trend = cochran_armitage(*counts) if len(counts) == TWO else not_done(COCHRAN_ARMITAGE, whole.n, NO_TREND)
        tests = [whole, trend]
    return [
        SensitivityLine(term, ALL_GRADES, family, test) for family, test in zip((GRADES, TREND), tests, strict=True)
    ]


def grade_counts(term: str, result: Incidence) -> list[list[int]]:
    """For each group its patients at worst grade 0 (no such event) to 5; whoever's grade is not stated is left out."""
    mine = result.worst[result.worst["term"] == term]
    counts = []
    for name, of in zip(result.grouping.names, result.of, strict=True):
        worst = mine.loc[mine["group"] == name, "worst"]
        graded = [int((worst == grade).sum()) for grade in range(1, 6)]
        counts.append([of - len(worst), *graded])
    return counts


def _adjusted(
    lines: Sequence[SensitivityLine], adjust: Callable[[Sequence[float | None]], tuple[float | None, ...]], column: str
) -> list[SensitivityLine]:
    """The lines with p-values adjusted within their family."""
    found = list(lines)
    for family in (SHARE, GRADES, TREND):
        places = [place for place, line in enumerate(found) if line.family == family]
        for place, p in zip(places, adjust([found[place].test.p for place in places]), strict=True):
            found[place] = replace(found[place], **{column: p})  # type: ignore[arg-type]  # both columns hold a p
    return found


def toxicity_sensitivity_table(result: Sensitivity) -> Table:
    """One row a test; intervals and odds ratio stand with the test of the same two groups."""
    incidence = result.incidence
    return typed_table(
        _columns(incidence),
        result.lines,
        id="toxicity.sensitivity",
        title=f"Sensitivity analyses{in_period(incidence, ', ')}",
        caption=f"{CAPTION} Differences and odds ratios: group against {incidence.grouping.reference_name}.",
        method=_method(result),
        notes=(*scale_notes(incidence), *period_notes(incidence)),
        n=incidence.n,
        tests=tuple(TestLine.of(line.test, _compared(line, incidence)) for line in result.lines),
    )


def _columns(incidence: Incidence) -> list[TypedColumn]:
    levels = incidence.grouping.levels
    return [
        TypedColumn("Adverse event", "term", value=lambda line: line.term, printed=lambda line: _name(line, incidence)),
        TypedColumn(name="threshold"),
        TypedColumn(name="group", value=lambda line: levels[line.contrast.slot] if line.contrast else ""),
        TypedColumn("Test", "test", value=lambda line: line.test.name, printed=lambda line: line.test.name),
        TypedColumn("p", "p", value=lambda line: line.test.p, printed=lambda line: p_value(line.test.p)),
        TypedColumn("p (Holm)", "p_holm", value=lambda line: line.holm_p, printed=lambda line: p_value(line.holm_p)),
        TypedColumn("p (BH)", "p_bh", value=lambda line: line.bh_p, printed=lambda line: p_value(line.bh_p)),
        *_of_estimate("Difference, % points (Newcombe 95 % CI)", "newcombe", "share", printed_difference),
        *_of_estimate(
            "Difference, % points (Miettinen-Nurminen 95 % CI)", "miettinen_nurminen", "share", printed_difference
        ),
        *_of_estimate("Odds ratio (exact 95 % CI)", "odds_ratio", "", lambda odds, _: printed_ratio(odds)),
        TypedColumn(name="reason", value=_why_missing),
    ]


def _of_estimate(
    heading: str, name: str, unit: str, printed: Callable[[Estimate | None, int], str]
) -> list[TypedColumn]:
    """One column in print, three of numbers: the estimate of this name and its limits."""

    def part(which: str) -> Callable[[SensitivityLine], object]:
        return lambda line: getattr(getattr(line, name), which, None)

    return [
        TypedColumn(heading, name, unit, part("value"), lambda line: printed(getattr(line, name), _fewest(line))),
        TypedColumn(name=f"{name}_low", unit=unit, value=part("low")),
        TypedColumn(name=f"{name}_high", unit=unit, value=part("high")),
    ]


def _fewest(line: SensitivityLine) -> int:
    """The patients of the smaller of the two groups."""
    return min(line.contrast.of, line.contrast.of_reference) if line.contrast else 0


def _name(line: SensitivityLine, incidence: Incidence) -> str:
    """The term and threshold; of several contrasts also the group."""
    name = f"{line.term}, {printed_threshold(line.threshold)}"
    if line.contrast is None or len(incidence.of) == TWO:
        return name
    return f"{name}, {incidence.grouping.names[line.contrast.slot]}"


def _compared(line: SensitivityLine, incidence: Incidence) -> str:
    groups = against(line.contrast, incidence) if line.contrast else " v ".join(incidence.grouping.names)
    return f"{line.term}, {line.threshold}: {groups}"


def _why_missing(line: SensitivityLine) -> str | None:
    reasons = [line.test.reason]
    reasons += [one.reason for one in (line.newcombe, line.miettinen_nurminen, line.odds_ratio) if one]
    if line.threshold == ALL_GRADES:
        reasons.append("a test of all grades has no difference")
    elif line.odds_ratio and line.odds_ratio.high is None and not line.odds_ratio.reason:
        reasons.append("the upper limit is infinite")
    return "; ".join(dict.fromkeys(filter(None, reasons))) or None


def printed_ratio(odds: Estimate | None) -> str:
    """ "4.47 (0.41–76.0)"; "∞ (0.81–∞)"; "NE (0.00–∞)" where nobody or everybody had it."""
    if odds is None or (odds.value is None and odds.low is None):
        return NOTHING
    infinite = odds.value is None and (odds.low or not odds.reason.endswith("had it"))
    high = "∞" if odds.high is None else ratio(odds.high)
    return f"{'∞' if infinite else ratio(odds.value)} ({ratio(odds.low)}–{high})"


def _method(result: Sensitivity) -> str:
    kinds = {SHARE: "of shares", GRADES: "of all grades (Fisher-Freeman-Halton)", TREND: "of trend (Cochran-Armitage)"}
    counted = ", ".join(f"{result.n_tests(family)} {words}" for family, words in kinds.items())
    said = [
        f"Tests: {counted}; Holm and Benjamini-Hochberg (BH) adjust within each kind. Two-sided.",
        "All grades: 0 (no such event) to 5, patients whose grade is not stated left out; trend: scores 0 to 5.",
        (
            "Odds ratio: conditional maximum likelihood, exact interval; ∞ where the reference has nobody with "
            "it or the group everybody; NE: not estimable."
        ),
    ]
    drawn = [line for line in result.lines if "Monte Carlo" in line.test.name and line.test.p is not None]
    if drawn:
        worst = max(monte_carlo_error(line.test.p or 0.0) for line in drawn)
        said.append(
            f"{plural(len(drawn), 'test')} by Monte Carlo ({MONTE_CARLO:,} random tables, seeded): p is "
            f"known to ± {worst:.4f} (99 %)."
        )
    not_tested = [line.test for line in result.lines if line.family == TREND and line.test.reason]
    said += dict.fromkeys(f"{test.name} not done: {test.reason}." for test in not_tested)
    said += period_method(result.incidence)
    return sentences(*said, timing(result.incidence.grouping))


def _sensitivity(analysis: Analysis, options: ComparedOptions) -> Exhibit:
    found = sensitivity(events(analysis, options), terms_with_room(analysis, options))
    return noted_until(analysis, options, toxicity_sensitivity_table(found))


SENSITIVITY: Final = ExhibitSpec(
    "toxicity.sensitivity",
    "Sensitivity analyses of adverse events",
    needs="adverse_events",
    build=_sensitivity,
    options=ComparedOptions,
    when=are_compared,
)
