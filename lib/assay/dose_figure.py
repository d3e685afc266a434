"""The figure of one assay: wells, means and SD over doses at one time, or over time with one line a dose."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.assay.dose_chart import AssayAxes, assay_chart
from lib.assay.means import (
    LEGEND_OF_STARS,
    AssayCell,
    AssayFamily,
    AssayResult,
    assay_table,
    dunnett_tests,
    headline,
    limits,
    mean_and_sd,
    measured,
    name_of,
    notes,
    with_stars,
)
from lib.assay.sensitivity import StarOptions
from lib.assay.series import series_by_slug, slugs
from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.key import with_key
from lib.publication.number import short
from lib.publication.options import choice, flag
from lib.publication.palette import GROUP_COLOURS
from lib.publication.spec import ExhibitSpec
from lib.publication.text_width import SCREEN
from lib.stats.estimate import Floats

OVER_TIME: Final = "over time"
SPREAD: Final = 10  # pixels between the replicates of one dose
WIDEST: Final = 36  # pixels for all of them
MOST_TIMES_WITH_P: Final = 8  # more would overlap under the axis


def _times(analysis: Analysis, slug: str | None) -> dict[str, str]:
    """How a series of several times can be drawn."""
    series = series_by_slug(analysis).get(slug or "")
    if series is None or len(times := measured(analysis, series.slug).times) < 2:
        return {OVER_TIME: OVER_TIME}
    return {OVER_TIME: OVER_TIME} | {
        f"{time:g}": f"by dose at {series.when(time)}" for time in times if time is not None
    }


@dataclass(frozen=True)
class AssayOptions(StarOptions):
    """What stands across the figure."""

    drawn: str = choice(OVER_TIME, _times, "Drawn", each_variant=True)
    from_zero: bool = flag(True, "Axis from 0")


@dataclass(frozen=True)
class AssayLook:
    """How a figure is drawn: at one time, or over time (None); with stars beside p, for journals that ask for them; the
    axis; the width."""

    time: float | None = None
    stars: bool = False
    from_zero: bool = True
    width: int = SCREEN


USUAL: Final = AssayLook()


def assay_figure(result: AssayResult, look: AssayLook = USUAL) -> Figure:
    """The figure of one series: over time where it has several times, unless one of them is asked for."""
    over_time = len(result.times) > 1 and look.time is None
    drawn = _Drawn(result, over_time, result.times[-1] if look.time is None else look.time, look.stars)
    rows, cells = drawn.under_the_axis()
    places = drawn.places()
    starts_higher = not look.from_zero and float(result.series.wells["value"].min()) > 0
    axes = AssayAxes(
        result.series.label, drawn.across, over_time, len(rows), len(places), look.width, from_zero=not starts_higher
    )
    tables = {
        **{"well": drawn.wells(), "mean": drawn.means(), "place": places, "cell": cells, "row": rows},
        "group": drawn.slots(),
        "heading": pd.DataFrame({"text": [drawn.heading()]}),
    }
    names = [(label, "") for label in tables["group"]["label"]]
    colours = tuple(GROUP_COLOURS[slot % len(GROUP_COLOURS)] for slot in range(len(names)))
    return Figure(
        id=f"assay.{result.series.slug}",
        title=name_of(result.series),
        chart=with_key(assay_chart(colours, axes), names, colours, "both" if over_time else "point"),
        tables=tables,
        data=result.series.wells.drop(columns="original").assign(unit=result.series.unit),
        caption=_caption(result, over_time, look.stars, starts_higher),
        alt=_alt(result, over_time),
        method=" ".join((_tested(result), *limits(result))),
        notes=notes(result),
        n=result.n_wells,
        numbers=assay_table(result).numbers,
        tests=dunnett_tests(result),
        of_patients=False,
    )


class _Drawn:
    """What stands where: `at` is the time or the number of the dose, `slot` the number of the line."""

    def __init__(self, result: AssayResult, over_time: bool, time: float | None, stars: bool) -> None:
        self.result, self.series, self.over_time, self.time, self.stars = result, result.series, over_time, time, stars
        design = self.series.design
        self.groups = {group: float(place) for place, group in enumerate(design.groups)}
        self.lines = (
            [(line, group) for line in design.lines for group in design.groups]
            if over_time
            else [(line, "") for line in design.lines]
        )
        self.slot = {line: slot for slot, line in enumerate(self.lines)}

    def heading(self) -> str:
        """What was measured, and when where one time is drawn."""
        at = "" if self.over_time or self.time is None else f" at {self.series.when(self.time)}"
        return f"{name_of(self.series)}{at}"

    @property
    def across(self) -> str:
        design = self.series.design
        if self.over_time:
            return f"Time, {self.series.time_unit}" if self.series.time_unit else "Time"
        if not design.dosed:
            return "Condition"
        agent = design.lines[0] if len(design.lines) == 1 and design.lines[0] else "Concentration"
        return f"{agent}, {design.unit}" if design.unit else agent

    def wells(self) -> pd.DataFrame:
        rows = self.series.wells
        if not self.over_time and self.time is not None:
            rows = rows[rows["time"] == self.time]
        places = list(zip(rows["line"], rows["group"], strict=True))
        times = [None if pd.isna(time) else time for time in rows["time"]]
        return pd.DataFrame(
            {
                "slot": [self._slot(*place) for place in places],
                "at": [self._at(group, time) for group, time in zip(rows["group"], rows["time"], strict=True)],
                "amount": rows["value"].to_numpy(float),
                "shift": 0.0 if self.over_time else _side_by_side(rows),
                "group": [self._named(*place) for place in places],
                "when": [self.series.when(time) for time in times],
                "replicate": [_replicate(*each) for each in zip(rows["donor"], rows["replicate"], strict=True)],
                "shown": [short(value, 4) for value in rows["value"]],
            }
        )

    def means(self) -> pd.DataFrame:
        cells = [cell for cell in self.result.cells if cell.mean is not None and self._is_drawn(cell)]
        rows = [
            (
                self._slot(cell.line, cell.group),
                self._at(cell.group, cell.time),
                cell.mean,
                cell.mean - (cell.sd or 0),
                cell.mean + (cell.sd or 0),
                self._named(cell.line, cell.group),
                self.series.when(cell.time),
                mean_and_sd(cell),
                cell.n,
            )
            for cell in cells
            if cell.mean is not None
        ]
        columns = ["slot", "at", "amount", "low", "high", "group", "when", "shown", "n"]
        return pd.DataFrame(rows, columns=columns)

    def places(self) -> pd.DataFrame:
        if self.over_time:
            times = self.series.times
            return pd.DataFrame({"at": list(times), "label": [f"{time:g}" for time in times]})
        return pd.DataFrame({"at": list(self.groups.values()), "label": list(self.groups)})

    def slots(self) -> pd.DataFrame:
        labels = [self._named(*line) if self.over_time else line[0] or self.series.measure for line in self.lines]
        return pd.DataFrame({"slot": range(len(labels)), "label": labels})

    def under_the_axis(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows and their cells: n and p of each dose, or p of each line at each time."""
        names, cells = self._rows_over_time() if self.over_time else self._rows_by_dose()
        rows = pd.DataFrame({"row": range(len(names)), "label": names})
        return rows, pd.DataFrame(cells, columns=["row", "at", "text"]).astype({"row": int, "at": float})

    def _rows_by_dose(self) -> tuple[list[str], list[tuple[int, float, str]]]:
        names: list[str] = []
        cells: list[tuple[int, float, str]] = []
        for family in self.result.families:
            if family.time != self.time:
                continue
            said = f"{family.line}: " if len(self.series.design.lines) > 1 else ""
            cells += [(len(names), at, str(len(family.values[group]))) for group, at in self.groups.items()]
            names.append(f"{said}n")
            if family.control is not None:
                cells += [(len(names), self.groups[name], p) for name, p in _adjusted(family, self.stars)]
                cells.append((len(names), self.groups[family.control], "control"))
                names.append(f"{said}p")
        return names, cells

    def _rows_over_time(self) -> tuple[list[str], list[tuple[int, float, str]]]:
        design = self.series.design
        if design.control is None or len(self.series.times) > MOST_TIMES_WITH_P:
            return [], []
        compared = [(line, group) for line, group in self.lines if group != design.control]
        number = {line: row for row, line in enumerate(compared)}
        cells = [
            (number[family.line, name], float(family.time or 0), p)
            for family in self.result.families
            for name, p in _adjusted(family, self.stars)
        ]
        return [f"p, {self._named(*line)}" for line in compared], cells

    def _slot(self, line: str, group: str) -> int:
        return self.slot[line, group if self.over_time else ""]

    def _at(self, group: str, time: float | None) -> float:
        return float(time or 0) if self.over_time else self.groups[group]

    def _is_drawn(self, cell: AssayCell) -> bool:
        return self.over_time or cell.time == self.time

    def _named(self, line: str, group: str) -> str:
        several = len(self.series.design.lines) > 1 and line
        return f"{line} {self.series.design.label(group)}" if several else self.series.design.label(group)


def _side_by_side(rows: pd.DataFrame) -> Floats:
    """How far each well stands beside the middle of its dose, in pixels."""
    by = rows.groupby(["line", "group", "time"], dropna=False, sort=False)
    size = by["value"].transform("size")
    shift: pd.Series = (WIDEST / (size - 1).clip(lower=1)).clip(upper=SPREAD) * (by.cumcount() - (size - 1) / 2)
    return shift.to_numpy(float)


def _replicate(donor: str, number: float) -> str:
    return " · ".join(part for part in (donor, "" if pd.isna(number) else f"{number:g}") if part) or "–"


def _adjusted(family: AssayFamily, stars: bool) -> list[tuple[str, str]]:
    return [(each.first, with_stars(each.test.p, stars)) for each in family.dunnett]


def _caption(result: AssayResult, over_time: bool, shows_stars: bool, starts_higher: bool) -> str:
    """What is drawn, and the one test that stands on the figure; `shows_stars`: beside its p."""
    what = "Small open symbols" if over_time else "Open symbols"
    mean = "lines, means" if over_time else "thick lines, means"
    of = " of donors" if result.by_donor else ""
    design = result.series.design
    p = "" if design.control is None else f"; p, Dunnett against {design.label(design.control)}"
    broken = " The axis does not begin at 0." if starts_higher else ""
    legend = f" {LEGEND_OF_STARS}" if shows_stars else ""
    return f"{what}, wells (n = {result.n_wells}); {mean}{of}; bars, SD{of}{p}.{broken}{legend}"


def _tested(result: AssayResult) -> str:
    """The test whose p stands under the axis."""
    design = result.series.design
    if design.control is None:
        return "No control is named: no group is compared with one; all pairs stand in the table."
    family = " at each time separately" if len(result.times) > 1 else ""
    several = ", for each agent separately" if len(design.lines) > 1 else ""
    return (
        f"p: Dunnett's two-sided test against the control ({design.label(design.control)}), adjusted for the number of "
        f"{'doses' if design.dosed else 'groups'}{family}{several}."
    )


def _alt(result: AssayResult, over_time: bool) -> str:
    """The figure for whoever cannot see it."""
    across = "time" if over_time else "doses" if result.series.design.dosed else "conditions"
    return f"{result.series.label} over {across}: every well, mean and SD. {headline(result)[0]}"


def _build(analysis: Analysis, slug: str, options: AssayOptions) -> Exhibit:
    found = measured(analysis, slug)
    time = next((each for each in found.times if each is not None and f"{each:g}" == options.drawn), None)
    return assay_figure(found, AssayLook(time, options.stars, options.from_zero, options.width))


FIGURE: Final = ExhibitSpec(
    "assay.{series}", "Values by dose or over time", needs="assays", variants=slugs, build=_build, options=AssayOptions
)
