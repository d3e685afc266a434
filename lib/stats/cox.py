"""Hazard ratios of groups against a reference: Cox's model with Efron's handling of ties.

lifelines' fit, told to go on to 1e-12: with its own stopping rule the veteran data end 4e-5 away from R.
Source: Cox 1972; Efron 1977.
"""

import warnings
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.stats.estimate import Estimate, TestResult, not_done

NAME: Final = "Wald test of the hazard ratio (Cox model, Efron ties)"
FEWEST_EVENTS: Final = 5  # below this no hazard ratio is given
PRECISION: Final = {"precision": 1e-12}
Floats = npt.NDArray[np.float64]


def hazard_ratios(
    time: Floats,
    event: Floats,
    group: npt.NDArray[np.object_],
    names: Sequence[str],
    reference: str,
    entry: Floats | None = None,
) -> dict[str, tuple[Estimate, TestResult]]:
    """The hazard ratio of each group in `names` but the reference, with its Wald interval and test.

    Not estimable (with the reason) for a group without patients or events, or when the reference has none.
    """
    reasons = {name: _reason(event, group, name, reference) for name in names if name != reference}
    usable = [name for name, reason in reasons.items() if not reason]
    fitted = _fit(time, event, group, usable, reference, entry) if usable else {}
    return {
        name: fitted.get(name) or _without(reason or "the model did not converge", group, name, reference)
        for name, reason in reasons.items()
    }


def _reason(event: Floats, group: npt.NDArray[np.object_], name: str, reference: str) -> str:
    for one in (name, reference):
        if not np.any(group == one):
            return f"no patients in {one}"
        if not np.any(event[group == one]):
            return f"no events in {one}"
    both = (group == name) | (group == reference)
    return f"fewer than {FEWEST_EVENTS} events" if event[both].sum() < FEWEST_EVENTS else ""


def _fit(
    time: Floats, event: Floats, group: npt.NDArray[np.object_], usable: list[str], reference: str, entry: Floats | None
) -> dict[str, tuple[Estimate, TestResult]]:
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning

    kept = np.isin(group.astype(str), [*usable, reference])
    columns = {f"group {place}": (group[kept] == name).astype(float) for place, name in enumerate(usable)}
    frame = pd.DataFrame({"time": time[kept], "event": event[kept], **columns})
    late = entry is not None and bool(np.any(entry[kept] > 0))
    if late and entry is not None:
        frame["entry"] = entry[kept]
    model = CoxPHFitter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", ConvergenceWarning)
            model.fit(frame, "time", "event", entry_col="entry" if late else None, fit_options=PRECISION)
    except (ConvergenceError, ConvergenceWarning):
        return {}
    fitted = {}
    for place, name in enumerate(usable):
        row = model.summary.loc[f"group {place}"]
        n = int(np.sum((group == name) | (group == reference)))
        ratio = Estimate(float(row["exp(coef)"]), float(row["exp(coef) lower 95%"]), float(row["exp(coef) upper 95%"]))
        fitted[name] = (ratio, TestResult(NAME, float(row["z"]), 1, float(row["p"]), n))
    return fitted


def _without(reason: str, group: npt.NDArray[np.object_], name: str, reference: str) -> tuple[Estimate, TestResult]:
    n = int(np.sum((group == name) | (group == reference)))
    return Estimate(None, reason=reason), not_done(NAME, n, reason)
