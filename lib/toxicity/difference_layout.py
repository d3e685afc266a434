"""Where the panels of the dot plot stand, how wide its words are and how its heads are broken; by the opened cohort,
never by the selection."""

from dataclasses import dataclass
from typing import Final

from lib.publication.number import MANY
from lib.publication.sizes import SCREEN
from lib.publication.text_width import broken, text_width
from lib.publication.theme import SMALL
from lib.toxicity.contrasts import Differences
from lib.toxicity.grade_bars import PADDING, Space, space

SHARE_PANEL: Final = (0.0, 0.42)  # where each panel stands on x
DIFFERENCE_PANEL: Final = (0.58, 1.0)
WIDEST, WIDEST_OF_MANY = "−50 (−78 to −70)", "−50.5 (−78.5 to −70.5)"  # as printed below and from 100 patients on
P_COLUMN: Final = 46  # pixels


@dataclass(frozen=True)
class Layout:
    """The space of the names of the terms, pixels of the words behind the panels, and the heads over the panels in
    lines."""

    room: Space
    words: int
    heads: tuple[tuple[str, ...], ...]

    @property
    def plot(self) -> int:
        """About how many pixels both panels have together."""
        return self.room.width - PADDING - self.words - P_COLUMN - self.room.left

    @property
    def panel(self) -> float:
        """How many pixels one panel has."""
        return self.plot * (SHARE_PANEL[1] - SHARE_PANEL[0])

    @property
    def lines(self) -> int:
        """How many lines the longest head has."""
        return max(map(len, self.heads))


def layout(result: Differences, width: int = SCREEN) -> Layout:
    """The layout for these terms and groups."""
    grouping = result.incidence.grouping
    sizes = sorted(group.size for group in grouping.groups)
    widest = WIDEST_OF_MANY if sizes[:1] and sizes[-2:][0] >= MANY else WIDEST
    words = round(text_width(widest, SMALL)) + 10
    room = space(result.terms, width, words + P_COLUMN + width // 3)
    other = grouping.names[result.others[0]] if len(result.others) == 1 else "group"
    titles = ("Patients, %", f"Difference, % points: {other} − {grouping.reference_name}")
    panel = Layout(room, words, ()).panel
    return Layout(room, words, tuple(tuple(broken(title, 1.12 * panel, SMALL)) for title in titles))
