"""The samples of one patient after one infusion, as arrays of the same length in order of day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.stats.estimate import Floats


@dataclass(frozen=True, eq=False)
class Samples:
    """`value` is read only where not `below`; `lloq` is NaN where no limit is stated."""

    day: Floats
    value: Floats
    below: npt.NDArray[np.bool_]
    lloq: Floats

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Samples":
        """The samples for which `chosen` is True."""
        return Samples(self.day[chosen], self.value[chosen], self.below[chosen], self.lloq[chosen])

    @property
    def amount(self) -> Floats:
        """The values, 0 below the limit of quantification."""
        return np.where(self.below, 0.0, self.value)
