"""Where a curve stands on few patients: it is drawn paler there, and a note says so.

With fewer than FEWEST_AT_RISK at risk one event moves the curve by half or to 0. Source: Pocock, Clayton & Altman 2002 (curves
are not to be read where few remain).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.kaplan_meier import SurvivalCurve

FEWEST_AT_RISK: Final = 3


def thin_steps(curve: SurvivalCurve) -> npt.NDArray[np.bool_]:
    """For each row of the curve whether fewer than FEWEST_AT_RISK are at risk at the end of the step that begins there.

    The last row begins no step and is as the one before it.
    """
    steps = curve.n_at_risk[1:] < FEWEST_AT_RISK
    return np.append(steps, steps[-1:] if len(steps) else [False])


def thin_from(curve: SurvivalCurve) -> float | None:
    """The time from which on the curve is thin until its end; None if it is not."""
    thin = thin_steps(curve)
    if curve.n == 0 or not thin[-1]:
        return None
    well = np.flatnonzero(~thin)
    return float(curve.time[well[-1] + 1]) if len(well) else float(curve.time[0])
