"""Tables of time zero: the three analyses side by side, the landmark's groups, and who was dropped."""

from dataclasses import dataclass, replace
from typing import Final

from lib.derived.became_known import BecameKnown
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import interval, p_value, plural, short, time
from lib.stats.estimate import Estimate, TestResult
from lib.survival.result import SurvivalResult
from lib.survival.time_zero.followed import others
from lib.survival.time_zero.landmark import LandmarkResult
from lib.survival.time_zero.result import TimeZeroResult
from lib.survival.time_zero.words import questions, ratio_of, short_name, span, warning
from lib.survival.words import summary_table

COLUMNS: Final = (
    ("analysis", ""), ("landmark_days", "days"), ("n", "patients"), ("n_others", "patients"), ("n_known", "patients"), ("switched", "patients"),
    ("events", "patients"), ("hazard_ratio", ""), ("hazard_ratio_low", ""), ("hazard_ratio_high", ""), ("p", ""), ("test", ""), ("reason", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One analysis: its name, its key in results.json, how many are in each group, of the later one how many came from the other."""

    name: str
    key: str
    sizes: tuple[int, int]
    n: int
    survival: SurvivalResult
    switched: int | None = None
    days: float | None = None


def time_zero_table(result: TimeZeroResult) -> Table:
    """One row an analysis: n, events, hazard ratio with limits, p with its test."""
    known, outcome, lines = result.known, result.naive.outcome, _lines(result)
    notes = [
        f"{line.name}: hazard ratio: {ratio.note}." for line in lines if (ratio := ratio_of(line.survival, known)).note
    ]
    return Table(
        id=f"time_zero.{outcome.endpoint}",
        title=f"{outcome.label}: one comparison, three analyses",
        header=("Analysis", others(known), known.label, "Events", "Hazard ratio (95 % CI)", "p", "Test"),
        rows=tuple(_printed(line, known) for line in lines),
        caption=f"Hazard ratio of {known.label} against {others(known)}: Cox model, Efron ties, Wald interval, unless a note names Firth's penalised model.",
        notes=(*((biased,) if (biased := warning(result)) else ()), *questions(known), *notes),
        n=max(line.n for line in lines),
        numbers=Numbers(COLUMNS, tuple(_numbers(line, known) for line in lines)),
        tests=tuple(_tested(line, known) for line in lines),
    )


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
    counts = ", ".join(f"{reason} ({n})" for reason, n in result.reasons)
    return Table(
        id=f"landmark.{outcome.endpoint}.dropped",
        title=f"{outcome.label}: not analysed at the landmark",
        header=("Patient", "Group at the landmark", f"{known.label[:1].upper()}{known.label[1:]} since, {unit}", f"Followed, {unit}", "Why dropped"),
        rows=tuple(rows),
        caption=f"{plural(len(rows), 'patient')} dropped at {span(result.days, unit)}: {counts}. Times from infusion." if rows
        else f"Nobody was dropped at {span(result.days, unit)}.",
        n=len(rows),
        numbers=Numbers(columns, tuple(numbers)),
    )  # fmt: skip


def _lines(result: TimeZeroResult) -> tuple[Line, ...]:
    landmark, found = result.landmark, result.dependent.comparison
    at = span(landmark.days, landmark.survival.outcome.unit)
    in_others = found.n - found.n_exposed + found.n_switched
    return (
        Line("From time zero (biased by design)", "time_zero", _sizes(result.naive, result.known), result.naive.n, result.naive),
        Line(f"Landmark at {at}", "landmark", landmark.sizes, landmark.survival.n, landmark.survival, days=landmark.days),
        Line("Time-dependent", "time_dependent", (in_others, found.n_exposed), found.n, result.dependent.survival, found.n_switched),
    )  # fmt: skip


def _printed(line: Line, known: BecameKnown) -> tuple[str, ...]:
    n_others, n_known = line.sizes
    switched = f" ({line.switched} switched)" if line.switched else ""
    ratio, test = ratio_of(line.survival, known), line.survival.logrank
    return (
        line.name,
        str(n_others),
        f"{n_known}{switched}",
        str(line.survival.n_events),
        _ratio(ratio),
        p_value(test.p),
        _test(test),
    )


def _numbers(line: Line, known: BecameKnown) -> tuple[object, ...]:
    ratio, test = ratio_of(line.survival, known), line.survival.logrank
    said = {"hazard_ratio": ratio.reason, "p": test.reason}
    reason = "; ".join(f"{name}: {why}" for name, why in said.items() if why) or None
    return (line.key, line.days, line.n, *line.sizes, line.switched, line.survival.n_events, ratio.value, ratio.low, ratio.high, test.p, test.name, reason)  # fmt: skip


def _tested(line: Line, known: BecameKnown) -> TestLine:
    test = line.survival.logrank
    return TestLine(
        test.name, f"{line.name}: {others(known)} v {known.label}", test.statistic, test.df, test.p, test.n, test.reason
    )


def _sizes(survival: SurvivalResult, known: BecameKnown) -> tuple[int, int]:
    counts = {group.name: group.curve.n for group in survival.groups}
    return counts.get(others(known), 0), counts.get(known.label, 0)


def _ratio(ratio: Estimate) -> str:
    if ratio.value is None:
        return f"not estimable: {ratio.reason}"
    return f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})"


def _test(test: TestResult) -> str:
    name = short_name(test)
    return f"{name}, n = {test.n}" if test.p is not None else f"{name} not done: {test.reason}"
