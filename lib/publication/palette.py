"""Colours, line types and symbols bound to meanings, the same on every page and in every file.

A group is known by its place (slot) among the levels of the opened cohort. Group colours are those of Okabe & Ito (2008), told apart in
common colour-vision deficiencies, the first four darkened so that they part in grey too; beyond four line types repeat what they say.
"""

from collections.abc import Sequence
from typing import Final

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
    "sCR": "#08306B", "CR": "#2171B5", "CRh": "#4292C6", "CRi": "#5FA6D1", "MLFS": "#9ECAE1", "VGPR": "#6BAED6", "nPR": "#A6CEE3",
    "PR": "#BDD7E7", "PR-L": "#DEEBF7", "MR": "#D9D2E9", "SD": "#D0D0D0", "NR": "#C4C4C4", "PD": "#F4A582", "NE": "#F2F2F2",
}  # fmt: skip
GRADE_COLOURS: Final = {
    "Grade not stated": "#DDDDDD", "Grade 1": "#FDE0C5", "Grade 2": "#F8B58B", "Grade 3": "#E5713F", "Grade 4": "#B5331C",
    "Grade 5": "#4A0C0C",
}  # fmt: skip
YES_NO_COLOURS: Final = {"yes": "#4D4D4D", "no": "#FFFFFF"}
THERAPY_COLOUR: Final = "#7B3294"
BRIDGING_COLOUR: Final = "#A6761D"
STATE_COLOURS: Final = (  # the light scheme of Tol (SRON technical note, 2021), on which black words and symbols can be read
    "#77AADD", "#EE8866", "#EEDD88", "#44BB99", "#FFAABB", "#BBCC33", "#99DDFF", "#AAAA00", "#BBBBBB", "#D4B9DA",
)  # fmt: skip
INK: Final = "#222222"
FAINT_INK: Final = "#666666"
GRID: Final = "#EEEEEE"
PAPER: Final = "#FFFFFF"


def group_colours(chosen: Sequence[str]) -> tuple[str, ...]:
    """The colour of each group: the one chosen, or ("" given) the colour of its place."""
    return tuple(colour or GROUP_COLOURS[slot % len(GROUP_COLOURS)] for slot, colour in enumerate(chosen))


def line_dashes(n: int) -> tuple[tuple[int, ...], ...]:
    """The line type of each of so many groups: solid for few, where a dashed line would read as a projection."""
    return tuple((1, 0) if n <= SOLID else GROUP_DASHES[slot % len(GROUP_DASHES)] for slot in range(n))
