"""Cause-specific hazard ratios: Cox's model of one cause, with every other cause censored when it happens.

It answers what drives the cause among those still free of every cause; the subdistribution ratio (fine_gray.py) answers who
ends up with it. Equal to R's coxph(Surv(time, cause == of) ~ group). Source: Prentice et al. 1978; Latouche et al. 2013.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats
from lib.stats.cox import hazard_ratios
from lib.stats.estimate import Estimate, TestResult


def cause_specific_ratios(
    time: Floats,
    cause: Floats,
    group: npt.NDArray[np.object_],
    names: Sequence[str],
    reference: str,
    of: int = 1,
    entry: Floats | None = None,
) -> dict[str, tuple[Estimate, TestResult]]:
    """The hazard ratio of cause `of` for each group in `names` but the reference; reasons as in cox.hazard_ratios."""
    ratios = hazard_ratios(time, (cause == of).astype(float), group, names, reference, entry)
    return {name: (ratio, replace(test, name=f"Cause-specific: {test.name}")) for name, (ratio, test) in ratios.items()}
