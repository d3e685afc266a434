"""Pointwise confidence limits of a survival curve on three scales, with Greenwood's variance.

"log-log" (the default here; best coverage in small groups), "log" (R's default) and "plain". Equal to R's survfit(conf.type=...),
which cuts log and plain limits at 1 and plain ones at 0; lifelines has log-log alone.
Source: Greenwood 1926; Kalbfleisch & Prentice 1980; Borgan & Liestol 1990.
"""

from typing import Final, Literal

import numpy as np

from lib.stats.arrays import Floats

Transform = Literal["log-log", "log", "plain"]
TRANSFORMS: Final[tuple[Transform, ...]] = ("log-log", "log", "plain")
TOLERANCE: Final = 1e-8


def greenwood_terms(at_risk: Floats, events: Floats) -> Floats:
    """d / (n (n - d)) of each time, whose running sum is the variance of log S; 0 where the curve falls to 0."""
    left = at_risk * (at_risk - events)
    return np.asarray(np.divide(events, left, out=np.zeros_like(left), where=left > 0))


def survival_limits(
    times: Floats, survival: Floats, greenwood: Floats, level: float, transform: Transform
) -> tuple[Floats, Floats]:
    """The limits of S at each time; NaN where R has none: at S = 0 and, for log-log after time 0, at S = 1.

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
    no_event_yet = (survival >= 1 - TOLERANCE) & (times > 0)
    undefined = (survival <= TOLERANCE) | (no_event_yet & (transform == "log-log"))
    return np.where(undefined, np.nan, np.maximum(low, 0)), np.where(undefined, np.nan, np.minimum(high, 1))
