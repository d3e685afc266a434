"""What a swimmer plot is made of: the lanes with their cohort, how close they stand, what is drawn of them and in which
colours."""

from dataclasses import dataclass
from typing import Final

from lib.cohort.model import Cohort, Variable
from lib.publication.palette import RESPONSE_COLOURS, STATE_COLOURS, YES_NO_COLOURS, group_colours
from lib.publication.text_width import text_width
from lib.publication.theme import SMALL
from lib.swimmer.drawing import GROUP, LONGEST_ID, TEXT, YES_NO, Strip, SwimmerLook
from lib.swimmer.lanes import Lanes, some_of
from lib.swimmer.layout import MOST_DRAWN, MOST_LANES, MOST_PARTS, Density, density, plot_width, row_tops
from lib.swimmer.options import (
    BY_COLOUR,
    INFUSION,
    LAST_CONTACT,
    RESPONSE,
    colour_label,
    ends_of,
    marks_of,
    states_of,
)

WIDEST_TEXT, NUMBER_WIDTH = 110, 28  # pixels
AFTER_PROGRESSION: Final = "#E2E2E2"


@dataclass(frozen=True)
class Drawn:
    """What a figure is made of: the lanes that are drawn of the whole, their cohort, the columns at the left, how close
    lanes stand, and where each row begins."""

    result: Lanes
    whole: Lanes
    cohort: Cohort
    columns: tuple[Variable, ...]
    close: Density
    tops: list[float]

    @property
    def look(self) -> SwimmerLook:
        """What the chart depends on."""
        options, compares = self.result.options, self.result.grouping.compares
        strips = tuple(_strip(variable, options.width) for variable in self.columns)
        groups = (Strip(GROUP),) if compares and not options.grouped else ()
        title = colour_label(options.colour)
        return SwimmerLook(self.result.unit, groups + strips, title, options.colour != RESPONSE, options.width)

    @property
    def gutter(self) -> float:
        """Pixels left of the lanes: the strips and the ids."""
        longest = max((text_width(patient, self.close.font) for patient in self.result.lanes["patient"]), default=0.0)
        ids = 0.0 if self.close.compact else min(longest, LONGEST_ID * self.result.options.width)
        return self.look.strips_width + ids

    @property
    def kinds(self) -> tuple[str, ...]:
        """The marks that may be drawn: compact lanes leave to their colour what it says."""
        options, names = self.result.options, marks_of(self.cohort)
        every = (*(names[mark] for mark in options.marks or ()), *ends_of(self.cohort))
        left_out = (INFUSION, LAST_CONTACT, *(BY_COLOUR if options.colour == RESPONSE else ()))
        return tuple(kind for kind in every if not (self.close.compact and kind in left_out))

    @property
    def plot_width(self) -> float:
        """Pixels of the lanes."""
        return plot_width(self.result.options.width, self.gutter)

    @property
    def colours(self) -> dict[str, str]:
        """By state. IMWG responses and groups have those that they have everywhere, but progression is pale; other
        states come in order."""
        states, grouping = states_of(self.cohort, self.result.options.colour), self.result.grouping
        if set(states) <= set(RESPONSE_COLOURS):
            shown = (*(state for state in states if state != "PD"), "PD")
            return {state: AFTER_PROGRESSION if state == "PD" else RESPONSE_COLOURS[state] for state in shown}
        bound = dict(zip(grouping.levels, self.group_colours, strict=True)) if grouping.compares else {}
        usual = {state: STATE_COLOURS[place % len(STATE_COLOURS)] for place, state in enumerate(states)}
        return {state: bound.get(state, colour) for state, colour in usual.items()}

    @property
    def group_colours(self) -> tuple[str, ...]:
        """Of the groups, in order."""
        return group_colours([group.colour for group in self.result.grouping.groups])


def drawn_of(whole: Lanes, cohort: Cohort) -> Drawn:
    """The lanes with what their cohort knows of them."""
    parts = max(1, len(whole.segments) + len(whole.marks))
    result = some_of(whole, min(MOST_DRAWN, max(MOST_LANES, MOST_PARTS * len(whole.lanes) // parts)))
    close = density(len(result.lanes), len(result.headers))
    chosen = [cohort.variable(name) for name in result.options.strips or ()]
    columns = tuple(each for each in chosen if each and each.name != result.grouping.variable)
    return Drawn(
        result, whole, cohort, columns, close, row_tops(result.n_rows, list(result.headers["row"]), close.pitch)
    )


def _strip(variable: Variable, width: int) -> Strip:
    """Squares for yes and no, text for everything else: as wide as its longest level."""
    if variable.kind == "number":
        return Strip(TEXT, NUMBER_WIDTH)
    if set(variable.levels) <= set(YES_NO_COLOURS):
        return Strip(YES_NO)
    longest = max((text_width(level, SMALL) for level in variable.levels), default=8.0)
    return Strip(TEXT, round(min(WIDEST_TEXT, width * LONGEST_ID, longest + 2)))
