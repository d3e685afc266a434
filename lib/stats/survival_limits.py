"""Pointwise confidence limits of a survival curve on three scales, with Greenwood's variance.

"log-log" (the default here; best coverage in small groups), "log" (R's default) and "plain". Equal to R's survfit(conf.type=...),
which cuts log and plain limits at 1 and plain ones at 0; lifelines has log-log alone.
Before the first event Greenwood's variance is 0 and R has limits of 1 to 1, or none: there the lower one is exact instead, from
the patients then at risk (8 of 8: 0.63), and with nobody at risk there is none.
Source: Greenwood 1926; Kalbfleisch & Prentice 1980; Borgan & Liestol 1990;
Clopper & Pearson 1934 (flat start).
"""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats

Transform = Literal["log-log", "log", "plain"]
TRANSFORMS: Final[tuple[Transform, ...]] = ("log-log", "log", "plain")
TOLERANCE: Final = 1e-8
EXACT_START: Final = "before the first event exact, of the patients at risk"  # of captions


def greenwood_terms(at_risk: Floats, events: Floats) -> Floats:
    """d / (n (n - d)) of each time, whose running sum is the variance of log S; 0 where the curve falls to 0."""
    left = at_risk * (at_risk - events)
    return np.asarray(np.divide(events, left, out=np.zeros_like(left), where=left > 0))


def survival_limits(
    survival: Floats, greenwood: Floats, at_risk: Floats, level: float, transform: Transform
) -> tuple[Floats, Floats]:
    """The limits of S at each time; NaN at S = 0, and at S = 1 with nobody at risk.

    `greenwood` is the running sum of greenwood_terms.
    """
    from scipy.stats import norm

    reach = norm.ppf((1 + level) / 2) * np.sqrt(greenwood)
    inside = (survival > TOLERANCE) & (survival < 1 - TOLERANCE)
    if transform == "plain":
        low, high = survival - reach * survival, survival + reach * survival
    elif transform == "log":
        low, high = survival * np.exp(-reach), survival * np.exp(reach)
    else:
        logs = np.log(survival, out=np.full_like(survival, -1.0), where=inside)
        power = np.exp(reach / -logs)
        low, high = survival**power, survival ** (1 / power)
    flat = no_event_yet(survival)
    low, high = np.where(flat, exact_share(at_risk, level), low), np.where(flat, 1.0, high)
    undefined = (survival <= TOLERANCE) | (flat & (at_risk <= 0))
    return np.where(undefined, np.nan, np.maximum(low, 0)), np.where(undefined, np.nan, np.minimum(high, 1))


def no_event_yet(survival: Floats) -> npt.NDArray[np.bool_]:
    """Where a curve is still at 1."""
    return np.asarray(survival >= 1 - TOLERANCE)


def exact_share(of: Floats, level: float) -> Floats:
    """The exact lower limit of a share of n of n: ((1 - level) / 2) to the power of 1 / n; NaN for n = 0."""
    n = np.where(of > 0, of, np.nan)
    return np.asarray(((1 - level) / 2) ** (1 / n))
