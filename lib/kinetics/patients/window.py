"""How many patients stand on one sheet of small panels, and which; of many, one sheet after another."""

from typing import Final

import pandas as pd

from lib.cohort.grouping import analysis_set
from lib.cohort.model import Cohort
from lib.kinetics.result import KineticsResult
from lib.kinetics.series import SeriesKey, series

MOST_PANELS: Final = 60


def places(opened: Cohort, key: SeriesKey) -> int:
    """How many panels the sheet has room for: the patients of the opened cohort's analysis set with samples of the series, at most 60."""
    included = set(opened.patients.loc[analysis_set(opened), "patient_id"])
    return max(1, min(MOST_PANELS, len(included & set(series(opened, key)["patient"]))))


def sheets(result: KineticsResult) -> tuple[tuple[str, ...], ...]:
    """The patients with samples by group, and in the order of the file within each, in sheets of at most 60."""
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    first: pd.DataFrame = result.table.drop_duplicates("patient")
    in_order = first.assign(slot=first["group"].map(slots)).sort_values("slot", kind="stable")["patient"].tolist()
    starts = range(0, max(1, len(in_order)), MOST_PANELS)
    return tuple(tuple(in_order[start : start + MOST_PANELS]) for start in starts)
