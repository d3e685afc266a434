"""Groups that patients come into as time goes: Mantel-Byar, time-dependent Cox model, landmark.

An exposure that starts during follow-up: each patient counts as unexposed until it starts and as exposed after it.

Cox's model on rows (entry, time, event] (Firth's where events are few), the Mantel-Byar test (its score test) and
Simon-Makuch curves (product-limit on the same rows, with late entry). Equals R's coxph and survfit on Surv(start, stop,
event).
Source: Mantel & Byar 1974; Simon & Makuch 1984; Andersen & Gill 1982.

Landmark analysis: who is still followed after day L, grouped by what was known at L, with the clock started anew at L.

It removes the immortal time of groups that are formed after time zero. It speaks only of those who reached L free of
the event, and what happens to exposure after L is not used. Source: Anderson, Cain & Gelber 1983, J Clin Oncol 1:710;
Dafni 2011.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from lib.stats.cox import NAME, hazard_ratios
from lib.stats.cox_model import Observations, cox_model
from lib.stats.estimate import Estimate, Floats, Names, TestResult, not_done
from lib.stats.kaplan_meier import SurvivalCurve, kaplan_meier

MANTEL_BYAR: Final = "Mantel-Byar test (score test, time-dependent Cox model)"
UNEXPOSED_TIME, EXPOSED_TIME = "unexposed time", "exposed time"


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
    """Exposed against unexposed time. `n_exposed` patients were ever exposed during follow-up, `n_switched` of them
    later than from the beginning: these stand in both curves, and leave the unexposed one as if censored.

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
    state = np.where(rows.exposed == 1, EXPOSED_TIME, UNEXPOSED_TIME).astype(object)
    ratio, test = hazard_ratios(
        rows.time, rows.event, state, (UNEXPOSED_TIME, EXPOSED_TIME), UNEXPOSED_TIME, rows.entry
    )[EXPOSED_TIME]
    return ratio, replace(test, n=n)


EXPOSED: Final = "exposed"
UNEXPOSED: Final = "unexposed"
HAD_EVENT: Final = "event at or before the landmark"
WAS_CENSORED: Final = "censored at or before the landmark"
NOT_KNOWN: Final = "group at the landmark not known"


@dataclass(frozen=True)
class Landmark:
    """Who is analysed from the landmark on. `kept` holds their places among the patients given, in order.

    `time`, `event`, `group`, `entry` are those of the kept, times counted from the landmark; `entry` is above 0 for who
    came under observation after it. `dropped` names everybody else: place and reason.
    """

    at: float
    kept: npt.NDArray[np.intp]
    time: Floats
    event: Floats
    group: Names
    entry: Floats
    dropped: tuple[tuple[int, str], ...]


def landmark(time: Floats, event: Floats, group: Names, at: float, entry: Floats | None = None) -> Landmark:
    """The patients followed beyond `at` (time > at) whose group is known (None = not known); all times in one unit.

    `group` is a fixed group (the final arm, say), or what `exposed_at` gives.
    """
    reasons = np.array([_no_landmark(*patient, at) for patient in zip(time, event, group, strict=True)], dtype=object)
    kept = np.flatnonzero(reasons == "")
    since = np.zeros(len(time)) if entry is None else entry
    return Landmark(
        at,
        kept,
        time[kept] - at,
        event[kept],
        group[kept],
        np.maximum(since[kept] - at, 0.0),
        tuple((place, str(reason)) for place, reason in enumerate(reasons) if reason),
    )


def _no_landmark(time: float, event: float, group: str | None, at: float) -> str:
    if time <= at:
        return HAD_EVENT if event else WAS_CENSORED
    return NOT_KNOWN if group is None else ""
