"""What columns mean that the sheet does not have as columns: titles alone in a row, names of sheets, colours of rows. Asked once each."""

from typing import Final

from lib.intake.cells.coding import is_missing, text
from lib.intake.infer.question import Asking, Place
from lib.intake.sheets.block import Block
from lib.intake.sheets.role import keyed
from lib.intake.sheets.stack import PERIODS
from lib.intake.sheets.table import fillable, with_filled_down
from lib.intake.sheets.tail import GROUP_WORD

GROUP: Final = "patients.arm"
COLUMN: Final = "patients.covariate"
CHOICES: Final = (("group", "The group (arm) of the patients"), ("column", "A further column to filter by"))
ASKED: Final = (
    "Titles stand alone in rows of this table ({}). What do they say of the rows below them?",
    "Several sheets have the same columns and are read as one table ({}). What do their names say?",
    "The rows of this table differ in their background ({}). What does the colour say?",
)
ARMS: Final = ("arm", "group", "treatment_arm", "cohort")
SHOWN: Final = 4


def layout_roles(block: Block, asking: Asking) -> dict[str, str]:
    """The roles of such columns, as answered or as their words say."""
    layout, roles = block.layout, {}
    own_arm = any(keyed(heading) in ARMS for heading in block.headings[:-1] if heading)
    for heading, sentence in zip((layout.title_rows_as, layout.sheet_name_as, layout.colour_as), ASKED, strict=True):
        if heading and heading in block.headings:
            roles[heading] = _role(block, heading, sentence, own_arm, asking)
    return roles


def _role(block: Block, heading: str, sentence: str, own_arm: bool, asking: Asking) -> str:
    """Whether such a column is the group, as answered or as its words say."""
    words = tuple(dict.fromkeys(text(cell) for cell in block.cells(heading) if not is_missing(cell)))
    likely = _names_groups(words) and heading not in (PERIODS, block.layout.colour_as) and not own_arm
    shown = ", ".join(f'"{word}"' for word in words[:SHOWN]) + (" ..." if len(words) > SHOWN else "")
    said = (sentence.format(shown), "The table has no column for it.")
    place: Place = ("group", block.grid.name, [heading])
    return GROUP if asking.ask(place, said, CHOICES, "group" if likely else "column") == "group" else COLUMN


def filled_as_answered(block: Block, asking: Asking) -> Block:
    """The block with blanks filled from above where the reader said so; until then such rows belong to nobody."""
    headings = fillable(block)
    if not headings:
        return block
    named = " and ".join(f'"{heading}"' for heading in headings)
    sentence = f"{named} of this table is blank in many rows. Does a blank repeat the cell above it?"
    choices = (("repeat", "Yes, it is written once for all rows below it"), ("blank", "No, nothing is known there"))
    why = "Until that is said, a row without a patient is not read."
    place = ("blank", block.grid.name, headings)
    answer = asking.ask(place, (sentence, why), choices, "blank", f"filled:{block.grid.name}", True)  # type: ignore[arg-type]
    return with_filled_down(block, headings) if answer == "repeat" else block


def _names_groups(words: tuple[str, ...]) -> bool:
    return len(words) > 1 and all(GROUP_WORD.search(keyed(word)) for word in words)
