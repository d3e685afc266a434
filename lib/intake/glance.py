"""A quick look through a large XML part: may the slow scan be left out?

Where the system limits the memory of the child, nothing that unfolds can do harm, and only what a parser would lose or
obey has to be found: formulas, errors, entities. A part without the bytes that begin them is not scanned again.
"""

import re
from typing import IO, Final

from lib.intake.limits import LONGEST_TEXT, MIB, TOO_LARGE, Unsafe

# A declaration, a formula (with or without a prefix) and the type of an error cell.
MARKS: Final = (b"<!", b"<f", b":f", b'"e"', b"'e'")
HEAD: Final = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml(?![^>]*encoding)[^>]*>|<\?xml[^>]*encoding=.utf-8.[^>]*>|<\w)", re.I
)


def is_plain(stream: IO[bytes], budget: int) -> bool:
    """Whether nothing in this part needs the full scan. Raises Unsafe if it unfolds to more than `budget` bytes."""
    size, rest = 0, b""
    while chunk := stream.read(MIB):
        size += len(chunk)
        if size > budget:
            raise Unsafe(TOO_LARGE)
        text = rest + chunk
        if size == len(chunk) and not HEAD.match(text):
            return False
        if any(mark in text for mark in MARKS) or (tag := _last_tag(text)) is None:
            return False
        rest = text[tag:]
    return True


def _last_tag(text: bytes) -> int | None:
    """Where the last tag begins; None if somewhere no tag begins for longer than any cell's text."""
    place = 0
    while (found := text.rfind(b"<", place, place + LONGEST_TEXT)) >= 0:
        place = found + 1
    return None if len(text) - place >= LONGEST_TEXT else max(place - 1, 0)
