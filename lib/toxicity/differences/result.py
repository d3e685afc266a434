"""Each group against the reference, term by term: the difference of the shares with its interval, and Fisher's test of the two."""

from dataclasses import dataclass

from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.ranks import FISHER, fisher
from lib.toxicity.counting import IncidenceRow
from lib.toxicity.incidence import Incidence


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

    @property
    def total(self) -> int:
        return self.n + self.n_reference


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
