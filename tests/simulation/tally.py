"""How often of how many data sets, with the Monte Carlo standard error."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Outcomes = Mapping[str, Mapping[str, bool | None]]


@dataclass(frozen=True)
class Tally:
    """`yes` and `no` count the data sets with an answer, `none` those without."""

    yes: int = 0
    no: int = 0
    none: int = 0

    @property
    def n(self) -> int:
        return self.yes + self.no + self.none

    @property
    def answered(self) -> int:
        return self.yes + self.no

    def plus(self, outcome: bool | None) -> "Tally":
        return Tally(self.yes + (outcome is True), self.no + (outcome is False), self.none + (outcome is None))


def tallied(outcomes: Iterable[Outcomes]) -> dict[str, dict[str, Tally]]:
    """One tally for each part and name."""
    sums: dict[str, dict[str, Tally]] = {}
    for one in outcomes:
        for part, named in one.items():
            for name, outcome in named.items():
                sums.setdefault(part, {})[name] = sums.get(part, {}).get(name, Tally()).plus(outcome)
    return sums


def standard_error(share: float, n: int) -> float:
    return (share * (1 - share) / n) ** 0.5
