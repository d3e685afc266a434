"""Which panels the courses of a cohort have: what is measured alike stands on one axis, units are never mixed.

Told from the words of the opened cohort, so that the panels of every patient of it are the same. Laboratory tests are sorted into
families by their names; a test of no family has a panel of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lib.cohort.kinetic_series import SeriesKey, series_keys
from lib.cohort.model import Cohort
from lib.labs.series import LabSeries, lab_series
from lib.patient.power import raised

MOST_SERIES: Final = 5  # more than these lines on one axis cannot be told apart
FAMILIES: Final = (  # name, tests, whether a log axis shows more; in the order of the panels
    ("Temperature", re.compile(r"temp|fever|体温", re.I), False),
    ("Cytokines", re.compile(r"^il[- ]?\d|interleukin|ifn|interferon|tnf|granzyme|gm-?csf|mcp|cytokine", re.I), True),
    ("Inflammation", re.compile(r"^crp|c-reactive|ferritin|procalcitonin|^pct$|d-dimer|fibrinogen", re.I), True),
    ("Blood counts", re.compile(r"^(wbc|alc|anc|plt)|leu[ck]ocyt|lymphocyt|neutro|platelet|thrombocyt|white blood", re.I), True),
    ("Haemoglobin", re.compile(r"^(hb|hgb)$|ha?emoglobin", re.I), False),
    ("M-protein and light chains", re.compile(r"m[- ]?protein|paraprotein|light chain|\bs?flc|kappa|lambda", re.I), True),
    ("Plasma cells", re.compile(r"plasma ?cell", re.I), True),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One series of a panel: its name in the key, and what it is a series of."""

    name: str
    source: SeriesKey | LabSeries


@dataclass(frozen=True)
class Panel:
    """One axis: its name and unit, whether it is at first a log axis, and its series."""

    name: str
    unit: str
    log: bool
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        return f"{self.name}, {raised(self.unit)}" if self.unit else self.name


def panels(opened: Cohort) -> tuple[Panel, ...]:
    """The panels of the opened cohort: CAR T cells, then laboratory families, then all other tests."""
    return (*_kinetics(opened), *_labs(opened))


def cell_panels(opened: Cohort) -> tuple[Panel, ...]:
    """The panels of CAR T cells alone."""
    return tuple(_kinetics(opened))


def _kinetics(opened: Cohort) -> Iterator[Panel]:
    by_assay: dict[tuple[str, str], list[SeriesKey]] = {}
    for key in series_keys(opened):
        by_assay.setdefault((key.assay, key.unit), []).append(key)
    for (assay, unit), keys in by_assay.items():
        share = "%" in unit
        name = f"CAR T cells ({assay})" if share else f"CAR transgene ({assay})"
        yield from _parted(name, unit, not share, [Line(key.specimen, key) for key in keys])


def _labs(opened: Cohort) -> Iterator[Panel]:
    families: dict[tuple[int, str, str], list[LabSeries]] = {}
    for series in lab_series(opened):
        place = next(
            (number for number, (_, test, _) in enumerate(FAMILIES) if test.search(series.test)), len(FAMILIES)
        )
        name = FAMILIES[place][0] if place < len(FAMILIES) else series.test
        families.setdefault((place, name, series.unit), []).append(series)
    for (place, name, unit), found in sorted(families.items(), key=lambda family: family[0][0]):
        log = FAMILIES[place][2] if place < len(FAMILIES) else any(series.log for series in found)
        yield from _parted(name, unit, log, [Line(series.test.removeprefix(f"{name}, "), series) for series in found])


def _parted(name: str, unit: str, log: bool, lines: list[Line]) -> Iterator[Panel]:
    for first in range(0, len(lines), MOST_SERIES):
        part = f" ({first // MOST_SERIES + 1})" if len(lines) > MOST_SERIES else ""
        yield Panel(f"{name}{part}", unit, log, tuple(lines[first : first + MOST_SERIES]))
