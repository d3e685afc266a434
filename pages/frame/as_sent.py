"""A table as it is sent to the browser, without what pandas would add of itself: a figure has a dozen small ones, sent
at every click."""

from typing import Any

import pandas as pd
import pyarrow as pa


def as_sent(table: pd.DataFrame) -> Any:
    """The table as Arrow; as it is where a column mixes kinds of values, which Streamlit then sorts out."""
    try:
        columns = [
            pa.array(column if column.dtype == "category" else column.to_numpy(), from_pandas=True)  # words sent once
            for _, column in table.items()
        ]
    except (pa.ArrowException, TypeError, ValueError):
        return table
    return pa.Table.from_arrays(columns, names=[str(name) for name in table.columns])
