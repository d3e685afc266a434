"""Tags of the pages of a report: figures with their alternative texts, headings and lines of text in the order in which
they are read.

A page is drawn of elements one after the other, each between a q and a Q of its own: these are what is tagged. A page
of which this is not so stays without tags, and so does the whole document, since half of one would read as if the rest
were not there.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

ARTIFACT: Final = "Artifact"  # lines of tables, what stands at the foot of every page


class Tag(NamedTuple):
    """What an element of a page is (Figure, H1, H2, P, Artifact), and for whoever does not see it in which words."""

    kind: str
    words: str = ""


def tag_pages(writer: PdfWriter, pages: Sequence[Sequence[Tag]]) -> None:
    """Tag every element of each page; does nothing where a page is not drawn of as many elements."""
    drawn = [page.get_contents() for page in writer.pages]
    contents = [
        marked(each.get_data() if each is not None else b"", tags) for each, tags in zip(drawn, pages, strict=True)
    ]
    if not all(contents):
        return
    tree, document = DictionaryObject(), DictionaryObject()
    root, whole = writer._add_object(tree), writer._add_object(document)
    places, every = ArrayObject(), ArrayObject()
    for number, (page, content, tags) in enumerate(zip(writer.pages, contents, pages, strict=True)):
        stream = DecodedStreamObject()
        stream.set_data(content)
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
        page[NameObject("/StructParents")] = NumberObject(number)
        read = ArrayObject(
            writer._add_object(_element(tag, place, page, whole)) for place, tag in enumerate(_read(tags))
        )
        places += [NumberObject(number), writer._add_object(read)]
        every += read
    document.update(_named(Type="/StructElem", S="/Document", P=root, K=every))
    tree.update(_named(Type="/StructTreeRoot", K=whole, ParentTree=_named(Nums=places)))
    writer.root_object.update(_named(StructTreeRoot=root, MarkInfo=_named(Marked=BooleanObject(True))))


def _read(tags: Sequence[Tag]) -> Iterator[Tag]:
    return (tag for tag in tags if tag.kind != ARTIFACT)


def marked(content: bytes, tags: Sequence[Tag]) -> bytes:
    """The drawing of a page with a mark around each element; nothing where it has not as many."""
    lines = content.split(b"\n")
    starts = _elements(lines, len(tags))
    if not starts:
        return b""
    place = 0
    for (first, last), tag in zip(starts, tags, strict=True):
        if tag.kind == ARTIFACT:
            lines[first] = b"/Artifact BMC\n" + lines[first]
        else:
            lines[first] = b"/%b << /MCID %d >> BDC\n" % (tag.kind.encode(), place) + lines[first]
            place += 1
        lines[last] += b"\nEMC"
    return b"\n".join(lines)


def _elements(lines: Sequence[bytes], n: int) -> list[tuple[int, int]]:
    """First and last line of each of n groups that stand side by side, the outermost ones of which there are so many;
    none where there are not."""
    found: dict[int, list[tuple[int, int]]] = {}
    opened: list[int] = []
    for place, line in enumerate(lines):
        if line == b"q":
            opened.append(place)
        elif line == b"Q" and opened:
            found.setdefault(len(opened), []).append((opened.pop(), place))
    outer = next((groups for _, groups in sorted(found.items()) if len(groups) > 1 or n == 1), [])
    return outer if len(outer) == n else []


def _element(tag: Tag, place: int, page: Any, parent: Any) -> DictionaryObject:
    said = {"Alt": TextStringObject(tag.words)} if tag.words else {}
    return _named(
        Type="/StructElem", S=f"/{tag.kind}", P=parent, Pg=page.indirect_reference, K=NumberObject(place), **said
    )


def _named(**entries: Any) -> DictionaryObject:
    return DictionaryObject(
        {NameObject(f"/{name}"): NameObject(each) if type(each) is str else each for name, each in entries.items()}
    )
