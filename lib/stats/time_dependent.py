"""An exposure that starts during follow-up: each patient counts as unexposed until it starts and as exposed after it.

Cox's model on rows (entry, time, event] (Firth's where events are few), the Mantel-Byar test (its score test) and Simon-Makuch curves (product-limit on the
same rows, with late entry). Equals R's coxph and survfit on Surv(start, stop, event).
Source: Mantel & Byar 1974; Simon & Makuch 1984; Andersen & Gill 1982.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.arrays import Floats
from lib.stats.cox import NAME, hazard_ratios
from lib.stats.cox_model import cox_model
from lib.stats.estimate import Estimate, TestResult, not_done
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier
from lib.stats.partial_likelihood import Observations

MANTEL_BYAR: Final = "Mantel-Byar test (score test, time-dependent Cox model)"
UNEXPOSED, EXPOSED = "unexposed time", "exposed time"


@dataclass(frozen=True)
class ExposureRows:
    """One or two rows a patient; `patient` is the patient's place in what was given, `exposed` is 1 or 0."""

    patient: npt.NDArray[np.intp]
    entry: Floats
    time: Floats
    event: Floats
    exposed: Floats


@dataclass(frozen=True)
class ExposureComparison:
    """Exposed against unexposed time. `n_exposed` patients were ever exposed during follow-up, `n_switched` of them later
    than from the beginning: these stand in both curves, and leave the unexposed one as if censored.

    `events` are those while unexposed and while exposed.
    """

    rows: ExposureRows
    n: int
    n_exposed: int
    n_switched: int
    events: tuple[int, int]
    hazard_ratio: Estimate
    test: TestResult
    mantel_byar: TestResult
    unexposed: SurvivalCurve
    exposed: SurvivalCurve


def split_at_exposure(time: Floats, event: Floats, exposure: Floats, entry: Floats | None = None) -> ExposureRows:
    """Each patient's follow-up cut where the exposure starts; `exposure` is NaN for whoever never was exposed.

    Exposed at or before entry: exposed from the beginning. Exposed at or after the end: never exposed during follow-up.
    """
    entry = np.zeros(len(time)) if entry is None else np.maximum(entry, 0.0)
    patients = np.arange(len(time))
    always = exposure <= entry  # NaN compares false
    cut = np.flatnonzero((exposure > entry) & (exposure < time))
    end, happened = time.copy(), event.copy()
    end[cut], happened[cut] = exposure[cut], 0.0
    rows = ExposureRows(
        np.append(patients, cut),
        np.append(entry, exposure[cut]),
        np.append(end, time[cut]),
        np.append(happened, event[cut]),
        np.append(always.astype(float), np.ones(len(cut))),
    )
    order = np.lexsort((rows.entry, rows.patient))
    return ExposureRows(
        rows.patient[order], rows.entry[order], rows.time[order], rows.event[order], rows.exposed[order]
    )


def compare_exposure(time: Floats, event: Floats, exposure: Floats, entry: Floats | None = None) -> ExposureComparison:
    """The hazard while exposed against that while unexposed, and the two curves."""
    rows = split_at_exposure(time, event, exposure, entry)
    exposed = rows.exposed == 1
    ever, beginning = np.unique(rows.patient[exposed]), np.unique(rows.patient[~exposed])
    reason = _reason(len(time), len(ever), len(beginning))
    ratio, test = _ratio(rows, reason, len(time))
    fit = replace(cox_model(Observations(rows.time, rows.event, rows.exposed[:, None], rows.entry)), n=len(time))
    return ExposureComparison(
        rows,
        len(time),
        len(ever),
        len(np.intersect1d(ever, beginning)),
        (int(rows.event[~exposed].sum()), int(rows.event[exposed].sum())),
        ratio,
        test,
        not_done(MANTEL_BYAR, len(time), reason) if reason else fit.score_test(MANTEL_BYAR),
        *(kaplan_meier(rows.time[kept], rows.event[kept], rows.entry[kept]) for kept in (~exposed, exposed)),
    )


def _reason(n: int, n_exposed: int, n_unexposed: int) -> str:
    """Why there is nothing to compare."""
    if not n:
        return "no patients"
    if not n_exposed:
        return "nobody was exposed during follow-up"
    return "" if n_unexposed else "everybody was exposed from the beginning"


def _ratio(rows: ExposureRows, reason: str, n: int) -> tuple[Estimate, TestResult]:
    """The ratio by the rules for two groups: Cox's, or Firth's where events are few; its n are the patients."""
    if reason:
        return Estimate(None, reason=reason), not_done(NAME, n, reason)
    state = np.where(rows.exposed == 1, EXPOSED, UNEXPOSED).astype(object)
    ratio, test = hazard_ratios(rows.time, rows.event, state, (UNEXPOSED, EXPOSED), UNEXPOSED, rows.entry)[EXPOSED]
    return ratio, replace(test, n=n)
