"""One series of an assay: one measure of one experiment, in one unit. What is computed (killing, fold change) is one,
too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from lib.assay.computed import REPORTED, fold_change, is_intensity, with_killing
from lib.assay.wells import Design, designed, n_without_value, wells
from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.printed import slug_of, unused


@dataclass(frozen=True)
class AssaySeries:
    """What was measured, and in which design; `wells` has line, group, time, replicate, donor, measured, value,
    original.

    `times` are in `time_unit`, () where no time is stated; `reported` says how values were computed; `left_out` who has
    no place.
    """

    experiment: str
    measure: str
    unit: str
    time_unit: str
    slug: str
    design: Design
    times: tuple[float, ...]
    wells: pd.DataFrame
    reported: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The measure with its unit."""
        return f"{self.measure}, {self.unit}" if self.unit else self.measure

    @property
    def n_donors(self) -> int:
        """How many donors (or runs) repeat it; 0 where the sheet names none."""
        return int(self.wells.loc[self.wells["donor"] != "", "donor"].nunique())

    def when(self, time: float | None) -> str:
        """A time in words: 4 days; "" where none is stated."""
        if time is None:
            return ""
        return f"{time:g} {self.time_unit.removesuffix('s') if time == 1 else self.time_unit}".strip()


def assay_series(cohort: Cohort) -> tuple[AssaySeries, ...]:
    """Every series of the opened cohort in the order of the sheet."""
    rows, reported = with_killing(wells(cohort))
    without = n_without_value(cohort)
    found = [
        _described(group, reported.get(str(keys[0]), ""), without)
        for keys, group in rows.groupby(["experiment", "measure", "unit", "time_unit"], sort=False)
    ]
    return tuple(replace(each, slug=slug) for each, slug in zip(found, _slugs(found), strict=True))


def _described(rows: pd.DataFrame, killing: str, without_value: int) -> AssaySeries:
    experiment, measure, unit, time_unit = (
        str(rows[name].iloc[0]) for name in ("experiment", "measure", "unit", "time_unit")
    )
    timed = rows[rows["time"].notna()] if rows["time"].notna().any() else rows
    design, placed = designed(timed)
    of_optical_density = killing if measure.startswith("Killing") or killing.startswith("Killing was not") else ""
    reported = [of_optical_density] if of_optical_density else []
    if is_intensity(measure, unit):
        changed = fold_change(placed, design)
        if changed is None:
            reported.append("No fold change: some wells have no control at the same time.")
        else:
            reported.append(REPORTED.format(" and donor" if (placed["donor"] != "").any() else ""))
            placed, unit = changed, "fold change"
    names = ["line", "group", "time", "replicate", "donor", "measured", "value", "original"]
    times = tuple(sorted(float(time) for time in placed["time"].dropna().unique()))
    missing = (
        (len(rows) - len(timed), "wells without a time"),
        (len(timed) - placed["original"].nunique(), "wells without a concentration"),
        (without_value, "rows of the sheet without a value"),
    )
    left_out = [f"{n} {what}" for n, what in missing if n]
    table = placed[names].reset_index(drop=True)
    return AssaySeries(experiment, measure, unit, time_unit, "", design, times, table, tuple(reported), tuple(left_out))


def _slugs(series: list[AssaySeries]) -> Iterator[str]:
    """A name for each: experiment and measure; a number where two are alike."""
    given: set[str] = set()
    for each in series:
        experiment, measure = slug_of(each.experiment, "assay"), slug_of(each.measure, "assay")
        yield unused(measure if measure.startswith(experiment) else f"{experiment}_{measure}", given)


def _computed(analysis: Analysis) -> dict[str, AssaySeries]:
    return {each.slug: each for each in assay_series(analysis.opened)}


def series_by_slug(analysis: Analysis) -> dict[str, AssaySeries]:
    """The series of the opened cohort in the order of the sheet."""
    found: dict[str, AssaySeries] = analysis.result(_computed)
    return found


def slugs(analysis: Analysis) -> tuple[str, ...]:
    """One variant a series."""
    return tuple(series_by_slug(analysis))
