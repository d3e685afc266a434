"""Further analyses of the adverse events: adjusted p-values, other intervals, odds ratios, tests of all grades at once.

The default test (Fisher's, with Newcombe's interval) stands in its own row; nothing here replaces it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.multiplicity import benjamini_hochberg, holm
from lib.stats.proportions import COCHRAN_ARMITAGE, MIETTINEN_NURMINEN, cochran_armitage, odds_ratio, risk_difference
from lib.stats.ranks import FREEMAN_HALTON, fisher_table
from lib.toxicity.counting import ANY_GRADE, AT_LEAST_3
from lib.toxicity.differences.result import Contrast, contrasts
from lib.toxicity.incidence import ANY_EVENT, Incidence

ALL_GRADES: Final = "all grades"
SHARE, GRADES, TREND = "share", "grades", "trend"  # the families within which p-values are adjusted
TWO: Final = 2
NO_TREND: Final = "defined for two groups"
NO_GRADES: Final = "no grade stated"


@dataclass(frozen=True)
class SensitivityLine:
    """One test with its adjusted p-values; of a contrast also both intervals and the odds ratio (None for tests of grades)."""

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
