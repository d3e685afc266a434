"""Whether one hazard ratio can stand for a whole follow-up: the score test of proportional hazards, and curves that cross.

Curves cross where one lies at least FAR above the other and, at another time, as far below it, while at least COMPARED_FROM of each
group are at risk. Source: Grambsch & Therneau 1994 (as R's cox.zph); Royston & Parmar 2013 (restricted means instead).
"""

from typing import Final

import numpy as np

from lib.stats.arrays import Floats
from lib.stats.cox_model import cox_model
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier
from lib.stats.partial_likelihood import Observations
from lib.stats.proportional_hazards import OVERALL, proportional_hazards
from lib.stats.small_samples import COMPARED_FROM

LEVEL: Final = 0.05
FAR: Final = 0.1  # of the difference of two curves
SAID: Final = "hazards not proportional"
INSTEAD: Final = "the ratio is an average over the follow-up; compare restricted means, or the ratios by period"


def non_proportional(pair: Observations, tested: bool) -> str:
    """What speaks against one ratio of two groups (`design` is 0 and 1), in words for a note; "" where nothing does.

    `tested`: whether the ratio is Cox's; there is no score test of a penalised one.
    """
    second = pair.design[:, 0] == 1
    reasons = []
    p = _score_p(pair) if tested else None
    if p is not None and p < LEVEL:
        reasons.append(f"score test p {'< 0.0001' if p < 0.0001 else f'= {p:.4f}'}")
    if curves_cross(*(_curve(pair, mine) for mine in (second, ~second))):
        reasons.append("the curves cross")
    return f"{SAID} ({', '.join(reasons)}): {INSTEAD}" if reasons else ""


def curves_cross(one: SurvivalCurve, other: SurvivalCurve) -> bool:
    """Whether each of two curves lies far above the other at some time."""
    times = np.union1d(one.time, other.time)
    times = times[np.minimum(one.at_risk_at(times), other.at_risk_at(times)) >= COMPARED_FROM]
    first, second = (each.survival[np.searchsorted(each.time, times, side="right") - 1] for each in (one, other))
    apart: Floats = first - second
    return bool(len(apart)) and float(apart.max()) >= FAR and float(apart.min()) <= -FAR


def _score_p(pair: Observations) -> float | None:
    fit = cox_model(pair)
    return None if fit.reason else proportional_hazards(pair, fit, {})[OVERALL].p


def _curve(pair: Observations, mine: np.ndarray) -> SurvivalCurve:
    return kaplan_meier(pair.time[mine], pair.event[mine], None if pair.entry is None else pair.entry[mine])
