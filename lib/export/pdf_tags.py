"""Tags of a PDF for those who do not see it: a figure is one element with an alternative text (ISO 32000-1, 14.7 and
14.8)."""

import re
from collections.abc import Mapping
from typing import Final

Parts = dict[int, tuple[bytes, bytes]]  # by number: the dictionary of a part, and its content ("" where it has none)
ROOT: Final = re.compile(rb"/Root (\d+) 0 R")
CONTENTS: Final = re.compile(rb"/Contents (\d+ 0 R)")
BEGIN, END = b"/Figure << /MCID 0 >> BDC\n", b"\nEMC\n"


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
