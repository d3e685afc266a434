"""The letters of a drawing: each in a font that has it, the fonts' used letters packed into an SVG, and those that no
font has.

Liberation Sans writes Latin, Greek and Cyrillic; DejaVu Sans signs such as 10⁵ ⁺ ✓ ★, Vietnamese, Hebrew and Arabic;
Chinese, Japanese, Korean and other scripts come from the fonts of the computer that makes the file, if it has any.
"""

import base64
import io
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from lib.publication.text_width import BOLD, FONT, FONTS, PLAIN, WIDE, letters_of

SVG: Final = "{http://www.w3.org/2000/svg}"
FAMILIES: Final = ("Liberation Sans", "DejaVu Sans")  # in the order of PLAIN and BOLD
IN_EVERY_VERSION: Final = re.compile(
    "[\u0020-\u017f\u0192\u0384-\u03ce\u0400-\u045f\u2010-\u2011\u2013-\u2015\u2017-\u201e\u2020-\u2022\u2026\u2030\u2032-\u2033\u20ac\u2122\u2202-\u22ff]"
)  # of Liberation Sans since 1.0: Latin, Greek, Cyrillic, the usual signs
HEAVY: Final = ("bold", "600", "700", "800", "900")
UNSEEN: Final = "CZM"  # categories of Unicode: controls, blanks, marks that join a letter
SCRIPTS: Final = {"CJK": "Chinese or Japanese", "HANGUL": "Korean", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}
NO_LETTER: Final = "\ue000"  # of the private area: in no font
Draw = Callable[[str], bytes]  # SVG -> PNG


def written_in_fonts_that_have_them(root: ET.Element, drawn: "Drawn | None" = None) -> None:
    """Letters that Liberation Sans lacks stand in parts of their own, each at its place.

    The renderer would otherwise draw the whole text in any font of the computer that has them all.
    """
    drawn = (drawn or Drawn()).within(root)
    for child in list(root):
        written_in_fonts_that_have_them(child, drawn)
    if root.tag in (f"{SVG}text", f"{SVG}tspan") and root.text:
        runs = [(family, "".join(run)) for family, run in groupby(root.text, _family)]
        if any(family != FAMILIES[0] for family, _ in runs):
            root.text = ""
            for place, part in enumerate(drawn.parts(runs)):
                root.insert(place, part)


@dataclass(frozen=True)
class Drawn:
    """Where and how a text is drawn, as far as its parts take it over."""

    x: float = 0.0
    size: float = 11.0
    bold: bool = False
    anchor: str = "start"

    def within(self, element: ET.Element) -> "Drawn":
        """Of an element inside."""
        return Drawn(
            float(element.get("x", self.x)),
            float(element.get("font-size", str(self.size)).removesuffix("px")),
            element.get("font-weight", "bold" if self.bold else "normal") in HEAVY,
            element.get("text-anchor", self.anchor),
        )

    def parts(self, runs: Sequence[tuple[str, str]]) -> Iterator[ET.Element]:
        """The runs (family, letters) behind each other."""
        widths = [self._width(family, words) for family, words in runs]
        x = self.x - sum(widths) * {"middle": 0.5, "end": 1.0}.get(self.anchor, 0.0)
        for (family, words), width in zip(runs, widths, strict=True):
            part = ET.Element(f"{SVG}tspan", {"x": f"{x:g}", "text-anchor": "start"})
            part.attrib.update({"font-family": f"{family}, sans-serif"} if family else {})
            part.text = words
            x += width
            yield part

    def _width(self, family: str, words: str) -> float:
        files = BOLD if self.bold else PLAIN
        advances = letters_of(files[FAMILIES.index(family)]) if family else {}
        return sum(advances.get(letter, WIDE) for letter in words) * self.size


def scripts_without_a_font(root: ET.Element, draw: Draw) -> str:
    """The scripts whose letters would be boxes on this computer, in words; "" = none."""
    letters = dict.fromkeys(letter for words, _ in _texts(root) for letter in words)
    unknown = [letter for letter in letters if not _family(letter) and unicodedata.category(letter)[0] not in UNSEEN]
    box = draw(_alone(NO_LETTER)) if unknown else b""
    missing = (unicodedata.name(letter, "unknown").split()[0] for letter in unknown if draw(_alone(letter)) == box)
    return ", ".join(dict.fromkeys(SCRIPTS.get(name, name.capitalize()) for name in missing))


def font_faces(root: ET.Element) -> str:
    """CSS with the letters of the drawing in our fonts, so that it looks alike in every browser."""
    used: dict[tuple[int, bool], set[str]] = {}
    for words, bold in _texts(root):
        for letter in words:
            if family := _family(letter):
                used.setdefault((FAMILIES.index(family), bold), set()).add(letter)
    return "".join(_face(place, bold, "".join(sorted(letters))) for (place, bold), letters in sorted(used.items()))


def _face(place: int, bold: bool, letters: str) -> str:
    packed = base64.b64encode(_subset((BOLD if bold else PLAIN)[place], letters)).decode()
    return (
        f'@font-face{{font-family:"{FAMILIES[place]}";font-weight:{"bold" if bold else "normal"};'
        f"src:url(data:font/woff;base64,{packed})}}"
    )


@cache
def _subset(file: str, letters: str) -> bytes:
    """A font file with these letters only."""
    from fontTools import subset

    options = subset.Options(
        hinting=False, layout_features=[], flavor="woff", bidi_closure=False, name_IDs=[1, 2, 13, 14]
    )
    options.drop_tables += ["FFTM", "GPOS", "GSUB", "GDEF", "kern"]
    font = subset.load_font(str(FONTS / file), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in letters])
    subsetter.subset(font)
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    return packed.getvalue()


def _texts(root: ET.Element, bold: bool = False) -> Iterator[tuple[str, bool]]:
    """The words of every text and part of one, and whether they are bold."""
    bold = root.get("font-weight", "bold" if bold else "normal") in HEAVY
    if root.tag in (f"{SVG}text", f"{SVG}tspan"):
        yield root.text or "", bold
    for child in root:
        yield from _texts(child, bold)


@cache
def _family(letter: str) -> str:
    """The font of ours that writes the letter; "" where none has it.

    An older Liberation Sans of the computer may stand before ours and lack some: only what every version has is left to
    it.
    """
    has = [letter in letters_of(file) for file in PLAIN]
    if has[0] and (IN_EVERY_VERSION.match(letter) or not has[1]):
        return FAMILIES[0]
    return FAMILIES[1] if has[1] else ""


def _alone(letter: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="5" y="30" font-size="24px" '
        f'font-family="{FONT}">{letter}</text></svg>'
    )
