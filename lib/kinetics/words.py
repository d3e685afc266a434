"""What the kinetics say in words."""

from typing import Final

from lib.cohort.grouping import Grouping
from lib.derived.replicates import GEOMETRIC_MEAN, HIGHEST, LOWEST
from lib.kinetics.result import KineticsResult
from lib.kinetics.summary import cmax_by_group, never_expanded
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import above_limit_notes, p_equals, plural, short

WORDS: Final = {GEOMETRIC_MEAN: "geometric mean", HIGHEST: "highest", LOWEST: "lowest"}
ARM_BIAS: Final = "The groups were formed after infusion: this comparison is biased by design."
RULES: Final = (
    "Below the limit of quantification (LLOQ) counts as 0 before the first and after the last quantifiable value and is left out between them. "
    "AUC: linear up, logarithmic down, from day 0; not calculated (NC) where sampling ends earlier and still quantifiable. Tlast: last "
    "quantifiable day; Tbql: first day below the LLOQ after it. Half-life: log-linear fit after the peak, given where it spans two half-lives with R² of 0.9 or more."
)


def bias_notes(grouping: Grouping) -> tuple[str, ...]:
    """Whether the groups were formed after the infusion, or nobody says when."""
    if grouping.known_after_infusion:
        return (
            f"{ARM_BIAS} {grouping.label} became known by day {grouping.known_at:g}: the course until then may have led to it.",
        )
    if grouping.time_not_stated:
        return (
            f"Time of grouping not stated: if {grouping.label} became known after infusion, the comparison is biased.",
        )
    return ()


def limits(result: KineticsResult) -> str:
    """The limits of quantification with their unit: "LLOQ 1,000 copies/µg DNA"."""
    unit = f" {result.key.unit}" if result.key.unit else ""
    if not result.lloqs:
        return "LLOQ not stated"
    return f"LLOQ {' or '.join(short(limit) for limit in result.lloqs[:3])}{' or others' if len(result.lloqs) > 3 else ''}{unit}"


def replicate_notes(result: KineticsResult) -> tuple[str, ...]:
    """How days with several samples count, where there are any."""
    days, patients = result.n_replicated
    if not days:
        return ()
    half = "; below the limit a sample counts as half of it" if result.rule == GEOMETRIC_MEAN else ""
    of = f"{plural(days, 'day')} of {plural(patients, 'patient')}"
    return (f"Several samples on {of}: they count as one, by the {WORDS[result.rule]}{half}.",)


def silent_words(result: KineticsResult) -> str:
    """Who never expanded, "" where everybody did."""
    silent = ", ".join(
        f"{name if result.grouping.compares else 'patients'} {n}" for name, n in never_expanded(result).items()
    )
    return (
        f"Never above the limit of quantification: {silent}; in no mean, lowest rank for Cmax and areas from day 0."
        if silent
        else ""
    )


def headline(result: KineticsResult) -> tuple[str, str]:
    """The typical peak of each group and the days of the peaks; "" as the second part: it is no comparison."""
    if not result.n:
        return "Nobody in this selection has samples of this series.", ""
    expanded = [each for each in result.of_infusion if each.expanded]
    if not expanded:
        return "No sample is above the limit of quantification.", ""
    parts = [
        f"{f'{peaks.group} ' if result.grouping.compares else ''}{short(peaks.value)} (n = {peaks.n})"
        for peaks in cmax_by_group(result) if peaks.n
    ]  # fmt: skip
    days = [each.tmax.value for each in expanded if each.tmax.value is not None]
    unit = f", {result.key.unit}" if result.key.unit else ""
    said = f"Geometric mean of Cmax{unit}: {', '.join(parts)}. Peaks on {_days(min(days), max(days))}."
    silent = sum(each.never_quantifiable for each in result.of_infusion)
    return said + (f" {plural(silent, 'patient')} never rose above the limit of quantification." if silent else ""), ""


def _days(first: float, last: float) -> str:
    return f"day {first:g}" if first == last else f"days {first:g} to {last:g}"


def caption(result: KineticsResult) -> str:
    """What is drawn and by which rules."""
    infusion = f" after infusion {result.infusion}" if result.infusion > 1 else ""
    return (
        f"Thin lines, patients{infusion} (n = {result.n}); thick lines, "
        "geometric mean of samples near each nominal day (within a tenth of it in whole days, at least one: ± 3 at day 28), shown where at least half are "
        "quantifiable; open symbols, below the limit of quantification (LLOQ), drawn under its line and averaged as LLOQ/2. Numbers under the axis: "
        "patients sampled; lines are not drawn across more than 60 days without a sample."
    )


def notes(result: KineticsResult) -> tuple[str, ...]:
    """Who has no samples, which limits are unknown, and the comparison at the chosen day."""
    said = []
    if result.n < result.n_selected:
        said.append(
            f"{result.n_selected - result.n} of {result.n_selected} patients without samples of this series or without a group."
        )
    unknown = int((result.table["below"] & result.table["lloq"].isna()).sum())
    if unknown:
        said.append(
            f"{plural(unknown, 'sample')} below a limit that is not stated: not drawn, and no mean where there is one."
        )
    said += replicate_notes(result)
    said += above_limit_notes(int(result.table["above"].sum()))
    if silent := silent_words(result):
        said.append(silent)
    if result.grouping.compares:
        said += [*bias_notes(result.grouping), comparison_sentence(result)]
    return tuple(said)


def comparison_sentence(result: KineticsResult) -> str:
    """The default test at the chosen day, with its name, n and window."""
    comparison = result.comparison
    where = f"Day {comparison.day:g} (± {comparison.within:g})"
    test = comparison.default
    if test.p is None:
        return f"{where}: {test.name} not done: {test.reason}."
    return f"{where}: {test.name}, {p_equals(test.p)} (n = {test.n}; below the limit: lowest rank)."


def alt_text(result: KineticsResult) -> str:
    """The figure for whoever cannot see it."""
    means = result.profile.dropna(subset=["mean"])
    peaks = []
    for name in result.grouping.names:
        mine = means[means["group"] == name]
        if len(mine):
            peak = mine.loc[mine["mean"].idxmax()]
            peaks.append(f"{name}: highest geometric mean {short(float(peak['mean']))} on day {peak['day']:g}")
    said = "; ".join(peaks) or "No geometric mean is shown"
    return f"Lines of CAR transgene over days since infusion on a log axis, {plural(result.n, 'patient')}. {said}."


def profile_numbers(result: KineticsResult) -> Numbers:
    """One row a group and nominal day: n, how many quantifiable, geometric mean with its 95 % interval."""
    level_of = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    unit = result.key.unit
    columns = (
        ("group", ""),
        ("day", "days"),
        ("n", "patients"),
        ("n_quantifiable", "patients"),
        ("geometric_mean", unit),
        ("low", unit),
        ("high", unit),
        ("reason", ""),
    )
    rows = []
    for row in result.profile.to_dict("records"):
        means = (None, None, None) if row["reason"] else (row["mean"], row["low"], row["high"])
        rows.append(
            (level_of[row["group"]], row["day"], row["n"], row["n_quantifiable"], *means, row["reason"] or None)
        )
    return Numbers(columns, tuple(rows))


def tests(result: KineticsResult) -> tuple[TestLine, ...]:
    """The default test at the day at which groups are compared."""
    test = result.comparison.default
    groups = " v ".join(result.grouping.names)
    line = TestLine(
        test.name, f"day {result.comparison.day:g}: {groups}", test.statistic, test.df, test.p, test.n, test.reason
    )
    return (line,) if result.grouping.compares else ()
