"""A text table (.csv, .tsv, .txt) as rows of text: which encoding, which mark between the cells.

Nobody writes down the encoding of a text file, so each is tried strictly, and the first that is plausible is taken:
a byte order mark, UTF-8, UTF-16 (a zero beside every letter), GB18030 (whole Chinese words), Shift JIS (Japanese
ones), and else Windows-1252, or 1250.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from itertools import compress, count, islice
from typing import Final

from lib.intake.files.limits import LONGEST_TEXT, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, NOT_TEXT, Unsafe

SEARCHED_LINES: Final = 50
SEARCHED_CHARACTERS: Final = 1 << 17
SEARCHED_BYTES: Final = 1 << 16
DELIMITERS: Final = "\t;,|"
BLANKS: Final = " "  # one or several between two cells, where no mark parts them
SURELY: Final = 0.8  # of the lines have equally many cells
MARKUP: Final = ("<html", "<!doctype", "<?xml", "<table", "{\\rtf", "%pdf", "mime-version:")
CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
CHINESE: Final = re.compile("[\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff]+")
# without marks that every script has
FOREIGN: Final = re.compile("[^\x00-\x7f\xa7\xb0\xb1\xb7\xd7\xf7\u2010-\u22ff\u3000-\u303f\uff00-\uffef]")
LETTER: Final = re.compile("[A-Za-z]")
IN_WORDS: Final = re.compile("[^\\W\\d_][\xb9\xb3\xbf\xa3][^\\W\\d_]")  # of Polish letters that were taken for signs
SEPARATOR_LINE: Final = re.compile('"?sep=(.)"?\\s*\r?\n', re.I)  # Excel's own note of the delimiter, no data
LONG_TABLE: Final = (
    f"This text table has more than {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells, which is more"
    " than can be read. Copy what is needed into a new file."
)
NO_TABLE: Final = (
    "This is a web page or a document, not a table of text. Open it in your spreadsheet program and save it as .xlsx or"
    " .csv."
)

OUTER: Final = re.compile(r'"([^"]|"")*"')  # one cell is the whole line
STRAY: Final = "A quotation mark in this row has no second one; it was left out, so that no row below it is lost."
NAMED_ROWS: Final = (
    "The first row has one heading fewer than every row below has cells, as R writes a table with names of rows: the"
    " first column is read as one without a heading."
)
OF_CODES: Final = re.compile(r"id|code|pat|pt|subj|name|n[ro]|sample|case|key|upn|^.?$", re.I)
FEWEST_ROWS: Final = 2
PADDING: Final = "{:,} bytes without a meaning (zeros) stand at the end of the file and were left out."
END_OF_FILE: Final = "\x1a"  # ^Z, with which old programs end a file

Row = list[str | None]
Remark = tuple[int | None, str]


def text_rows(content: bytes) -> tuple[list[Row], int, list[Remark]]:
    """The rows of a text table, the number of its first one, and what has to be reported of some rows. Raises
    Unsafe."""
    remarks = _padded(content)
    text = decoded(content).replace(END_OF_FILE, "")
    if text[:SEARCHED_CHARACTERS].lstrip("\ufeff \t\r\n").lower().startswith(MARKUP):
        raise Unsafe(NO_TABLE)
    if len(CONTROL.findall(text[:SEARCHED_CHARACTERS])) * 1000 > min(len(text), SEARCHED_CHARACTERS):
        raise Unsafe(NOT_TEXT)
    named = SEPARATOR_LINE.match(text)
    body = text[named.end() :] if named else _without_outer_quotes(text)
    mark = named[1] if named else _delimiter(body)
    first = 2 if named else 1
    csv.field_size_limit(LONGEST_TEXT)
    try:
        rows, spans = _read(body, mark)
    except csv.Error as error:
        repaired = _without_stray_quotes(body, mark, [], [], first)
        if repaired is None:
            raise Unsafe(
                f"This text table cannot be read: {error}. Look for a quotation mark that never ends."
            ) from error
        return repaired[0], first, remarks + repaired[1]
    if _may_be_stray(body, spans) and (repaired := _without_stray_quotes(body, mark, rows, spans, first)):
        return repaired[0], first, remarks + repaired[1]
    if _has_names_of_rows(rows):
        return [[None, *rows[0]], *rows[1:]], first, [*remarks, (first, NAMED_ROWS)]
    return rows, first, remarks


def _has_names_of_rows(rows: list[Row]) -> bool:
    """Whether each row has one cell more than there are headings: a number or name of its own before the others, and no
    mark too many behind them. A first heading for a code speaks of the first column."""
    head, *below = (row for row in rows if row) if len(rows) > FEWEST_ROWS else ([],)
    names = [row[0] for row in below if len(row) == len(head) + 1]
    if len(head) < FEWEST_ROWS or len(names) < len(below) or not any(row[-1] for row in below):
        return False
    return _name_rows(names, head[0] or "")


def _name_rows(names: list[str | None], heading: str) -> bool:
    counted = names == [str(number) for number in range(1, len(names) + 1)]
    return counted or (len(set(names)) == len(names) and all(names) and not OF_CODES.search(heading))


def _may_be_stray(body: str, spans: list[int]) -> bool:
    """Whether a row takes several lines, or the last line, which can swallow none, has a mark without a second."""
    return any(span > 1 for span in spans) or _is_odd(next(filter(str.strip, reversed(body.splitlines())), ""))


def _padded(content: bytes) -> list[Remark]:
    """What is reported of zeros at the end of a file."""
    return [(None, PADDING.format(content.count(b"\0")))] if _without_padding(content) is not content else []


def _without_padding(content: bytes) -> bytes:
    """The bytes of a text without the zeros to which a program filled up its end; two zeros in UTF-16 are a letter."""
    bare = content.rstrip(b"\0\r\n")
    is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in bare
    return content if is_wide or b"\0" not in content[len(bare) :] else bare + b"\n"


def _without_outer_quotes(body: str) -> str:
    """The text without the quotation marks around each of its lines, where a program took every line for one cell."""
    lines = body.splitlines()
    quoted = [line.rstrip() for line in lines if line.strip()]
    if len(quoted) < 2 or not all(OUTER.fullmatch(line) for line in quoted):
        return body
    bare = [line[1:-1].replace('""', '"') for line in quoted]
    text = "\n".join(bare)
    return text if _agreement(bare[:SEARCHED_LINES], _delimiter(text))[1] > 1 else body


def _read(body: str, mark: str) -> tuple[list[Row], list[int]]:
    """The rows, and in how many lines of the file each stands."""
    rows: list[Row] = []
    spans: list[int] = []
    width = line = 0
    known: dict[str, str | None] = {"": None}  # equal cells are one object
    lines = io.TextIOWrapper(io.BytesIO(body.encode("utf-8", "surrogatepass")), "utf-8", "surrogatepass", newline=None)
    reader = csv.reader(lines, delimiter=mark, skipinitialspace=mark == BLANKS)
    for row in reader:
        rows.append([known.setdefault(cell, cell) for cell in row])
        spans.append(reader.line_num - line)
        line, width = reader.line_num, max(width, len(row))
        if len(rows) > MOST_ROWS or width > MOST_COLUMNS or len(rows) * width > MOST_CELLS:
            raise Unsafe(LONG_TABLE)
    return rows, spans


def _without_stray_quotes(
    body: str, mark: str, rows: list[Row], spans: list[int], first: int
) -> tuple[list[Row], list[Remark]] | None:
    """The rows where a quotation mark that never ends swallows no line: every line it swallowed has all its cells by
    itself.

    None where no line is swallowed. A cell that truly holds several lines is none: its lines have fewer cells than the
    table.
    """
    lines = list(io.StringIO(body, newline=None))
    alone = [_cells(line, mark) for line in lines[: MOST_ROWS + 1]]
    usual = _usual_width(alone, lines[: MOST_ROWS + 1])
    if usual < 2 or len(lines) > MOST_ROWS:
        return None
    found: list[Row] = []
    reported: list[Remark] = []
    place = 0
    for row, span in zip(rows or [[]], spans or [len(lines)], strict=True):
        swallowed, odd = alone[place : place + span], list(map(_is_odd, lines[place : place + span]))
        place += span
        if rows and _is_whole(row, swallowed, odd, usual):
            found.append(row)
            continue
        reported += [(first + len(found) + index, STRAY) for index in compress(count(), odd)]
        found += map(_filled, swallowed, odd)
    return (found, reported) if reported else None


def _is_whole(row: Row, swallowed: list[list[str]], odd: list[bool], usual: int) -> bool:
    """Whether a row stands as it is: in one line without a stray mark, or in lines that are no rows by themselves."""
    in_one = len(swallowed) == 1 and (len(row) == usual or not odd[0])
    return in_one or {*map(len, swallowed)} != {usual}


def _usual_width(alone: list[list[str]], lines: list[str]) -> int:
    """How many cells most of the lines without a quotation mark have."""
    plain = (row for row, line in zip(alone, lines, strict=True) if line.strip() and '"' not in line)
    widths = Counter(map(len, plain))
    return widths.most_common(1)[0][0] if widths else 0


def _filled(cells: list[str], is_odd: bool) -> Row:
    """The cells of a line, None for empty ones, without the mark that has no second one."""
    return [(_without_stray(cell) if is_odd else cell) or None for cell in cells]


def _without_stray(cell: str) -> str:
    """The cell without a quotation mark at its edge; 5\" at its end are inches."""
    return cell.removeprefix('"') if len(cell) > 1 and cell[-2].isdigit() else cell.strip('"')


def _is_odd(line: str) -> bool:
    """Whether one quotation mark of a line has no second one."""
    return line.count('"') % 2 == 1


def _cells(line: str, mark: str) -> list[str]:
    """The cells of one line; an odd number of quotation marks are letters like any other."""
    bare, is_odd = line.rstrip("\r\n"), _is_odd(line)
    try:
        quoted = (
            csv.reader([bare], delimiter=mark, quoting=csv.QUOTE_NONE) if is_odd else csv.reader([bare], delimiter=mark)
        )
        return next(quoted, [])
    except csv.Error:
        return []


def decoded(content: bytes) -> str:
    """The text of these bytes. Raises Unsafe where they are no text."""
    content = _without_padding(content)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:SEARCHED_BYTES] and (without_mark := _two_byte_encoding(content)):
        return content.decode(without_mark, errors="replace")
    if b"\x00" in content:
        raise Unsafe(NOT_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _chinese(content) or _japanese(content) or _western(content)


def _western(content: bytes) -> str:
    """The text in Windows-1252, or in Windows-1250 (Polish, Czech) where signs of the former stand within words."""
    text = content.decode("cp1252", errors="replace")
    return content.decode("cp1250", errors="replace") if IN_WORDS.search(text) else text


def _japanese(content: bytes) -> str | None:
    """The text if it is Shift JIS: its foreign characters are kana and common Chinese ones, in words or alone."""
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError:
        return None
    likely = sum(len(run[0]) for run in CHINESE.finditer(text) if _is_word(text, run, _is_japanese))
    return text if likely * 10 >= len(FOREIGN.findall(text)) * 8 else None


def _is_japanese(character: str) -> bool:
    """Whether it is a kana or one of the 2,965 characters of everyday Japanese (JIS X 0208, level 1)."""
    code = character.encode("cp932", errors="ignore")
    return code[:1] in (b"\x82", b"\x83") or b"\x88\x9f" <= code <= b"\x98\x72"


def _two_byte_encoding(content: bytes) -> str | None:
    """UTF-16 without its mark: the zeros stand nearly all on one side of the byte pairs, and it can be decoded."""
    head = content[: min(SEARCHED_BYTES, len(content) // 2 * 2)]
    first, second = head[::2].count(0), head[1::2].count(0)
    encoding = "utf-16-le" if second > first else "utf-16-be"
    if min(first, second) * 20 > max(first, second) or max(first, second) * 10 < len(head) // 2:
        return None
    try:
        text = content[: len(content) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if CONTROL.search(text[:SEARCHED_CHARACTERS]) else encoding


def _chinese(content: bytes) -> str | None:
    """The text if it is GB18030: its foreign characters are common Chinese ones, in words or alone in a cell.

    The bytes of "Größe" or "Müller" are one rare Chinese character between Latin letters; "µg" and "°C" are none at
    all.
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    likely = sum(len(run[0]) for run in CHINESE.finditer(text) if _is_word(text, run, _is_common))
    return text if likely * 10 >= len(FOREIGN.findall(text)) * 8 else None


def _is_word(text: str, run: re.Match[str], is_common: Callable[[str], bool]) -> bool:
    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    common = sum(map(is_common, run[0]))
    return common > 0 if len(run[0]) > 1 else common == 1 and not LETTER.search(around)


def _is_common(character: str) -> bool:
    """Whether it is one of the 6,763 characters, or the marks, of everyday Chinese (GB 2312)."""
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _delimiter(text: str) -> str:
    """The mark that parts most lines into equally many cells; a title above or a decimal comma does not mislead."""
    first = islice(io.StringIO(text[:SEARCHED_CHARACTERS], newline=None), SEARCHED_LINES)
    lines = [line for line in first if line.strip()]
    lines = [line for line in lines if not _is_odd(line)] or lines  # a stray mark swallows no line
    best = max(DELIMITERS, key=lambda mark: _agreement(lines, mark))
    is_aligned = _agreement(lines, best)[0] < SURELY <= _agreement([line.strip() for line in lines], BLANKS)[0]
    return BLANKS if is_aligned else best


def _agreement(lines: list[str], mark: str) -> tuple[float, int]:
    """The share of lines with the most frequent number of cells (above one), and that number."""
    try:
        cells = csv.reader(lines, delimiter=mark, skipinitialspace=mark == BLANKS)
        widths = Counter(len(row) for row in cells if len(row) > 1)
    except csv.Error:
        return 0.0, 0
    if not widths:
        return 0.0, 0
    width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    return round(times / len(lines), 2), width
