"""Tables of time zero: the three analyses side by side, the landmark's groups, and who was dropped."""

from dataclasses import replace
from typing import Final

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import interval, p_value, plural, short, time
from lib.stats.estimate import Estimate, TestResult
from lib.survival.result import SurvivalResult
from lib.survival.time_zero.followed import others
from lib.survival.time_zero.landmark import LandmarkResult
from lib.survival.time_zero.result import TimeZeroResult
from lib.survival.time_zero.words import ratio_of, sentence, span
from lib.survival.words import summary_table

HEADER: Final = ("Analysis", "n", "Events", "Hazard ratio (95 % CI)", "p", "Test")
COLUMNS: Final = (
    ("analysis", ""), ("landmark_days", "days"), ("n", "patients"), ("n_others", "patients"), ("n_known", "patients"),
    ("events", "patients"), ("hazard_ratio", ""), ("hazard_ratio_low", ""), ("hazard_ratio_high", ""), ("p", ""), ("test", ""), ("reason", ""),
)  # fmt: skip


def time_zero_table(result: TimeZeroResult) -> Table:
    """One row an analysis: n, events, hazard ratio with limits, p with its test."""
    known, outcome, landmark = result.known, result.naive.outcome, result.landmark
    found = result.dependent.comparison
    at = span(landmark.days, outcome.unit)
    lines = (
        _line("From time zero (biased by design)", "time_zero", None, _sizes(result.naive, result), result.naive),
        _line(f"Landmark at {at}", "landmark", landmark.days, landmark.sizes, landmark.survival),
        _line("Time-dependent", "time_dependent", None, (found.n, found.n_exposed), result.dependent.survival),
    )
    printed, numbers, tests = [], [], []
    for name, key, days, (n_others, n_known), survival in lines:
        ratio, test = ratio_of(survival, known), survival.logrank
        dependent = key == "time_dependent"
        n = n_others if dependent else n_others + n_known
        sizes = (
            f"{n} ({n_known} ever {known.label})"
            if dependent
            else f"{n} ({n_others} {others(known)}, {n_known} {known.label})"
        )
        printed.append((name, sizes, str(survival.n_events), _ratio(ratio), p_value(test.p), _test(test)))
        numbers.append((key, days, n, n - n_known, n_known, survival.n_events, ratio.value, ratio.low, ratio.high, test.p, test.name, _reason(ratio, test)))  # fmt: skip
        tests.append(TestLine(test.name, f"{name}: {others(known)} v {known.label}", test.statistic, test.df, test.p, test.n, test.reason))  # fmt: skip
    return Table(
        id=f"time_zero.{outcome.endpoint}", title=f"{outcome.label}: one comparison, three times zero", header=HEADER, rows=tuple(printed),
        caption=f"Hazard ratio of {known.label} against {others(known)}: Cox model, Efron ties, Wald interval, unless a note says otherwise.",
        notes=(sentence(result), *_notes(lines, result)), n=result.naive.n, numbers=Numbers(COLUMNS, tuple(numbers)), tests=tuple(tests),
    )  # fmt: skip


def landmark_table(result: LandmarkResult) -> Table:
    """One row a group: n, events, median from the landmark, hazard ratio; and the log-rank test."""
    outcome = result.survival.outcome
    at = span(result.days, outcome.unit)
    whole = summary_table(result.survival)
    return replace(
        whole,
        id=f"landmark.{outcome.endpoint}.summary",
        title=f"{outcome.label} from the landmark at {at}",
        caption=f"Medians counted from the landmark. {whole.caption}",
    )


def dropped_table(result: LandmarkResult) -> Table:
    """One row a patient who is not analysed at the landmark: when it became known, how long followed, and why dropped."""
    outcome, known = result.survival.outcome, result.known
    rows, numbers = [], []
    for row in result.dropped.to_dict("records"):
        began = None if row["known"] != row["known"] else float(row["known"])
        group = row["group"] if isinstance(row["group"], str) else None
        rows.append(
            (str(row["patient"]), group or "not known", time(began, "never recorded"), time(row["time"]), row["reason"])
        )
        why = [f"{name}: not recorded" for name, value in (("group", group), ("became_known", began)) if value is None]
        numbers.append((row["patient"], group, began, row["time"], row["event"], row["reason"], "; ".join(why) or None))
    unit = outcome.unit
    columns = (
        ("patient", ""),
        ("group", ""),
        ("became_known", unit),
        ("time", unit),
        ("event", ""),
        ("dropped", ""),
        ("reason", ""),
    )
    counts = ", ".join(f"{n} {reason}" for reason, n in result.reasons)
    return Table(
        id=f"landmark.{outcome.endpoint}.dropped",
        title=f"{outcome.label}: not analysed at the landmark",
        header=("Patient", "Group at the landmark", f"{known.label} since, {unit}", f"Followed, {unit}", "Why dropped"),
        rows=tuple(rows),
        caption=f"{plural(len(rows), 'patient')} dropped at {span(result.days, unit)}: {counts}. Times from infusion." if rows
        else f"Nobody was dropped at {span(result.days, unit)}.",
        n=len(rows),
        numbers=Numbers(columns, tuple(numbers)),
    )  # fmt: skip


def _line(name: str, key: str, days: float | None, sizes: tuple[int, int], survival: SurvivalResult) -> tuple[str, str, float | None, tuple[int, int], SurvivalResult]:  # fmt: skip
    return name, key, days, sizes, survival


def _sizes(survival: SurvivalResult, result: TimeZeroResult) -> tuple[int, int]:
    counts = {group.name: group.curve.n for group in survival.groups}
    return counts.get(others(result.known), 0), counts.get(result.known.label, 0)


def _ratio(ratio: Estimate) -> str:
    if ratio.value is None:
        return f"not estimable: {ratio.reason}"
    return f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})"


def _test(test: TestResult) -> str:
    return (
        f"{test.name[:1].upper()}{test.name[1:]}, n = {test.n}"
        if test.p is not None
        else f"{test.name} not done: {test.reason}"
    )


def _reason(ratio: Estimate, test: TestResult) -> str | None:
    said = {"hazard_ratio": ratio.reason, "p": test.reason}
    return "; ".join(f"{name}: {reason}" for name, reason in said.items() if reason) or None


def _notes(lines: tuple[tuple[str, str, float | None, tuple[int, int], SurvivalResult], ...], result: TimeZeroResult) -> tuple[str, ...]:  # fmt: skip
    ratios = [(name, ratio_of(survival, result.known)) for name, _, _, _, survival in lines]
    return tuple(f"{name}: hazard ratio by {ratio.note}." for name, ratio in ratios if ratio.note)
