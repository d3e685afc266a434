"""Between which amounts of a test which CTCAE grade lies, in the unit in which the test is shown."""

from dataclasses import dataclass
from math import inf

from lib.cohort.analyte import analyte_of, factor_of
from lib.cohort.ctcae import Scale, scale_of
from lib.labs.result import LabResult


@dataclass(frozen=True)
class Band:
    """A grade from 2 to 4, from `low` to `high` in the unit of the series."""

    grade: int
    low: float
    high: float


def grade_bands(result: LabResult, version: str) -> tuple[Band, ...]:
    """Grades 2 and above; none where the test has no scale, its unit is not known, or the ULN is not the same for all values."""
    analyte, share = analyte_of(result.series.test)
    scale = scale_of(analyte.name, version) if analyte and not share else None
    if scale is None:
        return ()
    unit = _unit(result, scale)
    if unit is None:
        return ()
    bounds = {grade: bound * unit for grade, bound in sorted(scale.bounds.items()) if grade > 1}
    beyond = 0.0 if scale.direction == "below" else inf
    ends = [*list(bounds.values())[1:], beyond]
    return tuple(
        Band(grade, min(start, end), max(start, end)) for (grade, start), end in zip(bounds.items(), ends, strict=True)
    )


def _unit(result: LabResult, scale: Scale) -> float | None:
    """What a bound of the scale is multiplied with."""
    if scale.relative_to:
        return result.reference_limits.get("upper" if scale.relative_to == "ULN" else "lower")
    factor, _ = factor_of(result.series.test, result.series.unit)
    return 1 / factor if factor else None
