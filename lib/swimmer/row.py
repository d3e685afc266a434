"""In which row a lane stands: sorted as the reader wishes, within groups under a header or all together."""

from typing import Final

import pandas as pd

from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.schema import RESPONSES
from lib.swimmer.options import SwimmerOptions

NOT_STATED: Final = "not stated"


def in_rows(
    table: pd.DataFrame, cohort: Cohort, grouping: Grouping, options: SwimmerOptions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lanes (patient, group, end, best, first) with their row, and a header row (group, row) above each group that has lanes.

    Of equal lanes the longer one stands above; whoever has no value stands last.
    """
    keyed = table.assign(key=_key(table, cohort, grouping, options.sort), length=-table["end"])
    ordered = keyed.sort_values(["key", "length"], na_position="last", kind="stable").drop(columns=["key", "length"])
    if not (options.grouped and grouping.compares):
        return ordered.assign(row=range(len(ordered))), pd.DataFrame(columns=["group", "row"])
    parts, headers, row = [], [], 0
    for name in [*grouping.names, NOT_STATED]:
        mine = ordered[ordered["group"] == name]
        if len(mine):
            headers.append((name, row))
            parts.append(mine.assign(row=range(row + 1, row + 1 + len(mine))))
            row += 1 + len(mine)
    together = pd.concat(parts) if parts else ordered.assign(row=pd.Series(dtype=int))
    return together, pd.DataFrame(headers, columns=["group", "row"])


def _key(table: pd.DataFrame, cohort: Cohort, grouping: Grouping, sort: str) -> pd.Series:
    """What lanes are sorted by: numbers from low to high, words in the order of their levels."""
    place = {response: number for number, response in enumerate(RESPONSES)}
    groups = {name: number for number, name in enumerate(grouping.names)}
    keys = {
        "Best response": table["best"].map(place), "Time to first response": table["first"], "Patient": table["patient"],
        "Group": table["group"].map(groups),
    }  # fmt: skip
    if sort in keys:
        return keys[sort]
    variable = cohort.variable(sort)
    if variable is None:
        return -table["end"]
    values = table["patient"].map(cohort.patients.set_index("patient_id")[variable.name])
    levels = {level: number for number, level in enumerate(variable.levels)}
    return values.map(levels) if variable.kind == "category" else values.astype(float)
