"""How wide words are in the font of the figures (DejaVu Sans), and words broken or shortened to a width.

Nothing measures text where a figure is laid out, so the advances of the font stand here; a browser without it takes a similar one.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

FIRST: Final = 32  # the letter of the first advance
PLAIN: Final = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337,
    838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989,
    685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip  # thousandths of the font size; Source: hmtx of DejaVuSans.ttf 2.37
BOLD: Final = 1.115  # of the plain advances; the widest letters of ordinary words are within 3 % of it
OTHER, WIDE = 680, 1000  # a letter beyond ASCII, and one of a script with square letters
SAFETY: Final = 1.03
BREAK: Final = re.compile(r"[ \t\n]+")  # not at a no-break space
ELLIPSIS: Final = "…"


def text_width(words: str, size: float, bold: bool = False) -> float:
    """Pixels that the words need on one line at this font size."""
    return sum(map(_advance, words)) / 1000 * size * (BOLD if bold else 1.0) * SAFETY


def _advance(letter: str) -> int:
    place = ord(letter) - FIRST
    if 0 <= place < len(PLAIN):
        return PLAIN[place]
    if unicodedata.combining(letter):
        return 0
    return WIDE if unicodedata.east_asian_width(letter) in "WF" else OTHER


def broken(words: str, pixels: float, size: float, bold: bool = False) -> list[str]:
    """The words in lines no wider than this; a word that is wider itself is broken too. Nothing is lost but the blanks at breaks."""
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

    What fits stays as it is. Else the end goes, or where that leaves two alike the middle, or the beginning; or a number tells them apart.
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
