"""Files made to bring a reader down: written part by part, because no spreadsheet program would write them."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import IO

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0"?>'
MIB = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
SMALL = '<row r="1"><c r="A1" t="inlineStr"><is><t>patient_id</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
FAR_ROW = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

Part = str | Callable[[IO[bytes]], None]


def sheet(rows: str, dimension: str = "A1:B2", after: str = "") -> str:
    """A worksheet with these rows."""
    return (
        f"{DECLARATION}<worksheet {NAMESPACE}><dimension"
        f' ref="{dimension}"/><sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def strings(*texts: str) -> str:
    """The table of shared strings."""
    return f"{DECLARATION}<sst {NAMESPACE}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>"


def package(rows: str = SMALL, part: str = SHEET, **others: Part) -> dict[str, Part]:
    """The parts of a workbook with one sheet, called Patients, that stands in `part`."""
    target = part.removeprefix("xl/")
    types = (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml"'
        ' ContentType="application/xml"/></Types>'
    )
    root = (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    workbook = (
        f'{DECLARATION}<workbook {NAMESPACE} xmlns:r="{OFFICE}"><sheets><sheet name="Patients" sheetId="1"'
        ' r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet"'
        f' Target="{target}"/></Relationships>'
    )
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": root,
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations,
        part: sheet(rows),
        STRINGS: strings("hello"),
        **others,
    }


def zipped(parts: Mapping[str, Part]) -> bytes:
    """The parts as a file. A part may be a function that writes itself, piece by piece."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            with archive.open(name, "w") as stream:
                stream.write(part.encode()) if isinstance(part, str) else part(stream)
    return content.getvalue()


def file(rows: str = SMALL, **others: Part) -> bytes:
    return zipped(package(rows, **others))


def repeated(head: str, piece: bytes, times: int, tail: str) -> Callable[[IO[bytes]], None]:
    """A part that says the same thing very often."""

    def write(stream: IO[bytes]) -> None:
        stream.write(head.encode())
        for _ in range(times):
            stream.write(piece)
        stream.write(tail.encode())

    return write


def entities() -> str:
    """Ten entities, each ten times the one before: a shared string of 12 GB."""
    laughs = '<!ENTITY a0 "lollollollol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f"{DECLARATION}<!DOCTYPE s [{laughs}]><sst {NAMESPACE}><si><t>&a9;</t></si></sst>"


def far_out() -> Iterator[tuple[str, bytes]]:
    """One cell in the last corner of a sheet, said in all the ways that a careless reader overlooks."""
    yield "plain", file(SMALL + FAR_ROW)
    yield "spaces round the equals sign", file(SMALL + FAR_ROW.replace('r="', 'r = "'))
    yield (
        "a bracket inside an attribute",
        file(SMALL + FAR_ROW.replace("<c ", '<c q=">" ').replace("<row ", '<row q=">" ')),
    )
    yield "a letter as an entity", file(SMALL + FAR_ROW.replace("XFD", "&#88;FD"))
    yield "the row named, the cell not", file(SMALL + '<row r="1048576"><c><v>1</v></c></row>')
    yield "the cell named, the row not", file(SMALL + '<row><c r="XFD1048576"><v>1</v></c></row>')
    yield (
        "another prefix",
        file(
            SMALL
            + f'<x:row {NAMESPACE.replace("xmlns", "xmlns:x")} r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
        ),
    )
    yield "an inline string", file(SMALL + '<row r="9"><c r="XFD1048576" t="inlineStr"><is/></c></row>')
    yield "only a very low row", file(SMALL + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    yield "only a very wide row", file(SMALL + '<row r="9999"><c r="XFD9999"><v>1</v></c></row>')
    yield "capital letters in the name of the part", zipped(package(SMALL + FAR_ROW, part="xl/worksheets/SHEET1.XML"))


def hidden_sheets() -> Iterator[tuple[str, bytes]]:
    """The far cell in a part that does not look like a sheet, or in a format that is not .xlsx."""
    yield "a sheet called .dat", zipped(package(SMALL + FAR_ROW, part="xl/worksheets/sheet1.dat"))
    yield (
        "a sheet outside xl",
        zipped({**package(), "xl/_rels/workbook.xml.rels": _relation("../far.bin"), "far.bin": sheet(FAR_ROW)}),
    )
    yield (
        "two relations of one name",
        zipped(
            {
                **package(),
                "xl/_rels/workbook.xml.rels": _relation("worksheets/sheet1.xml", "far.bin"),
                "xl/far.bin": sheet(FAR_ROW),
            }
        ),
    )
    yield "no relation at all", zipped({**package(), "xl/_rels/workbook.xml.rels": _relation()})
    yield "dollar signs", file(SMALL + FAR_ROW.replace("XFD1048576", "$XFD$1048576"))


def _relation(*targets: str) -> str:
    relations = "".join(f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{target}"/>' for target in targets)
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'


@cache
def bombs() -> Mapping[str, bytes]:
    """Small files that unfold into more than a machine should hold."""
    head, tail = sheet("").split("</sheetData>")
    blanks = repeated(head, b" " * MIB, 400, f"</sheetData>{tail}")
    long_string = repeated(f"{DECLARATION}<sst {NAMESPACE}><si><t>", b"A" * MIB, 400, "</t></si></sst>")
    return {
        "blanks": file(**{SHEET: blanks}),
        "one long shared string": file(**{STRINGS: long_string}),
        "a size that lies": _said_to_be_small(file(**{STRINGS: long_string}), 400 * MIB),
        "a string a little too long": file(**{STRINGS: strings("A" * 200_000)}),
        "one string in very many cells": file(cells(20_000, ' t="s"', "0"), **{STRINGS: strings("A" * 32_000)}),
        "one string in many cells": file(cells(2_500, ' t="s"', "0"), **{STRINGS: strings("A" * 32_000)}),
        "wide rows": file("".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, 2001))),
        "many middling cells": file(
            "".join(f'<row r="{row}"><c r="NA{row}"><v>1</v></c></row>' for row in range(1, 20_001))
        ),
        "too many parts": zipped({**package(), **{f"xl/junk{number}.xml": "<a/>" for number in range(600)}}),
    }


def _said_to_be_small(content: bytes, about: int) -> bytes:
    """The file in which every size from `about` on is given as 100 bytes."""
    changed = bytearray(content)
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = changed.find(magic)
        while place >= 0:
            if struct.unpack_from("<I", changed, place + offset)[0] >= about:
                struct.pack_into("<I", changed, place + offset, 100)
            place = changed.find(magic, place + 4)
    return bytes(changed)


def cells(rows: int, attributes: str, value: str) -> str:
    """A column of equal cells."""
    return "".join(f'<row r="{row}"><c r="A{row}"{attributes}><v>{value}</v></c></row>' for row in range(1, rows + 1))


def encrypted_parts() -> bytes:
    """A zip whose entries all carry the flag "encrypted"."""
    content = bytearray(file())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(magic)
        while place >= 0:
            flags = struct.unpack_from("<H", content, place + offset)[0]
            struct.pack_into("<H", content, place + offset, flags | 1)
            place = content.find(magic, place + 4)
    return bytes(content)


def twice_the_same_part() -> bytes:
    """One part in two versions, of which two readers may see a different one."""
    content = io.BytesIO(file())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/worksheets/Sheet1.xml", sheet(FAR_ROW))
    return content.getvalue()


def damaged() -> Iterator[tuple[str, bytes]]:
    """Workbooks that were cut off or written over."""
    whole = file()
    yield "cut in the middle", whole[: len(whole) // 2]
    yield "cut at the end", whole[:-30]
    yield "only the first bytes", whole[:10]
    place = whole.index(SHEET.encode()) + len(SHEET) + 5
    yield "bytes written over", whole[:place] + b"\xff" * 20 + whole[place + 20 :]
    yield "open tags", file(**{SHEET: sheet(SMALL)[:-20]})
    yield "a sheet of nothing", file(**{SHEET: ""})
    yield "no sheet", zipped({name: part for name, part in package().items() if name != SHEET})
    yield "a row that is no number", file('<row r="x"><c><v>1</v></c></row>')
    yield "a row of many digits", file(f'<row r="{"9" * 5000}"><c><v>1</v></c></row>')
    yield "twice the same part", twice_the_same_part()


def other_formats() -> Iterator[tuple[str, bytes]]:
    """Zip files that are something else than a workbook; some would be read by the parser all the same."""
    yield "empty zip", zipped({})
    yield "Word", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
    yield (
        "binary workbook",
        zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x", "xl/worksheets/sheet1.bin": "x"}),
    )
    yield "binary workbook in an .xlsx", zipped({**package(), "xl/workbook.bin": "x"})
    yield "OpenDocument", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<o/>"})
    yield "OpenDocument in an .xlsx", zipped({**package(), "content.xml": "<o/>"})
