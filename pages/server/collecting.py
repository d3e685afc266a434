"""What stays as long as the server is left out of garbage collection: each would look at 300,000 objects of modules
while all sessions wait."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def leave_out() -> None:
    """What is in memory now is not looked at again: only while no reader's data are among it."""
    gc.collect()
    gc.freeze()


@contextmanager
def paused() -> Iterator[None]:
    """While modules are loaded there is no garbage worth a look at all that is in memory, which takes a tenth of
    loading them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
