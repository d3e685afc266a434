"""What is simulated: two equal groups that do not differ, uniform censoring, two competing causes, a response and a
biomarker.

Times are exponential with a median of MEDIAN months; of the events every second is of cause 1, at any time. Patients
enter evenly and are all followed until one day, which makes the censoring times uniform; the length of follow-up gives
the share censored.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

MEDIAN: Final = 12.0  # months
EARLY: Final = MEDIAN * np.log(4 / 3) / np.log(2)  # when a quarter of the patients have had the event
RESPONDING: Final = 0.6
FIRST, SECOND = "control", "treated"
NAMES: Final = (FIRST, SECOND)
SIZES: Final = (8, 12, 16, 30)
CENSORED: Final = (0.3, 0.5, 0.7)
SEED: Final = 20240501


@dataclass(frozen=True)
class Scenario:
    """So many patients in each of two groups, and the share of them who are expected to be censored."""

    size: int
    censored: float

    @property
    def name(self) -> str:
        return f"{self.size}+{self.size}, {100 * self.censored:.0f} % censored"


@dataclass(frozen=True)
class Drawn:
    """One data set: times in months, causes (0 = censored), responders (True), a positive biomarker."""

    time: np.ndarray
    cause: np.ndarray
    group: np.ndarray
    responded: np.ndarray
    biomarker: np.ndarray

    @property
    def event(self) -> np.ndarray:
        return (self.cause > 0).astype(float)

    def of(self, name: str) -> np.ndarray:
        return self.group == name


SCENARIOS: Final = tuple(Scenario(size, censored) for size in SIZES for censored in CENSORED)


def draw(scenario: Scenario, place: int) -> Drawn:
    """The data set at this place of the scenario's row; the same whenever and wherever it is drawn."""
    generator = np.random.default_rng([SEED, SCENARIOS.index(scenario), place])
    n = 2 * scenario.size
    survival = generator.exponential(MEDIAN / np.log(2), n)
    censoring = generator.uniform(0, longest_follow_up(scenario.censored), n)
    cause = generator.integers(1, 3, n).astype(float)
    return Drawn(
        np.minimum(survival, censoring),
        np.where(survival <= censoring, cause, 0.0),
        np.repeat(np.array(NAMES, dtype=object), scenario.size),
        generator.random(n) < RESPONDING,
        generator.lognormal(0.0, 1.0, n),
    )


def longest_follow_up(censored: float) -> float:
    """The end b of uniform censoring of which this share is censored: (1 - exp(-h b)) / (h b), by halving."""
    hazard = np.log(2) / MEDIAN
    low, high = 1e-6, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if -np.expm1(-hazard * middle) / (hazard * middle) > censored else (low, middle)
    return middle
