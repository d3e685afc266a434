"""A table of SAS (.xpt, .sas7bdat), SPSS (.sav, .zsav, .por), Stata (.dta) or Parquet -> one sheet, its header in the
first row.

The heading is the variable's name; a labelled value is its label, a missing value an empty cell, a date a date. A file
that was cut off is refused: most formats say how many rows they hold or how they end, and readstat compares; what it
lets pass is looked at here.
"""

import datetime as dt
import io
import re
import struct
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from lib.intake.files.grid import Grid
from lib.intake.files.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Unsafe
from lib.intake.files.packing import packed

PARQUET: Final = b"PAR1"
SAS: Final = bytes(12) + b"\xc2\xea\x81\x60"
TRANSPORT: Final = b"HEADER RECORD*******LIB"
MEMBER: Final = b"HEADER RECORD*******MEMB"
SPSS: Final = (b"$FL2", b"$FL3")
STATA: Final = b"<stata_dta>"
END_OF_STATA: Final = b"</stata_dta>"
OLD_STATA: Final = range(104, 116)  # the version is the first byte; byte order and 1 follow
PORTABLE: Final = re.compile(rb"SPSSPORT")
PORTABLE_HEAD: Final = 600  # bytes: 456 before the tag, and the ends of lines in them
RECORD: Final = 80  # bytes of a record of a SAS transport file
NAMES: Final = re.compile(rb"HEADER RECORD\*{7}NAM(?:ESTR|STV8) HEADER RECORD!{7}(.{30})", re.S)
ROWS_BEGIN: Final = re.compile(rb"HEADER RECORD\*{7}OBS(?:V8)? +HEADER RECORD!{7}(.{15}).{17}", re.S)
END_CODE: Final = 252  # of the compressed cells of an SPSS file
MEMBER_WIDTH: Final = re.compile(rb"HEADER RECORD\*{7}MEMB(?:ER|V8) +HEADER RECORD!{7}.{26}(\d{4})", re.S)
CUT_OFF: Final = (
    "This {kind} file cannot be read: it is cut off ({why}), so rows are missing. Copy or download it again from where"
    " it was saved."
)
LARGE_TABLE: Final = (
    f"This table has more than {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells, which is more than"
    " can be read. Save the part that is needed as a file of its own."
)
UNFOLDS: Final = (
    "This table unfolds to more than can be read safely. Save the part that is needed as a file of its own."
)
SEVERAL: Final = "This SAS transport file holds several tables. Save each of them as a file of its own."
UNCOUNTED: Final = (
    "This {kind} file does not say how many rows it has and ends exactly with row {rows:,}: if it was cut off there,"
    " nothing shows it."
)
WORDLESS: Final = (
    'The words for the codes of "{name}" are not in this Stata file: if it was cut off, they stood at its end.'
)
KINDS: Final = {"sav": "SPSS", "por": "SPSS", "dta": "Stata"}
UNREADABLE: Final = (
    "This {kind} file cannot be read: it is damaged or of a version that is not known. Save it as .csv and try that"
    " copy."
)


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
    if PORTABLE.search(content[:PORTABLE_HEAD].replace(b"\r", b"").replace(b"\n", b""), 456, 464):
        return "por"
    is_old_stata = len(content) > 2 and content[0] in OLD_STATA and content[1] in (1, 2) and content[2] == 1
    return "dta" if content.startswith(STATA) or is_old_stata else None


def table_sheet(content: bytes, kind: str) -> Grid:
    """The one sheet of such a file. Raises Unsafe."""
    labels: Mapping[str, str] = {}
    doubts: list[str] = []
    if kind == "Parquet":
        columns = _parquet(content)
    else:
        columns, labels, doubts = _labelled(content, kind)
    height = len(next(iter(columns.values()), ()))
    _check_extent(height, len(columns))
    rows: Iterable[Sequence[object]] = zip(*(map(_cell, column) for column in columns.values()), strict=True)
    words = tuple(labels.get(name) or "" for name in columns) if any(labels.values()) else ()
    return replace(packed("", [[*columns], *rows]), doubts=tuple(doubts), labels=words)


def _check_extent(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise Unsafe(LARGE_TABLE)


def _labelled(content: bytes, kind: str) -> tuple[Mapping[str, Sequence[object]], Mapping[str, str], list[str]]:
    """The columns by name, the label of each, and what the file cannot tell about itself."""
    if kind == "xport" and content.count(MEMBER) > 1:
        raise Unsafe(SEVERAL)
    shown = KINDS.get(kind, "SAS")
    if why := _cut_off(content, kind):
        raise Unsafe(CUT_OFF.format(kind=shown, why=why))
    columns, about = _read(content, kind, shown)
    labels: Mapping[str, Mapping[object, str]] = about.variable_value_labels
    n_rows = len(next(iter(columns.values()), ()))
    doubts = [UNCOUNTED.format(kind=shown, rows=n_rows)] if _is_uncounted(content, kind) else []
    if kind == "dta":
        doubts += _wordless(about.variable_to_label, labels)
    words = {name: label for name, label in about.column_names_to_labels.items() if label and label != name}
    return {name: _in_words(column, labels.get(name, {})) for name, column in columns.items()}, words, doubts


def _read(content: bytes, kind: str, shown: str) -> tuple[Mapping[str, Sequence[object]], Any]:
    """The columns by name, and what the file says of them. Raises Unsafe."""
    import pyreadstat

    read = getattr(pyreadstat, f"read_{kind}")
    try:
        columns, about = read(io.BytesIO(content), output_format="dict", row_limit=MOST_ROWS + 1)
    except MemoryError as error:
        raise Unsafe(UNFOLDS) from error
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, UnicodeDecodeError) as error:
        raise Unsafe(UNREADABLE.format(kind=shown)) from error
    return columns, about


def _wordless(named: Mapping[str, str], labels: Container[str]) -> list[str]:
    """A sentence for each column of which the file names the words, and does not have them."""
    return [WORDLESS.format(name=name) for name, words in named.items() if words and name not in labels]


def _in_words(column: Sequence[object], words: Mapping[object, str]) -> Sequence[object]:
    """The column with the words for its codes."""
    return [words.get(value, value) for value in column] if words else column


def _cut_off(content: bytes, kind: str) -> str:
    """Why the end of such a file must be missing, where readstat would read the rows before it in silence; "" if
    nothing says so."""
    if kind == "xport":
        return _cut_transport(content)
    if kind == "sav":
        return _cut_spss(content)
    missing_end = kind == "dta" and content.startswith(STATA) and not content.rstrip(b"\0\r\n ").endswith(END_OF_STATA)
    return "its last words are missing" if missing_end else ""


def _is_uncounted(content: bytes, kind: str) -> bool:
    """Whether a file that ends with a whole row may have had more: it says no number, and nothing marks its end.

    Blanks fill the last record of a whole transport file of version 5, unless its last row happens to end with that
    record.
    """
    if kind == "sav":
        order = _spss_order(content)
        compression, _, n_rows = struct.unpack_from(f"{order}3i", content, 72)
        return bool(n_rows == -1 and compression == 0)
    names, rows = (NAMES.search(content), ROWS_BEGIN.search(content)) if kind == "xport" else (None, None)
    width = _row_width(content, names) if names and rows else 0
    if not rows or not width or rows[1].strip(b" 0"):
        return False
    return (len(content) - rows.end()) % width == 0


def _cut_transport(content: bytes) -> str:
    """A transport file is made of records of 80 bytes; version 8 says how many rows follow, version 5 only how long
    each is."""
    names, rows = NAMES.search(content), ROWS_BEGIN.search(content)
    if not names or not rows:
        return "its table never begins"
    if len(content) % RECORD:
        return f"its last record has {len(content) % RECORD} of {RECORD} bytes"
    width = _row_width(content, names)
    held, left = divmod(len(content) - rows.end(), width) if width else (0, 0)
    reported = rows[1].strip()
    if reported.isdigit() and int(reported) > held:
        return f"it says that it has {int(reported):,} rows and has {held:,}"
    announced = reported.isdigit() and int(reported) > 0
    whole = left < RECORD and not content[len(content) - left :].strip(b" ")
    return "" if announced or whole else f"it ends within row {held + 1:,}"


def _row_width(content: bytes, names: "re.Match[bytes]") -> int:
    """Bytes of one row: the sum of the lengths of its variables, each of which 140 (136 on VMS) bytes describe."""
    described = MEMBER_WIDTH.search(content)
    step = int(described[1]) if described else 140
    first, count = names.start() + RECORD, int(names[1][6:10] if names[1][6:10].isdigit() else 0)
    lengths = (content[first + step * place + 4 : first + step * place + 6] for place in range(count))
    return sum(int.from_bytes(length, "big") for length in lengths)


def _cut_spss(content: bytes) -> str:
    """Of a file that does not say how many rows it has (-1): whether its last row is whole. Else readstat counts."""
    order = _spss_order(content)
    if len(content) < 84 or struct.unpack_from(f"{order}i", content, 80)[0] != -1:
        return ""
    end, cells = _spss_dictionary(content, order)
    compression = struct.unpack_from(f"{order}i", content, 72)[0]
    if not cells or compression not in (0, 1):
        return ""
    if compression == 0:
        return "" if (len(content) - end) % (8 * cells) == 0 else "it ends within a row"
    return "" if _ends_by_code(content, end) else "its end is not marked"


def _spss_order(content: bytes) -> str:
    """The order of the bytes of a number, by the one that is always 2 or 3."""
    return "<" if content[64:68] in (b"\2\0\0\0", b"\3\0\0\0") else ">"


def _spss_dictionary(content: bytes, order: str) -> tuple[int, int]:
    """Where the rows begin, and how many cells of 8 bytes each row has; (0, 0) where it is not what it should be."""
    at, cells = 176, 0
    number = struct.Struct(f"{order}i")
    try:
        while (kind := number.unpack_from(content, at)[0]) != 999:
            step = _spss_record(content, at, kind, number)
            if not step:
                return 0, 0
            cells += kind == 2
            at += step
    except (struct.error, IndexError):
        return 0, 0
    return at + 8, cells


def _spss_record(content: bytes, at: int, kind: int, number: struct.Struct) -> int:
    """Bytes of one record of the dictionary; 0 for a kind that is not known."""

    def reported(place: int) -> int:
        return max(0, int(number.unpack_from(content, at + place)[0]))

    if kind == 2:  # a variable, its label and its missing values
        label = 4 + -(-reported(32) // 4) * 4 if reported(8) else 0
        return 32 + label + 8 * abs(int(number.unpack_from(content, at + 12)[0]))
    if kind == 3:  # value labels
        here = 8
        for _ in range(reported(4)):
            here += 8 + (content[at + here + 8] // 8 + 1) * 8
        return here
    sizes = {
        4: lambda: 8 + 4 * reported(4),
        6: lambda: 8 + 80 * reported(4),
        7: lambda: 16 + reported(8) * reported(12),
    }
    return sizes[kind]() if kind in sizes else 0


def _ends_by_code(content: bytes, at: int) -> bool:
    """Whether the compressed cells end with the code for the end: eight codes, then 8 bytes for each code 253."""
    while at + 8 <= len(content):
        codes = content[at : at + 8]
        at += 8 + 8 * codes.count(253)
        if END_CODE in codes:
            return at <= len(content)
    return False


def _parquet(content: bytes) -> Mapping[str, Sequence[object]]:
    import pyarrow as pa
    from pyarrow import parquet

    pa.set_cpu_count(1)
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        _check_extent(file.metadata.num_rows, file.metadata.num_columns)
        table = file.read(use_threads=False)
        microseconds = [
            (
                column.cast(pa.timestamp("us", column.type.tz), safe=False)
                if pa.types.is_timestamp(column.type)
                else column
            )
            for column in table.columns
        ]
        return {name: column.to_pylist() for name, column in zip(table.column_names, microseconds, strict=True)}
    except (MemoryError, pa.ArrowCapacityError) as error:
        raise Unsafe(UNFOLDS) from error
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
