"""Which series of CAR-transgene values there are: one specimen, one assay, one unit. Series of different assays are
never mixed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.printed import raised, slug_of

WINDOW_SHARE: Final = 0.1  # a sample belongs to the nominal day within a tenth of it, at least a day


def window(day: float) -> float:
    """How far a sample may lie from the nominal day, in days; day 0 is the infusion itself and takes no other day."""
    return max(1.0, round(WINDOW_SHARE * abs(day))) if day else 0.0


@dataclass(frozen=True)
class SeriesKey:
    """What was measured: values of another specimen, assay or unit are another series.

    `slug` names the exhibits of every series but the first, which has none.
    """

    specimen: str
    assay: str
    unit: str
    slug: str = field(default="", compare=False)

    @property
    def label(self) -> str:
        """Specimen, assay and unit, as a reader sees them."""
        unit = f", {raised(self.unit)}" if self.unit else ""
        return f"{self.specimen}, {self.assay}{unit}"

    def id(self, name: str) -> str:
        """The id of an exhibit of this series: kinetics.profile, of a further series kinetics.profile.marrow_qpcr."""
        return f"kinetics.{name}.{self.slug}" if self.slug else f"kinetics.{name}"


def samples(cohort: Cohort, key: SeriesKey) -> pd.DataFrame:
    """The rows of Kinetics of one series with a known day and a value, also one below the limit of quantification."""
    rows = cohort.kinetics
    mine = (rows["specimen"] == key.specimen) & (rows["assay"] == key.assay) & (rows["unit"].fillna("") == key.unit)
    return rows[mine & rows["day"].notna() & (rows["value"].notna() | rows["below"])]


def series_keys(cohort: Cohort) -> tuple[SeriesKey, ...]:
    """The series of the opened cohort, the one with most values first, whatever is selected."""
    named = [SeriesKey(*words.split("\t")[:3]) for words in cohort.vocabulary.get("series", ())]
    return tuple(replace(key, slug=slug) for key, slug in zip(named, _slugs(named), strict=True))


def _slugs(named: Sequence[SeriesKey]) -> Iterator[str]:
    """A name for each series but the first: specimen and assay, the unit where these are taken, else a number."""
    given = {""}
    for place, key in enumerate(named):
        both = f"{key.specimen} {key.assay}"
        tries = (both, f"{both} {key.unit}", *(f"series {n}" for n in range(2, len(named) + 2)))
        slug = next(slug for words in tries if (slug := slug_of(words)) not in given)
        given.add(slug)
        yield slug if place else ""
