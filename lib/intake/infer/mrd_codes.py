"""What yes and no mean under MRD: as the heading says, else as its owner does."""

import re
from typing import Final

from lib.cohort.response_scale import mrd_word
from lib.intake.cells.coding import NO_WORDS, YES_WORDS, is_missing, text
from lib.intake.infer.question import Asking
from lib.intake.infer.sheet_guess import SheetGuess

CHOICES: Final = (
    ("positive", "MRD was found: positive"),
    ("negative", "MRD was negative"),
    ("none", "Neither: leave it out"),
)
OPPOSITE: Final = {"positive": "negative", "negative": "positive"}


def mrd_codes(guess: SheetGuess, name: str, asking: Asking) -> dict[str, dict[str, str | None]]:
    """The codes of this column of MRD; {} where no yes or no stands in it, or what they mean is not said."""
    cells = guess.view.block.cells(name) if name else ()
    found = dict.fromkeys(text(cell) for cell in cells if not is_missing(cell))
    words = [word for word in found if word.casefold() in YES_WORDS | NO_WORDS and not mrd_word(word)]
    if not words:
        return {}
    yes = _said(guess.view.column(name).key) or _asked(guess, name, words, asking)
    if yes not in OPPOSITE:
        return {}
    return {"mrd": {word: yes if word.casefold() in YES_WORDS else OPPOSITE[yes] for word in words}}


def _said(key: str) -> str:
    """What the heading says that yes is."""
    return "negative" if re.search(r"neg|undetect", key) else "positive" if re.search(r"pos|detect", key) else ""


def _asked(guess: SheetGuess, name: str, words: list[str], asking: Asking) -> str:
    shown = next((word for word in words if word.casefold() in YES_WORDS), words[0])
    meant = "yes" if shown.casefold() in YES_WORDS else "yes, if it stood there,"
    said = (f'What does {meant} ("{shown}") in "{name}" mean?', "It decides who is MRD negative.")
    return asking.ask(("levels", guess.view.name, [name]), said, CHOICES, blocks=True)
