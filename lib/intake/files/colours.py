"""The background colours of the cells of a small .xlsx: some people write their groups in no other way.

Read as streams by expat, as the guard does, after it has found the file safe. Large sheets are not looked at.

Source: ECMA-376 part 1, 18.3.1.4 (c, s), 18.8.10 (cellXfs), 18.8.20 (fill), 18.8.19 (fgColor: rgb, theme, tint,
indexed).
"""

import colorsys
import io
import posixpath
import re
import zipfile
from collections import Counter
from typing import Final

from lib.intake import vocabulary
from lib.intake.files.guard import DAMAGE, RELATIONS, WORKBOOK, PartScan, XmlStream
from lib.intake.files.limits import MIB, Unsafe, column_number

STYLES: Final = "xl/styles.xml"
MOST_BYTES: Final = 2 * MIB  # of all sheets together
MOST_COLOURED: Final = 50_000  # cells
DIGITS: Final = "0123456789"
NONE: Final = ("FFFFFF", "theme 0", "indexed 9", "indexed 64", "indexed 65")  # white and the system's own

Coloured = list[tuple[int, int, str]]  # row, column, colour


def colours_by_sheet(content: bytes) -> dict[str, Coloured]:
    """By sheet, the cells with a background; {} where there are none, or more than is worth a look."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename.lower(): part for part in archive.infolist()}
            sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/")]
            if STYLES not in parts or sum(part.file_size for part in sheets) > MOST_BYTES:
                return {}
            styles = _Styles()
            _read(archive, parts[STYLES], styles)
            if not any(styles.colours()):
                return {}
            workbook, relations = PartScan(), PartScan()
            _read(archive, parts[WORKBOOK], workbook)
            _read(archive, parts[RELATIONS], relations)
            found = {}
            for sheet, relation in workbook.sheets:
                target = next(iter(relations.targets.get(relation, [])), "").lower().removeprefix("/")
                part = parts.get(posixpath.normpath(target if target.startswith("xl/") else f"xl/{target}"))
                if part is not None:
                    scan = _Cells(styles.colours())
                    _read(archive, part, scan)
                    found[sheet] = scan.found
            return found
    except (*DAMAGE, KeyError, Unsafe):
        return {}


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, scan: XmlStream) -> None:
    with archive.open(part) as stream:
        scan.read(stream, MOST_BYTES)


class _Styles(XmlStream):
    """The colour of each fill, and the fill of each cell format."""

    def __init__(self) -> None:
        super().__init__()
        self.fills: list[str] = []
        self.formats: list[int] = []
        self.within: list[str] = []
        self.solid = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def colours(self) -> list[str]:
        """The colour of each cell format, "" for none."""
        return [self.fills[fill] if fill < len(self.fills) else "" for fill in self.formats]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self.within.append(tag)
        if tag == "fill" and "fills" in self.within:
            self.fills.append("")
        elif tag == "patternFill":
            self.solid = attributes.get("patternType", "none") not in ("none", "gray125")
        elif tag == "fgColor" and self.fills and "fills" in self.within and self.solid:
            self.fills[-1] = _colour(attributes)
        elif tag == "xf" and "cellXfs" in self.within:
            self.formats.append(int(attributes.get("fillId", 0)))

    def _end(self, _: str) -> None:
        self.within.pop()


def _colour(attributes: dict[str, str]) -> str:
    if "rgb" in attributes:
        written = attributes["rgb"][-6:].upper()
    elif "theme" in attributes:
        written = f"theme {attributes['theme']}"
    else:
        written = f"indexed {attributes.get('indexed', '64')}"
    tint = attributes.get("tint", "")
    return "" if written in NONE and not tint else f"{written} {float(tint):.2f}" if tint else written


class _Cells(XmlStream):
    """The cells of one sheet with a background."""

    def __init__(self, colours: list[str]) -> None:
        super().__init__()
        self.colours, self.found = colours, Coloured()
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        style = attributes.get("s", "")
        if name.rpartition(":")[2] != "c" or not style.isdecimal() or "r" not in attributes:
            return
        colour = self.colours[int(style)] if int(style) < len(self.colours) else ""
        if colour and len(self.found) < MOST_COLOURED:
            reference = attributes["r"]
            letters = reference.rstrip(DIGITS)
            self.found.append((int(reference[len(letters) :]), column_number(letters), colour))


THEME: Final = ("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
INDEXED: Final = dict(
    pair.split("=")
    for pair in vocabulary(
        "8=000000 9=FFFFFF 10=FF0000 11=00FF00 12=0000FF 13=FFFF00 14=FF00FF 15=00FFFF 16=800000 "
        "17=008000 18=000080 19=808000 20=800080 21=008080 22=C0C0C0 23=808080 40=00CCFF 42=CCFFCC "
        "43=FFFF99 44=99CCFF 45=FF99CC 47=FFCC99 50=99CC00 51=FFCC00"
    )
)
HUES: Final = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (200, "turquoise"),
    (260, "blue"),
    (300, "purple"),
    (345, "pink"),
    (361, "red"),
)


def colour_names(colours: list[str]) -> dict[str, str]:
    """Yellow, green ...; two shades of one name are told apart by a number."""
    named = {colour: _name(colour) for colour in colours}
    seen: Counter[str] = Counter()
    found = {}
    for colour, name in named.items():
        seen[name] += 1
        found[colour] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return found


def _name(colour: str) -> str:
    kind, _, rest = colour.partition(" ")
    number = rest.split(" ")[0]
    if kind == "theme":
        kind = THEME[int(number)] if number.isdecimal() and int(number) < len(THEME) else ""
    elif kind == "indexed":
        kind = INDEXED.get(number, "")
    if not re.fullmatch("[0-9A-F]{6}", kind):
        return f"colour {number}".strip()
    red, green, blue = (int(kind[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.15:
        return "black" if light < 0.2 else "grey" if light < 0.95 else "white"
    return next(name for most, name in HUES if hue * 360 < most)
