"""One XML part of an untrusted workbook, read as a stream: never more than its budget, never an entity."""

from typing import IO, Final
from xml.parsers import expat

from lib.intake.limits import ENTITIES, TOO_LARGE, Unsafe

CHUNK: Final = 1 << 18


class XmlStream:
    """What every scan shares. A scan says what it does with the start and end of an element and with text."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_entities
        self.parser.EntityDeclHandler = self._refuse_entities

    def read(self, stream: IO[bytes], budget: int) -> int:
        """Read the part to its end; return its unpacked size. Raises Unsafe where it unfolds beyond the budget."""
        size = 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > budget:
                raise Unsafe(TOO_LARGE)
            self.parser.Parse(chunk, False)
        self.parser.Parse(b"", True)
        return size

    def _refuse_entities(self, *_: object) -> None:
        raise Unsafe(ENTITIES)
