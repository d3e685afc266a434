"""A second oracle: the same statistics of the five two-group data sets by lifelines, and where lifelines is known to
differ from R.

lifelines' own defaults are kept but for the precision of the Cox model, which otherwise stops early.
"""

import warnings
from collections.abc import Iterator, Mapping
from math import isfinite

import lifelines
import numpy as np
import pandas as pd
from golden.reference import DATA_SETS, SEED, arrays, survival_data, survival_numbers
from lifelines.statistics import multivariate_logrank_test, proportional_hazard_test
from lifelines.utils import restricted_mean_survival_time

from validation.curves import TITLES

VERSION = lifelines.__version__
PRECISE = {"precision": 1e-12}
KNOWN: Mapping[str, str] = {  # by the beginning of the name of a statistic
    "median": (
        "the first time at which a floating-point curve is at or below 0.5, which may be 0.5000000000000001; R takes"
        " the midpoint of a step at 0.5"
    ),
    "time by which": "the same rule for other quantiles",
    "proportional hazards p": "an approximation that R has left since survival 3.0",
}


def second_oracle() -> dict[tuple[str, str], float | None]:
    """lifelines' number of each (data, statistic) that it has; None where it has no number there (a median not
    reached)."""
    found: dict[tuple[str, str], float | None] = {}
    for name in (*DATA_SETS, *SEED):
        rows, data = arrays(survival_data(name)), TITLES.get(name, name)
        reference = survival_numbers(name)["reference_group"]
        numbers = (*_curves(rows), *_tests(rows), *_cox(rows, reference), *_means(name, rows))
        found |= {
            (data, statistic): value if value is not None and isfinite(value) else None for statistic, value in numbers
        }
    return found


def known_difference(statistic: str) -> str:
    """Why lifelines may differ from R in this statistic; "" where it must not."""
    return next((why for start, why in KNOWN.items() if statistic.startswith(start)), "")


def _curves(rows: tuple[np.ndarray, ...]) -> Iterator[tuple[str, float]]:
    time, event, group = rows
    for one in np.unique(group):
        mine = group == one
        fitted = lifelines.KaplanMeierFitter().fit(time[mine], event[mine])
        limits = lifelines.utils.median_survival_times(fitted.confidence_interval_)
        yield f"median, {one} (log-log)", float(fitted.median_survival_time_)
        yield f"median, {one} (log-log), low", float(limits.iloc[0, 0])
        yield f"median, {one} (log-log), high", float(limits.iloc[0, 1])
        for share in (0.25, 0.75):
            yield f"time by which {share:.0%} had the event, {one}", float(fitted.percentile(1 - share))
        follow_up = lifelines.KaplanMeierFitter().fit(time[mine], 1 - event[mine])
        yield f"median follow-up, {one}", float(follow_up.median_survival_time_)


def _tests(rows: tuple[np.ndarray, ...]) -> Iterator[tuple[str, float]]:
    time, event, group = rows
    test = multivariate_logrank_test(time, group, event)
    yield "log-rank chi-squared", float(test.test_statistic)
    yield "log-rank p", float(test.p_value)


def _cox(rows: tuple[np.ndarray, ...], reference: str) -> Iterator[tuple[str, float]]:
    time, event, group = rows
    table = pd.DataFrame({"time": time, "event": event, "x": (group != reference).astype(float)})
    fitted = lifelines.CoxPHFitter().fit(table, "time", "event", fit_options=PRECISE)
    row = fitted.summary.loc["x"]
    yield "hazard ratio, efron", float(row["exp(coef)"])
    yield "hazard ratio, efron, low", float(row["exp(coef) lower 95%"])
    yield "hazard ratio, efron, high", float(row["exp(coef) upper 95%"])
    yield "Wald p, efron", float(row["p"])
    yield "likelihood-ratio p, efron", float(fitted.log_likelihood_ratio_test().p_value)
    for transform in ("km", "identity"):
        test = proportional_hazard_test(fitted, table, time_transform=transform)
        yield f"proportional hazards p ({transform})", float(np.squeeze(test.p_value))


def _means(name: str, rows: tuple[np.ndarray, ...]) -> Iterator[tuple[str, float]]:
    time, event, group = rows
    tau = survival_numbers(name)["rmst"]["tau"]
    for one in np.unique(group):
        fitted = lifelines.KaplanMeierFitter().fit(time[group == one], event[group == one])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", lifelines.exceptions.ApproximationWarning)  # of a step function it is exact
            yield f"restricted mean to {tau:g}, {one}", float(restricted_mean_survival_time(fitted, t=tau))
