"""Who is behind the counts of Table 1."""

from collections.abc import Sequence

import pandas as pd

from lib.baseline.characteristics import MONTH_1, Levels
from lib.cohort.analysis import Analysis
from lib.derived.response_at import response_at
from lib.publication.who import Patients, ids

Place = tuple[str, str | None] | None  # the row and its level, None: no value; of a line that counts nobody None


def patients_at(analysis: Analysis, places: Sequence[Place], levels: Levels) -> list[Patients]:
    """The selected patients of each line, in a group or not; `levels` are those that the reader chose, with their
    names."""
    return [_at(analysis, *place, levels) if place else None for place in places]


def _at(analysis: Analysis, name: str, level: str | None, levels: Levels) -> frozenset[str]:
    cohort, named = analysis.selected, dict(levels.get(name, ()))
    values: pd.Series = response_at(cohort) if name == MONTH_1 else cohort.patients[name]
    there = (
        values.isna() if level is None else values.map(lambda each: named.get(each, each), na_action="ignore") == level
    )
    return frozenset(each for each, is_there in zip(ids(analysis), there, strict=True) if is_there)
