"""How much of an untrusted file is read, and the sentences for a file that is not read at all.

The limits keep one file under 1 GiB and a parser's worst case within some seconds; a cohort needs far less.
"""

from typing import Final

MIB: Final = 1 << 20
MOST_BYTES: Final = 25 * MIB
MOST_UNPACKED_BYTES: Final = 300 * MIB
MOST_PARTS: Final = 500
MOST_ROWS: Final = 200_000  # of a sheet
MOST_ROWS_IN_ALL: Final = 600_000  # of one upload
LAST_COLUMN: Final = 16_384  # XFD, the last one of a spreadsheet
MOST_COLUMNS: Final = 2_000  # in which something stands
MOST_SHEETS: Final = 200  # of all files of one upload
MOST_MERGED: Final = 100_000  # merged areas of a workbook
LONGEST_CELL: Final = 10_000  # letters; of longer texts the beginning is read, and each is reported
LONGEST_HEADING: Final = 500  # letters, likewise
MOST_CELLS: Final = 6_000_000  # the parser needs about 35 bytes for each, empty ones too
LONGEST_TEXT: Final = 4 * 32_767  # Excel itself allows 32,767 characters a cell

NOT_A_WORKBOOK: Final = (
    "This is not an Excel workbook (.xlsx). Open it in your spreadsheet program and save it as .xlsx or .csv."
)
BINARY_WORKBOOK: Final = (
    "This is a binary workbook (.xlsb), which is not read. Open it in Excel, save it as .xlsx, and try that copy."
)
NOT_TEXT: Final = (
    "This file is neither a workbook (.xlsx, .xls, .ods), nor a text table (.csv, .tsv, .txt), nor a table of SAS, "
    "SPSS, Stata or Parquet. Save the table as .xlsx or .csv and try that copy."
)
DAMAGED: Final = (
    "This workbook is damaged and cannot be read. Open it in your spreadsheet program, save it again, and try that"
    " copy."
)
TOO_LARGE: Final = (
    "This workbook unfolds to more than can be read safely. Copy the tables that are needed into a new workbook."
)
ENCRYPTED: Final = (
    "This workbook is protected by a password. Remove the password in your spreadsheet program and save it again."
)
ENTITIES: Final = "This workbook contains XML entities, which spreadsheets never need. It was not opened."
HUGE_TEXT: Final = (
    "A cell of this workbook holds more text than a spreadsheet can. Copy the tables into a new workbook."
)

TOO_MANY_COLUMNS: Final = f"A sheet has more than {MOST_COLUMNS:,} columns. Copy those that are needed into a new file."
TOO_MANY_MERGED: Final = (
    f"This workbook has more than {MOST_MERGED:,} merged areas. Undo them, or copy the tables into a new workbook."
)
TOO_MANY_SHEETS: Final = (
    f"This upload holds more than {MOST_SHEETS} sheets. Open only the files and sheets that are needed."
)

Lost = dict[tuple[int, int], str]  # (row, column) -> the spreadsheet error, or the formula that was never calculated
Merged = tuple[int, int, int, int]  # first row, first column, last row, last column; 1-based, as the sheet shows them


class Unsafe(ValueError):
    """The file will not be read; its text is the sentence for the reader."""


def far_out(rows: int, columns: int) -> str:
    """The sentence for a sheet that a parser would unfold to this size."""
    return (
        f"A sheet of this workbook reaches out to row {rows:,} and column {columns:,}, beyond the {MOST_ROWS:,} rows "
        f"and {MOST_CELLS:,} cells that can be read. Delete what stands far from the tables."
    )


def check_reach(rows: int, columns: int) -> None:
    """Raise Unsafe for a sheet whose last cell stands too far out."""
    if rows > MOST_ROWS or columns > LAST_COLUMN or rows * columns > MOST_CELLS:
        raise Unsafe(far_out(rows, columns))


def column_letter(number: int) -> str:
    """The spreadsheet's letters of a column that is counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number, counted from 1, of a column with these letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
