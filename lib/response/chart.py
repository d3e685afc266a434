"""Colours of response states, and of the words that stand on them, the same in every figure of this room."""

from typing import Final

import altair as alt

from lib.publication.palette import INK, PAPER, RESPONSE_COLOURS
from lib.response.state import FAILED, NE, NOT_ASSESSED

STATE_COLOURS: Final = {
    **{response: colour for response, colour in RESPONSE_COLOURS.items() if response != NE},
    FAILED: "#8C6D5A", NE: "#E4E4E4", NOT_ASSESSED: "#FFFFFF",
}  # fmt: skip
LEGEND: Final = {
    FAILED: "Failed: progressed, retreated or died before",
    NE: "Not evaluable (NE)",
    NOT_ASSESSED: "Not assessed (n.a.)",
}
ON_DARK: Final = ("sCR", "CR", FAILED)
OUTLINE: Final = "#999999"


def on(state: str) -> str:
    """The colour of words that stand on a state's colour."""
    return PAPER if state in ON_DARK else INK


def state_colour(states: tuple[str, ...], legend: bool = True, columns: int = 4, offset: int = 12) -> alt.Color:
    """The colour of `state`; the legend writes what a state means."""
    said = " : ".join(f"datum.value == '{state}' ? '{words}'" for state, words in LEGEND.items())
    shown = alt.Legend(
        orient="top", direction="horizontal", symbolType="square", symbolOpacity=1, symbolStrokeColor=OUTLINE, symbolStrokeWidth=0.6,
        columns=columns, offset=offset, labelExpr=f"{said} : datum.label",
    )  # fmt: skip
    scale = alt.Scale(domain=list(states), range=[STATE_COLOURS[state] for state in states])
    return alt.Color("state:N", title=None, scale=scale, legend=shown if legend else None)
