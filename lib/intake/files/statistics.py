"""A table of SAS (.xpt, .sas7bdat), SPSS (.sav), Stata (.dta) or Parquet -> one sheet, its header in the first row.

The heading is the variable's name; a labelled value is its label, a missing value an empty cell, a date a date.
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from lib.intake.files.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Unsafe
from lib.intake.files.packing import Sheet, packed

PARQUET: Final = b"PAR1"
SAS: Final = bytes(12) + b"\xc2\xea\x81\x60"
TRANSPORT: Final = b"HEADER RECORD*******LIB"
MEMBER: Final = b"HEADER RECORD*******MEMB"
SPSS: Final = (b"$FL2", b"$FL3")
STATA: Final = b"<stata_dta>"
OLD_STATA: Final = range(104, 116)  # the version is the first byte; byte order and 1 follow
LARGE_TABLE: Final = (
    f"This table has more than {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells, which is more than "
    "can be read. Save the part that is needed as a file of its own."
)
SEVERAL: Final = "This SAS transport file holds several tables. Save each of them as a file of its own."
UNREADABLE: Final = "This {kind} file cannot be read: it is damaged or of a version that is not known. Save it as .csv and try that copy."


def kind_of(content: bytes) -> str | None:
    """Which program's table this is by its first bytes; None if no known one's."""
    if content.startswith(PARQUET):
        return "Parquet"
    if content.startswith(SAS):
        return "sas7bdat"
    if content.startswith(TRANSPORT):
        return "xport"
    if content.startswith(SPSS):
        return "sav"
    is_old_stata = len(content) > 2 and content[0] in OLD_STATA and content[1] in (1, 2) and content[2] == 1
    return "dta" if content.startswith(STATA) or is_old_stata else None


def table_sheet(content: bytes, kind: str) -> Sheet:
    """The one sheet of such a file. Raises Unsafe."""
    labels: Mapping[str, str] = {}
    if kind == "Parquet":
        columns = _parquet(content)
    else:
        columns, labels = _labelled(content, kind)
    height = len(next(iter(columns.values()), ()))
    _check_extent(height, len(columns))
    rows: Iterable[Sequence[object]] = zip(*(map(_cell, column) for column in columns.values()), strict=True)
    sheet = packed("", [[*columns], *rows])
    return {**sheet, "labels": [labels.get(name) or "" for name in columns]} if any(labels.values()) else sheet


def _check_extent(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise Unsafe(LARGE_TABLE)


def _labelled(content: bytes, kind: str) -> tuple[Mapping[str, Sequence[object]], Mapping[str, str]]:
    """The columns by name, and the label of each."""
    import pyreadstat

    if kind == "xport" and content.count(MEMBER) > 1:
        raise Unsafe(SEVERAL)
    read = getattr(pyreadstat, f"read_{kind}")
    try:
        columns, about = read(io.BytesIO(content), output_format="dict", row_limit=MOST_ROWS + 1)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, UnicodeDecodeError) as error:
        raise Unsafe(UNREADABLE.format(kind={"sav": "SPSS", "dta": "Stata"}.get(kind, "SAS"))) from error
    labels: Mapping[str, Mapping[object, str]] = about.variable_value_labels
    values = {
        name: [labels[name].get(value, value) for value in column] if name in labels else column
        for name, column in columns.items()
    }
    return values, {name: label for name, label in about.column_names_to_labels.items() if label and label != name}


def _parquet(content: bytes) -> Mapping[str, Sequence[object]]:
    import pyarrow as pa
    from pyarrow import parquet

    pa.set_cpu_count(1)
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        _check_extent(file.metadata.num_rows, file.metadata.num_columns)
        table = file.read(use_threads=False)
        microseconds = [
            column.cast(pa.timestamp("us", column.type.tz), safe=False)
            if pa.types.is_timestamp(column.type)
            else column
            for column in table.columns
        ]
        return {name: column.to_pylist() for name, column in zip(table.column_names, microseconds, strict=True)}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unsafe(UNREADABLE.format(kind="Parquet")) from error


def _cell(cell: object) -> object:
    if cell is None or (isinstance(cell, float) and cell != cell):  # noqa: PLR0124  # not a number: missing
        return None
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    return float(cell) if isinstance(cell, Decimal) else cell
