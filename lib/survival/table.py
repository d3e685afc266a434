"""Tables of the curves: milestones, and the sensitivity analyses."""

from collections.abc import Sequence

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import p_equals, p_value, percent, short, time
from lib.stats.estimate import Estimate
from lib.stats.kaplan_meier import EXACT_START
from lib.survival.bias import bias_notes, selection_notes
from lib.survival.milestone import MILESTONES, Milestone
from lib.survival.result import SurvivalResult
from lib.survival.sensitivity import Sensitivity
from lib.survival.words import descriptive_notes


def milestones_table(result: SurvivalResult, found: Sequence[Milestone]) -> Table:
    """One row a group: S at 6, 12 and 24 months with its limits and the number at risk."""
    outcome = result.outcome
    times = {one.months: one.time for one in found}
    header = ("Group", "n", *(_milestone_title(months, times[months], outcome.unit) for months in MILESTONES))
    rows = tuple(
        (group.name, str(group.curve.n), *(_milestone(one) for one in found if one.group == group.name))
        for group in result.groups
    )
    level = dict(zip(outcome.grouping.names, outcome.grouping.levels, strict=True))
    columns = (("group", ""), ("time", outcome.unit), ("survival", ""), ("survival_low", ""), ("survival_high", ""), ("n_at_risk", "patients"), ("reason", ""))  # fmt: skip
    told = tuple(
        (level[one.group], one.time, one.survival.value, one.survival.low, one.survival.high, one.n_at_risk, _milestone_reason(one))
        for one in found
    )  # fmt: skip
    return Table(
        id=f"survival.{outcome.endpoint}.milestones", title=f"{outcome.label}: milestones", header=header, rows=rows,
        caption=f"{outcome.label}: Kaplan-Meier estimate at times chosen beforehand, with pointwise 95 % limits ({result.options.transform}; {EXACT_START}); "
        "at risk: just before the time. NE: not estimable.",
        notes=selection_notes(outcome.selected_by), n=result.n, numbers=Numbers(columns, told),
    )  # fmt: skip


def _milestone_title(months: int, at: float, unit: str) -> str:
    said = f"{months} months" if unit == "months" else f"{months} months ({at:.1f} {unit})"
    return f"{said} (95 % CI)"


def _milestone(one: Milestone) -> str:
    found = one.survival
    if found.value is None:
        return found.reason
    limits = "NE" if found.low is None or found.high is None else f"{_bare(found.low)}–{_bare(found.high)}"
    return f"{percent(found.value)} ({limits}); {one.n_at_risk} at risk"


def _bare(share: float) -> str:
    return percent(share).removesuffix(" %")


def _milestone_reason(one: Milestone) -> str | None:
    if one.survival.reason:
        return f"survival: {one.survival.reason}"
    if one.survival.low is not None:
        return None
    return "survival_low, survival_high: not estimable at 0"


def sensitivity_table(result: SurvivalResult, found: Sequence[Sensitivity]) -> Table:
    """One row a test, the figure's log-rank first."""
    outcome = result.outcome
    header = ("Test", "Comparison", "n", "Events", "Statistic", "df", "p", "Remark")
    rows = tuple(_test_row(one, outcome.unit) for one in found)
    tests = tuple(
        TestLine(one.test.name, one.comparison, one.test.statistic, one.test.df, one.test.p, one.test.n, one.test.reason)
        for one in found
    )  # fmt: skip
    return Table(
        id=f"survival.{outcome.endpoint}.sensitivity", title=f"{outcome.label}: sensitivity analyses", header=header, rows=rows,
        caption="The test of the figure stands first. The others show how far the answer depends on the choice of the test; none takes its place, "
        "and their p-values are not adjusted for being many (pairs: Holm).",
        notes=(*bias_notes(outcome), *descriptive_notes(result)), n=result.n, numbers=_test_numbers(found, outcome.unit), tests=tests,
    )  # fmt: skip


def _test_row(one: Sensitivity, unit: str) -> tuple[str, ...]:
    test = one.test
    name = test.name.removesuffix(f"; {one.remark}")
    remarks = [f"not done: {test.reason}" if test.reason else "", _effect(one.effect, one.tau, unit), one.remark]
    if one.unadjusted_p is not None:
        remarks.append(f"unadjusted {p_equals(one.unadjusted_p)}")
    df = "" if test.df is None else str(test.df)
    return (
        name[:1].upper() + name[1:], one.comparison, str(test.n), str(one.n_events), short(test.statistic), df, p_value(test.p),
        "; ".join(remark for remark in remarks if remark),
    )  # fmt: skip


def _effect(effect: Estimate | None, tau: float | None, unit: str) -> str:
    if effect is None or effect.value is None or tau is None:
        return ""
    limits = f" (95 % CI {_signed(effect.low)} to {_signed(effect.high)})" if effect.low is not None else ""
    return f"{_signed(effect.value)}{limits} {unit}, tau = {time(tau)} {unit}"


def _signed(value: float | None) -> str:
    return time(value, "NE").replace("-", "−")


def _test_numbers(found: Sequence[Sensitivity], unit: str) -> Numbers:
    columns = (("test", ""), ("comparison", ""), ("n", "patients"), ("events", "patients"), ("statistic", ""), ("df", ""), ("p", ""), ("unadjusted_p", ""),
               ("difference", unit), ("difference_low", unit), ("difference_high", unit), ("tau", unit), ("reason", ""), ("remark", ""))  # fmt: skip
    rows = []
    for one in found:
        test, effect = one.test, one.effect
        told = (effect.value, effect.low, effect.high, one.tau) if effect else (None, None, None, None)
        rows.append((test.name, one.comparison, test.n, one.n_events, test.statistic, test.df, test.p, one.unadjusted_p,
                     *told, test.reason or None, one.remark or None))  # fmt: skip
    return Numbers(columns, tuple(rows))
