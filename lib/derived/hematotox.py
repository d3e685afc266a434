"""CAR-HEMATOTOX: the risk of prolonged cytopenia, scored from five values before lymphodepletion. 0-7 points, high from
2 on.

Platelets > 175: 0, 75-175: 1, < 75 x 10^9/L: 2. ANC >= 1.2 x 10^9/L: 0, else 1. Haemoglobin >= 90 g/L: 0, else 1. CRP <
30 mg/L (3 mg/dL): 0, else 1. Ferritin < 650: 0, 650-2000: 1, > 2000 µg/L: 2. Exactly 1.2, 90 and 30 are not defined in
the paper: 0, 0 and 1 here.
Source: Rejeski 2021, Blood 138:2499. What is missing leaves a range of scores.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

HIGH_FROM: Final = 2


@dataclass(frozen=True)
class Item:
    """One item: its analyte and unit as in lib/cohort/analyte.py, the most points it can give, and the points of an
    amount."""

    analyte: str
    unit: str
    most: int
    points: Callable[[float], int]


def _platelets(amount: float) -> int:
    return 2 if amount < 75 else 1 if amount <= 175 else 0


def _ferritin(amount: float) -> int:
    return 2 if amount > 2000 else 1 if amount >= 650 else 0


ITEMS: Final = (
    Item("platelets", "10^9/L", 2, _platelets),
    Item("neutrophils", "10^9/L", 1, lambda amount: int(amount < 1.2)),
    Item("haemoglobin", "g/L", 1, lambda amount: int(amount < 90)),
    Item("CRP", "mg/L", 1, lambda amount: int(amount >= 30)),
    Item("ferritin", "µg/L", 2, _ferritin),
)
MOST: Final = sum(item.most for item in ITEMS)


@dataclass(frozen=True)
class Hematotox:
    """The score as its lowest and highest possible value (the same where nothing is missing); `points` by analyte
    likewise."""

    points: Mapping[str, tuple[int, int]]
    missing: tuple[str, ...]

    @property
    def low(self) -> int:
        """The least points there can be, with items missing."""
        return sum(low for low, _ in self.points.values())

    @property
    def high(self) -> int:
        """The most points there can be, with items missing."""
        return sum(high for _, high in self.points.values())

    @property
    def score(self) -> int | None:
        """None where it is a range."""
        return self.low if self.low == self.high else None

    @property
    def category(self) -> str | None:
        """ "low" (0-1) or "high" (2 or more), also of a range that lies wholly in one; None where both are possible."""
        if self.low >= HIGH_FROM:
            return "high"
        return "low" if self.high < HIGH_FROM else None


def hematotox(amounts: Mapping[str, tuple[float, float]]) -> Hematotox:
    """The score of one patient from the lowest and highest possible amount of each analyte, in the units of ITEMS.

    A measured value has both the same, one below a limit of detection 0 and the limit; an analyte that is not there is
    missing.
    """
    points, missing = {}, []
    for item in ITEMS:
        if item.analyte in amounts:
            ends = sorted(item.points(amount) for amount in amounts[item.analyte])
            points[item.analyte] = (ends[0], ends[-1])
        else:
            points[item.analyte] = (0, item.most)
            missing.append(item.analyte)
    return Hematotox(points, tuple(missing))
