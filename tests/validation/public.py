"""The public data sets, read through their recorded mappings: n, events, medians, log-rank and hazard ratios of every
comparison."""

import math
from collections.abc import Iterator

from intake.test_mappings_against_r import NAMES, SURVIVAL, R, cohort

from lib.cohort.grouping import Grouping, parse_grouping
from lib.survival.curves import SurvivalResult, survival
from lib.survival.outcome import time_to_event
from validation.line import Line, three


def public() -> Iterator[Line]:
    for file, endpoint, by, where in SURVIVAL:
        expected = R
        for key in where:
            expected = expected[key]
        read = cohort(file)
        grouping = parse_grouping(by, read)
        assert isinstance(grouping, Grouping)
        result = survival(time_to_event(read, endpoint, grouping, read.study.time_unit), read)
        yield from _comparison(f"{file}, {endpoint.upper()} by {by}", result, expected, NAMES.get(by, {}))


def _comparison(data: str, result: SurvivalResult, expected: dict, names: dict[str, str]) -> Iterator[Line]:
    call = "survfit, survdiff, coxph"
    found = dict(zip(result.outcome.grouping.levels, result.groups, strict=True))
    for level, group in found.items():
        numbers = expected["by_group"][names.get(level, level)]
        yield Line(data, f"n, {level}", call, float(group.curve.n), float(numbers["n"]))
        yield Line(data, f"events, {level}", call, float(group.curve.n_events), float(numbers["events"]))
        interval = numbers["median_ci_loglog"]
        flat = (
            group.median.value is not None and group.median.value == interval["first_t_with_S_le_half"]
        )  # ends at exactly one half
        theirs = (
            interval["first_t_with_S_le_half"] if flat else interval["median"],
            interval["lower"],
            interval["upper"],
        )
        yield from three(data, f"median, {level}", call, group.median, theirs)
    yield Line(data, "log-rank p", call, result.logrank.p, expected["logrank"]["p"])
    terms = {term["level"]: term for term in expected["cox"]["terms"]}
    for level, group in found.items():
        term, ratio = terms.get(names.get(level, level)), group.hazard_ratio
        if term and ratio and ratio.value is not None and not ratio.note and math.isfinite(term["HR"]):
            yield from three(data, f"hazard ratio, {level}", call, ratio, (term["HR"], term["lower"], term["upper"]))
