"""Each group against the reference, term by term: the difference of the shares with its interval, and Fisher's test of
the two.

What the dot plot, the volcano and the sensitivity analyses share.
"""

from dataclasses import dataclass
from typing import Final

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import TestLine
from lib.publication.number import plural
from lib.publication.options import choice
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.ranks import FISHER, fisher
from lib.toxicity.captions import (
    TWO_METHODS,
    disagreeing,
    figure_notes,
    in_period,
    printed_threshold,
    sentences,
    test_line,
)
from lib.toxicity.captions import method as of_patients
from lib.toxicity.events import ComparedOptions, events
from lib.toxicity.incidence import ANY_GRADE, AT_LEAST_3, Incidence, IncidenceRow

GRADE_CHOICES: Final = {each: printed_threshold(each).capitalize() for each in (ANY_GRADE, AT_LEAST_3)}


@dataclass(frozen=True)
class DifferenceOptions(ComparedOptions):
    """At which grade differences are shown."""

    grade: str = choice(ANY_GRADE, GRADE_CHOICES, "Grade")


@dataclass(frozen=True)
class Contrast:
    """One group (its place among the groups is `slot`) against the reference for one term at one threshold."""

    term: str
    threshold: str
    slot: int
    n: int
    of: int
    n_reference: int
    of_reference: int
    difference: Estimate
    test: TestResult


@dataclass(frozen=True)
class Differences:
    """Every contrast of these terms at one threshold: one row a term and group other than the reference."""

    incidence: Incidence
    threshold: str
    terms: tuple[str, ...]
    rows: tuple[IncidenceRow, ...]
    contrasts: tuple[Contrast, ...]

    @property
    def others(self) -> tuple[int, ...]:
        """The places of the groups that are compared with the reference."""
        return tuple(place for place in range(len(self.incidence.of)) if place != self.incidence.frame.reference)

    @property
    def n_tested(self) -> int:
        """How many of the contrasts were tested."""
        return sum(contrast.test.p is not None for contrast in self.contrasts)


def differences(result: Incidence, threshold: str, terms: tuple[str, ...]) -> Differences:
    """The contrasts of these terms, in their order."""
    rows_of = result.of_threshold(threshold)
    rows = tuple(rows_of[term] for term in terms if term in rows_of)
    return Differences(result, threshold, terms, rows, tuple(each for row in rows for each in contrasts(row, result)))


def contrasts(row: IncidenceRow, result: Incidence) -> list[Contrast]:
    """The row's groups, each against the reference."""
    reference = result.frame.reference
    found = []
    for slot, difference in enumerate(row.differences):
        if difference is None:
            continue
        n, of, n_reference, of_reference = row.n[slot], row.of[slot], row.n[reference], row.of[reference]
        test = (
            not_done(FISHER, of + of_reference, difference.reason)
            if difference.reason
            else fisher([n, n_reference], [of, of_reference])
        )
        found.append(Contrast(row.term, row.threshold, slot, n, of, n_reference, of_reference, difference, test))
    return found


def contrasts_of(analysis: Analysis, options: DifferenceOptions, terms: tuple[str, ...]) -> Differences:
    """The contrasts of these terms among the selected patients."""
    return differences(events(analysis, options), options.grade, terms)


def heading(result: Differences) -> str:
    """What stands in the figure itself: at which grade, in which period."""
    return f"{printed_threshold(result.threshold).capitalize()}{in_period(result.incidence, ', events that began ')}"


def method(result: Differences) -> str:
    """Who is counted, how groups are compared, and why interval and test can say different things."""
    incidence = result.incidence
    compared = (
        f"Difference to {incidence.grouping.reference_name} with its {incidence.frame.interval} 95 % interval; p:"
        f" Fisher's exact test of the two groups, two-sided, not adjusted for {plural(result.n_tested, 'comparison')}:"
        f" exploratory. {TWO_METHODS}"
    )
    return sentences(of_patients(incidence), compared)


def notes(result: Differences) -> tuple[str, ...]:
    """Where interval and test disagree, which terms are not drawn or not compared."""
    return (*disagreeing(result.rows), *figure_notes(result.incidence, result.terms))


def contrast_tests(result: Differences) -> tuple[TestLine, ...]:
    """Fisher's test of each contrast."""
    return tuple(
        test_line(each.test, f"{each.term}, {each.threshold}: {against(each, result.incidence)}")
        for each in result.contrasts
    )


def against(contrast: Contrast, incidence: Incidence) -> str:
    """The two groups of a contrast."""
    return f"{incidence.grouping.names[contrast.slot]} v {incidence.grouping.reference_name}"
