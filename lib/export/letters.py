"""The letters of a drawing: each in a font that has it, the fonts' used letters packed into an SVG, and those that no font has.

Liberation Sans writes Latin, Greek, Cyrillic and Hebrew; DejaVu Sans signs such as ⁺ ✓ ★ and Arabic; Chinese, Japanese, Korean and other
scripts come from the fonts of the computer that makes the file, if it has any.
"""

import base64
import io
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Final

from lib.publication.text_width import BOLD, FONT, FONTS, PLAIN, letters_of

SVG: Final = "{http://www.w3.org/2000/svg}"
FAMILIES: Final = ("Liberation Sans", "DejaVu Sans")  # in the order of PLAIN and BOLD
UNSEEN: Final = "CZM"  # categories of Unicode: controls, blanks, marks that join a letter
SCRIPTS: Final = {"CJK": "Chinese or Japanese", "HANGUL": "Korean", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}
NO_LETTER: Final = "\ue000"  # of the private area: in no font
Draw = Callable[[str], bytes]  # SVG -> PNG


def written_in_fonts_that_have_them(root: ET.Element) -> None:
    """Letters that only DejaVu Sans has stand in parts of their own; the renderer would take them from any font of the computer."""
    for element in [each for each in root.iter() if each.tag in (f"{SVG}text", f"{SVG}tspan")]:
        runs = [(family, "".join(run)) for family, run in groupby(element.text or "", _family)]
        if all(family != FAMILIES[1] for family, _ in runs):
            continue
        element.text = ""
        for place, (family, words) in enumerate(runs):
            part = ET.Element(f"{SVG}tspan", {"font-family": f"{family}, sans-serif"} if family else {})
            part.text = words
            element.insert(place, part)


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
    bold = root.get("font-weight", "bold" if bold else "normal") in ("bold", "600", "700", "800", "900")
    if root.tag in (f"{SVG}text", f"{SVG}tspan"):
        yield root.text or "", bold
    for child in root:
        yield from _texts(child, bold)


@cache
def _family(letter: str) -> str:
    """The first of our fonts that has the letter; "" where none has."""
    return next((family for family, file in zip(FAMILIES, PLAIN, strict=True) if letter in letters_of(file)), "")


def _alone(letter: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="5" y="30" font-size="24px" '
        f'font-family="{FONT}">{letter}</text></svg>'
    )
