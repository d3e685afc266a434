"""The table of one assay: mean, SD and n of every dose and time; and what is said of an assay wherever it is shown.

All that one series of an assay gives: mean and SD of every dose and time, and the doses compared at each time.

Technical replicates are not n: where the sheet names donors, their means are what is summarised and tested; where it
names none, the wells are, and the p-values speak of this one experiment."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.assay.series import AssaySeries, Design, series_by_slug, slugs
from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Table, TestLine, TypedColumn, typed_table
from lib.publication.number import p_value, plural, short
from lib.publication.spec import ExhibitSpec
from lib.stats.estimate import Floats, TestResult
from lib.stats.ranks import kruskal_wallis
from lib.stats.several_groups import GroupPair, MeanDifference, anova, conover, dunn, dunnett, student_against, tukey

FEWEST_DONORS: Final = 2  # one donor is one experiment
STARS: Final = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
LEGEND_OF_STARS: Final = "* p < 0.05, ** p < 0.01, *** p < 0.001 (adjusted)."
FEW: Final = 5  # with fewer values a group its distribution cannot be judged


@dataclass(frozen=True)
class AssayCell:
    """One dose (or condition) of one line at one time; `n` counts donors where they are known, else wells."""

    line: str
    group: str
    time: float | None
    n: int
    n_wells: int
    mean: float | None
    sd: float | None  # None with fewer than two


@dataclass(frozen=True)
class AssayFamily:
    """The doses of one line at one time, compared; what needs a control is () where there is none."""

    line: str
    time: float | None
    values: dict[str, Floats]
    control: str | None
    dunnett: tuple[MeanDifference, ...]


@dataclass(frozen=True)
class AllTests:
    """Every further test of one family."""

    family: AssayFamily
    anova: TestResult
    kruskal_wallis: TestResult
    student: tuple[GroupPair, ...]
    tukey: tuple[MeanDifference, ...]
    dunn: tuple[GroupPair, ...]
    conover: tuple[GroupPair, ...]


@dataclass(frozen=True)
class AssayResult:
    """One series, its cells in the order line, time, group, and its families in the order line, time."""

    series: AssaySeries
    by_donor: bool
    cells: tuple[AssayCell, ...]
    families: tuple[AssayFamily, ...]

    @property
    def n_wells(self) -> int:
        """How many wells there are; those of a shared control count once."""
        return int(self.series.wells["original"].nunique())

    @property
    def times(self) -> tuple[float | None, ...]:
        """Its times, (None,) where none is stated."""
        return self.series.times or (None,)

    @property
    def per_group(self) -> tuple[int, ...]:
        """How many values groups have, each number once, smallest first."""
        return tuple(sorted({cell.n for cell in self.cells if cell.n}))


def assay(series: AssaySeries) -> AssayResult:
    """Means and comparisons of one series."""
    by_donor = series.n_donors >= FEWEST_DONORS
    cells, families = [], []
    for line in series.design.lines:
        for time in series.times or (None,):
            here = _at(series, line, time)
            values = {group: _values(here[here["group"] == group], by_donor) for group in series.design.groups}
            cells += [_cell(line, group, time, values[group], here) for group in series.design.groups]
            families.append(_family(series, line, time, values))
    return AssayResult(series, by_donor, tuple(cells), tuple(families))


def all_tests(result: AssayResult) -> tuple[AllTests, ...]:
    """The sensitivity analyses of every family: overall tests, t tests against the control, and all pairs."""
    return tuple(map(_all_tests, result.families))


def _at(series: AssaySeries, line: str, time: float | None) -> pd.DataFrame:
    rows = series.wells[series.wells["line"] == line]
    return rows if time is None else rows[rows["time"] == time]


def _values(rows: pd.DataFrame, by_donor: bool) -> Floats:
    """What is summarised: the mean of each donor (wells of no named donor are one more), or every well."""
    values = rows.groupby("donor", sort=False)["value"].mean() if by_donor else rows["value"]
    return np.asarray(values, dtype=float)


def _cell(line: str, group: str, time: float | None, values: Floats, here: pd.DataFrame) -> AssayCell:
    n = len(values)
    mean = float(values.mean()) if n else None
    sd = float(values.std(ddof=1)) if n > 1 else None
    return AssayCell(line, group, time, n, int((here["group"] == group).sum()), mean, sd)


def _family(series: AssaySeries, line: str, time: float | None, values: dict[str, Floats]) -> AssayFamily:
    control = series.design.control
    return AssayFamily(line, time, values, control, dunnett(values, control) if control is not None else ())


def _all_tests(family: AssayFamily) -> AllTests:
    values, each = family.values, list(family.values.values())
    student = student_against(values, family.control) if family.control is not None else ()
    return AllTests(family, anova(each), kruskal_wallis(each), student, tukey(values), dunn(values), conover(values))


def _computed(analysis: Analysis, slug: str) -> AssayResult:
    return assay(series_by_slug(analysis)[slug])


def measured(analysis: Analysis, slug: str) -> AssayResult:
    """Means and tests of one series, computed once for all exhibits that show them."""
    return analysis.result(_computed, slug)


def assay_table(result: AssayResult) -> Table:
    """One row a line, time and group."""
    return typed_table(
        _columns(result),
        result.cells,
        id=f"assay.{result.series.slug}.table",
        title=f"{name_of(result.series)}: mean and SD",
        caption="Values: means of donors." if result.by_donor else "Values: wells.",
        method=" ".join(("SD with n - 1; one value has none.", *notes(result), *limits(result))),
        n=result.n_wells,
        of_patients=False,
    )


def _columns(result: AssayResult) -> tuple[TypedColumn, ...]:
    """What is printed of a cell, and its numbers; agent and time are printed where there are any."""
    series, design = result.series, result.series.design
    dose = (f"Dose, {design.unit}" if design.unit else "Dose") if design.dosed else "Condition"
    time = (f"Time, {series.time_unit}" if series.time_unit else "Time") if series.times else ""
    unit, donors = f", {series.unit}" if series.unit else "", result.by_donor
    values = {(family.line, family.time): family.values for family in result.families}
    return (
        TypedColumn(
            "Agent" if len(design.lines) > 1 else "", "line", "", lambda cell: cell.line or None, lambda cell: cell.line
        ),
        TypedColumn(time, printed=lambda cell: f"{cell.time:g}"),
        TypedColumn(dose, "group", design.unit, lambda cell: cell.group, lambda cell: cell.group),
        TypedColumn(name="time", unit=series.time_unit, value=lambda cell: cell.time),
        TypedColumn(
            "Donors" if donors else "n (wells)",
            "n",
            "donors" if donors else "wells",
            lambda cell: cell.n,
            lambda cell: str(cell.n),
        ),
        TypedColumn(name="n_wells", unit="wells"),
        TypedColumn(f"Mean{unit}", "mean", series.unit, lambda cell: cell.mean, lambda cell: short(cell.mean)),
        TypedColumn("SD", "sd", series.unit, lambda cell: cell.sd, lambda cell: short(cell.sd)),
        TypedColumn(
            "Values", printed=lambda cell: "; ".join(map(short, values[cell.line, cell.time][cell.group])) or "–"
        ),
        TypedColumn(name="reason", value=_why_no_sd),
    )


def _why_no_sd(cell: AssayCell) -> str | None:
    return "no values" if not cell.n else "one value: no SD" if cell.n == 1 else None


def name_of(series: AssaySeries) -> str:
    """Experiment and measure; the experiment is left out where the measure begins with it."""
    same = series.measure.casefold().startswith(series.experiment.casefold())
    return series.measure if same else f"{series.experiment}: {series.measure}"


def headline(result: AssayResult) -> tuple[str, str]:
    """The highest and lowest mean and the control's at the last time, and what the p-values speak of."""
    return " ".join(_finding(result, line) for line in result.series.design.lines), warning(result)


def _finding(result: AssayResult, line: str) -> str:
    last, design = result.times[-1], result.series.design
    where = _where(result, line, last)
    cells = [cell for cell in result.cells if (cell.line, cell.time) == (line, last) and cell.mean is not None]
    if not cells:
        return f"No values{where}."
    control = next((cell for cell in cells if cell.group == design.control), None)
    others = [cell for cell in cells if cell is not control]
    if not others:
        return f"{result.series.label}{where}: mean {short(cells[0].mean)}."
    against = f"; control ({design.label(control.group)}) {short(control.mean)}" if control else ""
    return f"{result.series.label}{where}: {_ends(others, design)}{against}."


def _where(result: AssayResult, line: str, time: float | None) -> str:
    return (f" with {line}" if line else "") + (f" at {result.series.when(time)}" if time is not None else "")


def _ends(cells: list[AssayCell], design: Design) -> str:
    """The lowest and the highest mean, with their doses."""
    ends = dict.fromkeys([min(cells, key=_height), max(cells, key=_height)])
    which = "mean" if len(cells) == 1 else "lowest and highest mean" if len(ends) > 1 else "every mean"
    return f"{which} " + " and ".join(f"{short(cell.mean)} at {design.label(cell.group)}" for cell in ends)


def _height(cell: AssayCell) -> float:
    return 0.0 if cell.mean is None else cell.mean


def warning(result: AssayResult) -> str:
    """Technical replicates are not n: what is repeated here, and of what the p-values speak."""
    n = " to ".join(str(count) for count in dict.fromkeys((result.per_group[:1] or (0,)) + result.per_group[-1:]))
    if result.by_donor:
        return f"{n} donors (or runs) a group; their technical replicates were averaged and are not counted."
    return f"{n} replicates of one experiment: the p-values describe the repeatability of this assay, not of patients."


def notes(result: AssayResult) -> tuple[str, ...]:
    """How values were computed, and who is left out."""
    left_out = (f"Left out: {'; '.join(result.series.left_out)}.",) if result.series.left_out else ()
    return (*result.series.reported, *left_out)


def limits(result: AssayResult) -> tuple[str, ...]:
    """Of what the p-values speak, and what the tests assume."""
    said = [warning(result)]
    if result.by_donor:
        said.append("The tests are unpaired: where every donor had every dose they do not use the pairing.")
        unnamed = int((result.series.wells["donor"] == "").sum())
        said += [f"{plural(unnamed, 'well')} of no named donor: taken as one donor more."] if unnamed else []
    if len(result.series.wells) > result.n_wells:
        said.append("Wells without any agent are the control of every agent.")
    if result.per_group and result.per_group[0] < FEW:
        said.append(
            "With so few values a group neither their distribution nor equal variances can be judged; ANOVA, Dunnett's,"
            " Tukey's and t tests assume both."
        )
    if len(result.families) > 1:
        of = plural(len(result.families), "family", "families")
        said.append(f"{of} of comparisons (times or agents): p is adjusted within each, not across them.")
    return tuple(said)


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


def dunnett_tests(result: AssayResult) -> tuple[TestLine, ...]:
    """The default test of every dose against the control."""
    return tuple(
        TestLine.of(each.test, f"{prefix(result, family)}{each.first} v {each.second}")
        for family in result.families
        for each in family.dunnett
    )


def prefix(result: AssayResult, family: AssayFamily) -> str:
    """What stands before a comparison: the agent and time of its family, where there are several."""
    name = family_name(result, family)
    return f"{name}: " if name else ""


def _build(analysis: Analysis, slug: str, _options: object) -> Exhibit:
    return assay_table(measured(analysis, slug))


TABLE: Final = ExhibitSpec("assay.{series}.table", "Means and SD", needs="assays", variants=slugs, build=_build)
