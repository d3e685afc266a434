"""Rows below a table's header that hold no patient's data: each is told with its reason, so that a reader can object."""

from typing import Final

from lib.cohort.finding import Finding
from lib.intake.layout import EXPLANATION, Block

LEFT_OUT: Final = "This row was left out: {}."
MEND: Final = "If it is data, put it among the other rows, with a patient in its first column."


def rows_left_out(block: Block) -> list[Finding]:
    """A note for every such row but the template's own explanation of its columns; no cell of it is repeated."""
    return [
        Finding(
            "note", block.grid.name, block.grid.first_row + row, "", "", LEFT_OUT.format(why), MEND, sets_aside=True
        )
        for row, why in block.left_out
        if why != EXPLANATION
    ]
