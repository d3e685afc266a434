"""Each group against the reference, term by term: the difference of the shares with its interval, and Fisher's test of
the two.

What the dot plot, the volcano and the sensitivity analyses share.

Where the panels stand and how wide words are follows from the opened cohort, never from the selection.
"""

from dataclasses import dataclass
from typing import Final

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import TestLine
from lib.publication.number import MANY, plural, sentences
from lib.publication.options import choice
from lib.publication.text_width import SCREEN, SMALL, broken, text_width
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.ranks import FISHER, fisher
from lib.toxicity.captions import (
    TWO_METHODS,
    disagreeing,
    figure_notes,
    in_period,
    printed_threshold,
)
from lib.toxicity.captions import method as of_patients
from lib.toxicity.events import ComparedOptions, events
from lib.toxicity.grade_bars import PADDING, Space, space
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
        TestLine.of(each.test, f"{each.term}, {each.threshold}: {against(each, result.incidence)}")
        for each in result.contrasts
    )


def against(contrast: Contrast, incidence: Incidence) -> str:
    """The two groups of a contrast."""
    return f"{incidence.grouping.names[contrast.slot]} v {incidence.grouping.reference_name}"


SHARE_PANEL: Final = (0.0, 0.42)  # where each panel stands on x
DIFFERENCE_PANEL: Final = (0.58, 1.0)
WIDEST, WIDEST_OF_MANY = "−50 (−78 to −70)", "−50.5 (−78.5 to −70.5)"  # as printed below and from 100 patients on
P_COLUMN: Final = 46  # pixels


@dataclass(frozen=True)
class Layout:
    """The space of the names of the terms, pixels of the words behind the panels, and the heads over the panels in
    lines."""

    room: Space
    words: int
    heads: tuple[tuple[str, ...], ...]

    @property
    def plot(self) -> int:
        """About how many pixels both panels have together."""
        return self.room.width - PADDING - self.words - P_COLUMN - self.room.left

    @property
    def panel(self) -> float:
        """How many pixels one panel has."""
        return self.plot * (SHARE_PANEL[1] - SHARE_PANEL[0])

    @property
    def lines(self) -> int:
        """How many lines the longest head has."""
        return max(map(len, self.heads))


def layout(result: Differences, width: int = SCREEN) -> Layout:
    """The layout for these terms and groups."""
    grouping = result.incidence.grouping
    sizes = sorted(group.size for group in grouping.groups)
    widest = WIDEST_OF_MANY if sizes[:1] and sizes[-2:][0] >= MANY else WIDEST
    words = round(text_width(widest, SMALL)) + 10
    room = space(result.terms, width, words + P_COLUMN + width // 3)
    other = grouping.names[result.others[0]] if len(result.others) == 1 else "group"
    titles = ("Patients, %", f"Difference, % points: {other} − {grouping.reference_name}")
    panel = Layout(room, words, ()).panel
    return Layout(room, words, tuple(tuple(broken(title, 1.12 * panel, SMALL)) for title in titles))
