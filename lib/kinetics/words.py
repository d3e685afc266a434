"""What the kinetics say in words."""

from lib.kinetics.profile import window
from lib.kinetics.result import KineticsResult
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import p_value, plural, short


def headline(result: KineticsResult) -> tuple[str, str]:
    """Peak and its day by group; nothing is biased by the timing of samples before the groups differ."""
    if not result.n:
        return "Nobody in this selection has samples of this series.", ""
    parts = []
    for name in result.grouping.names:
        mine = [each for each in result.of_infusion if each.group == name and each.expanded]
        if mine:
            peaks = sorted(each.cmax.value for each in mine if each.cmax.value is not None)
            days = sorted(each.tmax.value for each in mine if each.tmax.value is not None)
            label = f"{name} " if result.grouping.compares else ""
            parts.append(
                f"{label}peaked at {short(peaks[0], 2)} to {short(peaks[-1], 2)} on day {days[0]:g} to {days[-1]:g} (n = {len(mine)})"
            )
    silent = sum(not each.expanded for each in result.of_infusion)
    said = "; ".join(parts) + "." if parts else "No sample is above the limit of quantification."
    return said + (
        f" {plural(silent, 'patient')} never rose above the limit of quantification." if silent and parts else ""
    ), ""


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
        said.append(f"{plural(unknown, 'sample')} below a limit that is not stated cannot be drawn.")
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
    return f"{where}: {test.name}, p = {p_value(test.p)} (n = {test.n}; below the limit: lowest rank).".replace(
        "= <", "< "
    ).replace("= >", "> ")


def alt_text(result: KineticsResult) -> str:
    """The figure for whoever cannot see it."""
    means = result.profile.dropna(subset=["mean"])
    peaks = []
    for name in result.grouping.names:
        mine = means[means["group"] == name]
        if len(mine):
            peak = mine.loc[mine["mean"].idxmax()]
            peaks.append(f"{name}: highest geometric mean {short(float(peak['mean']))} on day {peak['day']:g}")
    return f"Lines of CAR transgene over days since infusion on a log axis, {plural(result.n, 'patient')}. {'; '.join(peaks)}."


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
        shown = row["mean"] == row["mean"]
        means = (row["mean"], row["low"], row["high"]) if shown else (None, None, None)
        reason = None if shown else "fewer than two samples, or less than half of them quantifiable"
        rows.append((level_of[row["group"]], row["day"], row["n"], row["n_quantifiable"], *means, reason))
    return Numbers(columns, tuple(rows))


def tests(result: KineticsResult) -> tuple[TestLine, ...]:
    """The default test at the day at which groups are compared."""
    test = result.comparison.default
    groups = " v ".join(result.grouping.names)
    line = TestLine(
        test.name, f"day {result.comparison.day:g}: {groups}", test.statistic, test.df, test.p, test.n, test.reason
    )
    return (line,) if result.grouping.compares else ()
