"""Colours, line types and symbols bound to meanings, the same on every page and in every file.

A group is known by its place (slot) among the levels of the opened cohort. Group colours are those of Okabe & Ito
(2008), told apart in common colour-vision deficiencies, the first four darkened so that they part in grey too; beyond
four line types repeat what they say.
"""

from collections.abc import Sequence
from typing import Any, Final

GROUP_COLOURS: Final = ("#003F7D", "#D55E00", "#007052", "#CF7FB0", "#B8860B", "#56B4E9", "#444444", "#8C510A")
GROUP_DASHES: Final = ((1, 0), (7, 3), (2, 2), (9, 3, 2, 3), (12, 4), (4, 4), (1, 2), (9, 2, 2, 2, 2, 2))
SOLID: Final = 4  # groups that colour alone tells apart, also in grey
GROUP_SHAPES: Final = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "triangle-down",
    "cross",
    "triangle-right",
    "triangle-left",
)
RESPONSE_COLOURS: Final = {
    "sCR": "#08306B",
    "CR": "#2171B5",
    "CRh": "#4292C6",
    "CRi": "#5FA6D1",
    "MLFS": "#9ECAE1",
    "VGPR": "#6BAED6",
    "nPR": "#A6CEE3",
    "PR": "#BDD7E7",
    "PR-L": "#DEEBF7",
    "MR": "#D9D2E9",
    "SD": "#D0D0D0",
    "NR": "#C4C4C4",
    "PD": "#F4A582",
    "NE": "#F2F2F2",
}
# One hue, even steps of lightness: in the colour of no group, and told apart in print without colour.
GRADE_COLOURS: Final = {
    "Grade not stated": "#F3F3F3",
    "Grade 1": "#CBC6DC",
    "Grade 2": "#A29AC0",
    "Grade 3": "#7A6E9E",
    "Grade 4": "#463B66",
    "Grade 5": "#000000",
}
GRADE_EDGES: Final = {"Grade not stated": "#8C8C8C"}  # a line around what is nearly white
YES_NO_COLOURS: Final = {"yes": "#4D4D4D", "no": "#E3E3E3"}
THERAPY_COLOUR: Final = "#7B3294"
BRIDGING_COLOUR: Final = "#A6761D"
# The light scheme of Tol (SRON technical note, 2021), on which black words and symbols can be read.
STATE_COLOURS: Final = (
    "#77AADD",
    "#EE8866",
    "#EEDD88",
    "#44BB99",
    "#FFAABB",
    "#BBCC33",
    "#99DDFF",
    "#AAAA00",
    "#BBBBBB",
    "#D4B9DA",
)
INK: Final = "#222222"
FAINT_INK: Final = "#666666"
GRID: Final = "#EEEEEE"
PAPER: Final = "#FFFFFF"
READABLE: Final = 4.5  # contrast of words with what they stand on; WCAG 2.2, 1.4.3


def group_shapes(n: int) -> list[str]:
    """The symbol of each slot."""
    return [GROUP_SHAPES[slot % len(GROUP_SHAPES)] for slot in range(n)]


def group_colours(groups: Sequence[Any]) -> tuple[str, ...]:
    """The colour of each group: its `colour`, or ("") the colour of its place."""
    return tuple(group.colour or GROUP_COLOURS[slot % len(GROUP_COLOURS)] for slot, group in enumerate(groups))


def contrast(one: str, other: str) -> float:
    """How well one colour is told from the other, from 1 to 21 (WCAG 2.2)."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a colour, from 0 (black) to 1 (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> list[int]:
    """Red, green and blue, each from 0 to 255."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def line_dashes(n: int) -> tuple[tuple[int, ...], ...]:
    """The line type of each of so many groups: solid for few, where a dashed line would read as a projection."""
    return tuple((1, 0) if n <= SOLID else GROUP_DASHES[slot % len(GROUP_DASHES)] for slot in range(n))
