"""What an assay says in words: finding, caption, what p-values speak of, and the numbers for results.json."""

from collections.abc import Sequence
from typing import Final

from lib.assay.result import AllTests, AssayCell, AssayFamily, AssayResult
from lib.assay.series import AssaySeries
from lib.publication.exhibit import Numbers, TestLine
from lib.publication.number import interval, p_value, plural, short
from lib.stats.estimate import TestResult

STARS: Final = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
LEGEND_OF_STARS: Final = "* p < 0.05, ** p < 0.01, *** p < 0.001 (adjusted)."
FEW: Final = 5  # with fewer values a group its distribution cannot be judged


def title(result: AssayResult) -> str:
    """Experiment and measure."""
    return name_of(result.series)


def name_of(series: AssaySeries) -> str:
    """Experiment and measure; the experiment is left out where the measure begins with it."""
    same = series.measure.casefold().startswith(series.experiment.casefold())
    return series.measure if same else f"{series.experiment}: {series.measure}"


def headline(result: AssayResult) -> tuple[str, str]:
    """The highest and lowest mean and the control's at the last time, and what the p-values speak of."""
    return " ".join(_finding(result, line) for line in result.series.design.lines), warning(result)


def _finding(result: AssayResult, line: str) -> str:
    last = result.times[-1]
    cells = [cell for cell in result.cells if (cell.line, cell.time) == (line, last) and cell.mean is not None]
    if not cells:
        return f"No values{_of(line)}{_at(result, last)}."
    control = next((cell for cell in cells if cell.group == result.series.design.control), None)
    others = [cell for cell in cells if cell is not control]
    if not others:
        return f"{result.series.label}{_of(line)}{_at(result, last)}: mean {_mean(cells[0])}."
    ends = dict.fromkeys([min(others, key=_height), max(others, key=_height)])
    said = " and ".join(f"{_mean(cell)} at {result.series.design.label(cell.group)}" for cell in ends)
    against = f"; control ({result.series.design.label(control.group)}) {_mean(control)}" if control else ""
    which = "mean" if len(others) == 1 else "lowest and highest mean" if len(ends) > 1 else "every mean"
    return f"{result.series.label}{_of(line)}{_at(result, last)}: {which} {said}{against}."


def _height(cell: AssayCell) -> float:
    return 0.0 if cell.mean is None else cell.mean


def _mean(cell: AssayCell) -> str:
    return short(cell.mean)


def _of(line: str) -> str:
    return f" with {line}" if line else ""


def _at(result: AssayResult, time: float | None) -> str:
    return f" at {result.series.when(time)}" if time is not None else ""


def warning(result: AssayResult) -> str:
    """Technical replicates are not n: what is repeated here, and of what the p-values speak."""
    n = " to ".join(str(count) for count in dict.fromkeys((result.per_group[:1] or (0,)) + result.per_group[-1:]))
    if result.by_donor:
        return f"{n} donors (or runs) a group; their technical replicates were averaged and are not counted."
    return f"{n} replicates of one experiment: the p-values describe the repeatability of this assay, not of patients."


def caption(result: AssayResult, over_time: bool, shows_stars: bool = False) -> str:
    """What is drawn, and the one test that stands on the figure; `shows_stars`: beside its p."""
    what = "Small open symbols" if over_time else "Open symbols"
    mean = "filled symbols and lines, means" if over_time else "thick lines, means"
    of = " of donors" if result.by_donor else ""
    said = f"{what}, wells (n = {result.n_wells}); {mean}{of}; bars, SD{of}."
    if result.series.design.control is None:
        return f"{said} No control is named: no group is compared with one; all pairs stand in the table."
    family = " at each time separately" if len(result.times) > 1 else ""
    several = ", for each agent separately" if len(result.series.design.lines) > 1 else ""
    label = result.series.design.label(result.series.design.control)
    legend = f" {LEGEND_OF_STARS}" if shows_stars else ""
    return (
        f"{said} Under the axis: p of Dunnett's two-sided test against the control ({label}), adjusted for the number of "
        f"{'doses' if result.series.design.dosed else 'groups'}{family}{several}.{legend}"
    )


def notes(result: AssayResult) -> tuple[str, ...]:
    """Replicates, how values were computed, who is left out, what the tests assume."""
    said = [warning(result), *result.series.told]
    if result.series.left_out:
        said.append(f"Left out: {'; '.join(result.series.left_out)}.")
    if result.by_donor:
        said.append("The tests are unpaired: where every donor had every dose they do not use the pairing.")
        unnamed = int((result.series.wells["donor"] == "").sum())
        said += [f"{plural(unnamed, 'well')} of no named donor: taken as one donor more."] if unnamed else []
    shared = len(result.series.wells) - result.n_wells
    if shared:
        said.append("Wells without any agent are the control of every agent.")
    if result.per_group and result.per_group[0] < FEW:
        said.append("With so few values a group neither their distribution nor equal variances can be judged; ANOVA, Dunnett's, Tukey's and t tests assume both.")  # fmt: skip
    if len(result.families) > 1:
        said.append(f"{plural(len(result.families), 'family', 'families')} of comparisons (times or agents): p is adjusted within each, not across them.")  # fmt: skip
    return tuple(said)


def alt_text(result: AssayResult, over_time: bool) -> str:
    """The figure for whoever cannot see it."""
    across = "time" if over_time else "doses" if result.series.design.dosed else "conditions"
    return f"{result.series.label} over {across}: every well, mean and SD. {headline(result)[0]}"


def stars(p: float | None) -> str:
    """How many stars p has; none from 0.05 on."""
    return next((sign for limit, sign in STARS if p is not None and p < limit), "")


def with_stars(p: float | None, shown: bool = True) -> str:
    """The number, with its stars beside it where they are asked for."""
    return f"{p_value(p)} {stars(p) if shown else ''}".strip()


def mean_and_sd(cell: AssayCell) -> str:
    """12.3 ± 1.1; without SD where there is one value."""
    if cell.mean is None:
        return "–"
    return f"{short(cell.mean)} ± {short(cell.sd)}" if cell.sd is not None else short(cell.mean)


def family_name(result: AssayResult, family: AssayFamily) -> str:
    """The agent and time of a family, where there are several."""
    line = family.line if len(result.series.design.lines) > 1 else ""
    return ", ".join(part for part in (line, result.series.when(family.time) if len(result.times) > 1 else "") if part)


def numbers(result: AssayResult) -> Numbers:
    """One row a line, time and group."""
    unit = result.series.unit
    columns = (
        ("line", ""), ("group", result.series.design.unit), ("time", result.series.time_unit), ("n", "donors" if result.by_donor else "wells"),
        ("n_wells", "wells"), ("mean", unit), ("sd", unit), ("reason", ""),
    )  # fmt: skip
    rows = tuple(
        (cell.line or None, cell.group, cell.time, cell.n, cell.n_wells, cell.mean, cell.sd, _why_no_sd(cell))
        for cell in result.cells
    )
    return Numbers(columns, rows)


def _why_no_sd(cell: AssayCell) -> str | None:
    return "no values" if not cell.n else "one value: no SD" if cell.n == 1 else None


def dunnett_tests(result: AssayResult) -> tuple[TestLine, ...]:
    """The default test of every dose against the control."""
    return tuple(
        _line(each.test, f"{_prefix(result, family)}{each.first} v {each.second}", each.test.p)
        for family in result.families
        for each in family.dunnett
    )


def every_test(result: AssayResult, found: Sequence[AllTests]) -> tuple[TestLine, ...]:
    """The default and every other test; of pairs the adjusted p, named so."""
    lines = list(dunnett_tests(result))
    for each in found:
        prefix = _prefix(result, each.family)
        every = " v ".join(each.family.values)
        lines += [_line(test, prefix + every, test.p) for test in (each.anova, each.kruskal_wallis)]
        lines += [_line(pair.test, f"{prefix}{pair.first} v {pair.second}", pair.test.p) for pair in each.student]
        lines += [_line(pair.test, f"{prefix}{pair.first} v {pair.second}", pair.test.p) for pair in each.tukey]
        for pair in (*each.dunn, *each.conover):
            lines.append(_line(pair.test, f"{prefix}{pair.first} v {pair.second}", pair.adjusted_p, f" ({pair.adjustment})"))  # fmt: skip
    return tuple(lines)


def difference(value: float | None, low: float | None, high: float | None) -> str:
    """A difference, with its limits where it has them: −4.77 (−7.1 to −2.4)."""
    limits = "" if low is None else f" ({interval(low, high).replace('–', ' to ')})"
    return f"{short(value)}{limits}".replace("-", "−")


def _prefix(result: AssayResult, family: AssayFamily) -> str:
    name = family_name(result, family)
    return f"{name}: " if name else ""


def _line(test: TestResult, comparison: str, p: float | None, adjusted: str = "") -> TestLine:
    return TestLine(test.name + adjusted, comparison, test.statistic, test.df, p, test.n, test.reason)
