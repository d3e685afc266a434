"""What small groups need: Firth's model, limits before the first event, differences of curves, ratios by period, one
scale of times."""

from collections.abc import Iterator

import numpy as np
from golden.reference import arrays, floats, golden, survival_data
from stats.observed import difference_at, observations

from lib.stats.adjusted_cox import Category, Measure, adjusted_cox
from lib.stats.cox import compared_hazards
from lib.stats.estimate import Estimate
from lib.stats.firth import firth
from lib.stats.kaplan_meier import kaplan_meier, survival_at
from lib.stats.log_rank import logrank
from lib.stats.restricted_mean import survival_difference
from validation.line import Line, three

NUMBERS = golden("small_groups")
PENALISED = "penalised likelihood by optim, profile by uniroot (small_groups.R)"
MOVER = "survfit (log-log), binom.test before the first event, MOVER"


def small_groups() -> Iterator[Line]:
    for name, expected in NUMBERS["firth"].items():
        yield from _firth(f"small design: {name.replace('_', ' ')}", expected)
    for n, low in NUMBERS["flat_start"].items():
        curve = kaplan_meier(floats(*[9] * int(n)), np.zeros(int(n)))
        yield Line(
            f"{n} without an event",
            "lower limit of S(t) before the first event",
            "binom.test(n, n)",
            survival_at(curve, 5).low,
            low,
        )
    yield from _differences()
    yield from _periods()
    yield from _adjusted()


def _firth(data: str, expected: dict) -> Iterator[Line]:
    given = expected["given"]
    fit = firth(observations(given["time"], given["ev"], *given["x"], entry=given["entry"]))
    for column, ratio in enumerate(fit.ratios):
        theirs = tuple(float(np.exp(expected[key][column])) for key in ("coefficient", "low", "high"))
        yield from three(data, f"Firth hazard ratio {column + 1}", PENALISED, ratio, theirs, 2e-5)
        yield Line(data, f"Firth p {column + 1}", PENALISED, fit.tests[column].p, expected["p"][column], 2e-5)


def _differences() -> Iterator[Line]:
    few = NUMBERS["firth"]["no_events_in_one"]["given"]
    pairs = {
        "lung": ("female", "male"),
        "ovarian": ("rx2", "rx1"),
        "ttp": ("Pomalidomide", "Control"),
        "few": ("b", "a"),
    }
    for name, expected in NUMBERS["difference"].items():
        group = np.array(["b" if x else "a" for x in few["x"][0]], dtype=object)
        rows = (floats(*few["time"]), floats(*few["ev"]), group) if name == "few" else arrays(survival_data(name))
        found = survival_difference(*rows, pairs[name])
        data = {"ttp": "synthetic cohort, TTP", "few": "4 v 0 events of 8 v 8"}.get(name, name)
        for place, time in enumerate(expected["time"]):
            theirs = tuple(expected[key][place] for key in ("difference", "low", "high"))
            yield from three(data, f"difference of the curves at {time:g}", MOVER, difference_at(found, time), theirs)


def _periods() -> Iterator[Line]:
    expected, (time, event, group) = NUMBERS["periods"], arrays(survival_data("crossing"))
    cut = expected["cut"]
    beyond = time > cut
    parts = {
        "whole": (time, event, group, None),
        "early": (np.minimum(time, cut), event * (time <= cut), group, None),
        "late": (time[beyond], event[beyond], group[beyond], np.full(int(beyond.sum()), cut)),
    }
    for name, (times, events, groups, entry) in parts.items():
        found = compared_hazards(times, events, groups, ("A", "B"), "A", entry)["B"]
        call = "coxph" if name == "whole" else "coxph, cut at the middle event time"
        yield from _ratio("crossing curves", f"hazard ratio, {name}", call, found.ratio, found.test.p, expected[name])
    solo = NUMBERS["solo"]
    time, event, group = arrays(survival_data("solo"))
    found = compared_hazards(time, event, group, ("A", "B", "Solo"), "A")["B"]
    yield from _ratio(
        "two groups and one patient alone",
        "hazard ratio of the two",
        "coxph of the two groups",
        found.ratio,
        found.test.p,
        solo,
    )
    two = group != "Solo"
    yield Line(
        "two groups and one patient alone",
        "log-rank p of the two",
        "survdiff of the two groups",
        logrank(time[two], event[two], group[two]).p,
        solo["logrank_p"],
    )


def _ratio(data: str, statistic: str, call: str, ratio: Estimate, p: float | None, expected: dict) -> Iterator[Line]:
    yield from three(data, statistic, call, ratio, tuple(expected[key] for key in ("hr", "low", "high")))
    yield Line(data, f"p of the {statistic}", call, p, expected["p"])


def _adjusted() -> Iterator[Line]:
    rows, expected = survival_data("ovarian"), NUMBERS["adjusted"]
    rows = rows.assign(resid=(rows["resid_ds"] == 2) * 1.0)
    wanted = (
        Category("g", "Arm", ("rx1", "rx2"), "rx1"),
        Measure("resid", "Residual"),
        Measure("age", "Age", "years", 10),
    )
    model = adjusted_cox(rows["time"].to_numpy(float), rows["ev"].to_numpy(float), rows, wanted)
    for place, row in enumerate(model.rows):
        theirs = tuple(float(np.exp(expected[key][place])) for key in ("coefficient", "low", "high"))
        yield from three(
            "ovarian, 4 events a parameter",
            f"adjusted Firth hazard ratio, {row.covariate}",
            PENALISED,
            row.ratio,
            theirs,
            2e-5,
        )
        yield Line(
            "ovarian, 4 events a parameter",
            f"adjusted Firth p, {row.covariate}",
            PENALISED,
            row.test.p,
            expected["p"][place],
            2e-5,
        )
