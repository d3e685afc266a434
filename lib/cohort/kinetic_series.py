"""Which series of CAR-transgene values there are: one specimen, one assay, one unit. Series of different assays are never mixed."""

from dataclasses import dataclass

from lib.cohort.model import Cohort


@dataclass(frozen=True)
class SeriesKey:
    """What was measured: values of another specimen, assay or unit are another series."""

    specimen: str
    assay: str
    unit: str

    @property
    def label(self) -> str:
        unit = f", {self.unit}" if self.unit else ""
        return f"{self.specimen}, {self.assay}{unit}"


def series_keys(cohort: Cohort) -> tuple[SeriesKey, ...]:
    """The series of the cohort, the one with most values first."""
    named = cohort.kinetics.assign(unit=cohort.kinetics["unit"].fillna(""))
    counts = named.groupby(["specimen", "assay", "unit"], sort=False).size().sort_values(ascending=False, kind="stable")
    return tuple(SeriesKey(*map(str, key)) for key in counts.index)
