"""Tables of the kinetics: parameters of each patient, their summary by group, and the comparison at a day."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from lib.kinetics.parameters import KineticParameters
from lib.kinetics.profile import window
from lib.kinetics.result import KineticsResult
from lib.kinetics.words import comparison_sentence
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import p_value, short
from lib.stats.estimate import Estimate, TestResult
from lib.stats.hypothesis import location_test

Parameter = Callable[[KineticParameters], Estimate]
PARAMETERS: Final[tuple[tuple[str, str, str, Parameter], ...]] = (
    ("cmax", "Cmax", "", lambda each: each.cmax),
    ("tmax", "Tmax", "days", lambda each: each.tmax),
    ("auc_0_28", "AUC0-28", "days x unit", lambda each: each.auc_0_28),
    ("tlast", "Tlast", "days", lambda each: each.tlast),
    ("half_life", "Half-life", "days", lambda each: each.half_life),
)
GEOMETRIC: Final = ("cmax", "auc_0_28", "half_life")


def parameters_table(result: KineticsResult) -> Table:
    """One row a patient and infusion."""
    unit = result.key.unit
    units = {"cmax": unit, "auc_0_28": f"days × {unit}" if unit else "days"}
    header = (
        "Patient",
        "Infusion",
        "Group",
        *(f"{label}, {units.get(name, of) or 'no unit'}" for name, label, of, _ in PARAMETERS),
    )
    rows = tuple(
        (
            each.patient,
            str(each.infusion),
            each.group or "not stated",
            *(_cell(get(each)) for _, _, _, get in PARAMETERS),
        )
        for each in result.parameters
    )
    numbers = Numbers(
        (("patient", ""), ("infusion", ""), ("group", ""), *((name, units.get(name, of)) for name, _, of, _ in PARAMETERS), ("reason", "")),
        tuple(_numbers(each) for each in result.parameters),
    )  # fmt: skip
    return Table(
        id="kinetics.parameters", title="Kinetic parameters by patient", header=header, rows=rows, n=result.n, numbers=numbers,
        caption="AUC0-28: linear up, logarithmic down, from day 0; not calculated where sampling ends earlier. Tlast: last quantifiable "
        "day. Half-life: log-linear fit after the peak, given where it spans two half-lives with R² of 0.9 or more.",
    )  # fmt: skip


def summary_table(result: KineticsResult) -> Table:
    """One row a parameter: geometric mean (gCV) or median (range) by group, n, and the test between groups."""
    names = result.grouping.names
    header = ("Parameter", *names, *(("p",) if result.grouping.compares else ()))
    rows, numbers, tests = [], [], []
    for name, label, _, get in PARAMETERS:
        groups = [_values([each for each in result.of_infusion if each.group == group], get) for group in names]
        said = f"{label}, geometric mean (gCV)" if name in GEOMETRIC else f"{label}, median (range), days"
        cells = [_geometric(values) if name in GEOMETRIC else _median(values) for values in groups]
        test = location_test(_ranked(result, name, get)) if result.grouping.compares else None
        rows.append((said, *cells, *((p_value(test.p),) if test else ())))
        numbers += [
            (name, group, len(values), *_summary(values, name in GEOMETRIC))
            for group, values in zip(names, groups, strict=True)
        ]
        tests += [_line(test, f"{label}: {' v '.join(names)}")] if test else []
    silent = [
        f"{group} {n}"
        for group in names
        if (n := sum(not each.expanded for each in result.of_infusion if each.group == group))
    ]
    notes = (
        (
            f"Never above the limit of quantification: {', '.join(silent)}; lowest rank for Cmax and AUC0-28, in no mean.",
        )
        if silent
        else ()
    )
    return Table(
        id="kinetics.summary", title="Kinetic parameters by group", header=header, rows=tuple(rows), n=len(result.of_infusion),
        caption=f"Infusion {result.infusion}. p: {location_test_name(tests)}." if tests else f"Infusion {result.infusion}.", notes=notes,
        numbers=Numbers((("parameter", ""), ("group", ""), ("n", "patients"), ("value", ""), ("low", ""), ("high", ""), ("gcv_percent", "%")), tuple(numbers)),
        tests=tuple(tests),
    )  # fmt: skip


def comparison_table(result: KineticsResult) -> Table:
    """The groups at one day: geometric mean or range, the default test, and the test as published."""
    comparison, names = result.comparison, result.grouping.names
    rows, numbers = [], []
    for name in names:
        mine = comparison.values[comparison.values["group"] == name]
        quantifiable = mine.loc[mine["value"] > 0, "value"].to_numpy(float)
        rows.append((name, str(len(mine)), str(len(mine) - len(quantifiable)), _median(mine["value"].to_numpy(float))))
        numbers.append(
            (name, len(mine), len(mine) - len(quantifiable), float(np.median(mine["value"])) if len(mine) else None)
        )
    groups = " v ".join(names)
    tests = (comparison.default, comparison.as_published) if result.grouping.compares else ()
    notes = [comparison_sentence(result)] if tests else []
    published = comparison.as_published
    if tests and published.p is not None:
        notes.append(
            f"As published: {published.name} on raw values, p = {p_value(published.p)} (n = {published.n}; below the limit: LLOQ/2)."
        )
    return Table(
        id="kinetics.comparison", title=f"Day {comparison.day:g} by {result.grouping.label or 'group'}",
        header=("Group", "n", "Below limit", f"Median (range), {result.key.unit or 'no unit'}"), rows=tuple(rows),
        caption=f"Samples within {window(comparison.day):g} days of day {comparison.day:g}.", notes=tuple(notes), n=len(comparison.values),
        numbers=Numbers((("group", ""), ("n", "patients"), ("below_limit", "patients"), ("median", result.key.unit)), tuple(numbers)),
        tests=tuple(_line(test, f"day {comparison.day:g}: {groups}") for test in tests),
    )  # fmt: skip


def location_test_name(tests: Sequence[TestLine]) -> str:
    """The names of the tests that were done, each once."""
    return "; ".join(dict.fromkeys(test.name for test in tests if test.p is not None)) or "not done"


def _line(test: TestResult, comparison: str) -> TestLine:
    return TestLine(test.name, comparison, test.statistic, test.df, test.p, test.n, test.reason)


def _cell(estimate: Estimate) -> str:
    return short(estimate.value) if estimate.value is not None else f"NC: {estimate.reason}"


def _numbers(each: KineticParameters) -> tuple[object, ...]:
    found = [(name, get(each)) for name, _, _, get in PARAMETERS]
    reasons = "; ".join(f"{name}: {estimate.reason}" for name, estimate in found if estimate.reason)
    return (each.patient, each.infusion, each.group, *(estimate.value for _, estimate in found), reasons or None)


def _values(patients: list[KineticParameters], get: Parameter) -> np.ndarray:
    return np.array([value for each in patients if (value := get(each).value) is not None], dtype=float)


def _ranked(result: KineticsResult, name: str, get: Parameter) -> list[np.ndarray]:
    """Each group's values; whoever never expanded keeps the lowest rank where the parameter is an amount."""
    groups = []
    for group in result.grouping.names:
        mine = [each for each in result.of_infusion if each.group == group]
        silent = sum(not each.expanded for each in mine) if name in ("cmax", "auc_0_28") else 0
        groups.append(np.concatenate([np.zeros(silent), _values([each for each in mine if each.expanded], get)]))
    return groups


def _summary(values: np.ndarray, geometric: bool) -> tuple[float | None, ...]:
    values = values[values > 0] if geometric else values
    if not len(values):
        return None, None, None, None
    if not geometric:
        return float(np.median(values)), float(values.min()), float(values.max()), None
    logs = np.log(values)
    gcv = 100 * float(np.sqrt(np.exp(logs.var(ddof=1)) - 1)) if len(logs) > 1 else None
    return float(np.exp(logs.mean())), float(values.min()), float(values.max()), gcv


def _geometric(values: np.ndarray) -> str:
    mean, _, _, gcv = _summary(values, geometric=True)
    n = int((values > 0).sum())
    return f"{short(mean)} ({f'{gcv:.0f} %' if gcv is not None else 'NC'}), n = {n}" if n else "n = 0"


def _median(values: np.ndarray) -> str:
    middle, low, high, _ = _summary(values, geometric=False)
    return f"{short(middle)} ({short(low)}–{short(high)}), n = {len(values)}" if len(values) else "n = 0"
