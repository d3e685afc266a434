"""What stays as long as the server is left out of garbage collection: each would look at 300,000 objects of modules
while all sessions wait."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

GIVES_WAY: Final = 0.0005  # seconds until another thread may go on; Python's own are 0.005


def leave_out() -> None:
    """What is in memory now is not looked at again: only while no reader's data are among it."""
    gc.collect()
    gc.freeze()


@contextmanager
def loading() -> Iterator[None]:
    """While modules are loaded there is no garbage worth a look at all that is in memory, which takes a tenth of
    loading them; and the files of the first page, which a browser asks for now, are sent between two steps of it."""
    before = sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(GIVES_WAY)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        gc.enable()
