"""The figure of one assay: wells, means and SD over doses at one time, or over time with one line a dose."""

from typing import Final

import pandas as pd

from lib.assay.chart import AssayAxes, assay_chart
from lib.assay.result import AssayCell, AssayFamily, AssayResult
from lib.assay.words import alt_text, caption, dunnett_tests, mean_and_sd, notes, numbers, title, with_stars
from lib.publication.exhibit import Figure
from lib.publication.key import with_key
from lib.publication.number import plural, short
from lib.publication.palette import group_colours

SPREAD: Final = 10  # pixels between the replicates of one dose
WIDEST: Final = 36  # pixels for all of them
MOST_TIMES_WITH_P: Final = 8  # more would overlap under the axis


def assay_figure(result: AssayResult, time: float | None = None, stars: bool = False) -> Figure:
    """The figure of one series: over time where it has several times, unless one of them is asked for.

    `stars`: beside p-values, for journals that ask for them.
    """
    over_time = len(result.times) > 1 and time is None
    drawn = _Drawn(result, over_time, time if time is not None else result.times[-1], stars)
    rows, cells = drawn.under_the_axis()
    axes = AssayAxes(result.series.label, drawn.across, over_time, len(rows), len(drawn.places()))
    heading = " ".join(part for part in (title(result), "" if over_time or drawn.time is None else f"at {result.series.when(drawn.time)}") if part)  # fmt: skip
    tables = {
        "well": drawn.wells(), "mean": drawn.means(), "place": drawn.places(), "cell": cells, "row": rows, "group": drawn.slots(),
        "heading": pd.DataFrame({"text": [f"{heading} ({plural(result.n_wells, 'well')})"]}),
    }  # fmt: skip
    colours = group_colours([""] * len(tables["group"]))
    data = result.series.wells.drop(columns="original").assign(unit=result.series.unit)
    return Figure(
        id=f"assay.{result.series.slug}", title=title(result), chart=with_key(assay_chart(colours, axes), [(label, "") for label in tables["group"]["label"]], colours, "both" if over_time else "point"),
        tables=tables, data=data, caption=caption(result, over_time, stars), alt=alt_text(result, over_time), notes=notes(result),
        n=result.n_wells, numbers=numbers(result), tests=dunnett_tests(result),
        of_patients=False,
    )  # fmt: skip


class _Drawn:
    """What stands where: `at` is the time or the number of the dose, `slot` the number of the line."""

    def __init__(self, result: AssayResult, over_time: bool, time: float | None, stars: bool) -> None:
        self.result, self.series, self.over_time, self.time, self.stars = result, result.series, over_time, time, stars
        design = self.series.design
        self.groups = {group: float(place) for place, group in enumerate(design.groups)}
        self.lines = [(line, group) for line in design.lines for group in design.groups] if over_time else [(line, "") for line in design.lines]  # fmt: skip
        self.slot = {line: slot for slot, line in enumerate(self.lines)}

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
        by = rows.groupby(["line", "group", "time"], dropna=False, sort=False)
        size = by["value"].transform("size")
        shift = (WIDEST / (size - 1).clip(lower=1)).clip(upper=SPREAD) * (by.cumcount() - (size - 1) / 2)
        replicate = [
            " · ".join(part for part in (donor, "" if pd.isna(number) else f"{number:g}") if part) or "–"
            for donor, number in zip(rows["donor"], rows["replicate"], strict=True)
        ]
        return pd.DataFrame({
            "slot": [self._slot(*place) for place in zip(rows["line"], rows["group"], strict=True)],
            "at": [self._at(*place) for place in zip(rows["group"], rows["time"], strict=True)],
            "amount": rows["value"].to_numpy(float), "shift": 0.0 if self.over_time else shift.to_numpy(float),
            "group": [self._named(*place) for place in zip(rows["line"], rows["group"], strict=True)],
            "when": [self.series.when(None if pd.isna(time) else time) for time in rows["time"]],
            "replicate": replicate, "shown": [short(value, 4) for value in rows["value"]],
        })  # fmt: skip

    def means(self) -> pd.DataFrame:
        cells = [cell for cell in self.result.cells if cell.mean is not None and self._is_drawn(cell)]
        rows = [
            (self._slot(cell.line, cell.group), self._at(cell.group, cell.time), cell.mean, cell.mean - (cell.sd or 0), cell.mean + (cell.sd or 0),
             self._named(cell.line, cell.group), self.series.when(cell.time), mean_and_sd(cell), cell.n)
            for cell in cells if cell.mean is not None
        ]  # fmt: skip
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


def _adjusted(family: AssayFamily, stars: bool) -> list[tuple[str, str]]:
    return [(each.first, with_stars(each.test.p, stars)) for each in family.dunnett]
