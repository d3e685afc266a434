"""How wide words are in the fonts of the figures, words broken or shortened to a width, and the sizes of figures in
pixels.

Measured in the font files that exported figures are drawn with: Liberation Sans, whose advances are those of Arial and
Helvetica; a letter that it lacks is taken from DejaVu Sans. Loads neither tables nor charts, for which the process that
draws files must not wait.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

SCREEN: Final = 760  # the width of a figure on a page
SMALL: Final = 11  # letters of axes and captions
NORMAL: Final = 12  # and of titles
FONT: Final = "Liberation Sans, Arimo, Arial, Helvetica, DejaVu Sans, sans-serif"  # of equal advances but the last two
FONTS: Final = Path(__file__).parent / "fonts"
PLAIN: Final = ("LiberationSans-Regular.ttf", "DejaVuSans.ttf")  # the second for letters that the first lacks
BOLD: Final = ("LiberationSans-Bold.ttf", "DejaVuSans-Bold.ttf")
OTHER, WIDE = 0.68, 1.0  # of the font size: a letter of no font here, and one of a script with square letters
SAFETY: Final = 1.02
BREAK: Final = re.compile(r"[ \t\n]+")  # not at a no-break space
ELLIPSIS: Final = "…"


def text_width(words: str, size: float, bold: bool = False) -> float:
    """Pixels that the words need on one line at this font size."""
    return sum(_advance(letter, bold) for letter in words) * size * SAFETY


@cache
def _advance(letter: str, bold: bool) -> float:
    """Of the font size."""
    known = next((font[letter] for font in map(letters_of, BOLD if bold else PLAIN) if letter in font), None)
    if known is not None:
        return known
    if unicodedata.combining(letter):
        return 0.0
    return WIDE if unicodedata.east_asian_width(letter) in "WF" else OTHER


@cache
def letters_of(file: str) -> Mapping[str, float]:
    """Every letter that a font file has, with its advance, of the font size."""
    with TTFont(FONTS / file, lazy=True) as font:
        unit, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        return {chr(code): widths[glyph][0] / unit for code, glyph in font.getBestCmap().items()}


def broken(words: str, pixels: float, size: float, bold: bool = False) -> list[str]:
    """The words in lines no wider than this; a word that is wider itself is broken too. Nothing is lost but the blanks
    at breaks."""
    lines = [""]
    for word in filter(None, BREAK.split(words)):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, bold) <= pixels:
            lines[-1] = longer
            continue
        pieces = _pieces(word, pixels, size, bold)
        lines += pieces if lines[-1] else []
        if not lines[0]:
            lines = pieces
    return lines


def _pieces(word: str, pixels: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, bold) > pixels:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def shortened(words: Iterable[str], pixels: float, size: float, bold: bool = False) -> dict[str, str]:
    """What stands for each of these words where there is so much room: never the same for two of them.

    What fits stays as it is. Else the end goes, or where that leaves two alike the middle, or the beginning; or a
    number tells them apart.
    """
    every = list(dict.fromkeys(words))
    long = [word for word in every if text_width(word, size, bold) > pixels]
    taken = set(every) - set(long)
    found: dict[str, str] = {}
    for kept_at_start in (1.0, 0.6, 0.3, 0.0):
        tried = {word: _cut(word, kept_at_start, pixels, size, bold) for word in long}
        if len(set(tried.values()) - taken) == len(long):
            found = tried
            break
    return {word: word for word in every} | (found or _numbered(long, taken, (pixels, size, bold)))


def _numbered(long: Sequence[str], taken: set[str], room: tuple[float, float, bool]) -> dict[str, str]:
    """Beginnings with a number of their own."""
    found: dict[str, str] = {}
    number = 0
    for word in long:
        short = ""
        while not short or short in taken:
            number += 1
            end = f"{ELLIPSIS}({number})"
            short = _start(word, room[0] - text_width(end, room[1], room[2]), room[1], room[2]) + end
        found[word] = short
        taken = taken | {short}
    return found


def _cut(word: str, kept_at_start: float, pixels: float, size: float, bold: bool) -> str:
    """The word with an ellipsis, this share of the room before it and the rest behind it."""
    room = pixels - text_width(ELLIPSIS, size, bold)
    start = _start(word, room * kept_at_start, size, bold)
    end = (
        _start(word[len(start) :][::-1], room - text_width(start, size, bold), size, bold)[::-1]
        if kept_at_start < 1
        else ""
    )
    return start.rstrip() + ELLIPSIS + end.lstrip()


def _start(word: str, pixels: float, size: float, bold: bool) -> str:
    length = next((n for n in range(len(word), 0, -1) if text_width(word[:n], size, bold) <= pixels), 0)
    return word[:length]
