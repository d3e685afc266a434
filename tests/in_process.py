"""Benign workbooks are read without a process of their own in tests, which start hundreds; how a file is kept apart has tests of its own.

The answer is packed and unpacked as it is between the processes. Tests that ask for the fixture `limited_process` have the real one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from lib.intake.draft import Source
from lib.intake.files.formats import read_grids_of
from lib.intake.files.process import Budget
from lib.intake.transport import answer_bytes

REAL: Final = Source.ask
REAL_READY: Final = Budget.make_ready


def read_here() -> None:
    """From now on, uploads are read in this process."""
    Source.ask = lambda _, request: answer_bytes(read_grids_of(request.files), request, lambda _: None)
    Budget.make_ready = lambda _: None


@contextmanager
def in_process() -> Iterator[None]:
    """Within, uploads are read in this process also where no test runner has said so."""
    read_here()
    yield


@contextmanager
def limited() -> Iterator[None]:
    """Within, uploads are read in a limited process, as in the program."""
    Source.ask, Budget.make_ready = REAL, REAL_READY
    try:
        yield
    finally:
        read_here()
