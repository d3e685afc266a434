"""Puts the parts of a PDF into one order: the renderer numbers them anew at every run, so the same figure would never
be the same file twice.

Nothing that is drawn changes: parts are renumbered as they are found from the page on, names within a part are sorted,
the table of places is written anew. Of PDFs as vl-convert writes them (one table of places, no packed parts); any other
is returned as it is.

For those who do not see it a figure is one element with an alternative text (ISO 32000-1, 14.7 and 14.8).
"""

import re
from collections.abc import Mapping
from typing import Final

Parts = dict[int, tuple[bytes, bytes]]  # by number: the dictionary of a part, and its content ("" where it has none)
ROOT: Final = re.compile(rb"/Root (\d+) 0 R")
CONTENTS: Final = re.compile(rb"/Contents (\d+ 0 R)")
BEGIN, END = b"/Figure << /MCID 0 >> BDC\n", b"\nEMC\n"
TABLE: Final = re.compile(
    rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [nf]\r?[ \n]?\n?)+)trailer\n(.*?)startxref\n(\d+)\n%%EOF\s*$", re.DOTALL
)
REFERENCE: Final = re.compile(rb"\((?:\\.|[^\\()])*\)|(\d+) 0 R\b", re.DOTALL)  # one that stands in a text is none
NAMED: Final = re.compile(rb"(?:^[ \t]*/\S+ \d+ 0 R\n){2,}", re.MULTILINE)
INFO: Final = re.compile(rb"/Info (\d+) 0 R")
STREAM: Final = b"\nstream\n"


def alternative(facts: Mapping[str, str]) -> str:
    """What is read out instead of the figure: what it shows, and its caption."""
    return " ".join(filter(None, (f"{facts['Title']}.", facts["Description"], facts.get("Caption", ""))))


def tag_figure(parts: Parts, trailer: bytes, words: str) -> None:
    """Make all of the one page of a document a figure with these words; a document that is built in another way stays
    as it is."""
    root, pages = ROOT.search(trailer), [number for number, (part, _) in parts.items() if CONTENTS.search(part)]
    if root is None or len(pages) != 1 or int(root[1]) not in parts:
        return
    catalog, page = int(root[1]), pages[0]
    before, after, tree, figure = (max(parts) + place for place in range(1, 5))
    around = b"/StructParents 0\n  /Contents [%d 0 R \\1 %d 0 R]" % (before, after)
    parts[page] = (CONTENTS.sub(around, parts[page][0], 1), parts[page][1])
    said = b"/Type /Catalog\n  /Lang (en-GB)\n  /MarkInfo << /Marked true >>\n  /StructTreeRoot %d 0 R" % tree
    parts[catalog] = (parts[catalog][0].replace(b"/Type /Catalog", said, 1), b"")
    parts[before], parts[after] = _stream(BEGIN), _stream(END)
    parts[tree] = _part(
        b"/Type /StructTreeRoot\n  /K %d 0 R\n  /ParentTree << /Nums [0 [%d 0 R]] >>" % (figure, figure)
    )
    text = b"<FEFF%b>" % words.encode("utf-16-be").hex().upper().encode()
    parts[figure] = _part(
        b"/Type /StructElem\n  /S /Figure\n  /P %d 0 R\n  /Pg %d 0 R\n  /K 0\n  /Alt %b" % (tree, page, text)
    )


def _part(entries: bytes) -> tuple[bytes, bytes]:
    return b"<<\n  %b\n>>\nendobj\n\n" % entries, b""


def _stream(content: bytes) -> tuple[bytes, bytes]:
    return b"<<\n  /Length %d\n>>" % len(content), b"\nstream\n%b\nendstream\nendobj\n\n" % content


def in_one_order(pdf: bytes, facts: Mapping[str, str] | None = None) -> bytes:
    """The same document, the same bytes for the same drawing, with these facts as its properties and as the alternative
    text of the figure; `pdf` itself where it is built in another way."""
    table = TABLE.search(pdf)
    parts = _parts(pdf, table) if table else {}
    if table is None or not parts:
        return pdf
    if facts and (about := INFO.search(table[3])):
        parts[int(about[1])] = (_properties(facts), b"")
        tag_figure(parts, table[3], alternative(facts))
    order = _reached(table[3], parts)
    if set(order) != set(parts):
        return pdf
    numbers = {old: new for new, old in enumerate(order, start=1)}
    return _written(pdf[: pdf.index(b"\n", 10) + 1], [parts[old] for old in order], numbers, table[3])


def _properties(facts: Mapping[str, str]) -> bytes:
    """The part that tells title, subject and the rest; names that PDF does not know are written without blanks."""
    known = {"Description": "Subject", "Software": "Creator"}
    created = b"  /CreationDate (D:%b)\n" % facts["Created"].replace("-", "").encode()
    lines = [
        b"  /%b <FEFF%b>\n"
        % (known.get(name, name).replace(" ", "").encode(), words.encode("utf-16-be").hex().upper().encode())
        for name, words in facts.items()
        if name != "Created"
    ]
    return b"<<\n%b%b>>\nendobj\n\n" % (b"".join(lines), created)


def _parts(pdf: bytes, table: re.Match[bytes]) -> Parts:
    """Every part by its number; none where a place does not hold the part that it should."""
    places = [(int(line[:10]), number) for number, line in enumerate(table[2].splitlines()) if b" n" in line]
    starts = sorted(places)
    ends = [start for start, _ in starts[1:]] + [table.start()]
    found: Parts = {}
    for (start, number), end in zip(starts, ends, strict=False):  # a table without parts has an end all the same
        head = b"%d 0 obj\n" % number
        body = pdf[start:end]
        if not body.startswith(head):
            return {}
        dictionary, stream, content = body.removeprefix(head).partition(STREAM)
        found[number] = (NAMED.sub(_sorted_lines, dictionary), stream + content)
    return found


def _sorted_lines(lines: re.Match[bytes]) -> bytes:
    return b"".join(sorted(lines[0].splitlines(keepends=True)))


def _reached(trailer: bytes, parts: Parts) -> list[int]:
    """The numbers of all parts in the order in which they are found, from the trailer on."""
    order: dict[int, None] = {}
    waiting = _named_in(trailer)[::-1]
    while waiting:
        number = waiting.pop()
        if number not in order and number in parts:
            order[number] = None
            waiting += _named_in(parts[number][0])[::-1]
    return list(order)


def _named_in(dictionary: bytes) -> list[int]:
    return [int(found[1]) for found in REFERENCE.finditer(dictionary) if found[1]]


def _written(header: bytes, parts: list[tuple[bytes, bytes]], numbers: dict[int, int], trailer: bytes) -> bytes:
    """The document with these parts as 1, 2, 3 ... and a table of their places."""

    def renumbered(found: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % numbers[int(found[1])] if found[1] and int(found[1]) in numbers else found[0]

    written, places = bytearray(header), [b"0000000000 65535 f\r\n"]
    for number, (dictionary, content) in enumerate(parts, start=1):
        places.append(b"%010d 00000 n\r\n" % len(written))
        written += b"%d 0 obj\n" % number + REFERENCE.sub(renumbered, dictionary) + content
    table = b"xref\n0 %d\n%btrailer\n%b" % (len(places), b"".join(places), REFERENCE.sub(renumbered, trailer))
    return bytes(written) + table + b"startxref\n%d\n%%%%EOF" % len(written)
