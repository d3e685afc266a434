"""Tables of the kinetics: parameters of each patient, their summary by group, and the comparison at a day."""

import numpy as np

from lib.derived.nominal_day import window
from lib.kinetics.result import KineticsResult
from lib.kinetics.summary import PATIENT_PARAMETERS, GroupSummary, never_expanded, parameter_summaries
from lib.kinetics.words import comparison_sentence
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import p_equals, p_value, plural, short
from lib.stats.estimate import Estimate, TestResult


def parameters_table(result: KineticsResult) -> Table:
    """One row a patient and infusion."""
    units = {parameter.name: parameter.unit(result.key.unit) for parameter in PATIENT_PARAMETERS}
    header = (
        "Patient",
        "Infusion",
        "Group",
        *(f"{parameter.label}, {units[parameter.name]}" for parameter in PATIENT_PARAMETERS),
    )
    rows, numbers = [], []
    for each in result.parameters:
        found = [(parameter.name, parameter.of(each)) for parameter in PATIENT_PARAMETERS]
        reasons = "; ".join(
            [f"{name}: {estimate.reason}" for name, estimate in found if estimate.reason]
            + ["group: not stated"] * (each.group is None)
        )
        rows.append(
            (each.patient, str(each.infusion), each.group or "not stated", *(_cell(estimate) for _, estimate in found))
        )
        numbers.append(
            (each.patient, each.infusion, each.group, *(estimate.value for _, estimate in found), reasons or None)
        )
    columns = (("patient", ""), ("infusion", ""), ("group", ""), *units.items(), ("reason", ""))
    return Table(
        id="kinetics.parameters",
        title="Kinetic parameters by patient",
        header=header,
        rows=tuple(rows),
        caption="AUC: linear up, logarithmic down. AUC0-28 from day 0, not calculated (NC) where sampling ends earlier; AUClast from the "
        "first to the last quantifiable sample. Tlast: last quantifiable day. Half-life: log-linear fit after the peak, given where it spans two half-lives with R² of 0.9 or more.",
        n=result.n,
        numbers=Numbers(columns, tuple(numbers)),
    )


def summary_table(result: KineticsResult) -> Table:
    """One row a parameter: geometric mean (gCV) or median (range) by group with n, and the test between groups."""
    names, compares = result.grouping.names, result.grouping.compares
    level_of = dict(zip(names, result.grouping.levels, strict=True))
    rows, numbers, tests = [], [], []
    for summary in parameter_summaries(result):
        parameter = summary.parameter
        said = "geometric mean (gCV)" if parameter.geometric else "median (range)"
        label = f"{parameter.label}, {parameter.unit(result.key.unit)}, {said}"
        cells = [_printed(group, parameter.geometric) for group in summary.groups]
        rows.append((label, *cells, *((p_value(summary.test.p),) if compares else ())))
        numbers += [
            (parameter.name, level_of[group.group], group.n, group.value, group.low, group.high, group.gcv, _why_not(group, parameter.geometric))
            for group in summary.groups
        ]  # fmt: skip
        tests += [_line(summary.test, f"{parameter.label}: {' v '.join(names)}")] if compares else []
    silent = ", ".join(f"{name} {n}" for name, n in never_expanded(result).items())
    done = "; ".join(dict.fromkeys(test.name for test in tests if test.p is not None)) or "not done"
    return Table(
        id="kinetics.summary",
        title="Kinetic parameters by group",
        header=("Parameter", *names, *(("p",) if compares else ())),
        rows=tuple(rows),
        caption=f"After infusion {result.infusion}." + (f" p: {done}." if compares else ""),
        notes=(f"Never above the limit of quantification: {silent}; in no mean, lowest rank for Cmax and AUC0-28.",)
        if silent
        else (),
        n=len(result.of_infusion),
        numbers=Numbers(
            (
                ("parameter", ""),
                ("group", ""),
                ("n", "patients"),
                ("value", ""),
                ("low", ""),
                ("high", ""),
                ("gcv_percent", "%"),
                ("reason", ""),
            ),
            tuple(numbers),
        ),
        tests=tuple(tests),
    )


def comparison_table(result: KineticsResult) -> Table:
    """The groups at one day: n, how many are below the limit, median (range), the default test and the one as published."""
    comparison, names = result.comparison, result.grouping.names
    rows, numbers = [], []
    for name, level in zip(names, result.grouping.levels, strict=True):
        values = comparison.values.loc[comparison.values["group"] == name, "value"].to_numpy(float)
        below = int((values == 0).sum())
        middle = float(np.median(values)) if len(values) else None
        spread = f" ({short(values.min())}–{short(values.max())})" if len(values) else ""
        rows.append((name, str(len(values)), str(below), f"{short(middle)}{spread}"))
        numbers.append((level, len(values), below, middle, None if len(values) else "no values"))
    tests = (comparison.default, comparison.as_published) if result.grouping.compares else ()
    day = f"{comparison.day:g}"
    return Table(
        id="kinetics.comparison",
        title=f"Day {day} by {result.grouping.label or 'group'}",
        header=("Group", "n", "Below limit", f"Median (range), {result.key.unit or 'units'}"),
        rows=tuple(rows),
        caption=f"Samples within {plural(round(window(comparison.day)), 'day')} of day {day}; below the limit counts as 0.",
        notes=(comparison_sentence(result), _as_published(comparison.as_published)) if tests else (),
        n=len(comparison.values),
        numbers=Numbers(
            (
                ("group", ""),
                ("n", "patients"),
                ("below_limit", "patients"),
                ("median", result.key.unit),
                ("reason", ""),
            ),
            tuple(numbers),
        ),
        tests=tuple(_line(test, f"day {day}: {' v '.join(names)}") for test in tests),
    )


def _as_published(test: TestResult) -> str:
    if test.p is None:
        return f"As published: {test.name} not done: {test.reason}."
    return f"As published: {test.name} on raw values, {p_equals(test.p)} (n = {test.n}; below the limit: LLOQ/2)."


def _line(test: TestResult, comparison: str) -> TestLine:
    return TestLine(test.name, comparison, test.statistic, test.df, test.p, test.n, test.reason)


def _cell(estimate: Estimate) -> str:
    return short(estimate.value) if estimate.value is not None else f"NC: {estimate.reason}"


def _why_not(group: GroupSummary, geometric: bool) -> str | None:
    """Why a number of the summary is missing."""
    if not group.n:
        return "no values"
    if not geometric:
        return "a median has no gCV"
    return None if group.n > 1 else "one value has no gCV"


def _printed(group: GroupSummary, geometric: bool) -> str:
    if group.value is None:
        return "n = 0"
    beside = (
        (f"{group.gcv:.0f} %" if group.gcv is not None else "NC")
        if geometric
        else f"{short(group.low)}–{short(group.high)}"
    )
    return f"{short(group.value)} ({beside}), n = {group.n}"
