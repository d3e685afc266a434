"""Stored values as frames in the types of the schema."""

import math
from collections.abc import Mapping as Map
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.cohort.model import stored_type
from lib.cohort.schema import Column, Table
from lib.intake.cells.coding import Measured


def nothing(column: Column) -> object:
    """What is stored where nothing stands."""
    if column.kind == "measurement":
        return Measured(math.nan, False, math.nan)
    return math.nan if stored_type(column) == "float64" else None


def typed_frame(values: Map[str, Sequence[Any]], table: Table) -> pd.DataFrame:
    """The columns in their stored types, every column of the schema among them; a measurement is value, below and
    limit."""
    n = len(values["source_row"])
    typed = {"source_row": pd.Series(values["source_row"], dtype="int64")}
    for column in table.columns:
        cells = values.get(column.name, [nothing(column)] * n)
        if column.kind == "measurement":
            measured = [cell for cell in cells if isinstance(cell, Measured)]
            typed[column.name] = pd.Series([cell.value for cell in measured], dtype="float64")
            typed["below"] = pd.Series([cell.below for cell in measured], dtype="bool")
            typed["limit"] = pd.Series([cell.limit for cell in measured], dtype="float64")
            typed["above"] = pd.Series([cell.above for cell in measured], dtype="bool")
        else:
            typed[column.name] = pd.Series(cells, dtype=stored_type(column))
    extra = {name: pd.Series(cells, dtype="object") for name, cells in values.items() if name not in typed}
    return pd.DataFrame(typed | extra)


def below_each_other(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """These frames as one, its rows numbered anew; quicker than pandas alone where all have the same columns of the
    same kinds."""
    first = frames[0]
    if any(list(each.dtypes.items()) != list(first.dtypes.items()) for each in frames):
        return pd.concat(frames, ignore_index=True)
    return pd.DataFrame({name: np.concatenate([each[name].to_numpy() for each in frames]) for name in first.columns})


def with_none(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with None for what is missing in its columns of words."""
    words = [name for name in frame.columns if frame[name].dtype == "object"]
    filled = frame.copy()
    for name in words:  # not assign(**...): a column may be called "self"
        filled[name] = frame[name].where(frame[name].notna(), other=None)  # type: ignore[call-overload]
    return filled
