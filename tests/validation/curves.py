"""Curves, tests, restricted means and the two-group model of the five data sets."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from golden.reference import (
    DATA_SETS,
    SEED,
    arrays,
    golden,
    maxcombo_numbers,
    survival_data,
    survival_numbers,
)
from stats.observed import observations

from lib.stats.cox import proportional_hazards
from lib.stats.cox_model import WALD, cox_model
from lib.stats.kaplan_meier import TRANSFORMS, kaplan_meier, quantile, reverse_follow_up, survival_at
from lib.stats.log_rank import Weighting, logrank, weighted_logrank
from lib.stats.permutation import maxcombo
from lib.stats.restricted_mean import ONE_NO_SPREAD, restricted_mean, rmst_difference, rmst_ratio
from validation.line import Line, three, whole_curve

TITLES = {"ttp": "synthetic cohort, TTP", "os": "synthetic cohort, OS"}
MORE, COX = golden("survival_more"), golden("cox")


def two_groups() -> Iterator[Line]:
    for name in (*DATA_SETS, *SEED):
        numbers, data = survival_numbers(name), TITLES.get(name, name)
        time, event, group = arrays(survival_data(name))
        reference = numbers["reference_group"]
        (other,) = (one for one in numbers["groups"] if one != reference)
        yield from curves(data, numbers, (time, event, group))
        test = logrank(time, event, group)
        yield Line(data, "log-rank chi-squared", "survdiff(S ~ g)", test.statistic, numbers["logrank"]["chisq"])
        yield Line(data, "log-rank p", "survdiff(S ~ g)", test.p, numbers["logrank"]["p"])
        weighted = weighted_logrank(time, event, group, Weighting(1, 0))
        yield Line(
            data, "Peto-Peto p (rho = 1)", "survdiff(S ~ g, rho = 1)", weighted.p, numbers["peto_peto_rho1"]["p"]
        )
        yield from _maxcombo(name, data, (time, event, group))
        yield from _cox(data, numbers, (time, event, group), other)
        yield from _rmst(name, data, (time, event, group), (reference, other))
        follow_up = numbers["reverse_km_followup"]
        for one, expected in follow_up.items():
            mine = slice(None) if one == "overall" else group == one
            found = reverse_follow_up(time[mine], event[mine])
            yield Line(data, f"median follow-up, {one}", "survfit(Surv(time, 1 - event) ~ 1)", found.value, expected)


def curves(data: str, numbers: dict[str, Any], rows: tuple[np.ndarray, ...]) -> Iterator[Line]:
    time, event, group = rows
    for transform in TRANSFORMS:
        call = f'survfit(S ~ g, conf.type = "{transform}")'
        fitted = numbers["survfit"][transform]["by_group"]
        for one in numbers["groups"]:
            curve = kaplan_meier(time[group == one], event[group == one], transform=transform)
            if transform == "log-log":
                for share, key in ((0.25, "q25"), (0.75, "q75")):
                    yield Line(
                        data,
                        f"time by which {share:.0%} had the event, {one}",
                        call,
                        quantile(curve, share).value,
                        fitted["medians"][key][one],
                    )
            expected = tuple(fitted["medians"][key][one] for key in ("median", "median_lower", "median_upper"))
            yield from three(data, f"median, {one} ({transform})", call, quantile(curve), expected)
            at = fitted["surv_at"]["groups"][one]
            ours, theirs = [], []
            for time_point, share, low, high in zip(
                fitted["surv_at"]["times"], at["surv"], at["lower"], at["upper"], strict=True
            ):
                found = survival_at(curve, time_point)
                for mine, its in ((found.value, share), (found.low, low), (found.high, high)):
                    if mine is not None and its is not None:
                        ours, theirs = [*ours, mine], [*theirs, its]
            yield whole_curve(data, f"S(t) with limits, {one} ({transform})", call, ours, theirs)


def _maxcombo(name: str, data: str, rows: tuple[np.ndarray, ...]) -> Iterator[Line]:
    expected = maxcombo_numbers(name)
    for label, p in zip(expected["weights"], expected["p"], strict=True):
        rho, gamma = map(int, label.removeprefix("FH(").removesuffix(")").split(","))
        yield Line(
            data,
            f"Fleming-Harrington ({rho},{gamma}) p",
            "O - E and its variance, weighted",
            weighted_logrank(*rows, Weighting(rho, gamma)).p,
            p,
        )
    p = maxcombo(*rows).p
    exact = MORE["maxcombo"][name]
    yield Line(data, "MaxCombo p", "mvtnorm::pmvnorm, Genz-Bretz", p, exact["p"], 1e-4)
    error = np.sqrt(expected["maxcombo_p_mc"] * (1 - expected["maxcombo_p_mc"]) / 4e6)
    yield Line(
        data,
        "MaxCombo p, by 4,000,000 draws",
        "mvtnorm::rmvnorm",
        p,
        expected["maxcombo_p_mc"],
        max(4 * error / expected["maxcombo_p_mc"], 1.1e-4),
    )


def _cox(data: str, numbers: dict[str, Any], rows: tuple[np.ndarray, ...], other: str) -> Iterator[Line]:
    time, event, group = rows
    observed = observations(time, event, group == other)
    for ties, efron in (("efron", True), ("breslow", False)):
        fit, expected, call = cox_model(observed, efron), numbers[f"cox_{ties}"], f'coxph(S ~ g, ties = "{ties}")'
        yield from three(
            data,
            f"hazard ratio, {ties}",
            call,
            fit.hazard_ratio(0),
            tuple(expected[key] for key in ("hr", "lower", "upper")),
        )
        tests = (
            ("Wald", fit.wald_test(0, WALD), "p_wald"),
            ("likelihood-ratio", fit.likelihood_ratio_test("x"), "p_lrt"),
            ("score", fit.score_test("x"), "p_score"),
        )
        for word, test, key in tests:
            yield Line(data, f"{word} p, {ties}", call, test.p, expected[key])
    fit = cox_model(observed)
    for transform, expected in numbers["cox_zph"].items():
        found = proportional_hazards(observed, fit, {"x": [0]}, transform)["x"]
        yield Line(
            data,
            f"proportional hazards p ({transform})",
            f'cox.zph(fit, transform = "{transform}")',
            found.p,
            expected["p"],
        )


def _rmst(name: str, data: str, rows: tuple[np.ndarray, ...], names: tuple[str, str]) -> Iterator[Line]:
    time, event, group = rows
    expected, more = survival_numbers(name)["rmst"], MORE["rmst"][name]
    curves = {one: kaplan_meier(time[group == one], event[group == one]) for one in names}
    tau, call = expected["tau"], "survfit, rmean = tau"
    for one in names:
        yield Line(
            data, f"restricted mean to {tau:g}, {one}", call, restricted_mean(curves[one], tau).value, more["mean"][one]
        )
    difference, test = rmst_difference(curves[names[1]], curves[names[0]], tau)
    if difference.reason == ONE_NO_SPREAD:
        return  # withheld here; R leaves that group out of account
    keys = ("diff_2_minus_1", "lower", "upper")
    groups = tuple(survival_numbers(name)["groups"])
    sign = 1 if groups[1] == names[1] else -1
    theirs = tuple(expected[key] for key in keys)
    theirs = theirs if sign == 1 else (-theirs[0], -theirs[2], -theirs[1])
    yield from three(data, f"restricted mean difference to {tau:g}", call, difference, theirs)
    yield Line(data, "restricted mean difference p", call, test.p, expected["p"])
    if "ratio" in more:
        ratio, ratio_test = rmst_ratio(curves[names[1]], curves[names[0]], tau)
        yield from three(
            data,
            f"restricted mean ratio to {tau:g}",
            "delta method on the above",
            ratio,
            tuple(more["ratio"][key] for key in ("value", "low", "high")),
        )
        yield Line(data, "restricted mean ratio p", "delta method on the above", ratio_test.p, more["ratio"]["p"])
