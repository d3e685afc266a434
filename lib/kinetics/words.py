"""What the kinetics say in words."""

from lib.derived.nominal_day import window
from lib.kinetics.result import KineticsResult
from lib.kinetics.summary import cmax_by_group
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import p_equals, plural, short


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
        f"CAR transgene in {result.key.specimen} ({result.key.assay}){infusion}: thin lines, patients (n = {result.n}); thick lines, "
        "geometric mean of samples near each nominal day (within a tenth of it, at least one day), shown where at least half are "
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
    if result.grouping.compares:
        said.append(comparison_sentence(result))
    return tuple(said)


def comparison_sentence(result: KineticsResult) -> str:
    """The default test at the chosen day, with its name, n and window."""
    comparison = result.comparison
    where = f"Day {comparison.day:g} (± {window(comparison.day):g})"
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
