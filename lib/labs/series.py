"""One series of laboratory values: one test in one unit. Values of different units are never mixed.

Values stand at visits where the workbook names a visit for each of them, else around nominal days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.analyte import analyte_of
from lib.cohort.model import Cohort, kept
from lib.cohort.printed import raised, slug_of, unused
from lib.derived.follow_up import followed
from lib.derived.lab_values import analytes_of
from lib.publication.exhibit import Exhibit, noted
from lib.publication.number import capital
from lib.publication.options import FollowUpOptions

MOST_VISITS: Final = 60  # more names than this are no visits of a study
MOST_REPEATS: Final = 0.1  # where more values than this share are further ones of a patient at a visit, it is no time
LONG: Final = 180  # days; beyond them the axis of time has a square-root scale
SHORTEST_WORD: Final = 4  # letters
EARLIER: Final = "values before that day cannot be its effect"  # of groups that were formed late
WIDE_SPREAD: Final = 20.0  # above this ratio of the 95th to the 5th percentile a log axis shows more


def noted_follow_up(analysis: Analysis, options: FollowUpOptions, exhibit: Exhibit) -> Exhibit:
    """The exhibit with a note on the values that do not count."""
    return noted(exhibit, followed(analysis, options.until_next).of_values)


@dataclass(frozen=True)
class LabSeries:
    """What was measured, and how it is looked at unless the reader says otherwise.

    `visits` are those of the opened cohort in their order, () where none is named; `by_visit`: values stand at visits,
    not at nominal days; `log`: the values spread so widely that a log axis shows more; `spread`: followed so long that
    the first weeks need room. `slug` names its exhibits.
    """

    test: str
    unit: str
    slug: str
    visits: tuple[str, ...]
    has_days: bool
    by_visit: bool
    log: bool
    spread: bool = False

    @property
    def label(self) -> str:
        """The test with its unit."""
        return f"{self.test}, {raised(self.unit)}" if self.unit else self.test

    @property
    def title(self) -> str:
        """The label as it begins a sentence, an axis or a button: a name in small letters with a capital, pH as it
        is."""
        return capitalised(self.label)

    @property
    def analyte(self) -> str:
        """What the test measures ("neutrophils"), "" where that is not known or only a share of cells."""
        found, share = analyte_of(self.test)
        return found.name if found and not share else ""


def capitalised(words: str) -> str:
    """The words with a capital, where the first is a word in small letters: Haemoglobin, but pH and hsCRP."""
    first = words.replace(",", " ").split(" ")[0]
    return capital(words) if len(first) >= SHORTEST_WORD and first.islower() else words


@kept
def lab_series(cohort: Cohort) -> tuple[LabSeries, ...]:
    """The series of the opened cohort, the one with most values first."""
    keys = [(test, unit) for test, _, unit in (words.partition("\t") for words in cohort.vocabulary.get("lab", ()))]
    return tuple(
        _described(test, unit, slug, _values(cohort, test, unit))
        for (test, unit), slug in zip(keys, _slugs(keys), strict=True)
    )


def series_of_analytes(series: Iterable[LabSeries]) -> dict[str, LabSeries]:
    """The series of each known analyte; of several (units that cannot be turned into each other) the one with most
    values."""
    found: dict[str, LabSeries] = {}
    for each in series:
        if each.analyte:
            found.setdefault(each.analyte, each)
    return found


@kept
def values_of(cohort: Cohort, series: LabSeries) -> pd.DataFrame:
    """The values of one series after the chosen infusion: patient, day, visit, value, below, above, limit, lower_limit,
    upper_limit.

    In order of patient and day; `value` is NaN below the limit of detection and the limit where it is `above` the upper
    one. What has neither day nor visit stays in.
    """
    rows = _values(cohort, series.test, series.unit)
    rows = rows[rows["infusion"] == cohort.infusion]
    names = ["day", "visit", "value", "below", "above", "limit", "lower_limit", "upper_limit"]
    table = rows.rename(columns={"patient_id": "patient"})[["patient", *names]]
    table = table.assign(value=table["value"].mask(table["below"]), below=table["below"].astype(bool))
    return table.sort_values(["patient", "day"], kind="stable", ignore_index=True)


def _values(cohort: Cohort, test: str, unit: str) -> pd.DataFrame:
    rows = cohort.labs
    measured = rows["value"].notna() | rows["below"].astype(bool)
    return rows[(rows["test"] == test) & (rows["unit"].fillna("") == unit) & measured]


def _described(test: str, unit: str, slug: str, rows: pd.DataFrame) -> LabSeries:
    visits = _visits_in_order(rows)
    has_days = bool(rows["day"].notna().any())
    return LabSeries(
        test,
        unit,
        slug,
        visits,
        has_days,
        _stands_at_visits(rows, visits, has_days),
        _spreads(rows),
        bool(rows["day"].max() > LONG),
    )


def _visits_in_order(rows: pd.DataFrame) -> tuple[str, ...]:
    """By median day where it is known, else as they are met; visits without any day last."""
    named = rows[rows["visit"].notna()]
    median = named.groupby("visit", sort=False)["day"].median()
    return tuple(map(str, median.sort_values(kind="stable", na_position="last").index))


def _stands_at_visits(rows: pd.DataFrame, visits: tuple[str, ...], has_days: bool) -> bool:
    """Whether visits tell the time better than days: every value has one, and a patient hardly ever two at one."""
    if not has_days:
        return bool(visits)
    repeated = rows.duplicated(["patient_id", "infusion", "visit"]).mean()
    return bool(1 < len(visits) <= MOST_VISITS and rows["visit"].notna().all() and repeated <= MOST_REPEATS)


def _spreads(rows: pd.DataFrame) -> bool:
    values = rows["value"].dropna().to_numpy(float)
    if not len(values) or values.min() <= 0:
        return False
    low, high = np.quantile(values, (0.05, 0.95))
    return bool(high / low >= WIDE_SPREAD)


def _slugs(keys: list[tuple[str, str]]) -> Iterator[str]:
    """A name for each series: its test; the unit is added for a further unit of the same test, a number where two are
    alike."""
    given: set[str] = set()
    tests: set[str] = set()
    for test, unit in keys:
        own = slug_of(test, "test")
        yield unused(f"{own}_{slug_of(unit, 'no_unit')}" if test in tests else own, given)
        tests.add(test)


def series_by_slug(analysis: Analysis) -> dict[str, LabSeries]:
    """The series of the opened cohort, the one with most values first."""
    return analysis.result(_series)


def _series(analysis: Analysis) -> dict[str, LabSeries]:
    return {each.slug: each for each in lab_series(analysis.opened)}


def slugs(analysis: Analysis) -> tuple[str, ...]:
    """One variant a series."""
    return tuple(series_by_slug(analysis))


def analyte_slugs(analysis: Analysis) -> tuple[str, ...]:
    """One variant a known analyte: the series that stands for it."""
    return tuple(series.slug for series in series_of_analytes(series_by_slug(analysis).values()).values())


def analyte(analysis: Analysis, slug: str | None) -> str:
    """The analyte of a series, "" where it is not known."""
    series = series_by_slug(analysis).get(slug or "")
    return series.analyte if series else ""


def measured(analysis: Analysis, analytes: set[str], least: int = 1) -> bool:
    """Whether at least so many of the analytes were measured in the selected patients."""
    return len(analytes & set(analytes_of(analysis.selected))) >= least
