"""Words of headings that are nearly a word we know ("Treatmnt arm", "Cytogentics risk"): taken for it, and confirmed once for all."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from lib.intake.infer.question import Asking
from lib.intake.infer.synonyms import NO_MISTAKES, WORDS

SHORTEST: Final = 4  # letters; in shorter words one letter makes another word
LONG: Final = 8  # from so many letters on two mistakes are one word still
MEANT: Final = "meant"


def as_meant(key: str) -> str:
    """The key of a heading with each word that is nearly one of ours as that word."""
    return "_".join(map(_word, key.split("_"))) if key.isascii() else key


@lru_cache(maxsize=4096)
def _word(written: str) -> str:
    """The word of ours that is meant: exact first, then similar; else the word as it is written."""
    if len(written) < SHORTEST or written in WORDS or written in NO_MISTAKES or not written.isalpha():
        return written
    most = 2 if len(written) >= LONG else 1
    found = extractOne(written, WORDS, scorer=OSA.distance, score_cutoff=most)
    if found is None or found[0][0] != written[0] or _is_inflected(written, found[0]):
        return written
    return found[0]


def _is_inflected(written: str, word: str) -> bool:
    """Whether one is the other with an ending (responses, relapsed) or its stem."""
    shorter = word.startswith(written) and len(word) - len(written) > 1
    return shorter or written.startswith(word) or (written.startswith(word[:-1]) and len(written) > len(word))


def confirmed(headings: Sequence[tuple[str, str, str]], asking: Asking) -> bool:
    """Whether headings (sheet, column, what it is taken for) are meant so: one question for all of them."""
    if not headings:
        return True
    shown = ", ".join(f'"{column}" = {meant}' for _, column, meant in headings)
    words = (f"Are these headings meant so: {shown}?", "They are nearly words that the program knows.")
    choices = ((MEANT, "Yes, all of them"), ("as written", "No: they are spelled as they are meant"))
    columns = [column for _, column, _ in headings]
    return asking.ask(("spelling", headings[0][0], columns), words, choices, MEANT, "spelling") == MEANT
