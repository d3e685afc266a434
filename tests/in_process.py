"""Reading a benign workbook without a process of its own, for tests of what is read: how it is kept apart has tests of its own.

The answer is packed and unpacked as it is between the processes (tests/intake/test_process.py reads in the child).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from lib.intake.draft import Source
from lib.intake.files.formats import read_grids_of
from lib.intake.transport import Request, answer_bytes


@contextmanager
def in_process() -> Iterator[None]:
    with patch.object(Source, "ask", _ask_here):
        yield


def _ask_here(_: Source, request: Request) -> bytes:
    return answer_bytes(read_grids_of(request.files), request, lambda _: None)
